// The validators of a dev chain on a fake node, with runs of guests that wait until a test lets them go.
import type { Database } from '../../../host/db/index.js';
import { packageHash } from '../../../host/incore/index.js';
import type { GuestResult, GuestRun } from '../../../host/incore/index.js';
import type { StageEvent, Validators, ValidatorsOptions } from '../../../host/validators/index.js';
import type { FakeNode } from './fake-node.js';
import { newNode, obliging, packageOf, validatorsOf } from './world.js';

/** Runs of guests that wait until they are let go, by entry point. */
export class Gate {
  readonly runs: string[] = [];
  readonly #held = new Set<string>();
  #waiting: { entry: string; go: () => void }[] = [];

  hold(entry: string): void {
    this.#held.add(entry);
  }

  release(entry: string): void {
    this.#held.delete(entry);
    const going = this.#waiting.filter((each) => each.entry === entry);
    this.#waiting = this.#waiting.filter((each) => each.entry !== entry);
    for (const { go } of going) go();
  }

  readonly runGuest = async (run: GuestRun): Promise<GuestResult> => {
    this.runs.push(run.entry);
    if (this.#held.has(run.entry)) {
      await new Promise<void>((go) => this.#waiting.push({ entry: run.entry, go }));
    }
    return obliging(run);
  };
}

export interface GatedWorld {
  readonly node: FakeNode;
  readonly gate: Gate;
  validators: Validators;
  /** Submits a package of this name, over the connection `by`. Returns the reason why it is refused. */
  submit(name: string, core?: number, by?: object, address?: string): string | undefined;
  /** Submits a package of this name that has a prerequisite. */
  submitDependent(name: string, prerequisite: Uint8Array, core?: number, by?: object): string | undefined;
  hashOf(name: string): Uint8Array;
  last(name: string): StageEvent | undefined;
  stages(name: string): string;
  /** Lets all work go on that can. */
  rest(): Promise<void>;
  /** Stops, and starts again. */
  restart(): void;
  /** Ends without a chance to do anything, and starts again. */
  kill(): void;
}

export function gatedWorld(change: Partial<ValidatorsOptions> = {}, database?: Database): GatedWorld {
  const node = newNode(database);
  const gate = new Gate();
  const packages = new Map<string, Uint8Array>();
  const start = (): Validators => validatorsOf(node, { runGuest: gate.runGuest, ...change });
  const encodedOf = (name: string, prerequisite?: Uint8Array): Uint8Array => {
    const encoded = packages.get(name) ?? packageOf(node, name, prerequisite);
    packages.set(name, encoded);
    return encoded;
  };
  const made: GatedWorld = {
    node,
    gate,
    validators: start(),
    submit: (name, core, by = node, address = 'one address') => {
      const answer = made.validators.submit(encodedOf(name), core, { address, connection: by });
      return answer.ok ? undefined : answer.error.reason;
    },
    submitDependent: (name, prerequisite, core, by) => {
      encodedOf(name, prerequisite);
      return made.submit(name, core, by);
    },
    hashOf: (name) => packageHash(encodedOf(name)),
    last: (name) => made.validators.tracker.story(made.hashOf(name))?.at(-1),
    stages: (name) => (made.validators.tracker.story(made.hashOf(name)) ?? []).map(({ stage }) => stage).join(' '),
    rest: async () => {
      for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    },
    restart: () => {
      made.validators.close();
      made.kill();
    },
    kill: () => {
      node.detach();
      made.validators = start();
    },
  };
  return made;
}

/** Names of packages. */
export const numbered = (count: number, name = 'p'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);
