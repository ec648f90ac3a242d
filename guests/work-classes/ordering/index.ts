// Work Class "ordering": appends elements to namespaces, first come, first served.
//
// Spec: RFC-0031 § Accumulate: "Simple Ordering (placements of elements into a namespaced Merkle trie)".
//
//   payload   Vec<(namespace: Vec<u8>, key: Vec<u8>, data: Vec<u8>)>     elements; namespace 1 to 32 bytes, key 1 to 128
//   output    Vec<Placement>, Placement = (namespace: Vec<u8>, key: Vec<u8>, hash: [u8; 32], length: u32)
//             hash = blake2_256(data), length = that of data in bytes; at most 4,096 bytes together
//   storage   "e" ++ SCALE(namespace) ++ SCALE(key)            Element = (sequence: u64, hash: [u8; 32], length: u32)
//             "s" ++ SCALE(namespace) ++ sequence u64 big-endian    the element's key, as it is
//             "n" ++ SCALE(namespace)                          number of elements of the namespace: u64
//
// The data stays in the package, which the validators keep available; the chain stores place and hash. An item with a
// malformed element, or two elements of the same place, is a Panic. An output is pruned, and its whole package with it,
// if one of its places is taken: by a stored element, or by an earlier output that is not pruned. Collisions that
// `prune` can't see (two packages in flight) are resolved by `accumulate`: the first one gets the place, and a
// colliding output is skipped as a whole. `accumulate` makes a checkpoint after each output, so that running out of
// weight or deposit loses only later outputs.
import {
  Authorization,
  Bytes,
  ByteSet,
  blake2_256_at,
  checkpoint,
  Context,
  decode,
  decodeOr,
  encode,
  getWorkStorage,
  H256,
  hasWorkStorage,
  log,
  Option,
  PackageResults,
  Reader,
  setWorkStorage,
  Writer,
} from '../../sdk';

const NAMESPACE_BYTES_MAX: u32 = 32;
const KEY_BYTES_MAX: u32 = 128;
const OUTPUT_BYTES_MAX: i32 = 4_096;

/** An element's place, hash and length. */
@scale()
export class Placement {
  namespace: Bytes = [];
  key: Bytes = [];
  hash: H256 = new H256();
  length: u32 = 0;
}

/** A stored element. */
@scale()
export class Element {
  /** Number of earlier elements of the namespace. */
  sequence: u64 = 0;
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
    const places = new ByteSet();
    for (let i = 0; i < count; i++) {
      const placement = readElement(reader, i);
      const place = elementKey(placement.namespace, placement.key);
      if (places.has(place)) throw new Error('element ' + i.toString() + ' has the place of an earlier one');
      places.add(place);
      placements.push(placement);
    }
    if (!reader.done) throw new Error('the payload does not decode, or has bytes after its last element');
    const output = encode<Array<Placement>>(placements);
    if (output.length > OUTPUT_BYTES_MAX)
      throw new Error('too many elements: the output has ' + output.length.toString() + ' bytes');
    return output;
  }

  /** Returns the outputs with a place that is taken. */
  @entry()
  static prune(outputs: Array<Bytes>): Array<u32> {
    const pruned: Array<u32> = [];
    const taken = new ByteSet();
    for (let i = 0; i < outputs.length; i++) {
      const places = placesOf(placementsOf(outputs[i]));
      let free = true;
      for (let k = 0; k < places.length && free; k++) free = !taken.has(places[k]) && !hasWorkStorage(places[k]);
      if (!free) pruned.push(<u32>i);
      else for (let k = 0; k < places.length; k++) taken.add(places[k]);
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
        placeAll(placementsOf(result.value));
        checkpoint();
      }
    }
  }
}

/** The next element of a payload: place and hash. The data is not copied. */
function readElement(reader: Reader, index: i32): Placement {
  const placement = new Placement();
  placement.namespace = reader.vec(NAMESPACE_BYTES_MAX);
  placement.key = reader.vec(KEY_BYTES_MAX);
  placement.length = <u32>reader.count(1);
  const data = reader.take(placement.length);
  if (reader.failed || placement.namespace.length == 0 || placement.key.length == 0) {
    throw new Error('element ' + index.toString() + ' does not decode, or its namespace or key is empty or too long');
  }
  placement.hash = blake2_256_at(data, placement.length);
  return placement;
}

/** Stores the elements of one output, unless one of its places is taken. */
function placeAll(placements: Array<Placement>): void {
  const places = placesOf(placements);
  for (let i = 0; i < places.length; i++) {
    if (!hasWorkStorage(places[i])) continue;
    log('an output is passed over: the place of its element ' + i.toString() + ' is taken');
    return;
  }
  for (let i = 0; i < placements.length; i++) {
    const placement = placements[i];
    const counter = countKey(placement.namespace);
    const stored = getWorkStorage(counter);
    const sequence: u64 = stored === null ? 0 : decodeOr<u64>(stored, 0);
    const element = new Element();
    element.sequence = sequence;
    element.hash = placement.hash;
    element.length = placement.length;
    put(places[i], encode<Element>(element));
    put(sequenceKey(placement.namespace, sequence), placement.key);
    put(counter, encode<u64>(sequence + 1));
  }
}

/** Writes a value. Without the deposit the run ends, and changes since the last checkpoint are undone. */
function put(key: Bytes, value: Bytes): void {
  if (!setWorkStorage(key, value)) throw new Error("the class's account does not hold the deposit for another element");
}

/** The placements of an output of `refine`. */
function placementsOf(output: Bytes): Array<Placement> {
  const placements = decode<Array<Placement>>(output);
  if (placements === null) throw new Error('an output does not decode');
  return placements;
}

function placesOf(placements: Array<Placement>): Array<Bytes> {
  const places: Array<Bytes> = [];
  for (let i = 0; i < placements.length; i++) places.push(elementKey(placements[i].namespace, placements[i].key));
  return places;
}

function elementKey(namespace: Bytes, key: Bytes): Bytes {
  const writer = new Writer();
  writer.u8(0x65); // "e"
  writer.vec(namespace);
  writer.vec(key);
  return writer.finish();
}

function sequenceKey(namespace: Bytes, sequence: u64): Bytes {
  const writer = new Writer();
  writer.u8(0x73); // "s"
  writer.vec(namespace);
  writer.u64(bswap<u64>(sequence)); // big-endian, so that keys sort in order
  return writer.finish();
}

function countKey(namespace: Bytes): Bytes {
  const writer = new Writer();
  writer.u8(0x6e); // "n"
  writer.vec(namespace);
  return writer.finish();
}
