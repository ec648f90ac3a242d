//! Runs lists of host calls on polkadot-sdk's own host functions (sp-io) and state (sp-state-machine).
//!
//! Standard input: JSON, a list of scenarios. Standard output: for each scenario its results, and for `--functions` the
//! names and types of all functions of `SubstrateHostFunctions`.
//!
//! A scenario is a list of blocks, each a list of steps. A step is `[function, result, ...arguments]`. The result is
//! "fat" (bytes of a fat pointer), a number (so many bytes at an address), "i32", "i64" or "none". An argument is
//! `{"fat": hex}`, `{"at": hex}` (bytes, passed by their address) or an integer, of the type that the function has. The
//! outcome of a step is hex, a number as text, null, or `{"trap": message}`, after which the scenario ends. After each
//! block its changes become the stored state, and its root is added to the results; "none" if there is none, and the
//! scenario ends.
use serde_json::{json, Value as Json};
use sp_core::{storage::StateVersion, Blake2Hasher};
use sp_externalities::Extensions;
use sp_state_machine::{Ext, InMemoryBackend, OverlayedChanges};
use sp_wasm_interface::{
	Function, FunctionContext, HostFunctions, Pointer, Result, Value, ValueType, WordSize,
};
use std::io::Read;

const MEMORY_BYTES: usize = 1 << 22;

thread_local! {
	static LAST_PANIC: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// A memory with an allocator that never frees.
struct Context {
	memory: Vec<u8>,
	top: u32,
}

impl FunctionContext for Context {
	fn read_memory_into(&mut self, address: Pointer<u8>, dest: &mut [u8]) -> Result<()> {
		let start = u32::from(address) as usize;
		let bytes = self.memory.get(start..start + dest.len()).ok_or("out of bounds")?;
		dest.copy_from_slice(bytes);
		Ok(())
	}
	fn write_memory(&mut self, address: Pointer<u8>, data: &[u8]) -> Result<()> {
		let start = u32::from(address) as usize;
		self.memory.get_mut(start..start + data.len()).ok_or("out of bounds")?.copy_from_slice(data);
		Ok(())
	}
	fn allocate_memory(&mut self, size: WordSize) -> Result<Pointer<u8>> {
		let at = self.top;
		self.top = (at + size + 7) / 8 * 8;
		if self.top as usize > self.memory.len() {
			return Err("out of memory".into());
		}
		Ok(Pointer::new(at))
	}
	fn deallocate_memory(&mut self, _: Pointer<u8>) -> Result<()> {
		Ok(())
	}
	fn register_panic_error_message(&mut self, _: &str) {}
}

impl Context {
	fn place(&mut self, text: &Json) -> (u32, u32) {
		let bytes = hex::decode(&text.as_str().expect("hex")[2..]).expect("hex");
		let at = self.allocate_memory(bytes.len() as u32).expect("memory");
		self.write_memory(at, &bytes).expect("memory");
		(u32::from(at), bytes.len() as u32)
	}
	fn argument(&mut self, given: &Json, ty: ValueType) -> Value {
		let number = if let Some(bytes) = given.get("fat") {
			let (at, length) = self.place(bytes);
			(u64::from(length) << 32 | u64::from(at)) as i64
		} else if let Some(bytes) = given.get("at") {
			i64::from(self.place(bytes).0)
		} else {
			given.as_i64().expect("an integer")
		};
		match ty {
			ValueType::I32 => Value::I32(number as i32),
			ValueType::I64 => Value::I64(number),
			_ => panic!("floats are no arguments"),
		}
	}
	fn result(&mut self, form: &Json, value: Option<Value>) -> Json {
		let mut bytes = |at: u32, length: u32| {
			let mut out = vec![0; length as usize];
			self.read_memory_into(Pointer::new(at), &mut out).expect("memory");
			json!(format!("0x{}", hex::encode(out)))
		};
		match (form, value) {
			(Json::String(form), Some(Value::I64(fat))) if form == "fat" => bytes(fat as u32, (fat as u64 >> 32) as u32),
			(Json::Number(length), Some(Value::I32(at))) => bytes(at as u32, length.as_u64().expect("a length") as u32),
			(_, Some(Value::I32(number))) => json!(number.to_string()),
			(_, Some(Value::I64(number))) => json!(number.to_string()),
			(_, None) => Json::Null,
			other => panic!("unexpected result {other:?}"),
		}
	}
}

fn run(functions: &[&'static dyn Function], scenario: &Json) -> Json {
	let mut backend = InMemoryBackend::<Blake2Hasher>::default();
	let mut blocks = Vec::new();
	for steps in scenario.as_array().expect("blocks") {
		let mut overlay = OverlayedChanges::<Blake2Hasher>::default();
		overlay.enter_runtime().expect("outside of the runtime");
		let mut extensions = Extensions::new();
		let mut context = Context { memory: vec![0; MEMORY_BYTES], top: 8 };
		let mut outcomes = Vec::new();
		let mut trapped = false;
		{
			let mut ext = Ext::new(&mut overlay, &backend, Some(&mut extensions));
			for step in steps.as_array().expect("steps") {
				let name = step[0].as_str().expect("a name");
				let function = functions.iter().find(|f| f.name() == name).expect("a known function");
				let types = function.signature().args.to_vec();
				let args: Vec<Value> =
					types.iter().enumerate().map(|(i, ty)| context.argument(&step[i + 2], *ty)).collect();
				let outcome = sp_externalities::set_and_run_with_externalities(&mut ext, || {
					std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
						function.execute(&mut context, &mut args.into_iter())
					}))
				});
				match outcome {
					Ok(Ok(value)) => outcomes.push(context.result(&step[1], value)),
					Ok(Err(message)) => {
						outcomes.push(json!({ "trap": message }));
						trapped = true;
					},
					Err(_) => {
						outcomes.push(json!({ "trap": LAST_PANIC.with(|last| last.borrow().clone()) }));
						trapped = true;
					},
				}
				if trapped {
					break;
				}
			}
		}
		overlay.exit_runtime().expect("in the runtime");
		if trapped {
			blocks.push(json!({ "outcomes": outcomes }));
			break;
		}
		let drained = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
			overlay.drain_storage_changes(&backend, StateVersion::V1).expect("changes")
		}));
		let Ok(changes) = drained else {
			blocks.push(json!({ "outcomes": outcomes, "root": "none" }));
			break;
		};
		let root = changes.transaction_storage_root;
		backend.apply_transaction(root, changes.transaction);
		blocks.push(json!({ "outcomes": outcomes, "root": format!("0x{}", hex::encode(root.as_bytes())) }));
	}
	Json::Array(blocks)
}

fn main() {
	std::panic::set_hook(Box::new(|info| LAST_PANIC.with(|last| *last.borrow_mut() = info.to_string())));
	let functions = sp_io::SubstrateHostFunctions::host_functions();
	if std::env::args().any(|arg| arg == "--functions") {
		for function in &functions {
			let signature = function.signature();
			println!("{} {:?} {:?}", function.name(), signature.args, signature.return_value);
		}
		return;
	}
	let mut input = String::new();
	std::io::stdin().read_to_string(&mut input).expect("input");
	let scenarios: Json = serde_json::from_str(&input).expect("JSON");
	let results: Vec<Json> = scenarios.as_array().expect("scenarios").iter().map(|s| run(&functions, s)).collect();
	println!("{}", serde_json::to_string(&results).expect("JSON"));
}
