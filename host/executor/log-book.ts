// The log of one call into the runtime: each line is passed on at once, and the last lines are kept for the message of
// a trap.
import { text } from '../bytes/index.js';

const LINES_MAX = 64;
const LINE_BYTES_MAX = 2_048;
const LEVELS = ['error', 'warn', 'info', 'debug', 'trace'];

/** The level of what the host itself logs, and of what guests print. */
export const DEBUG = 3;

/** Is passed each line. `level`: 0 error, 1 warn, 2 info, 3 debug, 4 trace. */
export type LogListener = (level: number, target: string, message: string) => void;

/** The log lines of one call, bounded in number and length. */
export class LogBook {
  /** The last lines, oldest first, as `level target: message`. */
  readonly lines: string[] = [];

  readonly #listener: LogListener | undefined;

  constructor(listener?: LogListener) {
    this.#listener = listener;
  }

  /** Adds a line. A level above 4 counts as trace. Malformed UTF-8 is shown as U+FFFD. */
  add(level: number, target: Uint8Array, message: Uint8Array): void {
    this.addText(level, shorten(target), shorten(message));
  }

  /** As `add`, for text of the host. */
  addText(level: number, target: string, message: string): void {
    const known = Math.min(level >>> 0, LEVELS.length - 1);
    if (this.lines.length === LINES_MAX) this.lines.shift();
    this.lines.push(`${LEVELS[known]} ${target}: ${message}`);
    this.#listener?.(known, target, message);
  }
}

function shorten(bytes: Uint8Array): string {
  return bytes.length <= LINE_BYTES_MAX ? text(bytes) : `${text(bytes.subarray(0, LINE_BYTES_MAX))}…`;
}
