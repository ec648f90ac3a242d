// The node: opens a chain, makes and imports blocks, keeps the transaction pool, and notifies subscribers.
//
// A block is made or imported synchronously on one thread, so no intermediate state is visible. author.ts and import.ts
// build and check blocks; sealing.ts decides when one is made; chain.ts stores them.
import { join } from 'node:path';
import { blake2_256, concat, equal, err, Failure, ok, toHex, type Result } from '../bytes/index.js';
import { DatabaseNotWritten, LmdbDatabase, type Database } from '../db/index.js';
import { InvalidRuntime, RuntimeTrap, SignatureCache, UnknownEntryPoint } from '../executor/index.js';
import type { StateView } from '../state/index.js';
import { buildBlock, nextSlotMs } from './author.js';
import { DEFAULT_AUTHOR_LIMITS, type AuthorLimits, type AuthorParts } from './building.js';
import { Chain } from './chain.js';
import type { ChainSpec } from './chain-spec.js';
import { systemClock } from './clock.js';
import { dryRun } from './dry-run.js';
import { BlockNotMade, type BlockRefusal } from './errors.js';
import { openFolder, type Folder } from './folder.js';
import { buildGenesis, genesisHeader } from './genesis.js';
import { hashHeader } from './header.js';
import { decodeIncoming, importBlock, type ExecutedBlock, type ImportParts } from './import.js';
import { Keepers } from './keepers.js';
import { keysFor, type KeyRing } from './keys.js';
import { silent, type Logger } from './log.js';
import { TransactionPool, type Included, type PoolLimits } from './pool/index.js';
import { CODE_KEY, loadChainRuntime, Runtimes, type ChainRuntime, type LoadRuntime } from './runtimes.js';
import { explainTime, Sealing, type Sealed, type SealingMode } from './sealing.js';
import type {
  Block,
  BlockKeeper,
  BlockListener,
  BlockRef,
  ChainView,
  Clock,
  CommittedBlock,
  InherentProvider,
} from './types.js';
import { decodeValidity, type Validity } from './validity.js';

/** How to open a node. */
export interface NodeOptions {
  spec: ChainSpec;
  /** The folder of the chain; by default a temporary one that is removed on close. */
  basePath?: string;
  /** A database to use instead of one on disk. The node closes it. */
  database?: Database;
  sealing?: SealingMode;
  /** The keys to seal blocks with; on a development chain the development keys by default, else none. */
  keys?: KeyRing;
  clock?: Clock;
  log?: Logger;
  /** Whether the author's own blocks are executed again through Core_execute_block before they are written. */
  executeOwnBlocks?: boolean;
  poolLimits?: Partial<PoolLimits>;
  authorLimits?: Partial<AuthorLimits>;
  /** How many valid signatures are cached; with 0, each is verified wherever it occurs. */
  signatureCacheMax?: number;
  /** Loads a runtime from its code; the executor's by default. */
  loadRuntime?: LoadRuntime;
}

/** Substrate's TransactionSource, an argument of validate_transaction. */
const SOURCE = { inBlock: 0, external: 2 } as const;

/** How long after a block the watchers of its transactions are notified of finality; host/rpc/following.ts adds to it. */
const FINALITY_TOLD_AFTER_MS = 250;

export class Node implements ChainView {
  readonly spec: ChainSpec;
  readonly genesisHash: Uint8Array;
  readonly pool: TransactionPool;
  readonly signatures: SignatureCache;
  /** The folder of this chain, where other parts may keep theirs; undefined if a database was given. */
  readonly folder: string | undefined;
  readonly #folder: Folder | undefined;
  readonly #chain: Chain;
  readonly #runtimes: Runtimes;
  readonly #keys: KeyRing;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #sealing: Sealing;
  readonly #providers: InherentProvider[] = [];
  readonly #keepers: Keepers;
  readonly #listeners = new Set<BlockListener>();
  readonly #timers = new Set<() => void>();
  readonly #authorParts: AuthorParts;
  readonly #importParts: ImportParts;
  /** Why the last block was not made, so that the same is not logged for every try. */
  #lastFailure = '';
  #closed = false;

  /**
   * Opens the chain of a spec, at its best block or at a new genesis block. Throws InvalidChainSpec,
   * WrongDatabase, DevelopmentKeysRefused, DatabaseInUse or DatabaseRefused.
   */
  static open(options: NodeOptions): Node {
    const keys = keysFor(options.spec, options.keys);
    const folder = options.database === undefined ? openFolder(options.basePath) : undefined;
    let db: Database | undefined;
    try {
      db = options.database ?? new LmdbDatabase(join(folder!.path, 'db'));
      return new Node(options, keys, db, folder);
    } catch (error) {
      void db?.close();
      folder?.release();
      throw error;
    }
  }

  /** Use `open`. */
  protected constructor(options: NodeOptions, keys: KeyRing, db: Database, folder: Folder | undefined) {
    this.spec = options.spec;
    this.#folder = folder;
    this.folder = folder?.path;
    this.#keys = keys;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silent;
    this.signatures = new SignatureCache(options.signatureCacheMax ?? 16_384);
    this.#runtimes = new Runtimes(this.signatures, this.#log, options.loadRuntime ?? loadChainRuntime);
    this.#keepers = new Keepers(this.#runtimes, this.#log);
    this.#chain = new Chain(db);
    this.genesisHash = this.#openGenesis();
    this.pool = new TransactionPool(
      {
        validate: (bytes) => this.#validate(this.#chain.best(), SOURCE.external, bytes),
        estimate: (bytes) => this.#validate(this.#chain.best(), SOURCE.external, bytes, this.#runtimes.presuming),
        bestNumber: () => this.#chain.best().number,
        nowMs: () => this.#clock.nowMs(),
        later: (call) => this.#later(call),
        onFault: (error) => this.#log.error(`a transaction watcher failed: ${String(error)}`),
      },
      options.poolLimits,
    );
    this.#authorParts = {
      chain: this.#chain,
      runtimes: this.#runtimes,
      signatures: this.signatures,
      pool: this.pool,
      keys: this.#keys,
      clock: this.#clock,
      log: this.#log,
      providers: this.#providers,
      limits: { ...DEFAULT_AUTHOR_LIMITS, ...options.authorLimits },
      executeOwnBlocks: options.executeOwnBlocks ?? false,
    };
    this.#importParts = {
      chain: this.#chain,
      runtimes: this.#runtimes,
      signatures: this.signatures,
      nowMs: () => this.#clock.nowMs(),
      timeMayRunAhead: this.spec.chainType === 'Development',
    };
    const mode = this.#canAuthor() ? (options.sealing ?? 'instant') : 'manual';
    const runsAhead = typeof mode !== 'object' && this.spec.chainType === 'Development';
    this.#sealing = new Sealing(
      mode,
      this.#clock,
      () => this.#sealOne(),
      () => (runsAhead ? 0 : (this.#nextSlot()?.startMs ?? 0)),
    );
    const next = mode === 'manual' ? undefined : this.#nextSlot();
    if (next !== undefined) explainTime(this.#log, mode, runsAhead, next, this.#clock.nowMs());
    this.pool.onReady(() => this.#sealing.wake());
    this.#sealing.start();
  }

  /** Whether the runtime has the authors that this node makes blocks by; if not, the log says so. */
  #canAuthor(): boolean {
    try {
      this.runtimeCall(this.best().hash, 'AuraApi_slot_duration', new Uint8Array());
    } catch (error) {
      if (error instanceof RuntimeTrap) return true; // the author will say why
      if (error instanceof InvalidRuntime) {
        this.#log.error(`block ${this.best().number} left no runtime, so no block can follow it: ${error.message}`);
        return false;
      }
      if (!(error instanceof UnknownEntryPoint)) throw error;
      this.#log.warn(`the runtime of ${this.spec.name} has no AuraApi: this node makes no blocks, and imports none`);
      return false;
    }
    return true;
  }

  /** The next slot that is free; undefined if the runtime can't say, which the author then reports. */
  #nextSlot(): ReturnType<typeof nextSlotMs> | undefined {
    try {
      return nextSlotMs(this.#authorParts);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return undefined;
    }
  }

  #openGenesis(): Uint8Array {
    const { overlay, stateVersion } = buildGenesis(this.spec, this.#chain.states, this.#runtimes.load);
    const header = genesisHeader(overlay.root(stateVersion));
    const hash = hashHeader(header);
    if (this.#chain.isEmpty) {
      this.#chain.begin(header, overlay, stateVersion, this.spec.id);
      this.#log.info(`${this.spec.name} starts with genesis block ${toHex(hash)}`);
    } else {
      this.#chain.ensureGenesis(hash, this.spec.id);
      const best = this.#chain.best();
      this.#log.info(`${this.spec.name} continues from block ${best.number} (${toHex(best.hash)})`);
    }
    return hash;
  }

  best(): BlockRef {
    return this.#chain.best();
  }

  /** Finality comes with the block. */
  finalized(): BlockRef {
    return this.#chain.best();
  }

  block(hash: Uint8Array): BlockRef | undefined {
    return this.#chain.block(hash);
  }

  blockHash(number: number): Uint8Array | undefined {
    return this.#chain.blockHash(number);
  }

  /** The extrinsics of a block, or undefined if it is unknown. */
  body(hash: Uint8Array): Uint8Array[] | undefined {
    return this.#chain.body(hash);
  }

  stateAt(blockHash: Uint8Array): StateView {
    return this.#chain.stateAt(blockHash);
  }

  /** The runtime of the state after a block, which executes the next one. Throws UnknownBlock. */
  runtimeAt(blockHash: Uint8Array): ChainRuntime {
    return this.#runtimes.at(this.stateAt(blockHash));
  }

  get database(): Database {
    return this.#chain.db;
  }

  runtimeCall(blockHash: Uint8Array, method: string, args: Uint8Array): Uint8Array {
    const ofUnwritten = this.#keepers.call(blockHash, method, args);
    if (ofUnwritten !== undefined) return ofUnwritten;
    return this.#runtimes.call(this.stateAt(blockHash), method, args);
  }

  /** Tries a transaction on the state after a block. Returns its ApplyExtrinsicResult as SCALE. Throws UnknownBlock. */
  dryRun(blockHash: Uint8Array, extrinsic: Uint8Array): Result<Uint8Array, RuntimeTrap | UnknownEntryPoint> {
    const block = this.#chain.known(blockHash);
    return dryRun(this.#runtimes, this.runtimeAt(blockHash), this.stateAt(blockHash), block, extrinsic);
  }

  /** Whether this node can sign with this sr25519 key. */
  hasKey(publicKey: Uint8Array): boolean {
    return this.#keys.find(publicKey) !== undefined;
  }

  subscribeBlocks(listener: BlockListener): () => void {
    // A new function, so that a listener that is given twice is called twice and unsubscribed one at a time.
    const own: BlockListener = (block) => listener(block);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  addBlockKeeper(keeper: BlockKeeper): () => void {
    return this.#keepers.add(keeper);
  }

  addInherentProvider(provider: InherentProvider): void {
    this.#providers.push(provider);
  }

  wakeAuthor(withinMs = 0): void {
    this.#sealing.wake(withinMs);
  }

  /**
   * Makes the next block now. Throws BlockNotMade, or DatabaseNotWritten, and then leaves the chain and the pool as they
   * were.
   */
  createBlock(): CommittedBlock {
    return this.#create().block;
  }

  /**
   * Imports a block of another node, as bytes or decoded. A refused block leaves the chain and the pool as they were. One
   * that could not be written (`notWritten`) may be imported again.
   */
  importBlock(incoming: Uint8Array | Block): Result<CommittedBlock, BlockRefusal> {
    const parent = this.#chain.best();
    const block = 'header' in incoming ? ok(incoming) : decodeIncoming(incoming);
    if (!block.ok) return block;
    const executed = importBlock(this.#importParts, block.value);
    if (!executed.ok) return executed;
    const { extrinsics } = executed.value;
    const included = this.pool.isEmpty ? [] : extrinsics.map((bytes) => this.#includedTags(parent, bytes));
    try {
      return ok(this.#commit(executed.value, 'imported', included));
    } catch (error) {
      if (!(error instanceof DatabaseNotWritten)) throw error;
      const { number } = executed.value.header;
      return err({ kind: 'notWritten', message: `block ${number} is not imported: ${error.message}` });
    }
  }

  /** Stops making blocks and closes the database. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#sealing.stop();
    for (const cancel of this.#timers) cancel();
    this.#listeners.clear();
    await this.#chain.db.close();
    this.#folder?.release();
  }

  #later(call: () => void): void {
    const cancel = this.#clock.after(FINALITY_TOLD_AFTER_MS, () => {
      this.#timers.delete(cancel);
      call();
    });
    this.#timers.add(cancel);
  }

  #create(): { block: CommittedBlock; more: boolean; isCrowded: boolean } {
    if (this.#closed) throw new BlockNotMade('the node is closed');
    const built = buildBlock(this.#authorParts);
    const { more, included } = built;
    const block = this.#commit(built, 'own', included, () => built.written());
    // Where transactions were banned, those that need them are not ready any more.
    return { block, more: more && this.pool.readyCount > 0, isCrowded: included.length > 1 };
  }

  /**
   * Writes a block. What follows from it, in memory and for subscribers, begins with `written` once that is done. Throws
   * DatabaseNotWritten, and then nothing has happened.
   */
  #commit(
    made: ExecutedBlock,
    origin: CommittedBlock['origin'],
    included: readonly Included[],
    written: () => void = () => undefined,
  ): CommittedBlock {
    const changes = made.overlay.changes();
    let kept: (() => void)[] = [];
    const ref = this.#chain.append(made, (batch) => {
      kept = this.#keepers.keep(made, origin, batch);
    });
    if (!changes.some(([key]) => equal(key, CODE_KEY))) this.#runtimes.carryOver(ref.header.stateRoot, made.runtime);
    const block: CommittedBlock = { ...ref, origin, extrinsics: made.extrinsics, changes };
    this.#log.debug(`block ${block.number} ${toHex(block.hash)}: ${block.extrinsics.length} extrinsics`);
    written();
    for (const listener of [...kept, ...this.#listeners]) {
      try {
        listener(block);
      } catch (error) {
        this.#log.error(`a block listener failed at block ${block.number}: ${String(error)}`);
      }
    }
    this.pool.onBlock(block.number, block.hash, included);
    return block;
  }

  /** Called when a block is due. Returns whether there is work left for another one, or that it has to be tried again. */
  #sealOne(): Sealed {
    try {
      const { more, isCrowded } = this.#create();
      this.#lastFailure = '';
      return { more, isCrowded };
    } catch (error) {
      // A Failure's sentence is enough; anything else is a bug, and its stack belongs in the log.
      const failure = error instanceof Failure ? error.message : String((error as Error).stack);
      if (failure !== this.#lastFailure || error instanceof BlockNotMade)
        this.#log.error(`no block was made: ${failure}`);
      this.#lastFailure = failure;
      return { more: error instanceof BlockNotMade ? false : 'failed', isCrowded: false };
    }
  }

  #validate(at: BlockRef, source: number, bytes: Uint8Array, context = this.#runtimes.questions): Validity {
    const state = this.#chain.states.at(at.header.stateRoot);
    const args = concat(Uint8Array.of(source), bytes, at.hash);
    return decodeValidity(this.#runtimes.call(state, 'TaggedTransactionQueue_validate_transaction', args, context));
  }

  /**
   * The tags that an extrinsic of an imported block provides: from the pool, else from the runtime on the parent's
   * state.
   */
  #includedTags(parent: BlockRef, bytes: Uint8Array): Included {
    const hash = toHex(blake2_256(bytes));
    const known = this.pool.providesOf(hash);
    if (known !== undefined) return { hash, provides: known };
    try {
      const validity = this.#validate(parent, SOURCE.inBlock, bytes);
      return { hash, provides: validity.ok ? validity.value.provides.map(toHex) : [] };
    } catch (error) {
      // An inherent is no transaction: a runtime may trap when it validates one, and it provides no tags.
      if (error instanceof RuntimeTrap) return { hash, provides: [] };
      throw error;
    }
  }
}
