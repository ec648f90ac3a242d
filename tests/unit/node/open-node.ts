// Nodes with the fake runtime and a clock that stands still.
import { afterEach, expect } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryDatabase } from '../../../host/db/index.js';
import { InvalidRuntime } from '../../../host/executor/index.js';
import {
  encodeBlock,
  ManualClock,
  Node,
  type CommittedBlock,
  type Logger,
  type NodeOptions,
} from '../../../host/node/index.js';
import { FakeRuntime, fakeSpec } from './fake-runtime.js';

const nodes: Node[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A node, and what a test sees and decides of it. */
export interface OpenNode {
  node: Node;
  clock: ManualClock;
  /** Warnings and errors of its log. */
  lines: string[];
  /** Its runtime, whatever the code; only code that begins with 0 is no runtime. */
  runtime: FakeRuntime;
}

/** Opens a node that is closed after the test: in memory if no base path is given, making blocks only on request. */
export function openNode(options: Partial<NodeOptions> = {}): OpenNode {
  const opened = startNode(options);
  nodes.push(opened.node);
  return opened;
}

/** As `openNode`, but the caller closes it. */
export function startNode(options: Partial<NodeOptions> = {}): OpenNode {
  const clock = new ManualClock();
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  const log: Logger = { error: keep, warn: keep, info: () => undefined, debug: () => undefined };
  const runtime = new FakeRuntime();
  const node = Node.open({
    spec: fakeSpec(),
    database: options.basePath === undefined ? new MemoryDatabase() : undefined,
    clock,
    log,
    sealing: 'manual',
    executeOwnBlocks: true,
    loadRuntime: (code) => {
      if (code[0] === 0) throw new InvalidRuntime('the code is not a WebAssembly module');
      return runtime;
    },
    ...options,
  });
  return { node, clock, lines, runtime };
}

/** A new folder. */
export function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'corejam-test-'));
  folders.push(path);
  return path;
}

/** Submits transactions, which the pool must take. */
export function submit(node: Node, ...list: Uint8Array[]): void {
  for (const bytes of list) expect(node.pool.submit(bytes)).toMatchObject({ ok: true });
}

/** A block as it is imported. */
export const bytesOf = (node: Node, block: CommittedBlock): Uint8Array =>
  encodeBlock({ header: block.header, extrinsics: node.body(block.hash)! });

/** What each extrinsic of a block is, as KIND numbers them. */
export const kinds = (block: CommittedBlock): number[] => block.extrinsics.map((bytes) => bytes[1]!);
