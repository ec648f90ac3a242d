// `ext_misc_runtime_version`: the identity of the runtime in some Wasm code, called before an upgrade to it. The
// printing functions of this family are in logging.ts.
import { InvalidRuntime, RuntimeTrap } from '../errors.js';
import { define, type Family } from '../host.js';
import { DEBUG } from '../log-book.js';
import { encodeVersion } from '../version.js';

export const misc: Family = {
  /** Returns Option<Vec<u8>>: the encoded RuntimeVersion, or none if this host can't run the code. */
  ext_misc_runtime_version_version_1: define(['i64'], 'i64', (host, code) => {
    try {
      return host.giveOptionalBytes(encodeVersion(host.versionOf(host.view(code, 'code').slice())));
    } catch (error) {
      if (!(error instanceof InvalidRuntime) && !(error instanceof RuntimeTrap)) throw error;
      host.log.addText(DEBUG, 'host', `no version in the given code: ${error.message}`);
      return host.giveOptionalBytes(undefined);
    }
  }),
};
