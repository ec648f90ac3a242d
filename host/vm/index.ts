// The metered VM: runs untrusted WebAssembly, and counts the fuel it uses so that every machine gets the same figure.
//
// It knows no chain, and is exported as `corejam/vm` for use on its own.
//
//     const module = prepare(code, { imports: { functions } });       // throws InvalidModule { reason, offset }
//     const guest  = module.instantiate({ imports: functions });
//     const result = guest.call('refine', [pointer, length], { fuel: 4_000_000_000n });
//     // result.outcome: 'returned' (value, values), 'trapped' (trap), 'outOfFuel' or 'stackExhausted'; always fuelUsed
//
// The passes over a module
//
//   parse        reads the sections by an allow-list; checks the limits of limits.ts       format/parse.ts
//   scan         reads the bodies; refuses opcodes, measures, plans charges and checks     metering/scan.ts, settle.ts
//   validate     V8 validates the ORIGINAL bytes, so what is rewritten is well typed       running/prepare.ts
//   rewrite      splices in charges, checks, stack accounting and helpers                  metering/rewrite.ts, emit.ts
//   compile      V8, by its baseline compiler or by both                                   running/compile.ts
//
// What `fuelUsed` means
//
//   Prices are per instruction (schedule.ts), in fuel; one unit of fuel is `FUEL_PS` ps of weight. They are charged by
//   straight-line segment when control enters it (scan.ts defines it). Of a run that returns, the figure is the sum
//   over the instructions executed. If a run traps, the segments it was in are paid in full. A run that needs more fuel
//   than it was given ends with `outOfFuel` and has used exactly what it was given, wherever the checks are: a run
//   whose counter is below zero has run out, even if it trapped before the next check. So figure and outcome depend on
//   the code, the arguments, the results of host functions, the fuel and the schedule only, and on no compiler, tier,
//   clock or machine. The first call of an instance is charged `setupFuel` for compiling and instantiating, and runs
//   the start function.
//
// Faults of the guest, and faults of the host
//
//   A trap, too little fuel and calls nested too deep are outcomes. If a host function throws, V8's own stack ends
//   first, or the machine has no memory left, `call` throws: these are no outcomes, because other machines need not
//   agree on them. A host function refuses its guest by `context.trap(reason)`.
//
// The time between two checks
//
//   Checks are at the entry of each function, at the head of each loop and before all work that is priced by size; host
//   functions are charged before they work. At most one body of straight-line code lies between two checks.
//
// Tools: `prepare(code, { trace: true })` and `guest.trace()` return what each function used (trace.ts);
// `module.measures` how much of each limit a module takes; `outline` and `locate` read modules that may be refused
// (outline.ts).
//
// Left to others: limits of wall-clock time (run guests in child processes: host/processes), allocation in the guest's
// memory, and the host functions.
export { prepare, PreparedModule } from './running/prepare.js';
export type { ImportPolicy, PrepareOptions } from './running/prepare.js';
export type { ModuleFacts } from './running/facts.js';
export type { Compiler } from './running/compile.js';
export { ModuleCache } from './running/cache.js';
export { MemoryPool } from './running/memory-pool.js';
export { ModuleFolder } from './running/module-folder.js';
export type { ModuleStore } from './running/module-folder.js';
export { Guest } from './running/guest.js';
export type { Arguments, CallOptions, InstanceOptions } from './running/guest.js';
export { HostFault } from './running/outcome.js';
export type { CallResult } from './running/outcome.js';
export { signatureText } from './running/host-functions.js';
export type { GuestContext, HostFunction, HostSignature, IntegerType } from './running/host-functions.js';
export { InvalidModule } from './format/invalid-module.js';
export { LIMITS, PAGE_BYTES } from './format/limits.js';
export type { Limits } from './format/limits.js';
export { exposeGlobals } from './format/renewable.js';
export type { Renewable } from './format/renewable.js';
export { locate, outline } from './format/outline.js';
export type { Outline, OutlineItem, Place } from './format/outline.js';
export type { FunctionTrace, HostTrace, Trace } from './metering/trace.js';
export { FUEL_PS, SCHEDULE } from './metering/schedule.js';
export type { Schedule } from './metering/schedule.js';
