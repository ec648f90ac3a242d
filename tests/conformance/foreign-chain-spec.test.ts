// The chain spec of a parachain of Rococo (Asset Hub, from @substrate/connect-known-chains): a node boots it as far as it
// goes. Its runtime has AuraApi, and no CoreJamApi.
import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { toHex } from '../../host/bytes/index.js';
import { MemoryDatabase } from '../../host/db/index.js';
import { BlockNotMade, checkChainSpec, createLogger, Node, type Json } from '../../host/node/index.js';
import { loadChainRuntime } from '../../host/node/runtimes.js';
import { UnknownEntryPoint } from '../../host/executor/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The genesis hash of the network, as its explorers show it. */
const GENESIS_HASH = '0x7c34d42fc815d392057c78b49f2755c753440ccd38bcb0405b3bcfb601d08734';
const specifier = '@substrate/connect-known-chains/rococo_v2_2_asset_hub';
const module = (await import(specifier).catch(() => undefined)) as { chainSpec: string } | undefined;
const maybe = module === undefined ? describe.skip : describe;

const folder = mkdtempSync(join(tmpdir(), 'corejam-foreign-'));
let child: ChildProcess | undefined;
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

maybe('the chain spec of another chain (needs @substrate/connect-known-chains)', () => {
  test('boots without CoreJamApi: the genesis of the network, its metadata, and a sentence for what it lacks', async () => {
    const file = join(folder, 'spec.json');
    writeFileSync(file, module!.chainSpec);
    child = spawn(process.execPath, [join(root, 'bin/corejam.mjs'), 'dev', '--chain', file, '--port', '0', '--tmp'], {
      stdio: 'pipe',
      env: { ...process.env, TMPDIR: folder },
    });
    let log = '';
    child.stderr!.on('data', (data: Buffer) => (log += data.toString()));
    let url: string | undefined;
    for await (const line of createInterface(child.stdout!)) {
      url = /ws:(\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url !== undefined) break;
    }
    const rpc = async (method: string, params: Json[] = []): Promise<unknown> => {
      const response = await fetch(`http:${url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number } };
      return result ?? error?.code;
    };
    expect(await rpc('chain_getBlockHash', [0])).toBe(GENESIS_HASH);
    expect(await rpc('system_chainType')).toBe('Live');
    expect(await rpc('state_getMetadata')).toMatch(/^0x6d657461/);
    expect(await rpc('corejam_packageStatus', [GENESIS_HASH])).toBe(-32_601); // no such method
    expect(log).toContain(
      'warn  the runtime of Rococo Asset Hub has no CoreJamApi: this node takes no work packages\n',
    );
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('boots without AuraApi: no authoring, and a sentence', async () => {
    const lines: string[] = [];
    const node = Node.open({
      spec: checkChainSpec(JSON.parse(module!.chainSpec) as Json),
      database: new MemoryDatabase(),
      sealing: { intervalMs: 1 },
      log: createLogger('info', (line) => lines.push(line)),
      loadRuntime: (code) => {
        const runtime = loadChainRuntime(code);
        return {
          codeHash: runtime.codeHash,
          version: () => runtime.version(),
          call: (method, ...rest) => {
            if (method.startsWith('AuraApi_')) throw new UnknownEntryPoint(method);
            return runtime.call(method, ...rest);
          },
        };
      },
    });
    expect(toHex(node.genesisHash)).toBe(GENESIS_HASH);
    expect(() => node.createBlock()).toThrow(BlockNotMade);
    const block = { header: node.best().header, extrinsics: [] };
    const header = { ...block.header, number: 1, parentHash: node.genesisHash };
    expect(node.importBlock({ ...block, header })).toMatchObject({
      ok: false,
      error: {
        kind: 'author',
        message: "block 1 can't be checked: the runtime has no entry point AuraApi_slot_duration",
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 50)); // no block falls due
    expect(lines).toEqual([
      `info  Rococo Asset Hub starts with genesis block ${GENESIS_HASH}`,
      'warn  the runtime of Rococo Asset Hub has no AuraApi: this node makes no blocks, and imports none',
    ]);
    await node.close();
  });
});
