// The chain on disk: headers, bodies, numbers and the best block, written together with each block's state.
//
//   column     key                        value
//   headers    block hash                 SCALE header
//   bodies     block hash                 SCALE Vec of opaque extrinsics
//   numbers    block number, big-endian   block hash
//   chain      "best"                     block hash
//   chain      "spec"                     the chain's id, as UTF-8
//
// A block is one durable database transaction, so that the database holds whole blocks only, even after a crash.
// Finality is instant: a block extends the best one and is final at once, so there are no forks. State is in
// host/state.
import { equal, text, toHex, utf8 } from '../bytes/index.js';
import { Batch, type Database } from '../db/index.js';
import { type Overlay, StateStore, type StateView } from '../state/index.js';
import { BoundedMap } from './bounded-map.js';
import { UnknownBlock, WrongDatabase } from './errors.js';
import { decodeExtrinsics, decodeHeader, encodeExtrinsics, encodeHeader, hashHeader } from './header.js';
import type { BlockRef, Header } from './types.js';

const HEADERS_KEPT = 1024;

function numberKey(number: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, number);
  return key;
}

const BEST = utf8('best');
const SPEC = utf8('spec');

/** A block and the state after it, not yet written. */
export interface NewBlock {
  readonly hash: Uint8Array;
  readonly header: Header;
  readonly extrinsics: Uint8Array[];
  readonly overlay: Overlay;
  readonly stateVersion: 0 | 1;
}

export class Chain {
  readonly states: StateStore;
  readonly #headers;
  readonly #bodies;
  readonly #numbers;
  readonly #chain;
  readonly #recent = new BoundedMap<string, BlockRef>(HEADERS_KEPT);
  #best: BlockRef | undefined;

  constructor(readonly db: Database) {
    this.states = new StateStore(db);
    this.#headers = db.column('headers');
    this.#bodies = db.column('bodies');
    this.#numbers = db.column('numbers');
    this.#chain = db.column('chain');
    const best = this.#chain.get(BEST);
    if (best !== undefined) this.#best = this.block(best);
  }

  /** Whether there is no genesis yet. */
  get isEmpty(): boolean {
    return this.#best === undefined;
  }

  /** Throws WrongDatabase if the database has another genesis. */
  ensureGenesis(genesisHash: Uint8Array, specId: string): void {
    const stored = this.blockHash(0)!;
    if (equal(stored, genesisHash)) return;
    const id = this.#chain.get(SPEC);
    const name = id === undefined ? '' : ` (${text(id)})`;
    throw new WrongDatabase(
      `the base path holds another chain: its genesis is ${toHex(stored)}${name}, ` +
        `and that of the chain spec ${specId} is ${toHex(genesisHash)}; choose another --base-path, or the spec it was made with`,
    );
  }

  /** Writes the genesis block. */
  begin(header: Header, overlay: Overlay, stateVersion: 0 | 1, specId: string): void {
    const batch = new Batch().put('chain', SPEC, utf8(specId));
    this.#write(batch, { hash: hashHeader(header), header, extrinsics: [], overlay, stateVersion });
  }

  /**
   * Writes a block that extends the best one and becomes the best, in one transaction with what `join` adds to the batch.
   * Returns once it is durable.
   */
  append(block: NewBlock, join: (batch: Batch) => void): BlockRef {
    return this.#write(new Batch(), block, join);
  }

  best(): BlockRef {
    if (this.#best === undefined) throw new Error('the chain has no genesis yet');
    return this.#best;
  }

  block(hash: Uint8Array): BlockRef | undefined {
    const key = toHex(hash);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const bytes = this.#headers.get(hash);
    if (bytes === undefined) return undefined;
    const header = decodeHeader(bytes);
    const block = { hash: hash.slice(), number: header.number, header };
    this.#recent.set(key, block);
    return block;
  }

  blockHash(number: number): Uint8Array | undefined {
    return this.#numbers.get(numberKey(number));
  }

  body(hash: Uint8Array): Uint8Array[] | undefined {
    const bytes = this.#bodies.get(hash);
    return bytes === undefined ? undefined : decodeExtrinsics(bytes);
  }

  /** The state after a block. Throws UnknownBlock. */
  stateAt(hash: Uint8Array): StateView {
    return this.states.at(this.known(hash).header.stateRoot);
  }

  /** A block of this chain. Throws UnknownBlock. */
  known(hash: Uint8Array): BlockRef {
    const block = this.block(hash);
    if (block === undefined) throw new UnknownBlock(hash);
    return block;
  }

  #write(batch: Batch, made: NewBlock, join: (batch: Batch) => void = () => undefined): BlockRef {
    const { hash, header, extrinsics, overlay, stateVersion } = made;
    const { root } = this.states.commit(overlay, stateVersion, batch);
    if (!equal(root, header.stateRoot)) {
      throw new Error(
        `the header of block ${header.number} has state root ${toHex(header.stateRoot)}, and its state has ${toHex(root)}`,
      );
    }
    batch
      .put('headers', hash, encodeHeader(header))
      .put('bodies', hash, encodeExtrinsics(extrinsics))
      .put('numbers', numberKey(header.number), hash)
      .put('chain', BEST, hash);
    join(batch);
    this.db.write(batch);
    const block = { hash, number: header.number, header };
    this.#best = block;
    this.#recent.set(toHex(hash), block);
    return block;
  }
}
