// A disk that can only be read, and one that is too small: the node says so in a sentence, and no signal ends it. The disks
// are file systems in memory, in a mount space of their own, which Linux gives where it permits that.
import { afterAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where the disk is mounted; outside of the mount space this stays an empty folder. */
const DISK = mkdtempSync(join(tmpdir(), 'corejam-disk-'));
afterAll(() => rmdirSync(DISK));
const inSpace = (script: string): ReturnType<typeof spawnSync> =>
  spawnSync('unshare', ['-rm', 'sh', '-ec', script], { encoding: 'utf8', cwd: root, timeout: 50_000 });
const possible = inSpace(`mount -t tmpfs -o size=64k tmpfs ${DISK}`).status === 0;
const maybe = possible ? test : test.skip;

const node = (flags: string): string =>
  `"${process.execPath}" "${join(root, 'bin/corejam.mjs')}" dev --port 0 ${flags}`;

maybe.each([
  ['ro', 'temporary', '', `error: a temporary folder in ${DISK} can't be used: its file system can only be read\n`],
  [
    'ro',
    'given',
    `--base-path ${DISK}/x`,
    `error: the base path ${DISK}/x can't be used: its file system can only be read\n`,
  ],
  ['size=64k', 'given', `--base-path ${DISK}/x`, `error: the disk with the database in ${DISK}/x/corejam/db is full: `],
])('a disk with the option %s and a %s folder (needs unshare and tmpfs)', (option, _where, flags, sentence) => {
  const { status, signal, stderr } = inSpace(
    `mount -t tmpfs -o ${option} tmpfs ${DISK}; TMPDIR=${DISK} ${node(flags)}`,
  );
  expect([status, signal]).toEqual([1, null]);
  expect(stderr).toContain(sentence);
  expect(String(stderr).trim().split('\n')).toHaveLength(1);
});

maybe('a chain on a disk that can only be read since (needs unshare and tmpfs)', () => {
  const opened = `${node(`--base-path ${DISK}/x --sealing manual`)}`;
  const { stderr } = inSpace(
    `mount -t tmpfs tmpfs ${DISK}; timeout -s TERM 8 ${opened} >/dev/null || true; ` +
      // Processes of the node may still be ending, which have the database open.
      `until mount -o remount,ro tmpfs ${DISK} 2>/dev/null; do sleep 0.1; done; ${opened} || echo "code $?" >&2`,
  );
  expect(String(stderr)).toContain(
    `error: the database in ${DISK}/x/corejam/db can't be opened: its file system can only be read\ncode 1\n`,
  );
});

maybe('a disk that fills up while the chain runs: a sentence, and no signal (needs unshare and tmpfs)', () => {
  const program = `
    const { Node, readChainSpec } = await import(${JSON.stringify(join(root, 'build/js/host/node/index.js'))});
    const node = Node.open({ spec: readChainSpec('chain-spec/dev.json'), basePath: '${DISK}/x', sealing: 'manual' });
    let best;
    try {
      for (;;) best = node.createBlock().number;
    } catch (error) {
      console.log(error.message, node.best().number === best);
    }
    await node.close();`;
  const { status, signal, stdout } = inSpace(
    `mount -t tmpfs -o size=4m tmpfs ${DISK}; "${process.execPath}" --input-type=module -e '${program.replaceAll("'", `'\\''`)}'`,
  );
  expect([status, signal]).toEqual([0, null]);
  expect(stdout).toBe(`the database in ${DISK}/x/corejam/db can't be written: the disk is full true\n`);
});
