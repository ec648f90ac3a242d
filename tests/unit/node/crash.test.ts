// A node that is killed while it imports blocks opens again at a whole block, with the real runtime and LMDB.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { concat, toHex, Writer } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { encodeBlock, ManualClock, Node, readChainSpec } from '../../../host/node/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const specFile = join(root, 'chain-spec/dev.json');
const spec = readChainSpec(specFile);
const folder = mkdtempSync(join(tmpdir(), 'corejam-crash-'));
const BLOCKS = 400;
const blocks: Uint8Array[] = [];

beforeAll(async () => {
  const author = Node.open({ spec, database: new MemoryDatabase(), sealing: 'manual', clock: new ManualClock() });
  for (let i = 0; i < BLOCKS; i++) {
    const { header, extrinsics } = author.createBlock();
    blocks.push(encodeBlock({ header, extrinsics }));
  }
  await author.close();
  writeFileSync(join(folder, 'blocks'), concat(...blocks.map((bytes) => new Writer().bytes(bytes).finish())));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Imports every block that it does not have yet, and prints the number of each after its import. */
const CHILD = `
  import { readFileSync } from 'node:fs';
  const [node, bytes, spec, file, basePath] = process.argv.slice(1);
  const { Node, readChainSpec, decodeBlock } = await import(node);
  const { Reader } = await import(bytes);
  const chain = Node.open({ spec: readChainSpec(spec), basePath, sealing: 'manual' });
  const reader = new Reader(readFileSync(file));
  while (reader.remaining > 0) {
    const block = decodeBlock(reader.bytes());
    if (block.header.number > chain.best().number) process.stdout.write(chain.importBlock(block).value.number + '\\n');
  }
  await chain.close();
`;

/** Runs the importer until it has printed `count` numbers, kills it, and returns the last number that it printed. */
async function killAfter(count: number, basePath: string): Promise<number> {
  const built = (part: string): string => pathToFileURL(join(root, 'build/js/host', part, 'index.js')).href;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', CHILD, built('node'), built('bytes'), specFile, join(folder, 'blocks'), basePath],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString();
    if (said.split('\n').length > count) child.kill('SIGKILL');
  });
  expect(await ended).toBe('SIGKILL');
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

test('kill -9 during import: the node opens at the last written block, which is whole, and continues', async () => {
  const basePath = join(folder, 'chain');
  let before = 0;
  for (const count of [3, 20, 41]) {
    const said = await killAfter(count, basePath);
    const node = Node.open({ spec, basePath, sealing: 'manual', clock: new ManualClock() });
    const best = node.best();
    // What it printed is durable. One more block may be written, whose number it could not print.
    expect(best.number).toBeGreaterThanOrEqual(said);
    expect(best.number).toBeGreaterThan(before);
    expect(encodeBlock({ header: best.header, extrinsics: node.body(best.hash)! })).toEqual(blocks[best.number - 1]);
    expect(node.blockHash(best.number + 1)).toBeUndefined();
    expect([...node.stateAt(best.hash).entries()].length).toBeGreaterThan(10);
    const imported = node.importBlock(blocks[best.number]!);
    expect(imported.ok && toHex(imported.value.header.parentHash)).toBe(toHex(best.hash));
    before = node.best().number;
    await node.close();
  }
});
