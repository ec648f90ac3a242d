// Reads and writes the tables of weights in the working tree.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../root.js';
import type { Benchmark, Row } from './benchmark.js';
import { pathOf, readTable, tableText, unmeasured } from './table.js';

/** The rows of a pallet's table, by name; empty if there is no table. */
export function storedRows(pallet: string): Map<string, Row> {
  const path = join(ROOT, pathOf(pallet));
  return existsSync(path) ? readTable(readFileSync(path, 'utf8')) : new Map();
}

/** The second line of a pallet's table: how it was made. */
function storedOrigin(pallet: string): string {
  const path = join(ROOT, pathOf(pallet));
  const line = existsSync(path) ? readFileSync(path, 'utf8').split('\n')[1]! : '';
  return line.startsWith('// ') ? line.slice(3) : 'Not measured.';
}

/** Writes the table of a pallet: a row for each of its benchmarks. */
export async function writeTable(
  pallet: string,
  made: string,
  benchmarks: readonly Benchmark[],
  rows: ReadonlyMap<string, Row>,
): Promise<void> {
  const entries = benchmarks
    .filter((each) => each.pallet === pallet)
    .map((each) => ({ ...each, row: rows.get(each.name) ?? unmeasured(each) }));
  await writeFormatted(pathOf(pallet), tableText(pallet, made, entries));
}

/** Writes a generated source of the runtime, laid out as prettier does it. */
export async function writeFormatted(path: string, text: string): Promise<void> {
  const filepath = join(ROOT, path);
  const options = await resolveConfig(filepath);
  writeFileSync(filepath, await format(text, { ...options, filepath }));
}

/** Adds rows of zero for benchmarks that the tables lack, without which the runtime does not compile. */
export async function completeTables(benchmarks: readonly Benchmark[]): Promise<void> {
  for (const pallet of new Set(benchmarks.map((each) => each.pallet))) {
    const rows = storedRows(pallet);
    const own = benchmarks.filter((each) => each.pallet === pallet);
    const isComplete = own.every(({ name, components }) => {
      const row = rows.get(name);
      return row !== undefined && Object.keys(row.slopes).join() === Object.keys(components).join();
    });
    if (isComplete) continue;
    for (const { name, components } of own)
      if (Object.keys(rows.get(name)?.slopes ?? {}).join() !== Object.keys(components).join()) rows.delete(name);
    await writeTable(pallet, storedOrigin(pallet), benchmarks, rows);
  }
}
