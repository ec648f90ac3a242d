// Ed25519 as ZIP-215 has it, which polkadot-sdk (ed25519-zebra) and smoldot verify with. For the key A, the signature
// (R, s) and k = SHA-512(R ++ A ++ message), all as bytes:
//
//   - A and R may be any encoding of a point of the curve: of small order, with a y of p or more, or "-0"
//   - s must be below the order L of the group
//   - [8][s]B = [8]R + [8][k]A must hold, with the cofactor 8
//
// OpenSSL demands more: R must be canonical, and the equation hold without the cofactor. So what it accepts is valid, and
// that is every signature of an honest signer, but what it refuses had to be checked again. All signatures take the one way
// here instead, so that all take the same time: none is worth more to who wants to keep others busy than it pays for.
import { createHash } from 'node:crypto';
import { ACCUMULATOR, edwardsFunctions, FREE, NUMBER_BYTES } from './edwards-module.js';

const POINT_BYTES = 32;
const P = 2n ** 255n - 19n;
/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const SQRT_MINUS_ONE = 19681161376707505956807079304988542015446066515923890162744021073123829784752n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;

const curve = edwardsFunctions();
const memory = new Uint8Array(curve.memory.buffer);
const limbs = new BigInt64Array(curve.memory.buffer);

/** Bits below each limb of a number. */
const PLACES = [0n, 26n, 51n, 77n, 102n, 128n, 153n, 179n, 204n, 230n];

/** Addresses are given out once: the module keeps no state between calls but what is precomputed. */
let free = FREE;
const room = (numbers: number): number => {
  const address = free;
  free += numbers * NUMBER_BYTES;
  return address;
};

function write(address: number, value: bigint): void {
  let rest = value;
  PLACES.forEach((place, index) => {
    const bits = (PLACES[index + 1] ?? 255n) - place;
    limbs[address / 8 + index] = rest & ((1n << bits) - 1n);
    rest >>= bits;
  });
}

/** The number at an address, at least 0 and below p. */
function read(address: number): bigint {
  let value = 0n;
  PLACES.forEach((place, index) => (value += limbs[address / 8 + index]! << place));
  const reduced = value % P;
  return reduced < 0n ? reduced + P : reduced;
}

const ONE = room(1);

function constant(value: bigint): number {
  const address = room(1);
  write(address, value);
  curve.multiply(address, address, ONE); // limbs of their usual size
  return address;
}

write(ONE, 1n);
const CURVE_D = constant(D);
const TWO_D = constant((2n * D) % P);
const ROOT = constant(SQRT_MINUS_ONE);

const [X, Y, Z, T] = ACCUMULATOR;
const [U, V, S, W, CHECK] = [room(1), room(1), room(1), room(1), room(1)];
const [S9, S11] = [room(1), room(1)];

/** to = from^(2^252 − 3), which is from^((p − 5) / 8): by the usual chain of 2^n − 1. `to` is not `from`. */
function powerForRoot(to: number, from: number): void {
  curve.square(to, from, 1); // 2
  curve.square(S9, to, 2); // 8
  curve.multiply(S9, from, S9); // 9
  curve.multiply(S11, to, S9); // 11
  curve.square(to, S11, 1); // 22
  curve.multiply(to, S9, to); // 2^5 − 1
  const longer = (bits: number, by: number): void => {
    curve.square(S9, to, bits);
    curve.multiply(to, S9, by);
  };
  longer(5, to); // 2^10 − 1
  curve.square(S11, to, 10);
  curve.multiply(S11, S11, to); // 2^20 − 1
  curve.square(S9, S11, 20);
  curve.multiply(S9, S9, S11); // 2^40 − 1
  curve.square(S9, S9, 10);
  curve.multiply(to, S9, to); // 2^50 − 1
  curve.square(S11, to, 50);
  curve.multiply(S11, S11, to); // 2^100 − 1
  curve.square(S9, S11, 100);
  curve.multiply(S9, S9, S11); // 2^200 − 1
  curve.square(S9, S9, 50);
  curve.multiply(to, S9, to); // 2^250 − 1
  curve.square(to, to, 2);
  curve.multiply(to, to, from); // 2^252 − 3
}

const isZero = (address: number): boolean => read(address) === 0n;

/** Puts the point that these 32 bytes encode in any way into the accumulator; false if no point has this y. */
function loadPoint(bytes: Uint8Array): boolean {
  const encoded = littleEndian(bytes);
  const isNegative = encoded >> 255n === 1n;
  write(Y, encoded & (2n ** 255n - 1n));
  curve.multiply(Y, Y, ONE);
  curve.multiply(Z, ONE, ONE);
  // x^2 = u / v, with u = y^2 − 1 and v = d y^2 + 1; its root is u v^3 (u v^7)^((p − 5) / 8), or i times that.
  curve.square(U, Y, 1);
  curve.multiply(V, U, CURVE_D);
  curve.subtract(U, U, ONE);
  curve.add(V, V, ONE);
  curve.square(S, V, 1);
  curve.multiply(S, S, V); // v^3
  curve.square(W, S, 1);
  curve.multiply(W, W, V); // v^7
  curve.multiply(W, W, U);
  powerForRoot(X, W);
  curve.multiply(X, X, S);
  curve.multiply(X, X, U);
  curve.square(CHECK, X, 1);
  curve.multiply(CHECK, CHECK, V); // v x^2
  curve.subtract(S, CHECK, U);
  if (!isZero(S)) {
    curve.add(S, CHECK, U);
    if (!isZero(S)) return false;
    curve.multiply(X, X, ROOT);
  }
  // -0 is 0.
  if (((read(X) & 1n) === 1n) !== isNegative) {
    curve.subtract(S, ONE, ONE);
    curve.subtract(X, S, X);
  }
  curve.multiply(T, X, Y);
  return true;
}

/** A point as `addPoint` takes it: Y + X, Y − X, Z, 2 · d · T. */
function storePoint(to: number): void {
  curve.add(to, Y, X);
  curve.subtract(to + NUMBER_BYTES, Y, X);
  curve.multiply(to + 2 * NUMBER_BYTES, Z, ONE);
  curve.multiply(to + 3 * NUMBER_BYTES, T, TWO_D);
}

const STORED = 4;
/** Powers of two: digits of the multiples of A and of B are odd and below these. */
const [A_WINDOW, B_WINDOW] = [16, 128];
const TWICE = room(STORED);

/** Stores the odd multiples, below `window`, of the point in the accumulator. */
function storeMultiples(to: number, window: number): void {
  storePoint(to);
  const once = memory.slice(X, X + STORED * NUMBER_BYTES);
  curve.double();
  storePoint(TWICE);
  memory.set(once, X);
  for (let index = 1; index < window / 2; index++) {
    curve.addPoint(TWICE);
    storePoint(to + index * STORED * NUMBER_BYTES);
  }
}

const OF_A = room((STORED * A_WINDOW) / 2);
const OF_B = room((STORED * B_WINDOW) / 2);
const OF_R = room(STORED);

/** The neutral element: (0, 1). */
function reset(): void {
  curve.subtract(X, ONE, ONE);
  curve.multiply(Y, ONE, ONE);
  curve.multiply(Z, ONE, ONE);
  curve.subtract(T, ONE, ONE);
}

if (!loadPoint(bytesOf(BASE_Y))) throw new Error('the base point of edwards25519 is not on the curve');
storeMultiples(OF_B, B_WINDOW);

const SCALAR_BITS = 256;
const digitsOfA = new Int16Array(SCALAR_BITS + 1);
const digitsOfB = new Int16Array(SCALAR_BITS + 1);

/**
 * Writes the digits of a scalar below L: each is 0, or odd and of a size below `window`, and their sum, digit i counting 2^i,
 * is the scalar. Few of them are not 0 (ref10's `slide`).
 */
function slide(digits: Int16Array, scalar: Uint8Array, window: number): void {
  for (let bit = 0; bit < SCALAR_BITS; bit++) digits[bit] = (scalar[bit >> 3]! >> (bit & 7)) & 1;
  digits[SCALAR_BITS] = 0;
  for (let at = 0; at < SCALAR_BITS; at++) {
    if (digits[at] === 0) continue;
    for (let ahead = 1; at + ahead <= SCALAR_BITS && 1 << ahead < 2 * window; ahead++) {
      if (digits[at + ahead] === 0) continue;
      const more = digits[at]! + (1 << ahead);
      const less = digits[at]! - (1 << ahead);
      if (more < window) {
        digits[at] = more;
        digits[at + ahead] = 0;
      } else if (less > -window) {
        digits[at] = less;
        for (let carried = at + ahead; carried <= SCALAR_BITS; carried++) {
          if (digits[carried] === 0) {
            digits[carried] = 1;
            break;
          }
          digits[carried] = 0;
        }
      } else break;
    }
  }
}

/** Adds a digit's multiple to the accumulator, or subtracts it. */
function apply(digit: number, table: number, isNegative: boolean): void {
  if (digit === 0) return;
  const at = table + ((Math.abs(digit) - 1) / 2) * STORED * NUMBER_BYTES;
  if (digit > 0 === isNegative) curve.subtractPoint(at);
  else curve.addPoint(at);
}

/** Whether `publicKey` (32 bytes) signed `message` with `signature` (64 bytes). */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [signature.subarray(0, POINT_BYTES), signature.subarray(POINT_BYTES)];
  if (littleEndian(s) >= L) return false;
  if (!loadPoint(r)) return false;
  storePoint(OF_R);
  if (!loadPoint(publicKey)) return false;
  storeMultiples(OF_A, A_WINDOW);
  const hash = createHash('sha512').update(r).update(publicKey).update(message).digest();
  slide(digitsOfA, bytesOf(littleEndian(hash) % L), A_WINDOW);
  slide(digitsOfB, s, B_WINDOW);
  reset();
  let bit = SCALAR_BITS;
  while (bit > 0 && digitsOfA[bit] === 0 && digitsOfB[bit] === 0) bit--;
  for (; bit >= 0; bit--) {
    curve.double();
    apply(digitsOfA[bit]!, OF_A, true);
    apply(digitsOfB[bit]!, OF_B, false);
  }
  curve.subtractPoint(OF_R);
  for (let doubled = 1; doubled < 8; doubled *= 2) curve.double();
  curve.subtract(S, Y, Z);
  return isZero(X) && isZero(S);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * POINT_BYTES, '0'), 'hex').reverse());
}
