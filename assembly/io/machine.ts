// Untrusted code, run and metered by the host: Work Classes' `prune` and `accumulate`. Host calls of the guest arrive
// at exports of this runtime (`@hostcall`), which refuse those that the running entry point may not make.
import { RunOutcome } from '../primitives/corejam';
import { Bytes, none, Option, some } from '../scale';
import {
  ext_corejam_machine_invoke_version_1,
  ext_corejam_machine_reserve_version_1,
  ext_corejam_machine_setup_version_1,
} from './env';
import { fatBytes, fatText, take } from './memory';

/** The result of a guest's run. */
class MachineResult {
  constructor(
    /** How the run ended. */
    public outcome: RunOutcome,
    /** Weight used, in picoseconds. */
    public weightUsed: u64,
    /** The SCALE-encoded result; empty unless it returned. */
    public output: Bytes,
  ) {}
}

/**
 * Runs `entry` of the guest `code` (whose BLAKE2-256 is `codeHash`, 32 bytes) on an encoded tuple, within `weight`. A result
 * of more than `outputMax` bytes is malformed, and is not copied.
 */
export function invoke(
  codeHash: Bytes,
  code: Bytes,
  entry: string,
  args: Bytes,
  weight: u64,
  outputMax: u32,
): MachineResult {
  if (codeHash.length != 32) throw new Error('machine: a code hash has 32 bytes');
  const answer = take(
    ext_corejam_machine_invoke_version_1(
      <u32>changetype<usize>(codeHash),
      fatBytes(code),
      fatText(entry),
      fatBytes(args),
      weight,
      outputMax,
    ),
  );
  const kind = answer.length < 10 ? <u8>RunOutcome.CodeMissing : answer[0];
  if (kind > <u8>RunOutcome.Malformed || kind == <u8>RunOutcome.CodeMissing)
    throw new Error('machine: the host returned a malformed result');
  const outcome = <RunOutcome>kind;
  const used = load<u64>(changetype<usize>(answer), 1);
  return new MachineResult(outcome, used, vecAt(answer, 9));
}

/**
 * While a host call of a guest is served: whether the guest can take a reply of `length` bytes, which it is charged for and
 * which is allocated in its memory. If not, its run ends once the call is served, whatever the reply: it should be null,
 * without reading anything.
 */
export function reserveReply(length: u32): bool {
  return ext_corejam_machine_reserve_version_1(length) != 0;
}

/**
 * The weight that `invoke` charges before the guest's first instruction, with so many bytes of arguments. None for code that
 * is no module under the limits which apply where `entry` runs, or does not export it.
 */
export function setupWeight(codeHash: Bytes, code: Bytes, entry: string, argsLength: u32): Option<u64> {
  if (codeHash.length != 32) throw new Error('machine: a code hash has 32 bytes');
  const hashAt = <u32>changetype<usize>(codeHash);
  const weight = ext_corejam_machine_setup_version_1(hashAt, fatBytes(code), fatText(entry), argsLength);
  return weight == u64.MAX_VALUE ? none<u64>() : some<u64>(weight);
}

/** Whether the host could run `entry` of this code: on-chain or in-core, where that entry point runs. */
export function isRunnable(codeHash: Bytes, code: Bytes, entry: string): bool {
  return setupWeight(codeHash, code, entry, 0).isSome;
}

/** The SCALE Vec<u8> that fills `bytes` from `offset` to its end. */
function vecAt(bytes: Bytes, offset: i32): Bytes {
  const width = 1 << (bytes[offset] & 3);
  if ((bytes[offset] & 3) == 3 || offset + width > bytes.length)
    throw new Error('machine: the host returned a malformed result');
  return bytes.slice<StaticArray<u8>>(offset + width);
}
