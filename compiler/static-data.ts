// Bytes in the blob's static data, each stretch kept once.

/** Collects stretches of bytes for one generated file. */
export class StaticData {
  readonly #known = new Map<string, number>();

  /** The expression for the address of `bytes`. */
  place(bytes: Uint8Array): string {
    const key = Buffer.from(bytes).toString('latin1');
    const id = this.#known.get(key) ?? this.#known.size;
    this.#known.set(key, id);
    return `$data${id}()`;
  }

  /** The declarations. Eight bytes a literal: asc is slow with long lists of them. */
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
