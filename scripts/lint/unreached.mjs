// Checks that assembly/ and guests/ have no dead files and exports, by the pallet compiler (compiler/unreached.ts).
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildScripts } from '../build.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));

await buildScripts();
const { unreached } = await import(pathToFileURL(join(repository, 'build/js/compiler/unreached.js')).href);
const dead = await unreached(process.cwd());
for (const sentence of dead) console.log(sentence);
process.exitCode = dead.length === 0 ? 0 : 1;
