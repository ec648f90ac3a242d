// What `corejam inspect` finds in a module, and how it reports it.
import { describe, expect, test } from '@jest/globals';
import { examine } from '../../../host/cli/inspect/report.js';
import { reportText } from '../../../host/cli/inspect/text.js';
import { LIMITS, SCHEDULE } from '../../../host/vm/index.js';
import { wat } from '../vm/wat.js';

const ENTRY = '(param i32 i32) (result i64) (i64.const 0)';
const HEAP = '(memory (export "memory") 2) (global (export "__heap_base") i32 (i32.const 1024))';
const exported = (...names: string[]): string => names.map((name) => `(func (export "${name}") ${ENTRY})`).join(' ');
const guest = (source: string) => examine(wat(source)).guest;

describe('inspect', () => {
  test('reports what a guest can be used for', () => {
    const both = guest(`(module ${HEAP} ${exported('is_authorized', 'refine', 'prune', 'accumulate')})`);
    expect([both.accepted, both.authorizer, both.workClass]).toEqual([
      true,
      { fits: true, problems: [] },
      { fits: true, problems: [] },
    ]);
    // `prune` is called only if a class has weight for it.
    expect(guest(`(module ${HEAP} ${exported('refine', 'accumulate')})`).workClass.fits).toBe(true);
  });

  test('names every entry point that is missing or has another type', () => {
    const { authorizer, workClass } =
      guest(`(module ${HEAP} (func (export "refine") (param i32)) ${exported('accumulate')}
      (global (export "prune") i32 (i32.const 0)))`);
    expect(authorizer).toEqual({ fits: false, problems: ['is_authorized is missing'] });
    expect(workClass).toEqual({
      fits: false,
      problems: ['refine is (i32) -> (), not (i32, i32) -> (i64)', 'prune is a global, not a function'],
    });
  });

  test('requires the heap in which the host places arguments', () => {
    expect(guest(`(module ${exported('is_authorized')})`).authorizer.problems).toEqual([
      'it has no memory',
      'it exports no __heap_base',
    ]);
    const wrong = `(module (memory 1) (global (export "__heap_base") i64 (i64.const 0)) ${exported('is_authorized')})`;
    expect(guest(wrong).authorizer.problems).toEqual(['its __heap_base is not an i32 global']);
  });

  test('reports what is refused only on-chain', () => {
    const { accepted, refusalOnChain, authorizer, workClass, measured } = guest(
      `(module (memory 65) (global (export "__heap_base") i32 (i32.const 0)) ${exported('is_authorized', 'refine', 'accumulate')})`,
    );
    expect([accepted, authorizer.fits, workClass.fits]).toEqual([true, true, false]);
    expect(refusalOnChain).toMatchObject({ rule: '65 pages of memory, at most 64 allowed', section: 'memory' });
    expect(measured!.memoryPagesMax).toEqual({ inCore: 1_024, onChain: 0 });
  });

  test('reports that an import is not implemented yet', () => {
    const name = 'ext_corejam_ump_enqueue_version_1';
    const report = examine(
      wat(`(module (import "env" "${name}" (func (param i64) (result i32))) ${HEAP}
      ${exported('refine', 'accumulate')})`),
    );
    expect([report.guest.accepted, report.guest.workClass.fits, report.guest.imports[0]!.later]).toEqual([
      true,
      true,
      true,
    ]);
    expect(reportText('x.wasm', report, 200)).toMatch(new RegExp(`${name}.*not implemented yet: a call traps`));
  });

  test('reports the prices of imports, and those that the host does not have', () => {
    const { accepted, imports } = guest(`(module
      (import "env" "ext_hashing_blake2_256_version_1" (func (param i64) (result i32)))
      (import "env" "ext_hashing_twox_64_version_1" (func (param i32)))
      (import "env" "print" (func))
      (import "wasi" "fd_write" (func))
      (import "env" "memory" (memory 1)))`);
    expect(accepted).toBe(false);
    expect(imports.map(({ name, price, problem }) => [name, price, problem])).toEqual([
      ['ext_hashing_blake2_256_version_1', { fixed: 6_000, perByte: 6 }, undefined],
      ['ext_hashing_twox_64_version_1', { fixed: 6_000, perByte: 2 }, 'it is (i64) -> (i32)'],
      ['print', undefined, 'there is no such function'],
      ['fd_write', undefined, 'guests import from env only'],
      ['memory', undefined, 'a memory: guests import functions only'],
    ]);
  });

  test('measures every limit', () => {
    const source = `(module ${HEAP} ${exported('refine', 'accumulate')})`;
    const { limits, setup, instrumentedBytes } = guest(source).measured!;
    const code = wat(source);
    const together = ['instrumentedRatio', 'instrumentedSlackBytes'];
    expect(limits.map(({ limit }) => limit).sort()).toEqual(
      [...Object.keys(LIMITS).filter((name) => !together.includes(name)), 'instrumentedBytes'].sort(),
    );
    const used = (name: string): unknown => limits.find(({ limit }) => limit === name);
    expect(used('memoryPages')).toEqual({ limit: 'memoryPages', used: 2, allowed: 1_024, percent: 0.2 });
    expect(used('nameBytes')).toMatchObject({ used: '__heap_base'.length });
    expect(used('instrumentedBytes')).toMatchObject({ used: instrumentedBytes, allowed: 4 * code.length + 1_024 });
    const { fixed, byte, page } = SCHEDULE.setup;
    expect(setup.inCore.fuel).toBeGreaterThanOrEqual(fixed + code.length * byte + 2 * page);
    expect(setup.inCore.weightPs).toBe(setup.inCore.fuel * 500);
    // In-core 200,000 fuel and 24,000 a page, on-chain 40,000 and 4,000.
    expect(setup.onChain!.fuel).toBe(setup.inCore.fuel - 160_000 - 2 * 20_000);
  });

  test('reports where and why a module is refused', () => {
    const code = wat('(module (func) (func (export "mix") (param i32) (drop (f64.const 1))))');
    const { refusal } = examine(code).guest;
    expect(refusal).toMatchObject({
      rule: 'floats are not allowed: their NaN bits differ between compilers',
      section: 'code',
    });
    expect(refusal!.function).toEqual({ index: 1, name: 'mix', at: 1 });
    expect(code[refusal!.offset]).toBe(0x44); // f64.const
    const text = reportText('x.wasm', examine(code), 200);
    const { offset } = refusal!;
    expect(text).toContain(
      `at byte ${offset} (0x${offset.toString(16)}), in the code section, byte 1 of function 1 "mix"`,
    );
    expect(text).toContain('no: the metered VM refuses the module; is_authorized is missing');
  });

  test('keeps to the width, whatever a module exports', () => {
    const names = Array.from({ length: 60 }, (_, index) => `function_${index}`);
    const text = reportText(
      'x.wasm',
      examine(wat(`(module ${HEAP} ${exported('refine', 'accumulate', ...names)})`)),
      80,
    );
    expect(text.split('\n').filter((line) => line.length > 80 && !line.includes('0x'))).toEqual(
      text.split('\n').filter((line) => /^ {2}(refine|accumulate)/.test(line) && line.length > 80),
    );
    for (const name of names) expect(text).toContain(name);
  });

  test('prints no control characters of a module', () => {
    const code = wat('(module (import "env" "\u001b[31m" (func)) (func (export "\\r\\u{202e}")))');
    const text = reportText('a\u001b[2J.wasm', examine(code), 100);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('\\u{1b}[31m');
  });
});
