// Calls that take their weight from a table of measured weights: `@calls(Pallet, Weights)`.
import { describe, expect, test } from '@jest/globals';
import { complaint, FOLDER, HEAD } from './complaint.js';
import { compileFiles } from './fixture.js';

const program = (table: string, call: string): string => `${HEAD}
@pallet("Weighed", 5)
export class Weighed {}
export class WeighedWeights {
  ${table}
}
@calls(Weighed, WeighedWeights)
export class WeighedCalls {
  ${call}
}
`;
const files = (text: string): Record<string, string> => ({ [`${FOLDER}/weighed.ts`]: text });
const body = 'DispatchResult { return OK; }';

describe('a call without an expression for its weight', () => {
  test.each([
    ['of no component', 'static act(): u64 { return 1; }', 'static act(origin: Signed, list: Bytes)', 'act()'],
    [
      'of a length',
      'static act(list: u32): u64 { return 1; }',
      'static act(origin: Signed, list: Bytes)',
      'act(<u32>this.a0.length)',
    ],
    [
      'of a number',
      'static act(_much: u32): u64 { return 1; }',
      'static act(origin: Signed, who: AccountId, much: Compact<u32>)',
      'act(<u32>this.a1)',
    ],
  ])('has that of the method of its name %s', async (_, table, head, expected) => {
    const { generated } = await compileFiles(
      files(program(table, `@call(0, DispatchClass.Operational) ${head}: ${body}`)),
    );
    const code = Object.values(generated).join('\n');
    expect(code).toMatch(
      new RegExp(`weight\\(\\): u64 \\{ return \[\\w$]+\\.${expected.replace(/[().<>]/g, '\\$&')}; \\}`),
    );
    expect(code).toContain('dispatchClass(): i32 { return 1; }');
  });
});

test('a function maps arguments to components', async () => {
  const call = `@call(0, (list: Bytes): u64 => WeighedWeights.act(<u32>list.length / 32)) static act(origin: Signed, list: Bytes): ${body}`;
  const { generated } = await compileFiles(files(program('static act(words: u32): u64 { return 1; }', call)));
  expect(Object.values(generated).join()).toContain('.$weight_act(this.a0)');
});

describe('mistakes', () => {
  test.each([
    [
      'a call without a benchmark',
      '',
      `@call(0)\n// ^\nstatic act(origin: Signed): ${body}`,
      "call 'act' has no benchmark: WeighedWeights has no method of its name",
    ],
    [
      'a weight that is not measured',
      'static act(): u64 { return 1; }',
      `@call(0, 50_000_000)\n// ^\nstatic act(origin: Signed): ${body}`,
      "the weight of call 'act' is measured",
    ],
    [
      'a component that is no argument',
      'static act(size: u32): u64 { return 1; }\n// ^',
      `@call(0) static act(origin: Signed, who: AccountId): ${body}`,
      "call 'act' has no argument 'size' with a length or number",
    ],
    [
      'a component that is no number',
      'static act(who: u32): u64 { return 1; }\n// ^',
      `@call(0) static act(origin: Signed, who: AccountId): ${body}`,
      "call 'act' has no argument 'who' with a length or number",
    ],
  ])('%s', async (_, table, call, message) => {
    const text = program(table, call);
    const output = await complaint(files(text));
    expect(output).toContain(message);
    expect(output).toContain(`weighed.ts(${text.split('\n').findIndex((line) => /^\s*\/\/ \^/.test(line))},`);
  });
});
