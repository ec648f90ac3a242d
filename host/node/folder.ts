// The folder of a node's chain: in the base path, or in a temporary folder that is removed when the node closes.
//
//   BASE/corejam/                  all that a node writes
//   BASE/corejam/made-by-corejam   shows that a node made this folder: no other folder is written to
//   BASE/corejam/db                the chain; what other parts of a node keep is beside it
//   BASE/corejam/temporary         the node made BASE for itself; if it is killed, another node removes BASE
//   BASE/corejam/owner             of a temporary folder: the process that uses it
//
// Files of others in BASE are neither read nor changed. A base path that is not empty and in which there is no chain is
// refused, because it is more likely a mistake than wanted.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { isAbandoned, own } from '../db/index.js';
import { isSystemError, makeFolder, reasonOf } from '../files/index.js';
import { BasePathRefused } from './errors.js';

const HOME = 'corejam';
const MARKER = 'made-by-corejam';
const MARKER_TEXT = 'A CoreJam node keeps its chain in this folder, and may remove files from it.\n';
const TEMPORARY = 'temporary';
const OWNER = 'owner';
const DATABASE = 'db';
const TEMPORARY_NAME = /^corejam-[A-Za-z0-9]{6}$/;
const NAMES_SHOWN = 3;

/** A folder, and how to release it when the node closes. */
export interface Folder {
  path: string;
  release(): void;
}

/**
 * The folder of a chain in the base path, or in a new temporary folder below `temporary`, which is removed on release or,
 * failing that, when the process exits. Throws BasePathRefused.
 */
export function openFolder(basePath: string | undefined, temporary = tmpdir()): Folder {
  if (basePath === '') throw new BasePathRefused('the base path is empty; name a folder, `.` for the current one');
  const where = basePath === undefined ? `a temporary folder in ${temporary}` : `the base path ${resolve(basePath)}`;
  try {
    return basePath === undefined
      ? temporaryFolder(temporary)
      : { path: kept(resolve(basePath)), release: () => undefined };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new BasePathRefused(`${where} can't be used: ${reasonOf(error)}`, { cause: error });
  }
}

/** The folder of a chain in `base`, which is made if it does not exist. */
function kept(base: string): string {
  const home = join(base, HOME);
  if (!isOurs(home)) {
    makeFolder(base);
    const names = readdirSync(base);
    // A process that was killed while it made the folder leaves an empty one.
    const foreign = names.filter((name) => name !== HOME || !isEmptyFolder(home));
    if (foreign.length > 0) {
      const shown = foreign.slice(0, NAMES_SHOWN).map((name) => JSON.stringify(name));
      throw new BasePathRefused(
        `${base} has files and no chain in it (${shown.join(', ')}${foreign.length > NAMES_SHOWN ? ', …' : ''}); ` +
          'name a new or an empty folder as the base path',
      );
    }
    if (names.length === 0) mkdirSync(home);
    writeFileSync(join(home, MARKER), MARKER_TEXT);
  }
  ensureDatabase(home);
  // From now on it is kept, even if a node made it for itself.
  rmSync(join(home, TEMPORARY), { force: true });
  return home;
}

/** The database is made before anything else: without it, the rest belongs to a chain that is lost. */
function ensureDatabase(home: string): void {
  const others = readdirSync(home).filter((name) => ![MARKER, TEMPORARY, OWNER, DATABASE].includes(name));
  if (others.length === 0 || existsSync(join(home, DATABASE, 'data.mdb'))) return;
  throw new BasePathRefused(
    `the chain in ${home} is damaged: \`${DATABASE}/data.mdb\` is missing, and ${others.map((name) => `\`${name}\``).join(', ')} ` +
      'is there; put back a copy of it, or name another base path to begin a new chain',
  );
}

const isOurs = (home: string): boolean =>
  lstatSync(join(home, MARKER), { throwIfNoEntry: false })?.isFile() === true && lstatSync(home).isDirectory();

const isEmptyFolder = (path: string): boolean => lstatSync(path).isDirectory() && readdirSync(path).length === 0;

function temporaryFolder(parent: string): Folder {
  removeAbandoned(parent);
  const base = mkdtempSync(join(parent, 'corejam-'));
  const remove = (): void => rmSync(base, { recursive: true, force: true });
  process.once('exit', remove);
  const path = kept(base);
  own(path);
  writeFileSync(join(path, TEMPORARY), processSpace());
  return {
    path,
    release: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

/** Removes the temporary folders of this user's nodes that were killed. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!TEMPORARY_NAME.test(name)) continue;
    const base = join(parent, name);
    try {
      const stat = lstatSync(base);
      const { uid } = userInfo();
      const home = join(base, HOME);
      const mark = join(home, TEMPORARY);
      if (!stat.isDirectory() || (uid >= 0 && stat.uid !== uid) || !isOurs(home) || !existsSync(mark)) continue;
      // The numbers of processes of another container say nothing here.
      if (readFileSync(mark, 'utf8') === processSpace() && isAbandoned(home)) {
        rmSync(base, { recursive: true, force: true });
      }
    } catch (error) {
      if (!isSystemError(error)) throw error; // another node removes it too, or it can't be read
    }
  }
}

/** Identifies the numbering of processes that this one is in, on Linux; empty elsewhere. */
function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
