// The end of a runtime call that can't go on: logs why, then traps. asc calls `abort` for `throw`, failed assertions and
// its own checks (`--use abort=assembly/io/panic/abort`). A panic is a bug or corrupt state, never an answer to bad input.
import { ext_logging_log_version_1 } from './env';
import { fatText } from './memory';

/** Logs the message with its place in the source, whatever the log level, and traps. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const why = message === null ? 'unknown' : message;
  const where = file === null ? 'unknown' : file;
  const place = `${where}:${line.toString()}:${column.toString()}`;
  ext_logging_log_version_1(0, fatText('runtime'), fatText(`panicked: ${why} (${place})`));
  unreachable();
}
