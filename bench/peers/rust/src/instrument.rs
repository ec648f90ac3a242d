//! Meters a module by wasm-instrument, the crate that chains of the Substrate family metered contracts with, so that V8 can
//! run it beside ours. Every instruction costs one, as in the crate's own benches: what is compared is the way of charging.

use std::error::Error;

use wasm_instrument::gas_metering::{self, host_function, mutable_global, ConstantCostRules};
use wasm_instrument::parity_wasm::elements::{InitExpr, Instruction, Internal, Module};
use wasm_instrument::parity_wasm::{deserialize_file, serialize_to_file};

/// Name of the global, or of the function in module `env`, by which gas is counted.
const GAS: &str = "gas";
/// Values on the stack of a call, deep enough for every kernel.
const STACK_LIMIT: u32 = 1 << 16;

/// Reads a module, meters it by a mutable global or by a function of the host, perhaps limits its stack, and writes it.
pub fn file(backend: &str, limit_stack: bool, input: &str, output: &str) -> Result<(), Box<dyn Error>> {
    let module = deserialize_file(input)?;
    let rules = ConstantCostRules::default();
    let metered = match backend {
        "global" => gas_metering::inject(module, mutable_global::Injector::new(GAS), &rules),
        "host" => gas_metering::inject(module, host_function::Injector::new("env", GAS), &rules),
        _ => return Err(format!("no such backend: {backend}").into()),
    };
    let metered = fill(metered.map_err(|_| "an instruction is not priced")?);
    let limited = if limit_stack { wasm_instrument::inject_stack_limiter(metered, STACK_LIMIT)? } else { metered };
    serialize_to_file(output, limited)?;
    Ok(())
}

/// Gives the global, where there is one, gas from the beginning: a start function runs before anybody could set it.
fn fill(mut module: Module) -> Module {
    let exports = module.export_section().map_or(&[][..], |section| section.entries());
    let global = exports.iter().find_map(|export| match export.internal() {
        Internal::Global(index) if export.field() == GAS => Some(*index as usize),
        _ => None,
    });
    if let (Some(index), Some(section)) = (global, module.global_section_mut()) {
        // Kernels import no globals, so an index is a position in the section.
        let full = vec![Instruction::I64Const(1 << 60), Instruction::End];
        *section.entries_mut()[index].init_expr_mut() = InitExpr::new(full);
    }
    module
}
