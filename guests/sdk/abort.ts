// Panics of a guest. asc calls `abort` for `throw`, failed assertions and its own checks. The host keeps the message as
// the reason; the run is a Panic (D17).
import { ext_logging_log_version_1 } from './env';
import { fatText } from './memory';

const ERROR: i32 = 0;

/** Logs the message and traps. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const place = file === null ? '' : ' (' + file + ':' + line.toString() + ':' + column.toString() + ')';
  ext_logging_log_version_1(ERROR, fatText('guest'), fatText((message === null ? 'it gave up' : message) + place));
  unreachable();
}
