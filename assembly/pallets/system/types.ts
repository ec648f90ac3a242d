// What System keeps: accounts, the phase of a block, events with their phase, versions. Field order is Substrate's, so
// that clients read them as they do everywhere.
import { RuntimeEvent } from '../../frame';
import { H256, Tag8, U128 } from '../../primitives';
import { Tuple2 } from '../../scale';

/** An account's balances. They are Balances' to change. */
@scale('pallet_balances::types::AccountData')
export class AccountData {
  /** What may be spent, but for what is frozen. */
  free: U128 = new U128();
  /** Held as deposits: neither spent nor lost by reaping. */
  reserved: U128 = new U128();
  /** The part of `free` that may not leave the account. */
  frozen: U128 = new U128();
  /** Bit 127: the account follows the newer rules of references, as all of this chain do. */
  flags: U128 = new U128(0, (<u64>1) << 63);
}

/** All that the chain knows of an account. */
@scale('frame_system::AccountInfo')
export class AccountInfo {
  /** Transactions it has sent. */
  nonce: u32 = 0;
  /** Reasons for which it may not be removed. */
  consumers: u32 = 0;
  /** Reasons for which it exists; without any it is removed. */
  providers: u32 = 0;
  /** Reasons for which it exists that need no deposit. */
  sufficients: u32 = 0;
  data: AccountData = new AccountData();
}

/** Where in a block something happened. */
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

/** An event, and when in the block it was deposited. */
@scale('frame_system::EventRecord')
export class EventRecord {
  phase: Phase = new PhaseInitialization();
  event: RuntimeEvent = new RuntimeEvent([]);
  /** Substrate's index for light clients; none here. */
  topics: Array<H256> = [];
}

/** Which code last ran its migrations. */
@scale('frame_system::LastRuntimeUpgradeInfo')
export class LastRuntimeUpgradeInfo {
  @compact() specVersion: u32 = 0;
  specName: string = '';
}

/** Name and versions of a runtime, and the APIs it answers. */
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

/** What reads and writes of storage weigh. */
@scale('sp_weights::RuntimeDbWeight')
export class RuntimeDbWeight {
  read: u64 = 0;
  write: u64 = 0;
}
