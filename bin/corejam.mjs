#!/usr/bin/env node
// The `corejam` command: loads host/cli/main.ts as built.
import { existsSync } from 'node:fs';

const main = new URL('../build/js/host/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('corejam: nothing is built yet; run `npm run build` in the repository first.');
  process.exit(1);
}
await import(main.href);
