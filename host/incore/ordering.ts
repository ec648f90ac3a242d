// The Work Class "ordering" from outside: payloads for it, and what it has stored.
//
// The layout is guests/work-classes/ordering/index.ts's. Where the chain keeps a class's state is class-state.ts's.
import { decode, utf8, Writer } from '../bytes/index.js';
import { MAX_WORK_ITEMS, MAX_WORK_OUTPUT_SIZE, MAX_WORK_PACKAGE_SIZE, type WorkItem } from '../contract/index.js';

/** Something to be placed. */
export interface Element {
  /** 1 to 32 bytes. */
  namespace: Uint8Array;
  /** 1 to 128 bytes: the place within the namespace. */
  key: Uint8Array;
  data: Uint8Array;
}

/** An element as the chain keeps it. */
export interface StoredElement {
  /** How many elements were in the namespace before it. */
  sequence: bigint;
  /** 32 bytes: `blake2_256(data)`. */
  hash: Uint8Array;
  /** Of the data, in bytes. */
  length: number;
}

const NAMESPACE_BYTES_MAX = 32;
const KEY_BYTES_MAX = 128;
/** Room for what is in a package beside its payloads. */
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
 * The elements in as few packages as a simple fit finds: each item's output within 4,096 bytes, four items and 5 MiB a
 * package, everything in the order given. Throws RangeError for an element too large for a package of its own.
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

/** An item that may take more. */
interface OpenItem {
  elements: Element[];
  outputBytes: number;
}

/** What an element adds to the output: (namespace, key, hash, length), with compact lengths of at most 2 bytes. */
function outputBytes({ namespace, key }: Element): number {
  return 1 + namespace.length + 2 + key.length + 32 + 4;
}

function ensureLength(what: string, bytes: Uint8Array, max: number): void {
  if (bytes.length < 1 || bytes.length > max)
    throw new RangeError(`a ${what} has 1 to ${max} bytes, not ${bytes.length}`);
}

/** Where an element is stored, in the class's child trie. */
export function elementKey(namespace: Uint8Array, key: Uint8Array): Uint8Array {
  return new Writer().raw(utf8('e')).bytes(namespace).bytes(key).finish();
}

/** Where the key of the element with this number is stored. */
export function sequenceKey(namespace: Uint8Array, sequence: bigint): Uint8Array {
  const bigEndian = new Uint8Array(8);
  new DataView(bigEndian.buffer).setBigUint64(0, sequence);
  return new Writer().raw(utf8('s')).bytes(namespace).raw(bigEndian).finish();
}

/** Where the number of elements of a namespace is stored: u64. */
export function countKey(namespace: Uint8Array): Uint8Array {
  return new Writer().raw(utf8('n')).bytes(namespace).finish();
}

/** A value under `elementKey`. Throws ScaleError. */
export function decodeElement(value: Uint8Array): StoredElement {
  return decode((reader) => ({ sequence: reader.u64(), hash: reader.raw(32), length: reader.u32() }), value);
}

/** One line of an output of `refine`. */
export interface Placement {
  namespace: Uint8Array;
  key: Uint8Array;
  hash: Uint8Array;
  length: number;
}

/** The output of `refine`. Throws ScaleError. */
export function decodePlacements(output: Uint8Array): Placement[] {
  return decode(
    (reader) =>
      reader.vec((from) => ({ namespace: from.bytes(), key: from.bytes(), hash: from.raw(32), length: from.u32() })),
    output,
  );
}
