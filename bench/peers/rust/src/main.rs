//! What of `npm run bench:peers` is written in Rust; the bench builds and starts it.
//!
//! - `corejam-peers wasmi [fuel]`: runs kernels in wasmi, one request a line (see `wasmi_peer`)
//! - `corejam-peers instrument global|host [stack] IN OUT`: meters a module by wasm-instrument (see `instrument`)

mod instrument;
mod wasmi_peer;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["wasmi"] => wasmi_peer::serve(false),
        ["wasmi", "fuel"] => wasmi_peer::serve(true),
        ["instrument", backend, input, output] => instrument::file(backend, false, input, output),
        ["instrument", backend, "stack", input, output] => instrument::file(backend, true, input, output),
        _ => Err("usage: corejam-peers wasmi [fuel] | instrument global|host [stack] IN OUT".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("corejam-peers: {reason}");
            ExitCode::FAILURE
        }
    }
}
