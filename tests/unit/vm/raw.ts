// Modules built byte by byte, where wabt is too slow or too careful: one function of type () -> ().

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...leb(Math.floor(value / 128))];
}

/** A section: id, size, content. */
export function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

/** A module whose only function, exported as `f`, has these declarations (count and type) and this code. */
export function functionOf(code: readonly number[], locals: readonly (readonly [count: number, type: number])[] = []): Uint8Array {
  const body = [...leb(locals.length), ...locals.flatMap(([count, type]) => [...leb(count), type])].concat(code, 0x0b);
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    ...section(1, [1, 0x60, 0, 0]), ...section(3, [1, 0]), ...section(7, [1, 1, 0x66, 0, 0]),
  ].concat(section(10, [1].concat(leb(body.length), body))));
}
