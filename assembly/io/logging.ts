// The runtime's log, written by the host.
import { ext_logging_log_version_1, ext_logging_max_level_version_1 } from './env';
import { fatText } from './memory';

/** Log levels; the numbers are the host's. */
export enum LogLevel {
  Error,
  Warn,
  Info,
  Debug,
  Trace,
}

/** Whether `level` is enabled. */
function logs(level: LogLevel): bool {
  return ext_logging_max_level_version_1() > <u32>level;
}

/** Logs `message` for `target`, a name such as `runtime::balances`. */
export function log(level: LogLevel, target: string, message: string): void {
  if (logs(level)) ext_logging_log_version_1(<u32>level, fatText(target), fatText(message));
}
