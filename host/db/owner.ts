// One process for each database: the file `owner` in its folder names the process that has it open.
//
// The file appears atomically (it is written under another name and linked), so that one of several processes wins. A
// killed process leaves its file behind: then no process with its number runs, or one with another start time, and the
// next process takes the folder over. No timeouts are involved.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Failure } from '../bytes/index.js';
import { FileRefused, readRegularFile } from '../files/index.js';

/** Another process has the folder open, or this one already has. */
export class DatabaseInUse extends Failure {
  constructor(
    readonly path: string,
    readonly pid: number | undefined,
  ) {
    super(
      pid === undefined
        ? `several processes are opening the database in ${path} at once; try again`
        : pid === process.pid
          ? `the database in ${path} is already open in this process (${pid})`
          : `the database in ${path} is in use by the process ${pid}; stop that process, or choose another base path`,
    );
  }
}

const OWNER_BYTES_MAX = 4_096;

/** Whether a process had the folder `path` and has ended without giving it up. */
export function isAbandoned(path: string): boolean {
  const theirs = read(join(path, 'owner'));
  return theirs !== undefined && !isRunning(Number.parseInt(theirs, 10), theirs);
}

/** Makes this process the owner of the folder `path`. Returns a function that gives it up. Throws DatabaseInUse. */
export function own(path: string): () => void {
  const file = join(path, 'owner');
  const aside = `${file}.${process.pid}`;
  const ours = describe(process.pid);
  rmSync(aside, { force: true });
  writeFileSync(aside, ours, { flag: 'wx' });
  try {
    // A second round is needed after a stale file was removed, a third if another process was faster to take over.
    for (let round = 0; round < 3; round++) {
      if (linked(aside, file)) return () => release(file, ours);
      const theirs = read(file);
      if (theirs === undefined) continue;
      const pid = Number.parseInt(theirs, 10);
      if (isRunning(pid, theirs)) throw new DatabaseInUse(path, pid);
      removeStale(file, `${aside}.stale`, theirs);
    }
    throw new DatabaseInUse(path, undefined);
  } finally {
    rmSync(aside, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes the file of a dead owner. If a new owner has replaced it in the meantime, the file is put back. */
function removeStale(file: string, aside: string, expected: string): void {
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return; // another process removed it first
    throw error;
  }
  if (read(aside) !== expected) linked(aside, file);
  rmSync(aside, { force: true });
}

function release(file: string, ours: string): void {
  if (read(file) === ours) rmSync(file, { force: true });
}

function read(file: string): string | undefined {
  try {
    return Buffer.from(readRegularFile(file, OWNER_BYTES_MAX)).toString('utf8');
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return error.code === 'ENOENT' ? undefined : ''; // anything but such a file names no process
  }
}

/** The process number and, on Linux, the start time of the process, because numbers are reused. */
function describe(pid: number): string {
  return `${pid} ${startOf(pid) ?? 'unknown'}\n`;
}

function isRunning(pid: number, description: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
    if (!isCode(error, 'EPERM')) throw error; // EPERM: it runs, under another user
  }
  return startOf(pid) === undefined || describe(pid) === description;
}

/** The start time of the process, in clock ticks since the boot, and the boot's id; undefined without /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The command comes second, in parentheses, and may hold anything; the start is the 20th field after it.
    return `${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]} ${boot}`;
  } catch {
    return undefined; // no /proc, or the process has just ended
  }
}

function isCode(error: unknown, code: string): boolean {
  // By shape: an error that Node throws is not an instance of the Error class of a test's sandbox.
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}
