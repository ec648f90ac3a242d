// The runtime's log, kept by the host.
import { ext_logging_log_version_1, ext_logging_max_level_version_1 } from './env';
import { fatText } from './memory';

/** How much a message matters; the numbers are the host's. */
export enum LogLevel {
  Error,
  Warn,
  Info,
  Debug,
  Trace,
}

/** Whether anyone listens to `level`, so that a costly message need not be built. */
function logs(level: LogLevel): bool {
  return ext_logging_max_level_version_1() > <u32>level;
}

/** Logs `message` for `target`, a short name as `runtime::balances`. */
export function log(level: LogLevel, target: string, message: string): void {
  if (logs(level)) ext_logging_log_version_1(<u32>level, fatText(target), fatText(message));
}
