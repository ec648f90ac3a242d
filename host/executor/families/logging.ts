// `ext_logging_*`, `ext_misc_print_*` and `ext_panic_handler_*`: the log of the runtime.
//
// The levels of lines are 0 (error) to 4 (trace); the filter that the host returns is 0 (off) to 5 (trace).
import { text, toHex, tryText } from '../../bytes/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family } from '../host.js';
import { DEBUG } from '../log-book.js';

const TRACE = 4;
const FILTER_INFO = 3;

export const logging: Family = {
  /** As in polkadot-sdk, a level or a target that is none ends the call, and a message that is not UTF-8 is not logged. */
  ext_logging_log_version_1: define(['i32', 'i64', 'i64'], undefined, (host, level, target, message) => {
    const known = level & 0xff;
    if (known > TRACE) throw new HostCallError(`level: ${known} is not a level of the log`);
    const [where, line] = [host.view(target, 'target'), host.view(message, 'message')];
    if (tryText(where) === undefined) throw new HostCallError('target: it is not UTF-8');
    if (tryText(line) !== undefined) host.log.add(known, where, line);
  }),

  ext_logging_max_level_version_1: define([], 'i32', (host) => host.context.maxLogLevel ?? FILTER_INFO),

  ext_misc_print_num_version_1: define(['i64'], undefined, (host, value) =>
    host.log.addText(DEBUG, 'runtime', BigInt.asUintN(64, value).toString()),
  ),

  ext_misc_print_utf8_version_1: define(['i64'], undefined, (host, data) => {
    const line = tryText(host.view(data, 'text'));
    if (line !== undefined) host.log.addText(DEBUG, 'runtime', line);
  }),

  ext_misc_print_hex_version_1: define(['i64'], undefined, (host, data) =>
    host.log.addText(DEBUG, 'runtime', toHex(host.view(data, 'data'))),
  ),

  ext_panic_handler_abort_on_panic_version_1: define(['i64'], undefined, (host, message) => {
    throw new HostCallError(`the runtime panicked: ${text(host.view(message, 'message'))}`);
  }),
};
