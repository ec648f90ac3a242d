// Whether a file is a whole LMDB database, found out by reading it.
//
// The LMDB library maps the file, so that a page which the file lacks, or a damaged number of a page, ends the process
// by SIGBUS or SIGSEGV. Here the same numbers are read and checked first. Layout, little-endian (lmdb 3, data version 2):
//
//   page     u64 number · u64 transaction · u16 · u16 flags · u16 lower · u16 upper · …
//   meta     after the head of pages 0 and 1: u32 magic · u32 version · u64 · u64 · free tree · main tree ·
//            u64 last page · u64 transaction; the meta page of the later transaction is in force
//   tree     u32 (page size, in the free tree) · u16 · u16 depth · 4 × u64 · u64 root page, all ones if empty
//   node     at each of the offsets after a page's head: u16 low · u16 high · u16 flags · u16 key length · key · value
//
// Pages that were taken and given back in one transaction may lie beyond the end of the file. So a file that is shorter
// than its last page is whole if each page in use is there: then, and only then, all trees are walked.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const HEAD_BYTES = 24;
const META_BYTES = 160;
const MAGIC = 0xbeef_c0de;
const VERSION = 2;
const PAGE_FLAGS = { branch: 0x01, leaf: 0x02, overflow: 0x04, meta: 0x08 } as const;
const NODE_FLAGS = { overflow: 0x01, tree: 0x02 } as const;
const NODE_BYTES = 8;
const TREE_BYTES = 48;
const ROOT_AT = 40;
const EMPTY = 0xffff_ffff_ffff_ffffn;
const DEPTH_MAX = 32;

/** What is wrong with an LMDB file, as the end of a sentence. */
export class DamagedFile extends Error {}

const damaged = (what: string): never => {
  throw new DamagedFile(what);
};

/** Checks the file as far as the LMDB library trusts it. Throws DamagedFile. The file must not change meanwhile. */
export function checkDataFile(file: string): void {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) damaged('it is not a file');
    new DataFile(descriptor, stat.size).check();
  } finally {
    closeSync(descriptor);
  }
}

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly trees: Buffer[];
}

class DataFile {
  #pageBytes = 0;
  #lastPage = 0;
  readonly #descriptor: number;
  readonly #bytes: number;

  constructor(descriptor: number, bytes: number) {
    this.#descriptor = descriptor;
    this.#bytes = bytes;
  }

  check(): void {
    const first = this.#meta(0, 0);
    const second = this.#meta(1, first.pageBytes);
    if (second.pageBytes !== first.pageBytes) damaged('its two meta pages have different page sizes');
    const { lastPage, trees } = second.transaction > first.transaction ? second : first;
    this.#pageBytes = first.pageBytes;
    this.#lastPage = lastPage;
    const pages = Math.floor(this.#bytes / this.#pageBytes);
    const everything = lastPage >= pages;
    try {
      for (const tree of trees) this.#tree(tree, everything);
    } catch (error) {
      if (!(error instanceof DamagedFile) || !everything) throw error;
      damaged(`it is cut short: it has ${pages} pages of ${lastPage + 1}, and ${error.message}`);
    }
  }

  #meta(number: number, at: number): Meta {
    const page = this.#read(at, META_BYTES);
    if (page === undefined) return damaged(`it is cut short: it has ${this.#bytes} bytes`);
    if (page.readUInt32LE(HEAD_BYTES) !== MAGIC) {
      return damaged(number === 0 ? 'it is not an LMDB file, or its first page is damaged' : 'a meta page is damaged');
    }
    const version = page.readUInt32LE(HEAD_BYTES + 4) & 0xffff;
    if (version !== VERSION) return damaged(`its LMDB format is ${version}, not ${VERSION}`);
    const trees = [48, 96].map((start) => page.subarray(start, start + TREE_BYTES));
    const pageBytes = trees[0]!.readUInt32LE(0);
    const lastPage = page.readBigUInt64LE(144);
    const sane =
      (page.readUInt16LE(18) & PAGE_FLAGS.meta) !== 0 &&
      pageBytes >= 512 &&
      pageBytes <= 65_536 &&
      (pageBytes & (pageBytes - 1)) === 0 &&
      lastPage >= 1n &&
      lastPage < 2n ** 40n;
    if (!sane) return damaged('a meta page is damaged');
    return { pageBytes, lastPage: Number(lastPage), transaction: page.readBigUInt64LE(152), trees };
  }

  /** Checks the root of a tree and those of the trees in it; with `everything`, all pages. */
  #tree(tree: Buffer, everything: boolean): void {
    const root = tree.readBigUInt64LE(ROOT_AT);
    if (root === EMPTY) return;
    this.#page(root, everything, 0);
    if (this.#depth(root) !== tree.readUInt16LE(6)) damaged(`the depth of the tree at page ${root} is damaged`);
  }

  /** The levels of a tree, along its first branch. */
  #depth(root: bigint): number {
    let number = root;
    for (let depth = 1; depth <= DEPTH_MAX; depth++) {
      const page = this.#pages(number, 1n);
      if ((page.readUInt16LE(18) & PAGE_FLAGS.leaf) !== 0) return depth;
      const [first] = this.#nodes(page, number);
      if (first === undefined) return damaged(`the page ${number} is damaged`);
      number =
        BigInt(first.readUInt16LE(0)) | (BigInt(first.readUInt16LE(2)) << 16n) | (BigInt(first.readUInt16LE(4)) << 32n);
    }
    return damaged(`the page ${number} is damaged`);
  }

  #page(number: bigint, everything: boolean, depth: number): void {
    const page = this.#pages(number, 1n);
    const flags = page.readUInt16LE(18);
    const isBranch = (flags & PAGE_FLAGS.branch) !== 0;
    if (depth > DEPTH_MAX || isBranch === ((flags & PAGE_FLAGS.leaf) !== 0)) damaged(`the page ${number} is damaged`);
    for (const node of this.#nodes(page, number)) {
      const [low, high, nodeFlags, keyBytes] = [0, 2, 4, 6].map((at) => node.readUInt16LE(at)) as [
        number,
        number,
        number,
        number,
      ];
      const value = NODE_BYTES + keyBytes;
      if (isBranch) {
        const child = BigInt(low) | (BigInt(high) << 16n) | (BigInt(nodeFlags) << 32n);
        // The names of trees are few, so that their branches are read in either case.
        if (everything) this.#page(child, true, depth + 1);
        else this.#pages(child, 1n);
      } else if ((nodeFlags & NODE_FLAGS.tree) !== 0) {
        if (node.length < value + TREE_BYTES) damaged(`the page ${number} is damaged`);
        this.#tree(node.subarray(value, value + TREE_BYTES), everything);
      } else if ((nodeFlags & NODE_FLAGS.overflow) !== 0) {
        if (node.length < value + HEAD_BYTES) damaged(`the page ${number} is damaged`);
        if (everything) this.#pages(node.readBigUInt64LE(value), node.readBigUInt64LE(value + 16));
      }
    }
  }

  #nodes(page: Buffer, number: bigint): Buffer[] {
    const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)];
    const room = this.#pageBytes - HEAD_BYTES;
    if (lower > upper || upper > room || lower % 2 !== 0) damaged(`the page ${number} is damaged`);
    return Array.from({ length: lower >> 1 }, (_, index) => {
      const offset = page.readUInt16LE(HEAD_BYTES + 2 * index);
      if (offset < lower || offset + NODE_BYTES > room) damaged(`the page ${number} is damaged`);
      return page.subarray(HEAD_BYTES + offset);
    });
  }

  /** The first of `count` pages from `number` on, all of which must be in the file. */
  #pages(number: bigint, count: bigint): Buffer {
    const end = number + count;
    if (number < 2n || count < 1n || end > BigInt(this.#lastPage) + 1n) return damaged(`there is no page ${number}`);
    const page = this.#read(Number(number) * this.#pageBytes, this.#pageBytes);
    if (page === undefined || end * BigInt(this.#pageBytes) > BigInt(this.#bytes)) {
      return damaged(`the page ${end - 1n} is in use`);
    }
    return page.readBigUInt64LE(0) === number ? page : damaged(`the page ${number} is damaged`);
  }

  /** Undefined if the file ends before. */
  #read(at: number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    for (let read = 0; read < length;) {
      const more = readSync(this.#descriptor, bytes, read, length - read, at + read);
      if (more === 0) return undefined;
      read += more;
    }
    return bytes;
  }
}
