// Panics of the runtime: logs the reason, then traps. asc calls `abort` for `throw`, failed assertions and its own
// checks (`--use abort=assembly/io/panic/abort`). A panic means a bug, corrupt state or an invalid block.
import { ext_logging_log_version_1 } from './env';
import { fatText } from './memory';

/** Logs the message with its source position, at any log level, and traps. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const why = message === null ? 'unknown' : message;
  const where = file === null ? 'unknown' : file;
  const place = `${where}:${line.toString()}:${column.toString()}`;
  ext_logging_log_version_1(0, fatText('runtime'), fatText(`panicked: ${why} (${place})`));
  unreachable();
}
