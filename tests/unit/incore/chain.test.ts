// `chainOver`, on a runtime that returns given bytes.
import { describe, expect, test } from '@jest/globals';
import { toHex, Writer } from '../../../host/bytes/index.js';
import { type Authorizer, encode, UnexpectedAnswer, writeAuthorizer } from '../../../host/contract/index.js';
import { chainOver } from '../../../host/incore/index.js';
import type { RuntimeSource } from '../../../host/incore/index.js';
import { blockHash } from './fixtures.js';

const root = (number: number): Uint8Array => new Uint8Array(32).fill(number);

/** Blocks 0 to 9; block 7 has a sibling that is not on the best chain. */
function source(answers: Record<string, Uint8Array>, asked: string[] = []): RuntimeSource {
  const sibling = blockHash(700);
  return {
    best: () => ({ hash: blockHash(9), number: 9 }),
    block: (hash) => {
      if (toHex(hash) === toHex(sibling)) return { hash: sibling, number: 7, header: { stateRoot: root(70) } };
      for (let number = 0; number < 10; number++) {
        if (toHex(blockHash(number)) === toHex(hash)) return { hash, number, header: { stateRoot: root(number) } };
      }
      return undefined;
    },
    blockHash: (number) => (number < 10 ? blockHash(number) : undefined),
    runtimeCall: (_at, method, args) => {
      asked.push(`${method} ${toHex(args)}`);
      return answers[method] ?? new Uint8Array();
    },
  };
}

describe('chainOver', () => {
  test('calls CoreJamApi with encoded arguments and decodes its results', () => {
    const asked: string[] = [];
    const hash = root(5);
    const authorizer: Authorizer = { codeHash: hash, param: Uint8Array.of(9) };
    const chain = chainOver(
      source(
        {
          CoreJamApi_cores: Uint8Array.of(3, 0),
          CoreJamApi_group: new Writer().vec([4, 5], (writer, index) => writer.u32(index)).finish(),
          CoreJamApi_authorizer: new Writer().u8(1).u32(10_000).raw(encode(writeAuthorizer, authorizer)).finish(),
          CoreJamApi_class_code: Uint8Array.of(0),
          CoreJamApi_lookup: new Writer().u8(1).bytes(Uint8Array.of(1, 2)).finish(),
          CoreJamApi_lookup_length: new Writer().u8(1).u32(2).finish(),
        },
        asked,
      ),
    );
    const at = blockHash(9);
    expect(chain.cores(at)).toBe(3);
    expect(chain.group(at, 258)).toEqual([4, 5]);
    expect(chain.authorizer(at, 1)).toEqual({ id: 10_000, authorizer });
    expect(chain.classCode(at, 1)).toBeUndefined();
    expect(chain.lookup(at, hash)).toEqual(Uint8Array.of(1, 2));
    expect(chain.lookupLength(at, hash)).toBe(2);
    expect(asked).toEqual([
      'CoreJamApi_cores 0x',
      'CoreJamApi_group 0x0201',
      'CoreJamApi_authorizer 0x0100',
      'CoreJamApi_class_code 0x01000000',
      `CoreJamApi_lookup ${toHex(hash)}`,
      `CoreJamApi_lookup_length ${toHex(hash)}`,
    ]);
  });

  test('a truncated result or one with trailing bytes throws UnexpectedAnswer', () => {
    expect(() => chainOver(source({ CoreJamApi_cores: Uint8Array.of(3) })).cores(blockHash(9))).toThrow(
      UnexpectedAnswer,
    );
    expect(() => chainOver(source({ CoreJamApi_cores: Uint8Array.of(3, 0, 0) })).cores(blockHash(9))).toThrow(
      'CoreJamApi_cores of the runtime returned',
    );
  });

  test('returns only blocks of the best chain, and only state roots of a block and its ancestors', () => {
    const chain = chainOver(source({}));
    expect(chain.block(blockHash(7))).toEqual({ hash: blockHash(7), number: 7 });
    expect(chain.block(blockHash(700))).toBeUndefined();
    expect(chain.stateRoot(blockHash(7), 7)).toEqual(root(7));
    expect(chain.stateRoot(blockHash(7), 0)).toEqual(root(0));
    expect(chain.stateRoot(blockHash(7), 8)).toBeUndefined();
    expect(chain.stateRoot(blockHash(700), 3)).toBeUndefined();
  });
});
