// Checks with the pallet compiler (compiler/unreached.ts) that assembly/ and guests/ have no unused exports.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildScripts } from '../build.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));

await buildScripts();
const { unreached } = await import(pathToFileURL(join(repository, 'build/js/compiler/unreached.js')).href);
const dead = await unreached(process.cwd());
for (const each of dead) console.log(`${each} is exported, and no other file imports it`);
process.exitCode = dead.length === 0 ? 0 : 1;
