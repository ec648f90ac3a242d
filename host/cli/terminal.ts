// Output for a person: colours (on a terminal only, and not with NO_COLOR), widths, sizes, weights, and CliError.
import { Failure } from '../bytes/index.js';

const colourless = (process.env.NO_COLOR ?? '') !== ''; // https://no-color.org: present and not empty
const coloured = (stream: NodeJS.WriteStream): boolean => stream.isTTY && !colourless;
const paint =
  (code: string, stream: NodeJS.WriteStream = process.stdout) =>
  (text: string): string =>
    coloured(stream) ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint('1');
export const dim = paint('2');
export const green = paint('32');
export const red = paint('31');
export const yellow = paint('33');
export const cyan = paint('36');
/** For standard error, which may be a file when standard output is a terminal. */
export const redError = paint('31', process.stderr);

const WIDTH_DEFAULT = 100;

/** Columns of the terminal; 100 if there is none, or if it reports 0. */
export const width = (): number =>
  process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : WIDTH_DEFAULT;

/** A command that can't be carried out as given: what is wrong, and what to do. */
export class CliError extends Failure {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** `1.2 MiB`, `640 B`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** A weight in picoseconds of reference time: `1.25 ms`. */
export function weight(picoseconds: bigint): string {
  const micros = Number(picoseconds) / 1e6;
  return micros < 1000 ? `${micros.toFixed(1)} µs` : `${(micros / 1000).toFixed(2)} ms`;
}
