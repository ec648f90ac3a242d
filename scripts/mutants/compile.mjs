// Compiles the runtime of one tree again and again, on request: `compile.mjs ROOT ENTRY`, forked. A message has the path
// of the blob; the answer is whether it was built.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [root, entry] = process.argv.slice(2);
const { buildRuntime } = await import(pathToFileURL(join(root, 'build/js/compiler/build.js')).href);

process.on('message', async (outFile) => {
  try {
    await buildRuntime(root, { variant: 'debug', entry, outFile, log: null });
    process.send({ built: true });
  } catch {
    process.send({ built: false });
  }
});
process.on('disconnect', () => process.exit());
