// sr25519 and secp256k1: the WebAssembly of `@polkadot/wasm-crypto`, called without that package's JavaScript, which
// loads 160 files (a fifth of the time in which a node starts), and without its fallback to asm.js.
//
// wasm-bindgen's interface: arguments are addresses and lengths of bytes in memory from its `malloc`, which the callee
// frees; address and length of a result are written to address 8, and the caller frees it.
import { bytes as compressed, lenOut } from '@polkadot/wasm-crypto-wasm/cjs/bytes';
import { randomFillSync } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { utf8 } from '../bytes/index.js';

/** An address and a length. */
type Span = [address: number, length: number];
type Call<Result, Rest extends unknown[]> = (...args: Rest) => Result;

/** The functions of the module that this project calls. */
interface Exports {
  memory: WebAssembly.Memory;
  __wbindgen_malloc(size: number): number;
  __wbindgen_free(address: number, size: number): void;
  __wbindgen_add_to_stack_pointer(by: number): number;
  ext_bip39_to_mini_secret: Call<void, [result: number, ...phrase: Span, ...password: Span]>;
  ext_sr_from_seed: Call<void, [result: number, ...seed: Span]>;
  ext_sr_derive_keypair_hard: Call<void, [result: number, ...pair: Span, ...chainCode: Span]>;
  ext_sr_sign: Call<void, [result: number, ...publicKey: Span, ...secretKey: Span, ...message: Span]>;
  ext_sr_verify: Call<number, [...signature: Span, ...message: Span, ...publicKey: Span]>;
  ext_secp_recover: Call<void, [result: number, ...digest: Span, ...rs: Span, v: number]>;
}

/** Where a result's address and length are written. */
const RESULT_AT = 8;

/** The handle of every platform object that the module asks for: it only checks whether they are undefined. */
const OBJECT = 100;

let compiled: WebAssembly.Module | undefined;

function module(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(inflateSync(Buffer.from(compressed, 'base64'), { maxOutputLength: lenOut }));
  return compiled;
}

/** An instance of the module. */
export class WasmCrypto {
  readonly exports: Exports;
  #bytes = new Uint8Array(0);

  /** `fill`: fills memory with what the module takes for randomness. */
  constructor(fill: (bytes: Uint8Array) => void) {
    // Two imports start with this name: one returns an object, the other fills memory.
    const getRandomValues = (_object: number, address?: number, length?: number): number => {
      if (length !== undefined) fill(this.memory.subarray(address, address! + length));
      return OBJECT;
    };
    const standIn = (name: string): WebAssembly.ImportValue =>
      name.startsWith('__wbg_getRandomValues')
        ? getRandomValues
        : name === '__wbindgen_is_undefined'
          ? () => 0
          : () => OBJECT;
    const wbg = Object.fromEntries(WebAssembly.Module.imports(module()).map(({ name }) => [name, standIn(name)]));
    this.exports = new WebAssembly.Instance(module(), { wbg }).exports as unknown as Exports;
  }

  /** The whole memory. Not to be kept: growth makes the array empty. */
  get memory(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.exports.memory.buffer);
    return this.#bytes;
  }

  /** Copies bytes into memory. */
  give(bytes: Uint8Array): Span {
    const address = this.exports.__wbindgen_malloc(bytes.length);
    this.memory.set(bytes, address);
    return [address, bytes.length];
  }

  /** The result of a call that is given the address for it. */
  result(call: (resultAt: number) => void): Uint8Array {
    call(RESULT_AT);
    const { buffer, byteOffset } = this.memory;
    const [address, length] = new Uint32Array(buffer, byteOffset + RESULT_AT, 2) as unknown as Span;
    const result = this.memory.slice(address, address + length);
    this.exports.__wbindgen_free(address, length);
    return result;
  }
}

let shared: WasmCrypto | undefined;

/** The instance with true randomness, which all share. It is made when it is first needed. */
export function wasmCrypto(): WasmCrypto {
  shared ??= new WasmCrypto((bytes) => void randomFillSync(bytes));
  return shared;
}

/** The 32 bytes of a phrase's seed, as Substrate's tools derive it. */
export function miniSecretOf(phrase: string): Uint8Array {
  const crypto = wasmCrypto();
  return crypto.result((at) => {
    crypto.exports.ext_bip39_to_mini_secret(at, ...crypto.give(utf8(phrase)), ...crypto.give(new Uint8Array()));
  });
}

/** The pair of a seed of 32 bytes: 64 of schnorrkel's secret key, then 32 of the public key. */
export function sr25519PairOf(seed: Uint8Array): Uint8Array {
  const crypto = wasmCrypto();
  return crypto.result((at) => crypto.exports.ext_sr_from_seed(at, ...crypto.give(seed)));
}

/** The pair that a hard junction, a chain code of 32 bytes, derives from another. */
export function sr25519DeriveHard(pair: Uint8Array, chainCode: Uint8Array): Uint8Array {
  const crypto = wasmCrypto();
  return crypto.result((at) => {
    crypto.exports.ext_sr_derive_keypair_hard(at, ...crypto.give(pair), ...crypto.give(chainCode));
  });
}

/** A signature of 64 bytes, by the instance `crypto`. */
export function sr25519Sign(
  { publicKey, secretKey }: { publicKey: Uint8Array; secretKey: Uint8Array },
  message: Uint8Array,
  crypto = wasmCrypto(),
): Uint8Array {
  return crypto.result((at) => {
    crypto.exports.ext_sr_sign(at, ...crypto.give(publicKey), ...crypto.give(secretKey), ...crypto.give(message));
  });
}

/** Whether a key of 32 bytes made the signature of 64. */
export function sr25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const crypto = wasmCrypto();
  const { exports } = crypto;
  return exports.ext_sr_verify(...crypto.give(signature), ...crypto.give(message), ...crypto.give(publicKey)) !== 0;
}
