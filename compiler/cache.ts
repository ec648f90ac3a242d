// Whether a blob is up to date: a file beside it records what it was made of. The compiler's own built code counts as a
// source.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ASC_VERSION } from './asc-version.js';
import type { CompileOptions } from './compile.js';

/** What a record holds: how the blob was built, and the hash of each file that was read. */
interface Record_ {
  how: string;
  files: Record<string, string>;
}

const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const recordPath = (path: string): string => `${path}.cache.json`;

let compilerHash: string | undefined;

/** Hash of this folder, as it runs: built or not. */
function ownHash(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  compilerHash ??= hash(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(js|ts)$/.test(name))
      .sort()
      .map((name) => `${name} ${hash(readFileSync(join(folder, name)))}`)
      .join('\n'),
  );
  return compilerHash;
}

function how(options: CompileOptions): string {
  const { entry, target } = options;
  return hash(JSON.stringify({ asc: ASC_VERSION, compiler: ownHash(), entry, target }));
}

/** Whether the blob at `path` was made of what is there now. */
export function fresh(options: CompileOptions, path: string): boolean {
  if (!existsSync(path) || !existsSync(recordPath(path))) return false;
  const record = JSON.parse(readFileSync(recordPath(path), 'utf8')) as Record_;
  return (
    record.how === how(options) &&
    Object.entries(record.files).every(
      ([name, expected]) =>
        existsSync(join(options.root, name)) && hash(readFileSync(join(options.root, name))) === expected,
    )
  );
}

/** Records what the blob at `path` was made of. */
export function remember(options: CompileOptions, path: string, sources: string[]): void {
  const files = Object.fromEntries(sources.map((name) => [name, hash(readFileSync(join(options.root, name)))]));
  writeFileSync(recordPath(path), `${JSON.stringify({ how: how(options), files } satisfies Record_, null, 1)}\n`);
}
