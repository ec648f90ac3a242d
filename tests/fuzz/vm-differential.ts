// The VM's side of the fuzzer: compares one case, in the tier that this process was started with, with the reference's
// results and with the original module in V8.
import { createHash } from 'node:crypto';
import { InvalidModule, prepare } from '../../host/vm/index.js';
import type { PreparedModule } from '../../host/vm/index.js';
import { withMemoryPagesMax } from './vm-binary.js';
import type { Answer, Case, Report, Step, Verdict } from './vm-case.js';
import { SCHEDULES, show } from './vm-case.js';
import type { Machine } from './vm-machines.js';
import { meteredMachine, originalMachine } from './vm-machines.js';

/**
 * Prepared or refused within 250 ms of all processors' time for each MiB. What the first few bytes take is V8's
 * business, and `bench/vm-bombs.ts` looks more closely: here nothing may take absurdly long.
 */
const PREPARE_MS_PER_BYTE = 250 / (1 << 20);
const PREPARE_MS_LEAST = 150;

/** Compares, and lists what does not agree in `differences`. */
export function differentiate(given: Case, verdict: Verdict): Report {
  const differences: string[] = [];
  const seen = createHash('sha1');
  const ready = prepared(given, verdict, differences);
  if (ready === undefined || 'refused' in verdict) return { differences, digest: '' };
  const { module, traced, original } = ready;
  // A start function of the original has no memory to show its host yet.
  const comparable = !module.hasStart || !module.imports.some(({ name }) => ['read', 'write', 'grow'].includes(name));
  for (const run of verdict.runs) {
    const label = run.steps.map(labelOf).join('; ');
    const tell = (who: string, step: number, what: unknown, wanted: unknown): void => {
      differences.push(`${label}: step ${step}: ${who} ${show(what)}, the reference ${show(wanted)}`);
    };
    const compare = (who: string, machine: Machine, pick: (answer: Answer, wanted: Answer) => unknown): void => {
      run.steps.forEach((step, index) => {
        const wanted = run.answers[index]!;
        const answer = machine.call(step);
        if (who === 'the VM') seen.update(show(answer));
        const [got, due] = [pick(answer, wanted), pick(wanted, answer)];
        if (show(got) !== show(due)) tell(who, index, got, due);
      });
    };
    compare('the VM', meteredMachine(module), figures);
    // Tracing, and the module without metering, change nothing: once for each call is enough.
    const last = run.answers.at(-1)!.outcome;
    if (last === 'outOfFuel' || last === 'stackExhausted') continue;
    if (comparable) compare('the original', originalMachine(original, module), results);
    const tracedMachine = meteredMachine(traced);
    compare('traced, the VM', tracedMachine, figures);
    const total = run.answers.reduce((sum, { used }) => sum + used, 0);
    if (tracedMachine.traced() !== BigInt(total))
      tell('the trace', run.steps.length - 1, tracedMachine.traced(), total);
  }
  tooLittle(module, verdict.runs[0]?.steps[0], differences);
  return { differences, digest: seen.digest('hex') };
}

function labelOf({ entry, args, fuel, stack }: Step): string {
  return `${entry}(${args.join(', ')}) with ${fuel} fuel, ${stack} stack`;
}

/** All that the metered VM and the reference must agree on. */
function figures({ state, ...rest }: Answer, other: Answer): unknown {
  return state === '' || other.state === '' ? rest : { ...rest, state };
}

/** The part that applies to an unmetered module. */
function results({ outcome, values, trap, log, state }: Answer, other: Answer): unknown {
  return { outcome, values, trap, log, ...(state === '' || other.state === '' ? {} : { state }) };
}

/** Less than the setup of an instance is never enough. */
function tooLittle(module: PreparedModule, step: Step | undefined, differences: string[]): void {
  if (step === undefined) return;
  const answer = meteredMachine(module).call({ ...step, fuel: -1 });
  if (answer.outcome !== 'outOfFuel' || answer.used !== -1) differences.push(`less than setup: ${show(answer)}`);
}

/**
 * The module in its three forms, or `undefined` if it is refused. A wrong refusal or too long a time is a difference.
 */
function prepared(
  { code, schedule, refusable }: Case,
  verdict: Verdict,
  differences: string[],
): { module: PreparedModule; traced: PreparedModule; original: WebAssembly.Module } | undefined {
  const options = { schedule: SCHEDULES[schedule]! };
  const valid = WebAssembly.validate(code);
  const bound = PREPARE_MS_LEAST + code.length * PREPARE_MS_PER_BYTE;
  let fastest = Infinity;
  let module: PreparedModule | undefined;
  let refusal: InvalidModule | undefined;
  for (let left = 5; left > 0 && fastest > bound; left -= 1) {
    const before = process.cpuUsage();
    try {
      module = prepare(code, options);
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
      refusal = error;
    }
    const { user, system } = process.cpuUsage(before);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  if (fastest > bound) differences.push(`${fastest.toFixed(0)} ms to prepare ${code.length} bytes`);
  if (refusal !== undefined) {
    const { reason, offset } = refusal;
    const placed = reason !== '' && Number.isInteger(offset) && offset >= 0 && offset <= code.length;
    if (!placed) differences.push(`refused without a place: ${reason} at ${offset}`);
    if (valid && reason.startsWith('invalid:')) differences.push(`refused as ${reason}, and V8 says valid`);
    if (!refusable) differences.push(`refused: ${reason} at ${offset}`);
    const elsewhere = 'refused' in verdict ? show(verdict) : 'accepted';
    const here = show({ refused: reason, offset });
    if (elsewhere !== here) differences.push(`${here}, but elsewhere ${elsewhere}`);
    return undefined;
  }
  if (!valid) differences.push('accepted, and V8 says invalid');
  if ('refused' in verdict) differences.push(`accepted, but elsewhere refused: ${verdict.refused}`);
  // The VM bounds growth: V8 lets a memory without a maximum have 65,536 pages.
  const original = new WebAssembly.Module(withMemoryPagesMax(code, module!.memoryPagesMax));
  return { module: module!, traced: prepare(code, { ...options, trace: true }), original };
}
