// Expected bytes: @polkadot/types (an independent codec), and the examples of the SCALE documentation.
import { describe, expect, test } from '@jest/globals';
import { Bytes, Compact, Option, Text, TypeRegistry, U128, U64, Vec, u16, u32 } from '@polkadot/types';
import { compactToU8a } from '@polkadot/util';
import { fromHex, readBits, Reader, ScaleError, toHex, writeBits, Writer } from '../../../host/bytes/index.js';

const registry = new TypeRegistry();
const written = (write: (writer: Writer) => Writer) => toHex(write(new Writer()).finish());
const reader = (hex: string) => new Reader(fromHex(hex));

describe('compacts', () => {
  const edges = [0, 1, 63, 64, 16_383, 16_384, 2 ** 30 - 1, 2 ** 30, 2 ** 32 - 1, 2 ** 32, 2 ** 48, 2 ** 53 - 1];

  test.each(edges)('%d is encoded as by an independent codec, and decoded', (value) => {
    const encoded = written((writer) => writer.compact(value));
    expect(encoded).toBe(toHex(compactToU8a(value)));
    expect(written((writer) => writer.compact(BigInt(value)))).toBe(encoded);
    const back = reader(encoded);
    expect(back.compact()).toBe(value);
    back.end();
    expect(reader(encoded).compactBig()).toBe(BigInt(value));
  });

  test.each([2n ** 53n, 2n ** 64n - 1n, 2n ** 128n - 1n, 2n ** 536n - 1n])('%d needs a bigint', (value) => {
    const encoded = written((writer) => writer.compact(value));
    expect(encoded).toBe(toHex(compactToU8a(value)));
    expect(reader(encoded).compactBig()).toBe(value);
    expect(() => reader(encoded).compact()).toThrow('too large');
  });

  test.each([
    '0x0100',
    '0xfd00',
    '0x02000000',
    '0xfeff0000',
    '0x0300000000',
    '0x03ffffff3f',
    '0x07ffffffff00',
    '0x0bffffffffff00',
  ])('%s is not canonical and is refused', (input) => {
    expect(() => reader(input).compact()).toThrow(ScaleError);
  });

  test('negative, fractional and overlong values are not written', () => {
    for (const value of [-1, 1.5, 2 ** 53, -1n, 2n ** 536n])
      expect(() => new Writer().compact(value)).toThrow(RangeError);
  });
});

describe('fixed-width values', () => {
  test('integers are little-endian', () => {
    expect(written((writer) => writer.u8(0x12).u16(0x1234).u32(0x12345678))).toBe('0x12341278563412');
    expect(written((writer) => writer.u64(0x0123456789abcdefn))).toBe(
      new U64(registry, 0x0123456789abcdefn).toHex(true),
    );
    expect(written((writer) => writer.u128(2n ** 127n + 5n))).toBe(new U128(registry, 2n ** 127n + 5n).toHex(true));
    const back = new Reader(
      new Writer()
        .u8(255)
        .u16(65_535)
        .u32(2 ** 32 - 1)
        .u64(2n ** 64n - 1n)
        .u128(2n ** 128n - 2n)
        .finish(),
    );
    expect([back.u8(), back.u16(), back.u32(), back.u64(), back.u128()]).toEqual([
      255,
      65_535,
      2 ** 32 - 1,
      2n ** 64n - 1n,
      2n ** 128n - 2n,
    ]);
    back.end();
  });

  test('the last byte of the buffer is kept when the buffer grows', () => {
    const writer = new Writer(4);
    const bytes = Array.from({ length: 300 }, (_, i) => i & 0xff);
    for (const byte of bytes) writer.u8(byte);
    expect([...writer.finish()]).toEqual(bytes);
  });

  test('values out of range are not written', () => {
    expect(() => new Writer().u8(256)).toThrow(RangeError);
    expect(() => new Writer().u16(-1)).toThrow(RangeError);
    expect(() => new Writer().u32(0.5)).toThrow(RangeError);
    expect(() => new Writer().u32(NaN)).toThrow(RangeError);
    expect(() => new Writer().u64(1n << 64n)).toThrow(RangeError);
    expect(() => new Writer().u128(-1n)).toThrow(RangeError);
  });

  test('a boolean other than 0 and 1 is refused', () => {
    expect(reader('0x01').bool()).toBe(true);
    expect(reader('0x00').bool()).toBe(false);
    expect(() => reader('0x02').bool()).toThrow(ScaleError);
  });

  test('truncated input is refused, and the error has the offset', () => {
    const short = reader('0x010203');
    short.u8();
    expect(() => short.u32()).toThrow(expect.objectContaining({ name: 'ScaleError', offset: 1 }));
    for (const read of [(r: Reader) => r.u64(), (r: Reader) => r.u128(), (r: Reader) => r.raw(4)]) {
      expect(() => read(reader('0x010203'))).toThrow(ScaleError);
    }
    expect(() => reader('0x').u8()).toThrow(ScaleError);
  });
});

describe('composites', () => {
  test('byte strings, text, options and vectors match an independent codec', () => {
    expect(written((w) => w.bytes(Uint8Array.of(1, 2, 3)))).toBe(toHex(new Bytes(registry, '0x010203').toU8a()));
    expect(written((w) => w.str('Grüße'))).toBe(toHex(new Text(registry, 'Grüße').toU8a()));
    expect(written((w) => w.option(7, (o, v) => o.u16(v)))).toBe(toHex(new Option(registry, u16, 7).toU8a()));
    expect(written((w) => w.option<number>(undefined, (o, v) => o.u16(v)))).toBe(
      toHex(new Option(registry, u16, null).toU8a()),
    );
    expect(written((w) => w.vec([1, 2, 70_000], (o, v) => o.u32(v)))).toBe(
      toHex(new Vec(registry, u32, [1, 2, 70_000]).toU8a()),
    );
    expect(written((w) => w.vec([1, 70], (o, v) => o.compact(v)))).toBe(
      toHex(new Vec(registry, Compact.with(u32), [1, 70]).toU8a()),
    );
  });

  test('they are decoded', () => {
    const all = new Writer()
      .bytes(Uint8Array.of(9))
      .str('ß')
      .option(1, (w, v) => w.u8(v))
      .vec([3, 4], (w, v) => w.u8(v))
      .finish();
    const back = new Reader(all);
    expect([...back.bytes()]).toEqual([9]);
    expect(back.str()).toBe('ß');
    expect(back.option((r) => r.u8())).toBe(1);
    expect(back.vec((r) => r.u8())).toEqual([3, 4]);
    expect(back.remaining).toBe(0);
  });

  test('a length beyond the input or the limit is refused before anything is read', () => {
    let read = 0;
    const item = (r: Reader) => {
      read++;
      return r.u8();
    };
    expect(() => reader('0x1401020304').vec(item)).toThrow('exceeds the 4 bytes left');
    expect(() => reader('0x1001020304').vec(item, 3)).toThrow('exceeds the limit of 3');
    expect(() => reader('0x1401020304').bytes()).toThrow(ScaleError);
    expect(() => reader('0x13ffffffffffffffff').bytes()).toThrow(ScaleError);
    expect(read).toBe(0);
  });

  test('text must be UTF-8', () => {
    expect(() => reader('0x04ff').str()).toThrow(ScaleError);
  });

  test('trailing bytes are refused', () => {
    const rest = reader('0x0102');
    rest.u8();
    expect(() => rest.end()).toThrow('1 bytes are left over');
  });

  test('byte strings are returned as copies, even from a Buffer', () => {
    const source = Buffer.from([1, 2]);
    const value = new Reader(source).raw(2);
    source[0] = 9;
    expect([...value]).toEqual([1, 2]);
  });

  test('a writer grows beyond its initial capacity', () => {
    const long = new Uint8Array(1000).fill(7);
    expect(new Writer(1).u8(1).raw(long).u8(2).finish()).toHaveLength(1002);
  });
});

describe('bit strings', () => {
  test('bits are packed from the lowest bit of each byte', () => {
    expect(toHex(writeBits(new Writer(), [true, false, true]).finish())).toBe('0x0c05');
    expect(toHex(writeBits(new Writer(), Array<boolean>(8).fill(true)).finish())).toBe('0x20ff');
    expect(toHex(writeBits(new Writer(), [...Array<boolean>(8).fill(false), true]).finish())).toBe('0x240001');
    expect(toHex(writeBits(new Writer(), []).finish())).toBe('0x00');
  });

  test('they are decoded at every length around a byte', () => {
    for (let length = 0; length < 20; length++) {
      const bits = Array.from({ length }, (_, i) => (i * 7) % 3 === 0);
      const back = new Reader(writeBits(new Writer(), bits).finish());
      expect(readBits(back)).toEqual(bits);
      back.end();
    }
  });

  test('unused bits that are set, missing bytes and too many bits are refused', () => {
    expect(() => readBits(reader('0x0c0d'))).toThrow('unused bits');
    expect(() => readBits(reader('0x2405'))).toThrow(ScaleError);
    expect(() => readBits(reader('0x0c05'), 2)).toThrow('limit of 2');
  });
});
