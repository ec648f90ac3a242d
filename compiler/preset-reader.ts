// Reads the genesis presets of a runtime: `@preset(name, path, target?)` of the runtime class.
import { ClassDeclaration } from './asc.js';
import type { Runtime } from './model.js';
import { dottedName, stringArgument } from './tree.js';
import type { TargetName } from './target.js';
import type { Types } from './type-reader.js';

/**
 * Reads the presets with `read`, which returns null if there is no such file; of those that name a target, only `target`'s.
 * White space is removed.
 */
export function readPresets(
  types: Types,
  runtime: Runtime,
  target: TargetName,
  read: (path: string) => string | null,
): void {
  const node = runtime.runtime?.node as ClassDeclaration | undefined;
  for (const mark of node?.decorators ?? []) {
    if (dottedName(mark.name)?.[0] !== 'preset') continue;
    const [name, path] = [stringArgument(mark, 0), stringArgument(mark, 1)];
    if (name === undefined || path === undefined) {
      types.report(
        mark.range,
        "@preset needs a name and a path: @preset('development', 'chain-spec/presets/development.json')",
      );
      continue;
    }
    const only = stringArgument(mark, 2);
    if (only !== undefined && only !== target) continue;
    if (runtime.presets.has(name)) types.report(mark.range, `there is a preset '${name}' already`);
    const text = read(path);
    if (text === null) {
      types.report(mark.range, `there is no file '${path}'`);
      continue;
    }
    try {
      runtime.presets.set(name, JSON.stringify(JSON.parse(text)));
    } catch (error) {
      types.report(mark.range, `'${path}' is not JSON: ${(error as Error).message}`);
    }
  }
}
