// Log messages. The last line that an Authorizer logs is shown to the builder of a refused package.
import { ext_logging_log_version_1 } from './env';
import { fatText } from './memory';

const INFO: i32 = 2;

/** Logs one line. */
export function log(message: string): void {
  ext_logging_log_version_1(INFO, fatText('guest'), fatText(message));
}
