// A pallet with all kinds of items, for the compiler's tests.
import {
  DispatchClass,
  DispatchError,
  DispatchResult,
  None,
  OK,
  OptionMap,
  Origin,
  Pays,
  RuntimeCall,
  Root,
  Signed,
  StorageDoubleMap,
  StorageMap,
  StorageValue,
} from '../../../../assembly/frame';
import { AccountId, H256, U128 } from '../../../../assembly/primitives';
import { BoundedVec, Bytes, Compact, Option } from '../../../../assembly/scale';

const BASE_PS: u64 = 1_000;

/** What Demo refuses. */
export enum DemoError {
  /** There is no such note. */
  NoNote,
  /** The note is too long. */
  TooLong,
}

/** How loud. */
export enum Volume {
  Quiet,
  Loud,
}

/** Volumes in one call. */
@bound(8) class Few {}

/** A kept note. */
@scale()
export class Note {
  /** Who wrote it. */
  author: AccountId = new AccountId();
  @compact() length: u32 = 0;
  volume: Volume = Volume.Quiet;
  text: Bytes = [];
}

export class DemoEvent {
  /** A note was kept. */
  static Kept(id: u32, author: AccountId, volume: Volume): void {}
  /** A note went. */
  static Dropped(id: u32): void {}
}

/** Notes. */
@pallet('Demo', 7, DemoError, DemoEvent)
export class Demo {
  /** Notes by number. */
  @storage(Hasher.Blake2_128Concat) static notes: OptionMap<u32, Note>;
  /** How many there were. */
  @storage() static count: StorageValue<u32>;
  /** Balances of a kind. */
  @storage(Hasher.Identity) static balances: StorageMap<H256, U128>;
  /** Volumes. */
  @storage(Hasher.Twox64Concat, Hasher.Blake2_256) static volumes: StorageDoubleMap<u16, string, Volume>;

  /** The longest note. */
  @constant() static readonly longest: u32 = 10 * 2;
  /** A large number. */
  @constant() static readonly large: U128 = U128.from(7);
}

@calls(Demo)
export class DemoCalls {
  /** Keeps a note. */
  @call(0, (text: Bytes): u64 => BASE_PS + 10 * text.length)
  static keep(origin: Signed, text: Bytes, volume: Volume): DispatchResult {
    if (text.length > <i32>Demo.longest) return DemoError.TooLong;
    const note = new Note();
    note.author = origin.account;
    note.length = text.length;
    note.text = text;
    note.volume = volume;
    const id = Demo.count.get();
    Demo.notes.set(id, note);
    Demo.count.set(id + 1);
    DemoEvent.Kept(id, origin.account, volume);
    return OK;
  }

  /** Drops a note. */
  @call(1, 5 * BASE_PS)
  static drop(origin: Root, id: Compact<u32>): DispatchResult {
    Demo.count.set(99);
    if (!Demo.notes.has(id)) return DemoError.NoNote;
    Demo.notes.remove(id);
    DemoEvent.Dropped(id);
    return OK;
  }

  /** Does as root. */
  @call(2, (call: RuntimeCall): u64 => call.weight() + BASE_PS)
  static asRoot(origin: Origin, call: RuntimeCall): DispatchResult {
    return call.dispatch(new Root());
  }

  /** Free, and said to be. */
  @call(9, 1000, DispatchClass.Operational, Pays.No)
  static wait(
    origin: Signed,
    _many: BoundedVec<Volume, Few>,
    maybe: Option<u32>,
    error_: DispatchError,
    note: Note | null,
  ): DispatchResult {
    if (maybe.isSome && maybe.value == 13) return error_;
    return note === null ? OK : DemoError.TooLong;
  }

  /** Sets the time. */
  @call(3, 1) @inherent('testtest')
  static set(origin: None, now: Compact<u64>): DispatchResult {
    Demo.count.set(<u32>now);
    return OK;
  }
}
