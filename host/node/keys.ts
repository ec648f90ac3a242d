// The keys of development chains: sr25519 pairs derived from the well-known development phrase, one hard junction each.
// The chain `scale` has many validators, with keys of their own.
//
// Anyone can derive them, so only a development chain may use them (`keysFor`).
import { toHex, utf8 } from '../bytes/index.js';
import { miniSecretOf, sr25519DeriveHard, sr25519PairOf } from '../executor/index.js';
import { chainTypeText, type ChainSpec } from './chain-spec.js';
import { DevelopmentKeysRefused } from './errors.js';

const DEV_PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';

/** The names of the development keys, in validator order. */
export const DEV_NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'] as const;

/** The names of the keys of the chain `scale`, in validator order. */
export const SCALE_NAMES: readonly string[] = Array.from({ length: 1_023 }, (_, index) => `Validator${index}`);

/** An sr25519 pair: a 32-byte public key and the 64-byte secret that schnorrkel uses. */
export interface KeyPair {
  publicKey: Uint8Array;
  secretKey: Uint8Array;
}

/** The chain code of a hard junction: the name as a SCALE string, zero-padded to 32 bytes. */
function junction(name: string): Uint8Array {
  const code = new Uint8Array(32);
  const bytes = utf8(name);
  if (bytes.length > 31)
    throw new RangeError(`the name of a key must have at most 31 bytes, and ${JSON.stringify(name)} has more`);
  code[0] = bytes.length << 2;
  code.set(bytes, 1);
  return code;
}

let root: Uint8Array | undefined;

/** The pair of `//name`. */
export function devKey(name: string): KeyPair {
  root ??= sr25519PairOf(miniSecretOf(DEV_PHRASE));
  const pair = sr25519DeriveHard(root, junction(name));
  return { secretKey: pair.slice(0, 64), publicKey: pair.slice(64) };
}

/** Key pairs by public key: the author looks up the key of a slot's authority. */
export class KeyRing {
  readonly #pairs = new Map<string, KeyPair>();
  /** Derives further pairs, when a key is not among the first. */
  #more: (() => Iterable<KeyPair>) | undefined;

  constructor(pairs: Iterable<KeyPair> = [], more?: () => Iterable<KeyPair>) {
    this.#more = more;
    this.#add(pairs);
  }

  /** The keys of every development account, and of the validators of the chain `scale`. */
  static development(): KeyRing {
    return new KeyRing(DEV_NAMES.map(devKey), () => SCALE_NAMES.map(devKey));
  }

  find(publicKey: Uint8Array): KeyPair | undefined {
    const key = toHex(publicKey);
    if (this.#more !== undefined && !this.#pairs.has(key)) {
      this.#add(this.#more());
      this.#more = undefined;
    }
    return this.#pairs.get(key);
  }

  #add(pairs: Iterable<KeyPair>): void {
    for (const pair of pairs) this.#pairs.set(toHex(pair.publicKey), pair);
  }

  get size(): number {
    return this.#pairs.size;
  }
}

/** The keys to author the chain with. Throws DevelopmentKeysRefused. */
export function keysFor(spec: ChainSpec, given: KeyRing | undefined): KeyRing {
  if (spec.chainType === 'Development') return given ?? KeyRing.development();
  const names = given === undefined || given.size === 0 ? [] : [...DEV_NAMES, ...SCALE_NAMES];
  const public_ = names.find((name) => given?.find(devKey(name).publicKey) !== undefined);
  if (public_ !== undefined) {
    throw new DevelopmentKeysRefused(
      `${spec.name} is a ${chainTypeText(spec.chainType)} chain, and the key of //${public_} is public: ` +
        'development keys are refused there',
    );
  }
  return given ?? new KeyRing();
}
