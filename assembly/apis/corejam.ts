// CoreJamApi: what the network and the block author ask of the chain. Spec: docs/architecture.md, the way of a package;
// D5a (dry run), D7 (asked on the state after a context block, it answers what Reporting checks for that context).
import { beginTransaction, rollbackTransaction } from '../io';
import { Sr25519Public, H256 } from '../primitives';
import { Attestation, Authorizer, JoinAnswer, WorkReport } from '../primitives/corejam';
import { Bytes, Option, Tuple2, Tuple3 } from '../scale';
import { System } from '../pallets/system';
import { groupAt, Validators } from '../pallets/validators';
import { assignedAt, Coretime, weightPerPackage } from '../pallets/coretime';
import { lookupPreimage, lookupPreimageAt } from '../pallets/storage';
import { Authorizations } from '../pallets/authorizations';
import { WorkClasses } from '../pallets/work-classes';
import { joinReports, Progress, quorum, Reporting, validateReports } from '../pallets/reporting';
import { Accumulation, RunRecord } from '../pallets/accumulation';

/** What a node needs to know to take packages through their cores. */
@api('CoreJamApi', 1)
export class CoreJamApi {
  /** How many cores there are. */
  static cores(): u16 {
    return Coretime.cores.get();
  }

  /** The validators' sr25519 keys, in order. */
  static validators(): Array<Sr25519Public> {
    return Validators.keys.get();
  }

  /** The validators, by index, that serve `core` for packages whose context is this block. */
  static group(core: u16): Array<u32> {
    const cores = Coretime.cores.get();
    return core < cores ? groupAt(core, cores, System.number.get()) : [];
  }

  /** Who decides which packages may use `core`, for packages whose context is this block. */
  static authorizer(core: u16): Tuple2<u32, Authorizer> | null {
    const assigned = assignedAt(core, System.number.get());
    const authorizer = assigned.isSome ? Authorizations.authorizers.get(assigned.value) : null;
    return authorizer == null ? null : new Tuple2<u32, Authorizer>(assigned.value, authorizer);
  }

  /** The hash of a class's code. */
  static classCode(class_: u32): H256 | null {
    return WorkClasses.classCodeHash.get(class_);
  }

  /** The preimage of `hash`, if it was there and requested in this block's state (D27). */
  static lookup(hash: H256): Bytes | null {
    return lookupPreimage(hash);
  }

  /** The same in the state of block `number`, one of the last 24 hours' (D27). */
  static lookupAt(hash: H256, number: u32): Bytes | null {
    return lookupPreimageAt(hash, number);
  }

  /** How many members of the core's group must attest (D8). */
  static minimumAttestations(core: u16): u32 {
    return quorum(<u32>CoreJamApi.group(core).length);
  }

  /** What the items of one package may use on-chain: `weight_per_package`, in picoseconds (D4). */
  static weightPerPackage(): u64 {
    return weightPerPackage();
  }

  /** The reports that wait for availability: core, report, the block that Registered it. */
  static pending(): Array<Tuple3<u16, WorkReport, u32>> {
    const pending = new Array<Tuple3<u16, WorkReport, u32>>();
    const occupied = Reporting.occupied.get();
    for (let i = 0; i < occupied.length; i++) {
      const tracked = Reporting.pending.get(occupied[i].core);
      if (tracked == null) throw new Error('corejam: an occupied core without a report');
      pending.push(new Tuple3<u16, WorkReport, u32>(occupied[i].core, tracked.report, tracked.registeredAt));
    }
    return pending;
  }

  /** Whether each could be Registered in this block, one after another: none, or the index of its ReportingError. */
  static validateReports(attestations: Array<Attestation>): Array<Option<u8>> {
    return validateReports(attestations);
  }

  /** What each class with something to prune says to the outputs of `reports`, on this very state. */
  static join(reports: Array<WorkReport>): Array<Tuple2<u32, JoinAnswer>> {
    beginTransaction();
    const answers = joinReports(reports);
    rollbackTransaction();
    return answers;
  }

  /** What happened in this block: to packages, in order, and to classes that accumulated. */
  static progress(): Tuple2<Array<Progress>, Array<RunRecord>> {
    return new Tuple2<Array<Progress>, Array<RunRecord>>(Reporting.progress.get(), Accumulation.runs.get());
  }
}
