// A guest's memory. Its buffer is read anew at each access, because the guest or the host may have grown the memory
// since.

const NOTHING = new Uint8Array(0);

/** The only place where pointers and lengths are checked against a guest's memory. */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory | undefined;

  /** @internal */
  constructor(memory: WebAssembly.Memory | undefined) {
    this.#memory = memory;
  }

  get bytes(): number {
    return this.#memory === undefined ? 0 : this.#memory.buffer.byteLength;
  }

  /** Whether `[pointer, pointer + length)` is in the memory. False unless both are integers that are not negative. */
  has(pointer: number, length: number): boolean {
    return (
      Number.isInteger(pointer) &&
      Number.isInteger(length) &&
      pointer >= 0 &&
      length >= 0 &&
      pointer + length <= this.bytes
    );
  }

  /** Copies a range, which must be in the memory, out of it. */
  copyOut(pointer: number, length: number): Uint8Array {
    return this.#memory === undefined ? NOTHING : new Uint8Array(this.#memory.buffer, pointer, length).slice();
  }

  /** Copies into a range, which must be in the memory. */
  copyIn(pointer: number, bytes: Uint8Array): void {
    if (this.#memory !== undefined) new Uint8Array(this.#memory.buffer, pointer, bytes.length).set(bytes);
  }

  view(): DataView {
    return new DataView(this.#memory === undefined ? NOTHING.buffer : this.#memory.buffer);
  }
}
