// The node's log: lines on standard error, down to a level.

/** From silent to talkative. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the node tells its operator: a method for each level. */
export type Logger = Readonly<Record<Exclude<LogLevel, 'off'>, (message: string) => void>>;

/** Says nothing. */
export const silent: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

const toStandardError = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Writes lines of this level and above through `write`. */
export function createLogger(level: LogLevel, write: (line: string) => unknown = toStandardError): Logger {
  const most = LOG_LEVELS.indexOf(level);
  const line = (name: LogLevel): ((message: string) => void) =>
    LOG_LEVELS.indexOf(name) <= most ? (message) => void write(`${name.padEnd(5)} ${message}`) : () => undefined;
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}
