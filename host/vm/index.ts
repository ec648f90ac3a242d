/**
 * The metered VM: runs WebAssembly that nobody trusts, for a figure that everybody agrees on.
 *
 * It knows no chain; it is exported as `corejam/vm` for use on its own.
 *
 *     const module = prepare(code, { imports: { functions } });       // throws InvalidModule { reason, offset }
 *     const guest  = module.instantiate({ imports: functions });
 *     const result = guest.call('refine', [pointer, length], { fuel: 4_000_000_000n });
 *     // result: { outcome: 'returned' | 'trapped' | 'outOfFuel' | 'stackExhausted', value?, trap?, fuelUsed }
 *
 * The way of a module
 *
 *   parse        allow-list: what is not listed is refused, every limit of `limits.ts` is checked     parse.ts
 *   scan         bodies: refuses opcodes, measures, plans charges and checks                          scan.ts, stack.ts
 *   validate     V8 validates the ORIGINAL bytes, so what we rewrite is well typed                    prepare.ts
 *   rewrite      charges, checks, stack accounting and helpers spliced in                             instrument.ts, emit.ts, helpers.ts
 *   compile      V8, by one compiler or both; instances are made of the result                        compile.ts
 *
 * What `fuelUsed` means
 *
 *   Prices are per instruction (`schedule.ts`), in fuel; one unit of fuel is `FUEL_PS` ps of weight. They are charged by
 *   straight-line segments as control enters them (`scan.ts` has the rule). On a run that returns, the figure is the sum
 *   over the instructions executed. On a trap, segments that were under way are paid in full. A run that needs more than
 *   it was given ends `outOfFuel` and has used exactly what it was given, wherever our checks stand: whoever ends below
 *   zero has run out, even if it trapped before the next check. So the figure and the outcome are functions of the code,
 *   the arguments, the host's answers, the fuel and the schedule; of no compiler, tier, clock or machine.
 *   The first call of an instance is charged `setupFuel` for compiling and instantiating, and runs the start function.
 *
 * What is the guest's fault and what is the host's
 *
 *   A trap, too little fuel, too deep a recursion: outcomes. A host function that throws, V8's own stack ending first,
 *   memory that the machine can't give: exceptions out of `call`, never an outcome, because no other machine need agree.
 *   A host function refuses its guest with `context.trap(reason)`.
 *
 * What bounds the time between two checks
 *
 *   Checks stand at every function's entry, at every loop's head and before all work priced by size; host functions are
 *   charged before they work. Between them lies at most one body of straight-line code.
 *
 * Seeing inside: `prepare(code, { trace: true })`, then `guest.trace()` (trace.ts says what its figures mean);
 * `module.measures` says how much of each limit a module takes; `outline` and `locate` read what may be refused (outline.ts).
 *
 * What this leaves to others: wall-clock limits (run guests in child processes: host/processes), allocation in the guest's
 * memory, and what host functions there are.
 */
export { prepare, PreparedModule } from './running/prepare.js';
export type { ImportPolicy, PrepareOptions } from './running/prepare.js';
export type { ModuleFacts } from './running/facts.js';
export type { Compiler } from './running/compile.js';
export { ModuleCache } from './running/cache.js';
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
export { locate, outline } from './format/outline.js';
export type { Outline, OutlineItem, Place } from './format/outline.js';
export type { FunctionTrace, HostTrace, Trace } from './metering/trace.js';
export { FUEL_PS, SCHEDULE } from './metering/schedule.js';
export type { Schedule } from './metering/schedule.js';
