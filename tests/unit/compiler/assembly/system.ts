// The least that a runtime needs to keep events, for the compiler's tests.
import { RuntimeEvent, StorageValue } from '../../../../assembly/frame';
import { Bytes } from '../../../../assembly/scale';

/** Keeps events. */
@pallet("System", 0)
export class System {
  /** Everything that happened. */
  @storage() static events: StorageValue<Array<RuntimeEvent>>;

  static deposit(event: Bytes): void {
    System.events.appendEncoded(event);
  }
}
