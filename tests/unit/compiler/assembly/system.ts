// A minimal System pallet that stores events, for the compiler's tests.
import { RuntimeEvent, StorageValue } from '../../../../assembly/frame';
import { H256 } from '../../../../assembly/primitives';
import { Bytes, encode } from '../../../../assembly/scale';

/** When an event happened. */
@variants('frame_system::Phase')
export class Phase {}
@variant(0) export class PhaseApplyExtrinsic extends Phase {
  value: u32 = 0;
}
@variant(1) export class PhaseFinalization extends Phase {}

/** An event as it is kept. */
@scale('frame_system::EventRecord')
export class EventRecord {
  phase: Phase = new PhaseFinalization();
  event: RuntimeEvent = new RuntimeEvent([]);
  topics: Array<H256> = [];
}

/** Keeps events. */
@pallet('System', 0)
export class System {
  /** Everything that happened. */
  @storage() static events: StorageValue<Array<EventRecord>>;

  @eventSink() static deposit(event: Bytes): void {
    const record = new EventRecord();
    record.event = new RuntimeEvent(event);
    System.events.appendEncoded(encode<EventRecord>(record));
  }
}
