// Mistakes in a pallet are compile errors in asc's own style, with file and line. Each program below is wrong in one
// place, marked by a caret comment (`// ^`) on the line after it.
import { beforeAll, expect, test } from '@jest/globals';
import { complaint, FOLDER, HEAD, lineOf } from './complaint.js';

const SYSTEM = `export class Sink { @eventSink() static deposit(event: Bytes): void {} }
`;
const alone = (body: string): Promise<string> => complaint({ [`${FOLDER}/wrong.ts`]: HEAD + body });

const inPallet = (member: string): string => `@pallet("Wrong", 5)\nexport class Wrong {\n  ${member}\n}\n`;
const inCalls = (member: string): string => `${inPallet('')}@calls(Wrong)\nexport class WrongCalls {\n  ${member}\n}\n`;

const MISTAKES: [string, string, string][] = [
  [
    'a call with an unknown type',
    inCalls('@call(0, 1) static act(origin: Signed, what: Mystery): DispatchResult { return OK; }\n// ^'),
    "unknown type 'Mystery'",
  ],
  [
    'a call with a class that has no encoding',
    `export class Plain {}\n` +
      `${inCalls('@call(0, 1) static act(origin: Signed, what: Plain): DispatchResult { return OK; }\n// ^')}`,
    "class 'Plain' has no SCALE encoding: is @scale() missing?",
  ],
  [
    'two calls at one index',
    inCalls(
      '@call(0, 1) static one(origin: Signed): DispatchResult { return OK; }\n@call(0, 1)\n// ^\n' +
        'static two(origin: Signed): DispatchResult { return OK; }',
    ),
    "call index 0 is taken by 'one'",
  ],
  [
    'a call without a weight',
    inCalls('@call(0)\n// ^\nstatic act(origin: Signed): DispatchResult { return OK; }'),
    "call 'act' needs its weight",
  ],
  [
    'a call with a list of tiny elements without a bound',
    inCalls('@call(0, 1) static act(origin: Signed, all: Array<Bytes>): DispatchResult { return OK; }\n// ^'),
    "argument 'all' of call 'act' has a list without a bound",
  ],
  [
    'a call with such a list inside of another',
    `@scale() export class Parts { list: Array<u64> = []; }\n` +
      inCalls('@call(0, 1) static act(origin: Signed, all: Array<Parts>): DispatchResult { return OK; }\n// ^'),
    "argument 'all' of call 'act' has a list without a bound",
  ],
  [
    'a call without an origin',
    inCalls('@call(0, 1) static act(who: AccountId): DispatchResult { return OK; }\n// ^'),
    "the first parameter of call 'act' must be the origin",
  ],
  [
    'a call with another result type',
    inCalls('@call(0, 1) static act(origin: Signed): u32 { return 0; }\n// ^'),
    "call 'act' must return DispatchResult",
  ],
  [
    'a call that is not static',
    inCalls('@call(0, 1) act(origin: Signed): DispatchResult { return OK; }\n// ^'),
    "call 'act' must be static",
  ],
  [
    'a weight function with an unknown argument',
    inCalls(
      '@call(0, (size: u32): u64 => size) static act(origin: Signed, much: u32): DispatchResult { return OK; }\n// ^',
    ),
    "the call has no argument 'size' to be weighed",
  ],
  [
    'an argument with a default',
    inCalls('@call(0, 1) static act(origin: Signed, much: u32 = 1): DispatchResult { return OK; }\n// ^'),
    "'much' comes from outside: it can have no default",
  ],
  [
    'an option of a call that does not exist',
    inCalls('@call(0, 1, Sometimes.Maybe)\n// ^\nstatic act(origin: Signed): DispatchResult { return OK; }'),
    'DispatchClass.Operational and Pays.No',
  ],
  [
    'a class function with an unknown argument',
    inCalls(
      '@call(0, 1, (size: u32): i32 => size) static act(origin: Signed, much: u32): DispatchResult { return OK; }\n// ^',
    ),
    "the call has no argument 'size' to be weighed",
  ],
  [
    'an argument of a call with a word that JavaScript reserves',
    inCalls('@call(0, 1) static act(origin: Signed, class_: u32): DispatchResult { return OK; }\n// ^'),
    "'class' would be a name in the metadata, and JavaScript reserves it",
  ],
  [
    'an argument of a call with a word that Rust reserves',
    inCalls('@call(0, 1) static act(origin: Signed, type_: u32): DispatchResult { return OK; }\n// ^'),
    "'type' would be a name in the metadata, and Rust reserves it",
  ],
  [
    'a call with a reserved word as name',
    inCalls('@call(0, 1)\n// ^\nstatic delete_(origin: Signed): DispatchResult { return OK; }'),
    "'delete' would be a name in the metadata",
  ],
  [
    'a field of an event with a reserved word as name',
    `export class WrongEvent {\nstatic Done(in_: u32): void {}\n// ^\n}\n${SYSTEM}` +
      '@pallet("Wrong", 5, WrongEvent) export class Wrong {}\n',
    "'in' would be a name in the metadata",
  ],
  [
    'a field of a type in the metadata with a reserved word as name',
    `@scale() export class Part {\npublic package_: u32 = 0;\n// ^\n}\n` +
      inCalls('@call(0, 1) static act(origin: Signed, many: Array<Part>): DispatchResult { return OK; }'),
    "'package' would be a name in the metadata",
  ],
  [
    'a storage item with a reserved word as name',
    inPallet('@storage() static match: StorageValue<u32>;\n// ^'),
    "'match' would be a name in the metadata, and Rust reserves it",
  ],
  [
    'an argument of a runtime API with a reserved word as name',
    '@api("Wrong", 1) export class WrongApi {\nstatic ask(new_: u32): u32 { return 0; }\n// ^\n}\n',
    "'new' would be a name in the metadata",
  ],
  [
    'a function of a runtime API with a reserved word as name',
    '@api("Wrong", 1) export class WrongApi {\nstatic yield_(): u32 { return 0; }\n// ^\n}\n',
    "'yield' would be a name in the metadata",
  ],
  [
    'a method that must succeed and is no call',
    inCalls('@mustSucceed()\n// ^\nstatic act(origin: Signed): DispatchResult { return OK; }'),
    '@mustSucceed requires @call',
  ],
  [
    'a storage version of more than 16 bits',
    '@pallet("Wrong", 5) @storageVersion(65_536)\n// ^\nexport class Wrong {}\n',
    '@storageVersion needs a known number from 0 to 65535',
  ],
  [
    'senders that are no function of the origin',
    inCalls('@call(0, 1) @senders(5)\n// ^\nstatic act(origin: Signed): DispatchResult { return OK; }'),
    '@senders needs a function of the origin',
  ],
  [
    'senders that take an argument which the call does not have',
    `export function allowed(origin: Signed, what: u32): bool { return true; }\n` +
      inCalls(
        '@call(0, 1) @senders(allowed)\n// ^\nstatic act(origin: Signed, much: u32): DispatchResult { return OK; }',
      ),
    'the function of @senders takes the origin, and arguments of the call by their names',
  ],
  [
    'an inherent of two arguments',
    inCalls(
      '@call(0, 1) @inherent("inherent")\n// ^\nstatic act(origin: None, a: u8, b: u8): DispatchResult { return OK; }',
    ),
    'an inherent has one argument',
  ],
  [
    'an inherent of a short identifier',
    inCalls('@call(0, 1) @inherent("short")\n// ^\nstatic act(origin: None, a: u8): DispatchResult { return OK; }'),
    'eight characters',
  ],
  [
    'an inherent with a signed origin',
    inCalls(
      '@call(0, 1) @inherent("inherent")\n// ^\nstatic act(origin: Signed, a: u8): DispatchResult { return OK; }',
    ),
    'its origin must be None',
  ],
  [
    'two pallets at one index',
    `${inPallet('')}@pallet("Again", 5)\n// ^\nexport class Again {}\n`,
    "pallet index 5 is taken by 'Wrong'",
  ],
  [
    'two pallets of one name',
    `${inPallet('')}@pallet("Wrong", 6)\n// ^\nexport class Again {}\n`,
    "there is a pallet 'Wrong' already",
  ],
  ['a pallet without an index', '@pallet("Wrong")\n// ^\nexport class Wrong {}\n', '@pallet needs a name and an index'],
  [
    'a map without a hasher',
    inPallet('@storage()\n// ^\nstatic items: StorageMap<u32, u32>;'),
    "storage item 'items' needs 1 hasher(s), one for each key",
  ],
  [
    'a value with a hasher',
    inPallet('@storage(Hasher.Identity)\n// ^\nstatic item: StorageValue<u32>;'),
    "storage item 'item' needs no hasher",
  ],
  ['an unknown hasher', inPallet('@storage(Hasher.Md5) static items: StorageMap<u32, u32>;\n// ^'), 'unknown hasher'],
  [
    'a storage item of another class',
    inPallet('@storage() static item: u32;\n// ^'),
    "storage item 'item' must be one of StorageValue",
  ],
  [
    'a storage item with a value',
    inPallet('@storage() static item: StorageValue<u32> = 5;\n// ^'),
    'must be static and without a value',
  ],
  [
    'a storage item of an unknown type',
    inPallet('@storage() static item: StorageValue<Mystery>;\n// ^'),
    "unknown type 'Mystery'",
  ],
  [
    'two storage items of one name',
    inPallet('@storage() static item: StorageValue<u8>;\n@storage() static Item: StorageValue<u8>;\n// ^'),
    "there is a storage item 'Item' already",
  ],
  [
    'a constant without a value',
    inPallet('@constant()\n// ^\nstatic readonly most: u32;'),
    "constant 'most' must be static and have a value",
  ],
  ['an instance member', inPallet('count: u32 = 0;\n// ^'), 'every member is static'],
  [
    'an error with a value',
    `export enum WrongError { One = 7 }\n// ^\n@pallet("Wrong", 5, WrongError) export class Wrong {}\n`,
    'leave the value out',
  ],
  [
    'an event with a result',
    `${SYSTEM}export class WrongEvent { static Done(): u32 { return 0; } }\n// ^\n` +
      `@pallet("Wrong", 5, WrongEvent) export class Wrong {}\n`,
    'its type must be void',
  ],
  [
    'an event of an unknown type',
    `${SYSTEM}export class WrongEvent { static Done(what: Mystery): void {} }\n// ^\n` +
      `@pallet("Wrong", 5, WrongEvent) export class Wrong {}\n`,
    "unknown type 'Mystery'",
  ],
  [
    'a third argument that is neither errors nor events',
    '@pallet("Wrong", 5, Missing)\n// ^\nexport class Wrong {}\n',
    "'Missing' is neither an enum of errors nor a class of events",
  ],
  [
    'a compact text',
    '@scale() export class Thing {\n  @compact() name: string = "";\n// ^\n}\n' +
      'export function f(): Bytes { return encode<Thing>(new Thing()); }\n',
    "'string' has no compact form",
  ],
  [
    'a bound on a number',
    '@scale() export class Thing {\n  @bounded(4)\n// ^\n  size: u32 = 0;\n}\n' +
      'export function f(): Bytes { return encode<Thing>(new Thing()); }\n',
    "'u32' has no length to bound",
  ],
  [
    'a bound that is not a class marked @bound',
    'export class Many {}\nexport function f(v: BoundedVec<u8, Many>): Bytes { return encode<BoundedVec<u8, Many>>(v); }\n// ^',
    "'Many' is no class marked @bound(n)",
  ],
  [
    'a fixed class without a length',
    '@fixed()\n// ^\nexport class Thing extends FixedBytes {}\n' +
      'export function f(v: Thing): Bytes { return encode<Thing>(v); }\n',
    '@fixed needs its length',
  ],
  [
    'a variant without an index',
    '@variants() export class Base {}\n@variant()\n// ^\nexport class BaseOne extends Base {}\n' +
      'export function f(v: Base): Bytes { return encode<Base>(v); }\n',
    '@variant needs its index',
  ],
  [
    'two variants of one index',
    '@variants() export class Base {}\n@variant(1) export class BaseOne extends Base {}\n@variant(1)\n// ^\n' +
      'export class BaseTwo extends Base {}\nexport function f(v: Base): Bytes { return encode<Base>(v); }\n',
    "variant 1 of 'Base' is 'One' already",
  ],
  [
    'one variant used as a type',
    '@variants() export class Base {}\n@variant(1) export class BaseOne extends Base {}\n' +
      'export function f(v: BaseOne): Bytes { return encode<BaseOne>(v); }\n// ^',
    'use its base class',
  ],
  [
    'an enum with two members of one value',
    'export enum Level { Low = 1, High = 1 }\n// ^\nexport function f(v: Level): Bytes { return encode<Level>(v); }\n',
    "'High' has the value of 'Low'",
  ],
  [
    'an enum above a byte',
    'export enum Level { Low, High = 256 }\n// ^\nexport function f(v: Level): Bytes { return encode<Level>(v); }\n',
    'must be a known number from 0 to 255',
  ],
  [
    'a list of nothing',
    'export function f(v: Array<Unit>): Bytes { return encode<Array<Unit>>(v); }\n// ^',
    "'Unit' takes no bytes",
  ],
  [
    'an array of a fixed element type',
    'export function f(v: StaticArray<u32>): Bytes { return encode<StaticArray<u32>>(v); }\n// ^',
    'StaticArray has an encoding only for u8',
  ],
  ['a float', 'export function f(v: f64): Bytes { return encode<f64>(v); }\n// ^', "unknown type 'f64'"],
  [
    'encoding in a generic function',
    'export function f<T>(v: T): Bytes { return encode<T>(v); }\n// ^',
    "unknown type 'T'",
  ],
  [
    'encoding without a type',
    'export function f(v: u32): Bytes { return encode(v); }\n// ^',
    'encode needs its type written out',
  ],
  [
    'decoding a number to null',
    'export function f(v: Bytes): u32 { return decode<u32>(v)!; }\n// ^',
    "can't return null: use decodeOr<u32>",
  ],
  [
    'two tuples too few',
    'export function f(v: Bytes): Bytes { return encode<Tuple2<u32>>(v); }\n// ^',
    "'Tuple2' takes 2 type argument(s)",
  ],
  [
    'a number that may be null',
    `${inPallet('@storage(Hasher.Identity) static items: OptionMap<u32, u32>;')}export function f(): u32 {` +
      ' return Wrong.items.get(1); }\n// ^',
    "'items' holds u32, which can't be null: use tryGet, or StorageMap",
  ],
  [
    'a null within a null',
    inPallet('@storage(Hasher.Identity) static items: OptionMap<u32, H256 | null>;\n' + '// ^'),
    'absent in two ways',
  ],
  [
    'a map whose keys have no order',
    'export function f(v: BTreeMap<string, u8>): Bytes { return encode<BTreeMap<string, u8>>(v); }\n// ^',
    "'string' has no order",
  ],
  [
    'a host call without a result',
    "export function open(): bool { return true; }\nexport class Calls {\n@hostcall('poke', open) static poke(): void {}\n// ^\n}\n",
    'an empty result is a refusal',
  ],
  [
    'a host call without a gate',
    "export class Calls {\n@hostcall('poke')\n// ^\nstatic poke(): u8 { return 0; }\n}\n",
    '@hostcall needs its name and its gate',
  ],
  [
    'a host call whose gate has a parameter',
    "export function open(who: u32): bool { return true; }\nexport class Calls {\n@hostcall('poke', open)\n// ^\nstatic poke(): u8 { return 0; }\n}\n",
    '@hostcall needs its name and its gate',
  ],
  ['an API without a version', '@api("Wrong")\n// ^\nexport class Wrong {}\n', '@api needs its name and version'],
  [
    'an API with an unknown type',
    '@api("Wrong", 1) export class Wrong {\n  static ask(): Mystery { return 0; }\n// ^\n}\n',
    "unknown type 'Mystery'",
  ],
  ['a misspelt decorator', '@sacle()\n// ^\nexport class Thing {}\n', 'there is no decorator @sacle'],
  [
    'a call outside of a pallet',
    'export class Wrong {\n@call(0, 1)\n// ^\nstatic act(origin: Signed): DispatchResult { return OK; }\n}\n',
    '@call must be in a class marked @calls',
  ],
  ['a storage item on a method', inPallet('@storage()\n// ^\nstatic item(): void {}'), '@storage must be on a field'],
  [
    'two encodings of one class',
    '@scale() @variants()\n// ^\nexport class Thing {}\n',
    "'Thing' has an encoding already",
  ],
  ['a wire to nowhere', 'export class Hooks {\n@wired() static tick(): void {}\n// ^\n}\n', "'tick' is wired nowhere"],
  [
    'an extension without @extension',
    '@scale() export class Plain {}\n@extensions() export class Extra {\n  plain: Plain = new Plain();\n// ^\n}\n',
    'must be of a class marked @extension',
  ],
];

let said = '';
beforeAll(async () => {
  // One compilation of all programs, each in its own file: thirty times as fast.
  const entry = MISTAKES.map((_, index) => `import './wrong-${index}';`).join('\n');
  const bodies = MISTAKES.map(([, body], index) => [`${FOLDER}/wrong-${index}.ts`, HEAD + body]);
  said = await complaint({ [`${FOLDER}/wrong.ts`]: entry, ...Object.fromEntries(bodies) });
});

test.each(MISTAKES.map(([what, body, message], index) => ({ what, body, message, index })))(
  '$what',
  ({ body, message, index }) => {
    const errors = said
      .split('\n\n')
      .filter((each) => each.includes(`└─ in ${FOLDER}/wrong-${index}.ts(${lineOf(body)},`));
    expect(errors.filter((each) => each.includes(message) && each.startsWith('ERROR AS109: '))).toHaveLength(1);
  },
);

test('events without an event sink', async () => {
  const body =
    'export class WrongEvent { static Done(): void {} }\n// ^\n' +
    '@pallet("Wrong", 5, WrongEvent) export class Wrong {}\n';
  expect(await alone(body)).toMatch(
    new RegExp(`ERROR AS109: these events are kept nowhere.*wrong.ts\\(${lineOf(body)},`, 's'),
  );
});

test("asc's own errors are shown as asc prints them", async () => {
  const text = await alone('export function f(): u32 { return missing; }\n');
  expect(text).toMatch(/ERROR TS2304: Cannot find name 'missing'.*in build\/test\/wrong\.ts\(6,/s);
});

test('an initialiser that needs a start function is named', async () => {
  const text = await alone(
    'function run(): u32 { return 5; }\nlet wrong: u32 = run();\n' + 'export function f(): u32 { return wrong; }\n',
  );
  expect(text).toContain('build/test/wrong/wrong: an initialiser needs running');
});

test('a constant integer needs no start function', async () => {
  const body =
    'enum E { A, B }\nconst C: u32 = E.B + 2;\nlet right: u64 = u64.MAX_VALUE;\n' +
    'export class D { static e: u32 = C << 3; }\n';
  expect(await alone(`${body}export function f(): u64 { return right + D.e; }\n`)).toBe('');
});
