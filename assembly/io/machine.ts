// Untrusted code, run by the host for the runtime, metered: Work Classes' `prune` and `accumulate`.
// What the guest asks of the chain comes back as exports of this runtime (`@hostcall`); which of them the running entry
// point may use is the runtime's to say.
import { RunOutcome } from '../primitives/corejam';
import { Bytes } from '../scale';
import { ext_corejam_machine_invoke_version_1 } from './env';
import { fatBytes, fatText, take } from './memory';

/** What came of a guest's call. */
class MachineResult {
  constructor(
    /** How it ended. */
    public outcome: RunOutcome,
    /** Weight it used, in picoseconds. */
    public weightUsed: u64,
    /** Its SCALE-encoded answer; empty unless it returned. */
    public output: Bytes,
  ) {}
}

/** Runs `entry` of the guest `code` (whose BLAKE2-256 is `codeHash`, 32 bytes) on an encoded tuple, within `weight`. */
export function invoke(codeHash: Bytes, code: Bytes, entry: string, args: Bytes, weight: u64): MachineResult {
  if (codeHash.length != 32) throw new Error('machine: a code hash has 32 bytes');
  const answer = take(
    ext_corejam_machine_invoke_version_1(
      <u32>changetype<usize>(codeHash),
      fatBytes(code),
      fatText(entry),
      fatBytes(args),
      weight,
    ),
  );
  if (answer.length < 10 || answer[0] > <u8>RunOutcome.Invalid) throw new Error('machine: the host broke its answer');
  const outcome = <RunOutcome>answer[0];
  const used = load<u64>(changetype<usize>(answer), 1);
  return new MachineResult(outcome, used, vecAt(answer, 9));
}

/** The SCALE Vec<u8> that fills `bytes` from `offset` to its end. */
function vecAt(bytes: Bytes, offset: i32): Bytes {
  const width = 1 << (bytes[offset] & 3);
  if ((bytes[offset] & 3) == 3 || offset + width > bytes.length) throw new Error('machine: the host broke its answer');
  return bytes.slice<StaticArray<u8>>(offset + width);
}
