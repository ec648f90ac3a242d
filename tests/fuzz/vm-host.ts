// Host functions for random modules: those with certain names read, write, grow, refuse or charge; any other returns a
// number computed from its arguments. All calls are recorded in a journal, by which the machines are compared.
import { createHash } from 'node:crypto';
import type { GuestContext, HostFunction, HostSignature } from '../../host/vm/index.js';
import type { Value } from './vm-case.js';

/** What the host functions of one instance were asked since the last `take`. */
export class Journal {
  #log: string[] = [];
  #fuelSeen: bigint[] = [];

  note(entry: string, fuel: bigint): void {
    this.#log.push(entry);
    this.#fuelSeen.push(fuel);
  }

  /** The journal in short; empty where nothing was asked. */
  take(): { log: string; fuelSeen: string } {
    const taken = { log: digest(this.#log), fuelSeen: digest(this.#fuelSeen) };
    this.#log = [];
    this.#fuelSeen = [];
    return taken;
  }
}

function digest(entries: readonly unknown[]): string {
  if (entries.length === 0) return '';
  return `${entries.length}:${createHash('sha1').update(entries.join('\n')).digest('hex').slice(0, 12)}`;
}

const hash = (numbers: Iterable<number>): number =>
  [...numbers].reduce((sum, next) => (sum * 33 + next) % 1_000_003, 7);

type Work = (context: GuestContext, args: readonly number[]) => number | void;

/** Lengths are cut so that few are absurd; pointers are taken as they come. */
const WORK: Readonly<Record<string, Work>> = {
  read: (context, [pointer, length]) => hash(context.read(pointer!, length! % 700)),
  write: (context, [pointer, length]) =>
    context.write(
      pointer!,
      new Uint8Array(length! % 100).map((_, index) => index * 7),
    ),
  grow: (context, [pages]) => context.grow(pages! % 3),
  refuse: (context, [reason]) => {
    if (reason! % 4 === 3) context.trap('refused');
  },
  charge: (context, [fuel]) => context.charge(BigInt(fuel! % 2_000)),
};

/** A host function for each import, which notes in `journal` what it is asked. */
export function hostFunctions(
  imports: readonly { readonly name: string; readonly signature: HostSignature }[],
  journal: Journal,
): Record<string, HostFunction> {
  return Object.fromEntries(
    imports.map(({ name, signature }) => {
      const price = { fixed: BigInt((name.length * 37) % 90), perByte: BigInt(name.length % 3) };
      const call = (context: GuestContext, ...args: Value[]): Value | void => {
        const before = context.fuelLeft();
        journal.note(`${name}(${args.join()})`, before);
        const small = args.map((arg) => Number(BigInt(arg) & 0xffffffffn));
        const worked = Object.hasOwn(WORK, name) ? WORK[name]!(context, small) : hash(small);
        journal.note(`= ${worked}`, context.fuelLeft());
        const [type] = signature.results;
        if (type === undefined) return undefined;
        return type === 'i64' ? BigInt(worked ?? 0) * 0x1_0000_0001n : Number(worked ?? 0);
      };
      return [name, { ...signature, price, call }];
    }),
  );
}
