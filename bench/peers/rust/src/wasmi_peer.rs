//! Runs kernels in wasmi for the bench. A request is a line on standard input, its answer a line on standard output:
//!
//! - `load PATH`: compiles the module and makes a fresh instance, answers `ok`
//! - `call NAME SIZE`: answers `VALUE MILLISECONDS`, of processor time, the call alone
//!
//! The metered peer has fuel for any kernel: what is measured is counting, not running out.

use std::error::Error;
use std::io::{stdin, stdout, BufRead, Write};

use cpu_time::ProcessTime;
use wasmi::{CompilationMode, Config, Engine, Instance, Linker, Module, Store};

/// Answers requests until the input ends.
pub fn serve(fuel: bool) -> Result<(), Box<dyn Error>> {
    let mut config = Config::default();
    config.consume_fuel(fuel).compilation_mode(CompilationMode::Eager);
    let engine = Engine::new(&config);
    let mut guest: Option<(Store<()>, Instance)> = None;
    for line in stdin().lock().lines() {
        let line = line?;
        match (line.split_once(' '), &mut guest) {
            (Some(("load", path)), guest) => {
                let module = Module::new(&engine, std::fs::read(path)?)?;
                let mut store = Store::new(&engine, ());
                if fuel {
                    store.set_fuel(u64::MAX >> 1)?; // a start function would need some
                }
                let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
                *guest = Some((store, instance));
                println!("ok");
            }
            (Some(("call", call)), Some((store, instance))) => {
                let (name, size) = call.split_once(' ').ok_or("a call has a name and a size")?;
                let kernel = instance.get_typed_func::<u32, u32>(&*store, name)?;
                if fuel {
                    store.set_fuel(u64::MAX >> 1)?;
                }
                let size: u32 = size.parse()?;
                let started = ProcessTime::now();
                let value = kernel.call(&mut *store, size)?;
                println!("{value} {:.6}", started.elapsed().as_secs_f64() * 1000.0);
            }
            _ => return Err(format!("not understood: {line}").into()),
        }
        stdout().flush()?;
    }
    Ok(())
}
