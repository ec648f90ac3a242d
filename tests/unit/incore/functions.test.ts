// The in-core host functions, called by a guest: their results, and where they may not be called.
import { beforeAll, describe, expect, test } from '@jest/globals';
import wabt from 'wabt';
import { blake2_256, concat, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { runGuest } from '../../../host/executor/index.js';
import { authorize, packageMessage, refine } from '../../../host/incore/index.js';
import { errorOf, valueOf } from '../results.js';
import { authorizedPackage, blockHash, collected, FakeChain } from './fixtures.js';

/** Payload: 0 and a height for a state root, 1 and a hash for a lookup, 2 for the message. Output: 32 bytes or none. */
const WAT = `(module
  (import "env" "ext_corejam_state_root_version_1" (func $stateRoot (param i32) (result i64)))
  (import "env" "ext_corejam_lookup_version_1" (func $lookup (param i32) (result i64)))
  (import "env" "ext_corejam_package_message_version_1" (func $message (result i32)))
  (memory (export "memory") 2)
  (global (export "__heap_base") i32 (i32.const 4096))
  (func $word (param $from i32) (param $at i32)
    (i64.store (i32.add (i32.const 1) (local.get $at)) (i64.load (i32.add (local.get $from) (local.get $at)))))
  (func $answer (param $from i32) (result i64)
    (i32.store8 (i32.const 0) (i32.const 0x80)) ;; Vec<u8> of 32 bytes
    (call $word (local.get $from) (i32.const 0)) (call $word (local.get $from) (i32.const 8))
    (call $word (local.get $from) (i32.const 16)) (call $word (local.get $from) (i32.const 24))
    (i64.const 0x2100000000)) ;; 33 bytes at 0
  (func $option (param $fat i64) (result i64)
    (if (i64.eq (local.get $fat) (i64.const -1)) (then
      (i32.store8 (i32.const 0) (i32.const 0))
      (return (i64.const 0x100000000))))
    (call $answer (i32.wrap_i64 (local.get $fat))))
  (func (export "refine") (param $at i32) (param $length i32) (result i64)
    (if (i32.eq (i32.load8_u offset=1 (local.get $at)) (i32.const 0)) (then
      (return (call $option (call $stateRoot (i32.load offset=2 (local.get $at)))))))
    (if (i32.eq (i32.load8_u offset=1 (local.get $at)) (i32.const 1)) (then
      (return (call $option (call $lookup (i32.add (local.get $at) (i32.const 2)))))))
    (call $answer (call $message)))
  (func (export "is_authorized") (param i32 i32) (result i64)
    (drop (call $lookup (i32.const 0)))
    (i64.const 0)))`;

const chain = new FakeChain();
chain.bestNumber = 300;
/** A class with the same code, whose memory can't grow beyond its two pages. */
const SMALL = 2;

beforeAll(async () => {
  const tools = await wabt();
  const provide = (wat: string): Uint8Array =>
    chain.provide(new Uint8Array(tools.parseWat('guest.wat', wat).toBinary({}).buffer));
  const codeHash = provide(WAT);
  chain.classes.set(1, codeHash);
  chain.classes.set(SMALL, provide(WAT.replace('(export "memory") 2)', '(export "memory") 2 2)')));
  chain.authorizers.set(0, { id: 10_000, authorizer: { codeHash, param: new Uint8Array() } });
});

/** The output of `refine` for the payload, or its error, with the context block at `height`. */
async function asked(payload: Uint8Array, height = 300, classId = 1): Promise<unknown> {
  const items = [{ class: classId, payload }];
  const authorized = {
    ...authorizedPackage(items),
    ...collected(items, height),
    context: { hash: blockHash(height), number: height },
  };
  const { report, failures } = valueOf(await refine(chain, runGuest, authorized));
  const { result } = report.results[0]!;
  return result.ok ? result.value : `${result.error}: ${failures[0]}`;
}

const none = new Uint8Array();
const stateRoot = (height: number): Uint8Array => blake2_256(utf8(`state ${height}`));
const askRoot = (height: number, context?: number): Promise<unknown> =>
  asked(new Writer().u8(0).u32(height).finish(), context);

describe('in-core host functions', () => {
  test('state_root returns those of the context block and of the 255 before it, independent of the best block (D27)', async () => {
    expect(await askRoot(290, 290)).toEqual(stateRoot(290));
    expect(await askRoot(291, 290)).toEqual(none);
    expect(await askRoot(35, 290)).toEqual(stateRoot(35));
    expect(await askRoot(34, 290)).toEqual(none);
    expect(await askRoot(0, 3)).toEqual(stateRoot(0));
    expect(await askRoot(0xffff_ffff, 290)).toEqual(none);
  });

  test('lookup returns the preimage, or none', async () => {
    const preimage = utf8('thirty-two bytes of preimage ...');
    expect(preimage).toHaveLength(32);
    expect(await asked(concat(Uint8Array.of(1), chain.provide(preimage)))).toEqual(preimage);
    expect(await asked(concat(Uint8Array.of(1), new Uint8Array(32)))).toEqual(none);
  });

  test('a preimage that the guest has no memory for is refused by its length, and not read', async () => {
    // The heap begins at 4,096 of 131,072 bytes. A block of the allocator is a power of two and 8 bytes for its header:
    // 65,536 bytes fit, and for one more it would take 131,072.
    const [fits, tooLong] = [65_536, 65_537].map((length) => chain.provide(new Uint8Array(length).fill(7)));
    const look = (hash: Uint8Array): Promise<unknown> => asked(concat(Uint8Array.of(1), hash), 300, SMALL);

    expect(await look(fits!)).toEqual(new Uint8Array(32).fill(7));
    expect(chain.looked).toContain(toHex(fits!));
    expect(await look(tooLong!)).toMatch(/^panic: .*memory/);
    expect(chain.looked).not.toContain(toHex(tooLong!));
  });

  test('package_message returns what the builder signed', async () => {
    const payload = Uint8Array.of(2);
    expect(await asked(payload)).toEqual(
      packageMessage({
        context: { headerHash: blockHash(300), prerequisite: undefined },
        items: [{ class: 1, payload }],
      }),
    );
  });

  test('an Authorizer that calls lookup traps: it can not read the chain', async () => {
    const authorized = await authorize(chain, runGuest, collected([{ class: 1, payload: none }], 300), 0);
    expect(errorOf(authorized)).toMatchObject({
      reason: 'authorizerFailed',
      message: expect.stringContaining('ext_corejam_lookup_version_1'),
    });
  });
});
