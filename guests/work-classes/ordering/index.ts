// Work Class "ordering": appends elements to namespaces, first come, first served.
//
// Spec: RFC-0031 § Accumulate: "Simple Ordering (placements of elements into a namespaced Merkle trie)".
//
//   payload   Vec<(namespace: Vec<u8>, key: Vec<u8>, data: Vec<u8>)>     elements; namespace 1 to 32 bytes, key 1 to 128
//   output    Vec<Placement>, Placement = (namespace: Vec<u8>, key: Vec<u8>, hash: [u8; 32], length: u32)
//             hash = blake2_256(data), length = that of data in bytes; at most 4,096 bytes together
//   storage   "e" ++ SCALE(namespace) ++ SCALE(key)            Element = (sequence: u64, hash: [u8; 32], length: u32)
//             "s" ++ SCALE(namespace) ++ sequence u64 big-endian    Vec<key: Vec<u8>>: the keys of the elements from this
//                                                                   number on that one output placed in the namespace
//             "n" ++ SCALE(namespace)                          number of elements of the namespace: u64
//
// The data stays in the package, which the validators keep available; the chain stores place and hash. An item with a
// malformed element, or two elements of the same place, is a Panic. An output is pruned, and its whole package with it,
// if one of its places is taken: by a stored element, or by an earlier output that is not pruned. Collisions that
// `prune` can't see (two packages in flight) are resolved by `accumulate`: the first one gets the place, and a
// colliding output is skipped as a whole. `accumulate` makes a checkpoint after each output, so that running out of
// weight or deposit loses only later outputs.
//
// Weight: a place costs a read in `prune`, a read and a write in `accumulate`, and a namespace of an output two writes
// and a read more, whatever its number of elements. Memory: both free what an output took before the next, so that the
// bounds of D37 (outputs of 1 MiB in `prune`, slices of 128 KiB in `accumulate`) fit the 4 MiB of an on-chain instance.
import {
  Authorization,
  Bytes,
  ByteRanks,
  blake2_256_at,
  checkpoint,
  Context,
  decodeOr,
  encode,
  getWorkStorage,
  H256,
  hasWorkStorage,
  log,
  markMemory,
  Option,
  PackageResults,
  Reader,
  resetMemory,
  setWorkStorage,
  Writer,
} from '../../sdk';

const NAMESPACE_BYTES_MAX: u32 = 32;
const KEY_BYTES_MAX: u32 = 128;
const OUTPUT_BYTES_MAX: i32 = 4_096;
const HASH_BYTES: i32 = 32;
/** An encoded element. */
const ELEMENT_BYTES: i32 = 8 + HASH_BYTES + 4;
/** The shortest placement: namespace and key of one byte. */
const PLACEMENT_BYTES_MIN: u32 = 2 + 2 + <u32>HASH_BYTES + 4;

/** An element's place, hash and length. */
@scale()
export class Placement {
  namespace: Bytes = [];
  key: Bytes = [];
  hash: H256 = new H256();
  length: u32 = 0;
}

export class Ordering {
  /** Checks the elements of an item and hashes their data. */
  @entry()
  static refine(
    payload: Bytes,
    _authorization: Authorization,
    _authId: Option<u32>,
    _context: Context,
    _packageHash: H256,
  ): Bytes {
    const reader = Reader.of(payload);
    const count = reader.count(3);
    const placements: Array<Placement> = [];
    for (let i = 0; i < count; i++) {
      const placement = new Placement();
      placement.namespace = reader.vec(NAMESPACE_BYTES_MAX);
      placement.key = reader.vec(KEY_BYTES_MAX);
      readData(reader, placement, i);
      placements.push(placement);
    }
    if (!reader.done) throw new Error('the payload does not decode, or has bytes after its last element');
    const output = encode<Array<Placement>>(placements);
    if (output.length > OUTPUT_BYTES_MAX)
      throw new Error('too many elements: the output has ' + output.length.toString() + ' bytes');
    const ranks = ranksOf([output]);
    const seen = new StaticArray<bool>(count);
    const walk = new Walk(output);
    for (let i = 0; walk.next(); i++) {
      const rank = ranks.rankOf(walk.place, walk.placeLength);
      if (seen[rank]) throw new Error('element ' + i.toString() + ' has the place of an earlier one');
      seen[rank] = true;
    }
    return output;
  }

  /** Returns the outputs with a place that is taken. */
  @entry()
  static prune(outputs: Array<Bytes>): Array<u32> {
    const pruned: Array<u32> = [];
    const ranks = ranksOf(outputs);
    const taken = new StaticArray<bool>(placementsOf(outputs));
    for (let i = 0; i < outputs.length; i++) {
      const mark = markMemory();
      let free = true;
      for (let walk = new Walk(outputs[i]); free && walk.next();) {
        free = !taken[ranks.rankOf(walk.place, walk.placeLength)] && !hasWorkStorage(elementKey(walk));
      }
      for (let walk = new Walk(outputs[i]); free && walk.next();) {
        taken[ranks.rankOf(walk.place, walk.placeLength)] = true;
      }
      resetMemory(mark);
      if (!free) pruned.push(<u32>i);
    }
    return pruned;
  }

  /** Stores the elements in order, each with the next sequence number of its namespace. */
  @entry()
  static accumulate(results: Array<PackageResults>): void {
    for (let i = 0; i < results.length; i++) {
      const items = results[i].items;
      for (let k = 0; k < items.length; k++) {
        const result = items[k].result.result;
        if (result.isErr) continue; // its refinement failed: there is nothing to place
        const mark = markMemory();
        placeAll(result.value);
        resetMemory(mark);
        checkpoint();
      }
    }
  }
}

/** The rest of an element of a payload: hash and length of its data, which is not copied. */
function readData(reader: Reader, placement: Placement, index: i32): void {
  placement.length = <u32>reader.count(1);
  const data = reader.take(placement.length);
  if (reader.failed || placement.namespace.length == 0 || placement.key.length == 0) {
    throw new Error('element ' + index.toString() + ' does not decode, or its namespace or key is empty or too long');
  }
  placement.hash = blake2_256_at(data, placement.length);
}

/** Walks over the placements of an output, without copying them. */
class Walk {
  /** Number of placements that were not visited yet. */
  left: i32;
  /** The current one: SCALE(namespace) ++ SCALE(key), and how much of that the namespace is. */
  place: usize = 0;
  placeLength: u32 = 0;
  namespaceLength: u32 = 0;
  /** Its hash, 32 bytes, and the length of its data. */
  hash: usize = 0;
  length: u32 = 0;
  private reader: Reader;

  constructor(output: Bytes) {
    this.reader = Reader.of(output);
    this.left = this.reader.count(PLACEMENT_BYTES_MIN);
  }

  /** Visits the next placement. Returns false at the end. */
  next(): bool {
    const reader = this.reader;
    if (this.left-- == 0) {
      if (!reader.done) throw new Error('an output does not decode');
      return false;
    }
    this.place = reader.position;
    reader.take(<u32>reader.count(1));
    this.namespaceLength = <u32>(reader.position - this.place);
    reader.take(<u32>reader.count(1));
    this.placeLength = <u32>(reader.position - this.place);
    this.hash = reader.take(HASH_BYTES);
    this.length = reader.u32();
    if (reader.failed) throw new Error('an output does not decode');
    return true;
  }
}

/** Number of placements in all outputs. */
function placementsOf(outputs: Array<Bytes>): i32 {
  let count = 0;
  for (let i = 0; i < outputs.length; i++) count += new Walk(outputs[i]).left;
  return count;
}

/** The ranks of the places of all outputs. */
function ranksOf(outputs: Array<Bytes>): ByteRanks {
  const ranks = new ByteRanks(placementsOf(outputs));
  for (let i = 0; i < outputs.length; i++) {
    for (let walk = new Walk(outputs[i]); walk.next();) ranks.add(walk.place, walk.placeLength);
  }
  ranks.sort();
  return ranks;
}

/** The elements that an output places in one namespace. */
class Run {
  /** Number of the first. */
  first: u64;
  count: u32 = 0;
  /** Their keys, encoded. */
  keys: Writer = new Writer();

  constructor(
    /** SCALE(namespace). */
    public namespace: usize,
    public namespaceLength: u32,
  ) {
    const stored = getWorkStorage(countKey(namespace, namespaceLength));
    this.first = stored === null ? 0 : decodeOr<u64>(stored, 0);
  }
}

/** Stores the elements of one output, unless one of its places is taken. */
function placeAll(output: Bytes): void {
  let index = 0;
  for (let walk = new Walk(output); walk.next(); index++) {
    if (!hasWorkStorage(elementKey(walk))) continue;
    log('an output is passed over: the place of its element ' + index.toString() + ' is taken');
    return;
  }
  const runs: Array<Run> = [];
  for (let walk = new Walk(output); walk.next();) {
    const run = runOf(runs, walk);
    const element = new Writer(ELEMENT_BYTES);
    element.u64(run.first + <u64>run.count);
    run.count++;
    element.memory(walk.hash, HASH_BYTES);
    element.u32(walk.length);
    put(elementKey(walk), element.finish());
    run.keys.memory(walk.place + <usize>walk.namespaceLength, <i32>(walk.placeLength - walk.namespaceLength));
  }
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i];
    const keys = new Writer();
    keys.compact(<u64>run.count);
    keys.raw(run.keys.finish());
    put(sequenceKey(run.namespace, run.namespaceLength, run.first), keys.finish());
    put(countKey(run.namespace, run.namespaceLength), encode<u64>(run.first + <u64>run.count));
  }
}

/** The run of the current placement's namespace. Most outputs have one namespace, or few in a row. */
function runOf(runs: Array<Run>, walk: Walk): Run {
  for (let i = runs.length - 1; i >= 0; i--) {
    const run = runs[i];
    if (run.namespaceLength != walk.namespaceLength) continue;
    if (memory.compare(run.namespace, walk.place, walk.namespaceLength) == 0) return run;
  }
  const run = new Run(walk.place, walk.namespaceLength);
  runs.push(run);
  return run;
}

/** Writes a value. Without the deposit the run ends, and changes since the last checkpoint are undone. */
function put(key: Bytes, value: Bytes): void {
  if (!setWorkStorage(key, value)) throw new Error("the class's account does not hold the deposit for another element");
}

function elementKey(walk: Walk): Bytes {
  const writer = new Writer();
  writer.u8(0x65); // "e"
  writer.memory(walk.place, <i32>walk.placeLength);
  return writer.finish();
}

function sequenceKey(namespace: usize, namespaceLength: u32, sequence: u64): Bytes {
  const writer = new Writer();
  writer.u8(0x73); // "s"
  writer.memory(namespace, <i32>namespaceLength);
  writer.u64(bswap<u64>(sequence)); // big-endian, so that keys sort in order
  return writer.finish();
}

function countKey(namespace: usize, namespaceLength: u32): Bytes {
  const writer = new Writer();
  writer.u8(0x6e); // "n"
  writer.memory(namespace, <i32>namespaceLength);
  return writer.finish();
}
