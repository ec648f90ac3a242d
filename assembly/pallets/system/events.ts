// Stores events. Generated code in the methods of event classes calls this.
import { Bytes, Writer } from '../../scale';
import { System } from './state';

export class EventLog {
  /** Appends an encoded event (pallet index first) with the current phase. Drops events at genesis, as Substrate. */
  @eventSink() static deposit(event: Bytes): void {
    const phase = System.executionPhase.raw();
    if (phase === null) return;
    const record = new Writer();
    record.raw(phase);
    record.raw(event);
    record.compact(0);
    System.events.appendEncoded(record.finish());
    System.eventCount.set(System.eventCount.get() + 1);
  }
}
