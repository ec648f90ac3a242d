// Reads the genesis documents that a runtime carries: `@preset(name, path)` of the runtime class.
import { ClassDeclaration } from './asc.js';
import type { Runtime } from './model.js';
import { dottedName, stringArgument } from './tree.js';
import type { Types } from './type-reader.js';

/** Reads the documents by `read`, which returns null for a path that has no file. They are kept without white space. */
export function readPresets(types: Types, runtime: Runtime, read: (path: string) => string | null): void {
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
