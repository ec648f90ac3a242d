// `ext_logging_*`, `ext_misc_print_*` and `ext_panic_handler_*`: the log of the runtime.
//
// The levels of lines are 0 (error) to 4 (trace); the filter that the host returns is 0 (off) to 5 (trace).
import { text, toHex } from '../../bytes/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family } from '../host.js';
import { DEBUG } from '../log-book.js';

const FILTER_INFO = 3;

export const logging: Family = {
  ext_logging_log_version_1: define(['i32', 'i64', 'i64'], undefined, (host, level, target, message) =>
    host.log.add(level, host.view(target, 'target'), host.view(message, 'message')),
  ),

  ext_logging_max_level_version_1: define([], 'i32', (host) => host.context.maxLogLevel ?? FILTER_INFO),

  ext_misc_print_num_version_1: define(['i64'], undefined, (host, value) =>
    host.log.addText(DEBUG, 'runtime', BigInt.asUintN(64, value).toString()),
  ),

  ext_misc_print_utf8_version_1: define(['i64'], undefined, (host, data) =>
    host.log.addText(DEBUG, 'runtime', text(host.view(data, 'text'))),
  ),

  ext_misc_print_hex_version_1: define(['i64'], undefined, (host, data) =>
    host.log.addText(DEBUG, 'runtime', toHex(host.view(data, 'data'))),
  ),

  ext_panic_handler_abort_on_panic_version_1: define(['i64'], undefined, (host, message) => {
    throw new HostCallError(`the runtime panicked: ${text(host.view(message, 'message'))}`);
  }),
};
