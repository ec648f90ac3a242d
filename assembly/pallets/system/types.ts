// System's types: accounts, block phases, events with phases, versions. Field order is Substrate's, as clients expect.
import { RuntimeEvent } from '../../frame';
import { H256, Tag8, U128 } from '../../primitives';
import { Tuple2 } from '../../scale';

/** An account's balances. */
@scale('pallet_balances::types::AccountData')
export class AccountData {
  /** Spendable, except the frozen part. */
  free: U128 = new U128();
  /** Held as deposits. */
  reserved: U128 = new U128();
  /** The part of `free` that can't be spent. */
  frozen: U128 = new U128();
  /** Bit 127, always set: the newer rules of references apply. */
  flags: U128 = new U128(0, (<u64>1) << 63);
}

/** An account. */
@scale('frame_system::AccountInfo')
export class AccountInfo {
  /** Number of transactions sent. */
  nonce: u32 = 0;
  /** Number of reasons not to remove the account. */
  consumers: u32 = 0;
  /** Number of reasons for the account to exist. */
  providers: u32 = 0;
  /** Number of such reasons that need no deposit. */
  sufficients: u32 = 0;
  data: AccountData = new AccountData();
}

/** A phase of a block. */
@variants('frame_system::Phase')
export class Phase {}

/** While an extrinsic was applied. */
@variant(0)
export class PhaseApplyExtrinsic extends Phase {
  value: u32 = 0;
}

/** After all extrinsics. */
@variant(1)
export class PhaseFinalization extends Phase {}

/** Before the first extrinsic. */
@variant(2)
export class PhaseInitialization extends Phase {}

/** An event with its phase. */
@scale('frame_system::EventRecord')
export class EventRecord {
  phase: Phase = new PhaseInitialization();
  event: RuntimeEvent = new RuntimeEvent([]);
  /** Always empty. */
  topics: Array<H256> = [];
}

/** The runtime version that last ran its migrations. */
@scale('frame_system::LastRuntimeUpgradeInfo')
export class LastRuntimeUpgradeInfo {
  @compact() specVersion: u32 = 0;
  specName: string = '';
}

/** Name, versions and APIs of a runtime. */
@scale('sp_version::RuntimeVersion')
export class RuntimeVersion {
  specName: string = '';
  implName: string = '';
  authoringVersion: u32 = 0;
  specVersion: u32 = 0;
  implVersion: u32 = 0;
  apis: Array<Tuple2<Tag8, u32>> = [];
  transactionVersion: u32 = 0;
  stateVersion: u8 = 1;
}

/** Weight of storage reads and writes. */
@scale('sp_weights::RuntimeDbWeight')
export class RuntimeDbWeight {
  read: u64 = 0;
  write: u64 = 0;
}
