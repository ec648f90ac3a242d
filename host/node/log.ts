// The node's log: lines on standard error, up to a level of detail. Messages may have text that guests, runtimes or chain
// specs chose, so what could deceive a terminal is escaped.
import { printableLines } from '../bytes/index.js';

/** In order of detail: a level includes those before it. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The node's messages to its operator: a method for each level. */
export type Logger = Readonly<Record<Exclude<LogLevel, 'off'>, (message: string) => void>>;

/** Discards everything. */
export const silent: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

const toStandardError = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Passes lines of this level and those before it to `write`. */
export function createLogger(level: LogLevel, write: (line: string) => unknown = toStandardError): Logger {
  const most = LOG_LEVELS.indexOf(level);
  const line = (name: LogLevel): ((message: string) => void) =>
    LOG_LEVELS.indexOf(name) <= most
      ? (message) => void write(`${name.padEnd(5)} ${printableLines(message)}`)
      : () => undefined;
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}
