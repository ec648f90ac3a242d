// Mistakes in declarations of a whole runtime: orders of hooks and inherents, genesis, module state. Each program is
// wrong in one place and is compiled separately, because it has its own runtime class.
import { expect, test } from '@jest/globals';
import { complaint, FOLDER, HEAD, lineOf } from './complaint.js';

const POINTS = `export class Points { @hookPoint() static onTick(number: u32): u64 { return unreachable(); } }
@pallet("Bell", 1) export class Bell {}
@pallet("Mute", 2) export class Mute {}
`;
const BELL = `@hooks(Bell) export class BellHooks { static onTick(number: u32): u64 { return 1; } }
`;
const inherent = (mark = ''): string =>
  `@calls(Bell) export class BellCalls {\n@call(0, 1) @inherent("belltime")${mark}\n` +
  'static ring(origin: None, at: u64): DispatchResult { return OK; }\n}\n';
/** `@runtime()` becomes the list of the program's pallets, see `listed`. */
const runtime = (...orders: string[]): string => `@runtime()\n${orders.join('\n')}\nexport class Runtime {}\n`;
const genesis = (member: string): string => `@pallet("Bell", 1) export class Bell {\n${member}\n}\n${runtime()}`;

const MISTAKES: [what: string, body: string, message: string][] = [
  [
    'a hook that is missing from its order',
    `${POINTS}@hooks(Bell) export class BellHooks {\nstatic onTick(number: u32): u64 { return 1; }\n// ^\n}\n${runtime("@order('onTick')")}`,
    "Bell is missing from @order('onTick', …)",
  ],
  [
    'a hook whose order is missing',
    `${POINTS}@hooks(Bell) export class BellHooks {\nstatic onTick(number: u32): u64 { return 1; }\n// ^\n}\n${runtime()}`,
    "Bell is missing from @order('onTick', …)",
  ],
  [
    'a pallet in an order that has no such hook',
    `${POINTS}${BELL}${runtime("@order('onTick', Bell, Mute)\n// ^")}`,
    "Mute has no hook 'onTick'",
  ],
  [
    'a pallet twice in an order',
    `${POINTS}${BELL}${runtime("@order('onTick', Bell, Bell)\n// ^")}`,
    'Bell is listed already',
  ],
  [
    'an order of something else',
    `${POINTS}${BELL}${runtime("@order('onTick', Bell, Points)\n// ^")}`,
    "'Points' is no pallet",
  ],
  [
    'an order that is given twice',
    `${POINTS}${BELL}${runtime("@order('onTick', Bell)", "@order('onTick', Bell)\n// ^")}`,
    "the order of 'onTick' is given already",
  ],
  [
    'a hook without a hook point',
    `${POINTS}@hooks(Bell) export class BellHooks {\nstatic onTock(number: u32): u64 { return 1; }\n// ^\n}\n${runtime("@order('onTock', Bell)")}`,
    "there is no hook point 'onTock'",
  ],
  [
    'a hook of another type than its point',
    `${POINTS}@hooks(Bell) export class BellHooks {\nstatic onTick(number: u64): u64 { return 1; }\n// ^\n}\n${runtime("@order('onTick', Bell)")}`,
    "hook 'onTick' must be as its hook point has it: (u32): u64",
  ],
  [
    'hooks of no pallet',
    `${POINTS}@hooks(Points)\n// ^\nexport class BellHooks {}\n${runtime()}`,
    '@hooks needs the class of its pallet',
  ],
  [
    'a metadata hash without the symbol of the token',
    `${POINTS}${runtime("@metadataHash('bell', 1, 42, 12)\n// ^")}`,
    '@metadataHash needs spec name and version, SS58 prefix, decimals and symbol of the token',
  ],
  [
    'a metadata hash with a version that is not known when compiling',
    `function version(): u32 { return 1; }\n${POINTS}${runtime("@metadataHash('bell', version(), 42, 12, 'BELL')\n// ^")}`,
    '@metadataHash needs spec name and version',
  ],
  [
    'an inherent that is missing from the order',
    `${POINTS}${inherent('\n// ^')}${runtime()}`,
    "Bell is missing from @order('inherents', …)",
  ],
  [
    'an inherent whose check is not a function',
    `${POINTS}${inherent().replace('@inherent("belltime")', '@inherent("belltime", Points)\n// ^')}${runtime("@order('inherents', Bell)")}`,
    'the check of an inherent is a function of two values',
  ],
  [
    'a pallet that is not listed',
    `@pallet("Bell", 1) export class Bell {}\n// ^\n@runtime(/**/) class R {}\n`,
    'Bell is missing from @runtime(…)',
  ],
  [
    'a pallet that is listed twice',
    '@pallet("Bell", 1) export class Bell {}\n@runtime(Bell, Bell) class R {}\n// ^\n',
    'Bell is listed already',
  ],
  ['two runtime classes', `${runtime()}@runtime() export class Again {}\n// ^\n`, 'there is one runtime class'],
  [
    'an order outside of the runtime class',
    `${POINTS}${BELL}@order('onTick', Bell)\n// ^\nexport class Elsewhere {}\n${runtime("@order('onTick', Bell)")}`,
    '@order must be in a class marked @runtime',
  ],
  [
    'a genesis map',
    genesis('@genesis() @storage(Hasher.Identity) static map: StorageMap<u32, u32>;\n// ^'),
    "'map' is a map",
  ],
  [
    'a genesis value of a type that JSON does not have',
    `@scale() export class Chime { at: u32 = 0; }\n${genesis('@genesis() @storage() static chime: StorageValue<Chime>;\n// ^')}`,
    "'Chime' has no form in a genesis document",
  ],
  [
    'a rule without @genesis',
    genesis('@ensure((v: u32): bool => v > 0, "must be more") @storage() static count: StorageValue<u32>;\n// ^'),
    '@ensure requires @genesis',
  ],
  [
    'a rule without a message',
    genesis('@genesis() @ensure((v: u32): bool => v > 0) @storage() static count: StorageValue<u32>;\n// ^'),
    '@ensure needs a function of the value and a message',
  ],
  [
    'a genesis function that returns no reason',
    `${POINTS}@hooks(Bell) export class BellHooks {\n@genesisEach('chimes') static add(at: u32): void {}\n// ^\n}\n${runtime()}`,
    'a genesis function returns why it refuses an element',
  ],
  ['a preset without a file', runtime("@preset('none', 'chain-spec/presets/none.json')\n// ^"), 'there is no file'],
  ['a top-level variable', `let rings: u32 = 0;\n// ^\n${POINTS}${runtime()}`, "'rings' is module state"],
  ['a top-level object', `const rings: Array<u32> = [1];\n// ^\n${POINTS}${runtime()}`, "'rings' is module state"],
  ['a static field', genesis('static rings: u32 = 0;\n// ^'), "'rings' is module state"],
  ['a static object', genesis('static readonly rings: Array<u32> = [1];\n// ^'), "'rings' is module state"],
  ['a static map that is unset', genesis('static readonly rings: Map<u32, u32> | null = null;\n// ^'), 'module state'],
  [
    'module state without a reason',
    genesis('@transient() static rings: u32 = 0;\n// ^'),
    '@transient needs its reason',
  ],
];

/** The program with all of its pallets in `@runtime()`. */
function listed(body: string): string {
  const pallets = [...body.matchAll(/@pallet\([^)]*\) export class (\w+)/g)].map(([, name]) => name);
  return HEAD + body.replace('@runtime()', `@runtime(${pallets.join(', ')})`);
}

test.each(MISTAKES)('%s', async (_what, body, message) => {
  const said = await complaint({ [`${FOLDER}/wrong.ts`]: listed(body) });
  const errors = said.split('\n\n').filter((each) => each.includes(`└─ in ${FOLDER}/wrong.ts(${lineOf(body)},`));
  expect(errors.filter((each) => each.includes(message) && each.startsWith('ERROR AS109: '))).toHaveLength(1);
});

test('immutable constants are not module state', async () => {
  const body =
    `const LIMIT: u32 = 5;\nconst NAME: string = 'bell';\nconst OPEN = true;\nexport enum Tone { Low }\nconst TONE: Tone = Tone.Low;\n` +
    genesis("static readonly most: u64 = 7;\n@transient('for this test') static now: u32 = 0;");
  expect(await complaint({ [`${FOLDER}/right.ts`]: listed(body) })).toBe('');
});
