// Kernels for measuring the cost of metering: ordinary work. Those in AssemblyScript are compiled when the bench runs;
// those in C and Rust are committed binaries (bench/kernels). Each exported function takes a size and returns a
// checksum, so that no compiler can remove the work.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';
import { ROOT } from './root.js';

export type Language = 'as' | 'c' | 'rust';

/** One exported function of the module of its language. */
export interface Kernel {
  readonly name: string;
  readonly size: number;
  readonly language: Language;
}

const SIZES: Readonly<Record<Language, readonly (readonly [name: string, size: number])[]>> = {
  as: [
    ['blake2b', 3_000],
    ['sha256', 20_000],
    ['crc32', 3_000],
    ['sort', 60_000],
    ['sieve', 900_000],
    ['matrix', 260],
    ['bignum', 2_000],
    ['compress', 500_000],
    ['interpreter', 4_000_000],
    ['parser', 300_000],
    ['hashMap', 3_000_000],
    ['matcher', 500_000],
    ['fib', 29],
    ['dispatch', 1_200_000],
  ],
  c: [
    ['c_keccak', 1_500],
    ['c_heapsort', 40_000],
    ['c_regex', 150_000],
    ['c_lz', 200_000],
    ['c_montgomery', 15_000],
  ],
  rust: [
    ['rust_siphash', 60],
    ['rust_sort', 60_000],
    ['rust_parser', 8_000],
    ['rust_machine', 1_500_000],
  ],
};

export const KERNELS: readonly Kernel[] = (Object.keys(SIZES) as Language[]).flatMap((language) =>
  SIZES[language].map(([name, size]) => ({ name, size, language })),
);

const SOURCE = `
const buffer = memory.data(1 << 21, 16);
let seed: u32 = 1;
function next(): u32 { seed = seed * 1664525 + 1013904223; return seed >> 8; }

const v = memory.data(128, 16);
const sigma = memory.data<u8>([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,14,10,4,8,9,15,13,6,1,12,0,2,11,7,5,3]);
@inline
function g(a: usize, b: usize, c: usize, d: usize, x: u64, y: u64): void {
  let va = load<u64>(v + a * 8), vb = load<u64>(v + b * 8), vc = load<u64>(v + c * 8), vd = load<u64>(v + d * 8);
  va += vb + x; vd = rotr(vd ^ va, 32); vc += vd; vb = rotr(vb ^ vc, 24);
  va += vb + y; vd = rotr(vd ^ va, 16); vc += vd; vb = rotr(vb ^ vc, 63);
  store<u64>(v + a * 8, va); store<u64>(v + b * 8, vb); store<u64>(v + c * 8, vc); store<u64>(v + d * 8, vd);
}
export function blake2b(n: u32): u32 {
  for (let i: usize = 0; i < 16; i++) store<u64>(v + i * 8, 0x6a09e667f3bcc908 * (i + 1));
  for (let block: u32 = 0; block < n; block++) {
    for (let round: usize = 0; round < 12; round++) {
      const s = sigma + (round & 1) * 16;
      g(0, 4, 8, 12, load<u64>(buffer + (<usize>load<u8>(s) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 1) << 3)));
      g(1, 5, 9, 13, load<u64>(buffer + (<usize>load<u8>(s, 2) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 3) << 3)));
      g(2, 6, 10, 14, load<u64>(buffer + (<usize>load<u8>(s, 4) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 5) << 3)));
      g(3, 7, 11, 15, load<u64>(buffer + (<usize>load<u8>(s, 6) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 7) << 3)));
      g(0, 5, 10, 15, load<u64>(buffer + (<usize>load<u8>(s, 8) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 9) << 3)));
      g(1, 6, 11, 12, load<u64>(buffer + (<usize>load<u8>(s, 10) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 11) << 3)));
      g(2, 7, 8, 13, load<u64>(buffer + (<usize>load<u8>(s, 12) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 13) << 3)));
      g(3, 4, 9, 14, load<u64>(buffer + (<usize>load<u8>(s, 14) << 3)), load<u64>(buffer + (<usize>load<u8>(s, 15) << 3)));
    }
    store<u64>(buffer + (<usize>(block & 15) << 3), load<u64>(v));
  }
  return <u32>load<u64>(v);
}

const w = memory.data(256, 16);
export function sha256(n: u32): u32 {
  let h0: u32 = 0x6a09e667, h1: u32 = 0xbb67ae85, h2: u32 = 0x3c6ef372, h3: u32 = 0xa54ff53a;
  let h4: u32 = 0x510e527f, h5: u32 = 0x9b05688c, h6: u32 = 0x1f83d9ab, h7: u32 = 0x5be0cd19;
  for (let block: u32 = 0; block < n; block++) {
    for (let i: usize = 0; i < 16; i++) store<u32>(w + i * 4, bswap(load<u32>(buffer + ((block & 1023) << 6) + i * 4)));
    for (let i: usize = 16; i < 64; i++) {
      const a = load<u32>(w + (i - 15) * 4), b = load<u32>(w + (i - 2) * 4);
      store<u32>(w + i * 4, load<u32>(w + (i - 16) * 4) +
        (rotr(a, 7) ^ rotr(a, 18) ^ (a >> 3)) + load<u32>(w + (i - 7) * 4) + (rotr(b, 17) ^ rotr(b, 19) ^ (b >> 10)));
    }
    let a = h0, b = h1, c = h2, d = h3, e = h4, f = h5, gg = h6, h = h7;
    for (let i: usize = 0; i < 64; i++) {
      const t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & gg)) + 0x428a2f98 + load<u32>(w + i * 4);
      const t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = gg; gg = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
    }
    h0 += a; h1 += b; h2 += c; h3 += d; h4 += e; h5 += f; h6 += gg; h7 += h;
  }
  return h0 ^ h1 ^ h2 ^ h3 ^ h4 ^ h5 ^ h6 ^ h7;
}

const table = memory.data(1024, 16);
export function crc32(n: u32): u32 {
  for (let i: u32 = 0; i < 256; i++) {
    let c = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0xedb88320 : c >> 1;
    store<u32>(table + (i << 2), c);
  }
  let crc: u32 = 0xffffffff;
  for (let round: u32 = 0; round < n; round++) {
    for (let i: usize = 0; i < 1024; i++) crc = load<u32>(table + (((crc ^ load<u8>(buffer + i)) & 255) << 2)) ^ (crc >> 8);
  }
  return crc;
}

function quick(lo: i32, hi: i32): void {
  while (lo < hi) {
    let i = lo, j = hi;
    const pivot = load<i32>(buffer + (((lo + hi) >> 1) << 2));
    while (i <= j) {
      while (load<i32>(buffer + (i << 2)) < pivot) i++;
      while (load<i32>(buffer + (j << 2)) > pivot) j--;
      if (i <= j) {
        const t = load<i32>(buffer + (i << 2));
        store<i32>(buffer + (i << 2), load<i32>(buffer + (j << 2))); store<i32>(buffer + (j << 2), t);
        i++; j--;
      }
    }
    if (j - lo < hi - i) { quick(lo, j); lo = i; } else { quick(i, hi); hi = j; }
  }
}
export function sort(n: u32): u32 {
  seed = 7;
  for (let i: u32 = 0; i < n; i++) store<u32>(buffer + (i << 2), next());
  quick(0, n - 1);
  return load<u32>(buffer + ((n >> 1) << 2));
}

export function sieve(n: u32): u32 {
  memory.fill(buffer, 0, n);
  let count: u32 = 0;
  for (let i: u32 = 2; i < n; i++) {
    if (load<u8>(buffer + i)) continue;
    count++;
    for (let j = i + i; j < n; j += i) store<u8>(buffer + j, 1);
  }
  return count;
}

export function matrix(n: u32): u32 {
  const a = buffer, b = buffer + 4 * n * n, c = b + 4 * n * n;
  for (let i: u32 = 0; i < 2 * n * n; i++) store<u32>(a + (i << 2), i * 2654435761);
  for (let i: u32 = 0; i < n; i++) for (let j: u32 = 0; j < n; j++) {
    let sum: u32 = 0;
    for (let k: u32 = 0; k < n; k++) sum += load<u32>(a + ((i * n + k) << 2)) * load<u32>(b + ((k * n + j) << 2));
    store<u32>(c + ((i * n + j) << 2), sum);
  }
  return load<u32>(c + 4 * n);
}

export function bignum(n: u32): u32 {
  const x = buffer, y = buffer + 16384, z = buffer + 32768;
  for (let i: u32 = 0; i < 8192; i++) store<u32>(x + (i << 2), i * 2654435761);
  for (let i: u32 = 0; i < n; i++) store<u32>(z + (i << 2), 0);
  for (let i: u32 = 0; i < n; i++) {
    let carry: u64 = 0;
    const d = <u64>load<u32>(x + (i << 2));
    for (let j: u32 = 0; j < n; j++) {
      const at = z + ((i + j) << 2);
      const t = d * load<u32>(y + (j << 2)) + load<u32>(at) + carry;
      store<u32>(at, <u32>t);
      carry = t >> 32;
    }
    store<u32>(z + ((i + n) << 2), <u32>carry);
  }
  return load<u32>(z + (n << 2));
}

export function compress(n: u32): u32 {
  seed = 3;
  for (let i: u32 = 0; i < n; i++) store<u8>(buffer + i, next() & 7);
  const heads = buffer + (1 << 19);
  memory.fill(heads, 0, 4 << 12);
  let out: u32 = 0, i: u32 = 0;
  while (i + 4 < n) {
    const key = (load<u32>(buffer + i) * 2654435761) >> 20;
    const at = load<u32>(heads + (key << 2));
    store<u32>(heads + (key << 2), i);
    let length: u32 = 0;
    if (at < i) while (length < 255 && i + length < n && load<u8>(buffer + at + length) == load<u8>(buffer + i + length)) length++;
    if (length > 3) { out += 3; i += length; } else { out++; i++; }
  }
  return out;
}

export function interpreter(n: u32): u32 {
  const code = buffer;
  for (let i: u32 = 0; i < 256; i++) store<u8>(code + i, (i * 7 + (i >> 3)) % 10);
  let pc: u32 = 0, a: u32 = 1, b: u32 = 2, c: u32 = 3;
  for (let step: u32 = 0; step < n; step++) {
    switch (load<u8>(code + (pc & 255))) {
      case 0: a += b; break;
      case 1: b ^= c; break;
      case 2: c = a * 31; break;
      case 3: if (a & 1) pc += 3; break;
      case 4: store<u32>(buffer + 4096 + ((a & 255) << 2), b); break;
      case 5: b = load<u32>(buffer + 4096 + ((c & 255) << 2)); break;
      case 6: a = a >> 1; break;
      case 7: c -= b; break;
      case 8: if (c > a) pc += 7; break;
      default: b++;
    }
    pc++;
  }
  return a ^ b ^ c;
}

let at: usize = 0;
function value(depth: i32): u32 {
  const c = load<u8>(at);
  if (c == 91) {
    at++;
    let sum: u32 = 1;
    while (load<u8>(at) != 93) { sum += value(depth + 1); if (load<u8>(at) == 44) at++; }
    at++;
    return sum;
  }
  let number: u32 = 0;
  while (load<u8>(at) >= 48 && load<u8>(at) <= 57) { number = number * 10 + load<u8>(at) - 48; at++; }
  return number;
}
export function parser(n: u32): u32 {
  let end = buffer;
  store<u8>(end++, 91);
  for (let i: u32 = 0; i < n; i++) {
    if (i % 7 == 0) { store<u8>(end++, 91); store<u8>(end++, 51); store<u8>(end++, 93); }
    else { store<u8>(end++, 49 + <u8>(i % 9)); store<u8>(end++, 48); }
    store<u8>(end++, 44);
  }
  store<u8>(end - 1, 93);
  at = buffer;
  return value(0);
}

export function hashMap(n: u32): u32 {
  const mask: u32 = 0xffff;
  memory.fill(buffer, 0, 8 << 16);
  seed = 11;
  let hits: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const key = (next() & 0x7fff) + 1;
    let slot = (key * 2654435761) >> 16;
    for (;;) {
      const entry = buffer + ((slot & mask) << 3);
      const found = load<u32>(entry);
      if (found == key) { store<u32>(entry, load<u32>(entry, 4) + 1, 4); hits++; break; }
      if (found == 0) { store<u32>(entry, key); break; }
      slot++;
    }
  }
  return hits;
}

function match(pattern: usize, text: usize, end: usize): bool {
  while (true) {
    const p = load<u8>(pattern);
    if (p == 0) return true;
    if (p == 42) { for (let t = text; t < end; t++) if (match(pattern + 1, t, end)) return true; return false; }
    if (text >= end || (p != 63 && p != load<u8>(text))) return false;
    pattern++; text++;
  }
}
export function matcher(n: u32): u32 {
  seed = 5;
  for (let i: u32 = 0; i < n; i++) store<u8>(buffer + 64 + i, 97 + <u8>(next() & 3));
  store<u32>(buffer, 0x613f6261); store<u32>(buffer + 4, 0x62612a62); store<u32>(buffer + 8, 0x63);
  let found: u32 = 0;
  for (let i: u32 = 0; i < n - 40; i++) if (match(buffer, buffer + 64 + i, buffer + 64 + i + 40)) found++;
  return found;
}

export function fib(n: u32): u32 { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

abstract class Shape { abstract area(x: u32): u32; }
class Square extends Shape { area(x: u32): u32 { return x * x; } }
class Line extends Shape { area(x: u32): u32 { return x + 1; } }
class Point extends Shape { area(x: u32): u32 { return x ^ 5; } }
export function dispatch(n: u32): u32 {
  const shapes: Shape[] = [new Square(), new Line(), new Point()];
  let sum: u32 = 0, x: u32 = 1;
  for (let i: u32 = 0; i < n; i++) { x = shapes[x % 3].area(x & 0xffff) + i; sum += x; }
  return sum;
}
`;

/**
 * The module of each language. Without `bulk`, AssemblyScript's uses no instructions of bulk memory: some engines know
 * none.
 */
export async function buildKernels({ bulk = true } = {}): Promise<Record<Language, Uint8Array>> {
  const committed = (language: Language): Uint8Array =>
    readFileSync(join(ROOT, `bench/kernels/${language}/kernels.wasm`));
  return {
    as: await compileSource(bulk ? [] : ['--disable', 'bulk-memory']),
    c: committed('c'),
    rust: committed('rust'),
  };
}

async function compileSource(flags: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  let messages = '';
  const args = ['kernels.ts', '-O3', '--runtime', 'stub', '--use', 'abort=', '--outFile', 'kernels.wasm', ...flags];
  const { error } = await main(args, {
    readFile: (name) => (name === 'kernels.ts' ? SOURCE : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') binary = contents as Uint8Array;
    },
    listFiles: () => [],
    stderr: { write: (text: string | Uint8Array) => void (messages += String(text)) },
  });
  if (error !== null || binary === undefined)
    throw new Error(`the kernels do not compile: ${error?.message}\n${messages}`);
  return binary;
}
