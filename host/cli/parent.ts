// The process that started this one. If npm or npx is killed, it takes neither its shell nor this process with it, and the
// chain would run on unseen. A process that a shell, a service manager or a script started lives on, as a server should,
// unless its user asks for the opposite.
import { readFileSync } from 'node:fs';
import { systemClock } from '../node/index.js';

const LEVELS_MAX = 3;
const LOOK_EVERY_MS = 500;
/** The command line of npm or npx, which it may have replaced by a title: `npm exec corejam dev`. */
const NPM = /(^|[/\0])np[mx](-cli\.js)?([\0 ]|$)/;

/** The processes from this one's parent up to npm; empty if npm did not start it, or where there is no /proc. */
function lineToNpm(): number[] {
  if (process.env.npm_command === undefined) return [];
  const line: number[] = [];
  for (let pid: number | undefined = process.ppid; pid !== undefined && line.length < LEVELS_MAX; pid = parentOf(pid)) {
    line.push(pid);
    if (NPM.test(commandOf(pid))) return line;
  }
  return [];
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** The parent of a process; undefined if it has ended. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command comes second, in parentheses, and may hold anything; then come the state and the parent.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/**
 * Calls `ended` when the npm or npx that started this process has ended; `anyParent`: or whatever else started it. Returns a
 * function that stops the watch.
 */
export function watchParent(anyParent: boolean, ended: () => void): () => void {
  const line = lineToNpm();
  const { ppid } = process;
  let stop = (): void => undefined;
  const isWhole = (): boolean =>
    process.ppid === ppid &&
    line.every((pid, level) => {
      const parent = parentOf(pid);
      return parent !== undefined && (level === line.length - 1 || parent === line[level + 1]);
    });
  const look = (): void => {
    if (isWhole()) stop = systemClock.after(LOOK_EVERY_MS, look);
    else ended();
  };
  if (line.length > 0 || anyParent) look();
  return () => stop();
}
