// Encodes payloads of the Work Class "ordering", and decodes its outputs and storage.
//
// guests/work-classes/ordering/index.ts defines the layouts; class-state.ts locates a class's state on the chain.
import { decode, utf8, Writer } from '../bytes/index.js';
import { MAX_WORK_ITEMS, MAX_WORK_OUTPUT_SIZE, MAX_WORK_PACKAGE_SIZE, type WorkItem } from '../contract/index.js';

/** An element to place. */
export interface Element {
  /** 1 to 32 bytes. */
  namespace: Uint8Array;
  /** 1 to 128 bytes, unique within the namespace. */
  key: Uint8Array;
  data: Uint8Array;
}

/** An element as stored on the chain, without its data. */
export interface StoredElement {
  /** The number of elements in the namespace before it. */
  sequence: bigint;
  /** 32 bytes: `blake2_256(data)`. */
  hash: Uint8Array;
  /** Length of the data, in bytes. */
  length: number;
}

const NAMESPACE_BYTES_MAX = 32;
const KEY_BYTES_MAX = 128;
/** Reserved for everything in a package except its payloads. */
const PACKAGE_OVERHEAD_BYTES = 8_192;

/** The payload that places `elements`. Throws RangeError for a namespace or key that is too short or too long. */
export function elementsPayload(elements: readonly Element[]): Uint8Array {
  for (const { namespace, key } of elements) {
    ensureLength('namespace', namespace, NAMESPACE_BYTES_MAX);
    ensureLength('key', key, KEY_BYTES_MAX);
  }
  return new Writer()
    .vec(elements, (writer, { namespace, key, data }) => writer.bytes(namespace).bytes(key).bytes(data))
    .finish();
}

/** An item of class `classId` that places `elements`. */
export function elementsItem(classId: number, elements: readonly Element[]): WorkItem {
  return { class: classId, payload: elementsPayload(elements) };
}

/**
 * Distributes the elements in order, greedily, over items of at most 4,096 bytes of output and packages of at most four
 * items and 5 MiB. Returns the items of each package. Throws RangeError for an element that no package can hold.
 */
export function packElements(classId: number, elements: readonly Element[]): WorkItem[][] {
  const packages: OpenItem[][] = [];
  let bytesLeft = 0;
  for (const element of elements) {
    const output = outputBytes(element);
    const bytes = element.data.length + element.key.length + element.namespace.length + 16;
    if (bytes > MAX_WORK_PACKAGE_SIZE - PACKAGE_OVERHEAD_BYTES) {
      throw new RangeError(`an element of ${element.data.length} bytes does not fit into a package of 5 MiB`);
    }
    let last = packages.at(-1);
    let item: OpenItem | undefined = last?.at(-1);
    if (item !== undefined && item.outputBytes + output > MAX_WORK_OUTPUT_SIZE) item = undefined;
    if (last === undefined || bytes > bytesLeft || (item === undefined && last.length === MAX_WORK_ITEMS)) {
      packages.push((last = []));
      bytesLeft = MAX_WORK_PACKAGE_SIZE - PACKAGE_OVERHEAD_BYTES;
      item = undefined;
    }
    if (item === undefined) last.push((item = { elements: [], outputBytes: 4 }));
    item.elements.push(element);
    item.outputBytes += output;
    bytesLeft -= bytes;
  }
  return packages.map((items) => items.map((item) => elementsItem(classId, item.elements)));
}

/** An item that is being filled. */
interface OpenItem {
  elements: Element[];
  outputBytes: number;
}

/** Bytes that an element adds to the output: (namespace, key, hash, length), with compact lengths of up to 2 bytes. */
function outputBytes({ namespace, key }: Element): number {
  return 1 + namespace.length + 2 + key.length + 32 + 4;
}

function ensureLength(what: string, bytes: Uint8Array, max: number): void {
  if (bytes.length < 1 || bytes.length > max)
    throw new RangeError(`a ${what} has 1 to ${max} bytes, not ${bytes.length}`);
}

/** The storage key of an element, as the class uses it. */
export function elementKey(namespace: Uint8Array, key: Uint8Array): Uint8Array {
  return new Writer().raw(utf8('e')).bytes(namespace).bytes(key).finish();
}

/**
 * The storage key for the keys of the elements from this sequence number on that one output placed: `Vec<Vec<u8>>`. Not
 * every number has one.
 */
export function sequenceKey(namespace: Uint8Array, sequence: bigint): Uint8Array {
  const bigEndian = new Uint8Array(8);
  new DataView(bigEndian.buffer).setBigUint64(0, sequence);
  return new Writer().raw(utf8('s')).bytes(namespace).raw(bigEndian).finish();
}

/** The storage key for the number of elements in a namespace, a u64. */
export function countKey(namespace: Uint8Array): Uint8Array {
  return new Writer().raw(utf8('n')).bytes(namespace).finish();
}

/** Decodes the value under `elementKey`. Throws ScaleError. */
export function decodeElement(value: Uint8Array): StoredElement {
  return decode((reader) => ({ sequence: reader.u64(), hash: reader.raw(32), length: reader.u32() }), value);
}

/** One element in an output of `refine`. */
export interface Placement {
  namespace: Uint8Array;
  key: Uint8Array;
  hash: Uint8Array;
  length: number;
}

/** Decodes an output of `refine`. Throws ScaleError. */
export function decodePlacements(output: Uint8Array): Placement[] {
  return decode(
    (reader) =>
      reader.vec((from) => ({ namespace: from.bytes(), key: from.bytes(), hash: from.raw(32), length: from.u32() })),
    output,
  );
}
