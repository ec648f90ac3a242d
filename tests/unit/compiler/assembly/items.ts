// A pallet of storage items, one of each kind and hasher, and an API that drives them, for the storage tests.
import {
  OptionDoubleMap,
  OptionMap,
  OptionValue,
  StorageDoubleMap,
  StorageMap,
  StorageValue,
} from '../../../../assembly/frame';
import { H256, U128 } from '../../../../assembly/primitives';
import { Bytes, encode, Option, Tuple2, Tuple3 } from '../../../../assembly/scale';
import { Pair, Sparse } from './forms';

/** Storage items. */
@pallet('Items', 9)
export class Items {
  @storage() static number: StorageValue<u64>;
  @storage() static list: StorageValue<Array<u16>>;
  @storage() static maybePair: OptionValue<Pair>;
  @storage() static loud: StorageValue<Sparse>;
  @storage(Hasher.Blake2_128) static blake128: StorageMap<u32, u8>;
  @storage(Hasher.Blake2_256) static blake256: StorageMap<u32, u8>;
  @storage(Hasher.Blake2_128Concat) static blake128Concat: StorageMap<string, u8>;
  @storage(Hasher.Twox128) static twox128: StorageMap<u32, u8>;
  @storage(Hasher.Twox256) static twox256: StorageMap<u32, u8>;
  @storage(Hasher.Twox64Concat) static twox64Concat: OptionMap<Pair, Bytes>;
  @storage(Hasher.Identity) static identity: StorageMap<H256, U128>;
  @storage(Hasher.Twox64Concat, Hasher.Blake2_128Concat) static both: StorageDoubleMap<u16, string, u32>;
  @storage(Hasher.Identity, Hasher.Twox64Concat) static maybeBoth: OptionDoubleMap<H256, u8, Pair>;
}

/** Drives the items. */
@api('Items', 1)
export class ItemsApi {
  /** Writes to all items. */
  static fill(number: u32, text: string, hash: H256, pair: Pair): void {
    Items.number.set(number);
    Items.list.appendEncoded(encode<u16>(1));
    Items.list.appendEncoded(encode<u16>(2));
    Items.maybePair.set(pair);
    Items.loud.set(Sparse.Last);
    Items.blake128.insert(number, 1);
    Items.blake256.insert(number, 2);
    Items.blake128Concat.insert(text, 3);
    Items.twox128.insert(number, 4);
    Items.twox256.insert(number, 5);
    Items.twox64Concat.insert(pair, [6, 7]);
    Items.identity.insert(hash, U128.from(8));
    Items.both.insert(<u16>number, text, 9);
    Items.maybeBoth.insert(hash, 10, pair);
  }

  /** Reads all values that `fill` wrote. */
  static sum(number: u32, text: string, hash: H256, pair: Pair): u64 {
    const list = Items.list.get();
    let sum =
      Items.number.get() +
      Items.blake128.get(number) +
      Items.blake256.get(number) +
      Items.blake128Concat.get(text) +
      Items.twox128.get(number) +
      Items.twox256.get(number) +
      Items.identity.get(hash).low +
      Items.both.get(<u16>number, text);
    for (let i = 0; i < list.length; i++) sum += list[i];
    const bytes = Items.twox64Concat.get(pair);
    if (bytes !== null) sum += bytes[0] + bytes[1];
    const kept = Items.maybePair.get();
    if (kept !== null && kept.right.equals(pair.right)) sum += kept.left;
    const deep = Items.maybeBoth.get(hash, 10);
    if (deep !== null) sum += deep.left;
    return sum + <u64>Items.loud.get();
  }

  /** Whether each entry exists. */
  static present(number: u32, text: string, hash: H256, pair: Pair): Array<bool> {
    return [
      Items.number.has(),
      Items.maybePair.get() !== null,
      Items.blake128.has(number),
      Items.twox64Concat.has(pair),
      Items.both.has(<u16>number, text),
      Items.maybeBoth.has(hash, 10),
      Items.number.tryGet().isSome,
      Items.blake128.tryGet(number).isSome,
      Items.both.tryGet(<u16>number, text).isSome,
    ];
  }

  /** Takes or removes all entries. */
  static clear(number: u32, text: string, hash: H256, pair: Pair): Tuple3<u64, u32, Option<u32>> {
    const taken = Items.maybePair.take();
    const answer = new Tuple3<u64, u32, Option<u32>>(
      Items.number.take(),
      Items.both.take(<u16>number, text),
      new Option<u32>(taken !== null, taken === null ? 0 : taken.left),
    );
    Items.list.remove();
    Items.loud.remove();
    Items.blake128.remove(number);
    Items.blake256.take(number);
    Items.blake128Concat.clear();
    Items.twox128.remove(number);
    Items.twox256.remove(number);
    Items.twox64Concat.take(pair);
    Items.identity.remove(hash);
    Items.maybeBoth.clear(hash);
    return answer;
  }

  static insertMany(count: u16): void {
    for (let i: u16 = 0; i < count; i++) {
      Items.blake128Concat.insert(i.toString(), 1);
      Items.both.insert(i % 3, i.toString(), i);
    }
  }

  static keys(limit: i32): Array<string> {
    return Items.blake128Concat.keys(limit);
  }
  static keysBelow(first: u16): Array<string> {
    return Items.both.keys(first);
  }
  static allKeys(): Array<Tuple2<u16, string>> {
    return Items.both.allKeys();
  }
  static hashedKeys(): Array<u32> {
    return Items.blake128.keys();
  }
  static lengths(): Tuple2<i64, i64> {
    return new Tuple2<i64, i64>(Items.number.encodedLength(), Items.loud.encodedLength());
  }
}
