// Bytes in the blob's static data, without duplicates.

/** Collects the static bytes of one generated file. */
export class StaticData {
  readonly #known = new Map<string, number>();

  /** The expression for the address of `bytes`. */
  place(bytes: Uint8Array): string {
    const key = Buffer.from(bytes).toString('latin1');
    const id = this.#known.get(key) ?? this.#known.size;
    this.#known.set(key, id);
    return `$data${id}()`;
  }

  /** The declarations, as literals of eight bytes: asc is slow with long lists of literals. */
  text(): string {
    return [...this.#known]
      .map(([key, id]) => {
        const padded = Buffer.concat([Buffer.from(key, 'latin1'), Buffer.alloc(7)]);
        const words = Array.from(
          { length: Math.ceil(key.length / 8) },
          (_, index) => `0x${padded.readBigUInt64LE(index * 8).toString(16)}`,
        );
        return `function $data${id}(): usize { return memory.data<u64>([${words.join()}]); }`;
      })
      .join('\n');
  }
}
