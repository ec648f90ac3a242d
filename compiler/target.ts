// How blobs are built: the targets of asconfig.json, as flags of asc.
//
// `release`, `scale` (the release for many validators, with longer blocks) and `debug` are the runtime, which must be WebAssembly 1.0: Substrate's executors and smoldot support
// nothing later. `guest` runs in the metered VM (host/vm), which allows more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The allocator of all blobs, which replaces asc's runtime. Relative to the repository's root. */
export const ARENA = 'assembly/rt/arena.ts';

export type TargetName = 'release' | 'scale' | 'debug' | 'guest';

/** How one blob is built. */
export interface Target {
  /** Presets may be for some targets only. */
  name: TargetName;
  /** asc's command line. */
  flags: string[];
  /** The function that replaces asc's `abort`: `folder/file/function`. */
  abort: string;
}

type Options = Record<string, boolean | number | string | string[]>;

interface Config {
  options: Options;
  targets: Record<TargetName, Options>;
}

/** A target of the asconfig.json in `root`. */
export function readTarget(root: string, name: TargetName): Target {
  const config = JSON.parse(readFileSync(join(root, 'asconfig.json'), 'utf8')) as Config;
  const options = { ...config.options, ...config.targets[name] };
  const abort = [options.use ?? []]
    .flat()
    .map(String)
    .find((use) => use.startsWith('abort='));
  if (abort === undefined)
    throw new Error(`asconfig.json: \`use\` of the target ${name} must put a function in place of abort`);
  const flags = Object.entries(options).flatMap(([option, value]) =>
    [value]
      .flat()
      .flatMap((one) => (one === true ? [`--${option}`] : one === false ? [] : [`--${option}`, String(one)])),
  );
  return { name, flags, abort: abort.slice('abort='.length) };
}
