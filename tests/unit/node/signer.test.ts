// Signatures of the node's own signer are valid for wasm-crypto's verifier, and deterministic.
import { expect, test } from '@jest/globals';
import { sr25519Verify, waitReady } from '@polkadot/wasm-crypto';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { sr25519Sign } from '../../../host/executor/index.js';
import { DEV_NAMES, devKey, signDeterministically } from '../../../host/node/index.js';

await waitReady();

// The addresses that every Substrate development chain endows, as `subkey inspect //Alice` and so on print them.
const PUBLIC_KEYS: Record<string, string> = {
  Alice: '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d',
  Bob: '0x8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48',
  Charlie: '0x90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22',
  Dave: '0x306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20',
  Eve: '0xe659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e',
  Ferdie: '0x1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c',
};

test.each(DEV_NAMES)('the key of //%s is the well-known one', (name) => {
  expect(toHex(devKey(name).publicKey)).toBe(PUBLIC_KEYS[name]);
});

test('a signature is valid, deterministic, and differs by key and message', () => {
  const made = ['Alice', 'Bob'].flatMap((name) =>
    ['one', 'two'].map((word) => {
      const pair = devKey(name);
      const signature = signDeterministically(pair, utf8(word));
      expect(sr25519Verify(signature, utf8(word), pair.publicKey)).toBe(true);
      // Another instance of the Wasm signs in between: it has its own memory.
      sr25519Sign(pair, utf8('noise'));
      expect(signDeterministically(pair, utf8(word))).toEqual(signature);
      return toHex(signature);
    }),
  );
  expect(new Set(made).size).toBe(4);
});

test('another signature with the same key and message has another nonce', () => {
  const pair = devKey('Alice');
  const made = Array.from({ length: 4 }, () => sr25519Sign(pair, utf8('one')));
  for (const signature of made) expect(sr25519Verify(signature, utf8('one'), pair.publicKey)).toBe(true);
  expect(new Set(made.map(toHex)).size).toBe(4);
});

test('a thousand signatures grow the memory of the process by less than 16 MiB', () => {
  const pair = devKey('Alice');
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  const last = Array.from({ length: 1000 }, () => signDeterministically(pair, utf8('again'))).at(-1)!;
  expect(last).toEqual(signDeterministically(pair, utf8('again')));
  expect(process.memoryUsage().arrayBuffers + process.memoryUsage().external - before).toBeLessThan(16 << 20);
});
