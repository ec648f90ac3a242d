// Where events are kept. Generated code deposits them; the methods of event classes lead here.
import { Bytes, Writer } from '../../scale';
import { System } from './state';

export class EventLog {
  /** Appends an encoded event (pallet index first) with the current phase. Events at genesis are dropped, as in Substrate. */
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
