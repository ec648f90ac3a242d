// Compiles TypeScript for jest, with esbuild, one file at a time, with source maps for stack traces.
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

export default {
  getCacheKey: (source, path) =>
    createHash('sha1').update(version).update('\0').update(path).update('\0').update(source).digest('hex'),
  process: (source, path) => {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcefile: path,
      sourcemap: 'both',
    });
    return { code, map };
  },
};
