// What a person sees: colours (on a terminal only), durations, sizes, and the one place that prints an error.

const coloured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: string) => (text: string): string => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint('1');
export const dim = paint('2');
export const green = paint('32');
export const red = paint('31');
export const yellow = paint('33');
export const cyan = paint('36');

const WIDTH_DEFAULT = 100;

/** Columns of the terminal; 100 where there is none. */
export const width = (): number => (process.stdout.isTTY ? process.stdout.columns : WIDTH_DEFAULT);

/** A mistake of the person at the keyboard: one sentence, and what to do. Printed without a stack trace. */
export class CliError extends Error {
  override name = 'CliError';

  constructor(message: string, readonly exitCode = 1) {
    super(message);
  }
}

/** `1.2 MiB`, `640 B`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** A weight in picoseconds of reference time, as a person reads it: `1.25 ms`. */
export function weight(picoseconds: bigint): string {
  const micros = Number(picoseconds) / 1e6;
  return micros < 1000 ? `${micros.toFixed(1)} µs` : `${(micros / 1000).toFixed(2)} ms`;
}

/** The first eight digits of a hash: enough to recognise it. */
export const short = (hash: string): string => (hash.length > 14 ? `${hash.slice(0, 10)}…` : hash);
