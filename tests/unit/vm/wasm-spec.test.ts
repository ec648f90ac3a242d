// The WebAssembly specification's test suite: the instrumented module gives the same result as the original for every
// assertion.
//
// The dialect `everything`, which the chain never uses, allows floats, references and imports of memories, tables and
// globals here. The suite is not in the repository; without it, the tests are skipped by name.
import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';
import { InvalidModule, LIMITS, prepare, SCHEDULE } from '../../../host/vm/index.js';
import { plan, scan } from '../../../host/vm/metering/module-plan.js';
import { METER, rewrite } from '../../../host/vm/metering/rewrite.js';
import { parse } from '../../../host/vm/format/parse.js';
import type { Atom, List } from './wast.js';
import { constant, head, readScript } from './wast.js';

const suite = join(fileURLToPath(new URL('../../..', import.meta.url)), '../shared/vectors/wasm-spec');
const files = existsSync(suite) ? readdirSync(suite).filter((file) => file.endsWith('.wast')) : [];
const tools = await wabt();

/** Nothing of the suite is refused for its size. */
const LAX = {
  ...LIMITS,
  ...Object.fromEntries(Object.keys(LIMITS).map((limit) => [limit, 2 ** 31])),
  memoryPages: 65_536,
};
const FUEL = 1n << 62n;
/** Every memory of ours declares a maximum, and V8 names it when it refuses to link (newer V8 after the memory's name). */
const MAXIMUM = /memory import (\d+ )?has (no maximum limit|a larger maximum).*/;

function binaryOf(module: List, source: string): Uint8Array | undefined {
  const [, second, third] = module.items;
  const kind = [second, third].find((item) => item?.kind === 'atom' && !item.text.startsWith('$')) as Atom | undefined;
  const strings = module.items.filter((item): item is Atom => item.kind === 'string');
  if (kind?.text === 'binary') return Uint8Array.from(strings.flatMap(({ bytes }) => [...bytes]));
  const text =
    kind?.text === 'quote'
      ? `(module ${strings.map((part) => part.text).join('\n')})`
      : source.slice(module.start, module.end);
  const parsed = tools.parseWat('suite.wast', new TextEncoder().encode(text), { reference_types: true });
  try {
    return new Uint8Array(parsed.toBinary({ write_debug_names: false }).buffer);
  } finally {
    parsed.destroy();
  }
}

/**
 * The instrumented module. Its counters start with a little, since functions of an instance that failed to start may
 * stay in a table shared with others, where its counters are out of reach.
 */
function instrument(binary: Uint8Array): Uint8Array {
  const code = rewrite(plan(scan(parse(binary, LAX, 'everything'), LAX, SCHEDULE)), LAX, SCHEDULE).slice();
  const counters = [0x7e, 1, 0x42, 0, 0x0b, 0x7f, 1, 0x41, 0, 0x0b, 0x7f, 1, 0x41, 0, 0x0b];
  const at = code.findIndex((_, start) => counters.every((byte, index) => code[start + index] === byte));
  code[at + 3] = code[at + 8] = 63;
  return code;
}

/** What one side made of a step: values, or the kind of failure. */
type Answer = { values: unknown[] } | { failed: string };

/** All modules of a script, either as they are or instrumented, linked among themselves. */
class World {
  readonly #registry: WebAssembly.Imports;
  readonly #named = new Map<string, WebAssembly.Exports>();
  readonly #meters: WebAssembly.Exports[] = [];
  #current: WebAssembly.Exports = {};

  readonly #instrumented: boolean;

  constructor(instrumented: boolean) {
    this.#instrumented = instrumented;
    const number = (value: WebAssembly.ValueType, initial: number | bigint): WebAssembly.Global =>
      new WebAssembly.Global({ value }, initial);
    const print = (): void => undefined;
    this.#registry = {
      spectest: {
        print,
        print_i32: print,
        print_i64: print,
        print_f32: print,
        print_f64: print,
        print_i32_f32: print,
        print_f64_f64: print,
        global_i32: number('i32', 666),
        global_i64: number('i64', 666n),
        global_f32: number('f32', 666.6),
        global_f64: number('f64', 666.6),
        table: new WebAssembly.Table({ element: 'anyfunc', initial: 10, maximum: 20 }),
        memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
      },
    };
  }

  instantiate(binary: Uint8Array, name?: string): Answer {
    return this.#attempt(() => {
      const code = this.#instrumented ? instrument(binary) : binary;
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), this.#registry);
      if (this.#instrumented) this.#meters.push(exports);
      this.#refill();
      (exports[METER.start] as (() => void) | undefined)?.();
      this.#current = exports;
      if (name !== undefined) this.#named.set(name, exports);
      return [];
    });
  }

  register(as: string, name?: string): void {
    this.#registry[as] = name === undefined ? this.#current : this.#named.get(name)!;
  }

  /** `(invoke $module? "name" args…)` or `(get $module? "name")`. */
  act(action: List): Answer {
    const rest = action.items.slice(1);
    const named = rest[0]?.kind === 'atom' ? (rest.shift() as Atom).text : undefined;
    const name = (rest.shift() as Atom).text;
    const exports = named === undefined ? this.#current : this.#named.get(named)!;
    return this.#attempt(() => {
      if (head(action) === 'get') return [(exports[name] as WebAssembly.Global).value];
      this.#refill();
      const result: unknown = (exports[name] as (...args: unknown[]) => unknown)(
        ...rest.map((arg) => constant(arg as List)),
      );
      return result === undefined ? [] : Array.isArray(result) ? result : [result];
    });
  }

  #refill(): void {
    for (const exports of this.#meters) {
      (exports[METER.fuel] as WebAssembly.Global).value = FUEL;
      (exports[METER.stack] as WebAssembly.Global).value = LIMITS.stackUnits;
    }
  }

  #attempt(work: () => unknown[]): Answer {
    try {
      // A function reference is another object in each world.
      return { values: work().map((value) => (typeof value === 'function' ? 'a function' : value)) };
    } catch (error) {
      const { name, message } = error as Error;
      const exhausted =
        name === 'RangeError' ||
        this.#meters.some((exports) => ((exports[METER.stack] as WebAssembly.Global).value as number) < 0);
      if (exhausted) return { failed: 'exhausted' };
      if (name !== 'RuntimeError' && name !== 'LinkError' && name !== 'TypeError') throw error;
      return {
        failed: `${name}: ${message
          .replace(/^WebAssembly\.Instance\(\): /, '')
          .replace(/data segment \d+ .*/, 'data segment')
          .replace(MAXIMUM, 'maximum')}`,
      };
    }
  }
}

/** The binary of a module that is wrong; nothing where there is no such text. */
function assembled(module: List, source: string): Uint8Array | undefined {
  try {
    return binaryOf(module, source);
  } catch {
    return undefined; // wabt says in words of its own what does not read
  }
}

/** Runs a script in both worlds. Returns how many steps were compared, and how many modules had to be refused. */
function compare(source: string): { compared: number; refused: number } {
  const worlds = [new World(false), new World(true)] as const;
  let compared = 0;
  let refused = 0;
  const both = (step: (world: World) => Answer, command: List): Answer => {
    const [original, instrumented] = worlds.map(step) as [Answer, Answer];
    compared += 1;
    const line = source.slice(0, command.start).split('\n').length;
    expect({ line, answer: instrumented }).toEqual({ line, answer: original });
    return original;
  };
  const load = (module: List, command: List): void => {
    const binary = binaryOf(module, source);
    const name =
      module.items[1]?.kind === 'atom' && module.items[1].text.startsWith('$') ? module.items[1].text : undefined;
    if (binary !== undefined && WebAssembly.validate(binary)) both((world) => world.instantiate(binary, name), command);
  };
  const commands = readScript(source);
  // A file may be the fields of one module without the word.
  if (head(commands[0]!) === 'func') return compare(`(module ${source})`);
  for (const command of commands) {
    const [, action] = command.items as [Atom, List];
    switch (head(command)) {
      case 'module':
        load(command, command);
        break;
      case 'register':
        for (const world of worlds)
          world.register((command.items[1] as Atom).text, (command.items[2] as Atom | undefined)?.text);
        break;
      case 'invoke':
        both((world) => world.act(command), command);
        break;
      case 'assert_return': {
        const answer = both((world) => world.act(action), command);
        const expected = command.items.slice(2).map((item) => constant(item as List));
        // The reader itself is checked against the suite's integers.
        if (source.slice(action.start, action.end).includes('nan')) break; // JavaScript does not keep a NaN's bits
        expected.forEach((value, index) => {
          const given = 'values' in answer ? answer.values[index] : answer;
          if (typeof value === 'bigint' || head(command.items[2 + index] as List) === 'i32.const')
            expect(given).toBe(value);
        });
        break;
      }
      case 'assert_trap':
      case 'assert_exhaustion':
      case 'assert_unlinkable':
      case 'assert_uninstantiable':
        if (head(action) === 'module') load(action, command);
        else expect(both((world) => world.act(action), command)).toHaveProperty('failed');
        break;
      case 'assert_invalid':
      case 'assert_malformed': {
        const binary = assembled(action, source);
        if (binary === undefined) break; // a fault of the text alone
        refused += 1;
        expect(() => prepare(binary)).toThrow(InvalidModule);
        break;
      }
      default:
        throw new Error(`unknown command ${head(command)}`);
    }
  }
  return { compared, refused };
}

const described = files.length === 0 ? describe.skip : describe;
described('the WebAssembly specification suite answers the same, instrumented', () => {
  let total = 0;
  let wrong = 0;
  for (const file of files) {
    test(file, () => {
      const { compared, refused } = compare(readFileSync(join(suite, file), 'utf8'));
      total += compared;
      wrong += refused;
    });
  }
  test('a suite worth its name was compared', () => {
    expect(total).toBeGreaterThan(25_000);
    expect(wrong).toBeGreaterThan(2_000);
  });
  if (files.length === 0) test('no suite found at ../shared/vectors/wasm-spec', () => undefined);
});
