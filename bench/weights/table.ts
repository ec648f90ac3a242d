// The tables of weights, `assembly/pallets/NAME/weights.ts`: written from measured rows, and read again to compare and
// to keep the rows that are not measured anew. The AssemblyScript is the only form in which a row is stored.
//
// A method returns a sum of products: picoseconds, or counts of reads and writes, each once or for each unit of a
// component. The parser accepts nothing else.
import type { Benchmark, Component, Cost, Row } from './benchmark.js';

/** A row with its documentation. */
export interface Entry {
  readonly name: string;
  readonly worst: string;
  readonly components: Readonly<Record<string, Component>>;
  readonly row: Row;
}

/** The folder of a pallet, and the class of its table. */
const folderOf = (pallet: string): string => pallet.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
export const pathOf = (pallet: string): string => `assembly/pallets/${folderOf(pallet)}/weights.ts`;
const classOf = (pallet: string): string => `${pallet}Weights`;

/** A row that is not measured yet, with which the runtime compiles. */
export function unmeasured({ components }: Benchmark): Row {
  const nothing: Cost = { ps: 0, reads: 0, writes: 0 };
  return {
    base: nothing,
    slopes: Object.fromEntries(Object.keys(components).map((name) => [name, nothing])),
  };
}

/** The text of a table, to be laid out by prettier. `made`: how and where it was measured. */
export function tableText(pallet: string, made: string, entries: readonly Entry[]): string {
  const body = entries.map(methodText).join('\n\n');
  const units = [...(body.includes('READ_PS') ? ['READ_PS'] : []), ...(body.includes('WRITE_PS') ? ['WRITE_PS'] : [])];
  const imports = units.length > 0 ? `import { ${units.join(', ')} } from '../../primitives';\n` : '';
  return `// Weights of ${pallet}, measured. Written by \`npm run bench:weights\`: change bench/weights and run it.
// ${made}
${imports}
/** Weights in picoseconds. */
export class ${classOf(pallet)} {
${body}
}
`;
}

function methodText({ name, worst, components, row }: Entry): string {
  const names = Object.keys(components);
  const counts = (field: 'reads' | 'writes'): string =>
    [
      ...(row.base[field] > 0 || names.every((each) => row.slopes[each]![field] === 0)
        ? [String(row.base[field])]
        : []),
      ...names.filter((each) => row.slopes[each]![field] > 0).map((each) => times(row.slopes[each]![field], each)),
    ].join(' + ');
  const parameters = names.map((each) => `${each}: ${components[each]!.unit}`);
  const docs = [worst, `Reads: ${counts('reads')}. Writes: ${counts('writes')}.`];
  if (parameters.length > 0) docs.push(`Components: ${parameters.join('; ')}.`);
  const terms = [
    [row.base, ''] as const,
    ...names.map((each) => [row.slopes[each]!, ` * <u64>${each}`] as const),
  ].flatMap(([cost, factor]) => [
    ...(cost.ps > 0 ? [`${grouped(cost.ps)}${factor}`] : []),
    ...(cost.reads > 0 ? [`${cost.reads}${factor} * READ_PS`] : []),
    ...(cost.writes > 0 ? [`${cost.writes}${factor} * WRITE_PS`] : []),
  ]);
  const used = (each: string): boolean => terms.some((term) => term.includes(`<u64>${each}`));
  return `  /**
${docs.map((line) => `   * ${line}`).join('\n')}
   */
  static ${name}(${names.map((each) => `${used(each) ? each : `_${each}`}: u32`).join(', ')}): u64 {
    return ${terms.length === 0 ? '0' : terms.join(' + ')};
  }`;
}

const times = (count: number, name: string): string => (count === 1 ? name : `${count} × ${name}`);
/** A number as sources have it: `1_000`. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '_');

/** The rows of a table, by name. Throws if the text is not one that `tableText` makes. */
export function readTable(text: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const [, name, parameters, sum] of text.matchAll(/static (\w+)\(([^)]*)\): u64 \{\s*return ([^;]*);\s*\}/g)) {
    const slopes: Record<string, Cost> = {};
    for (const parameter of parameters!.split(',').filter((each) => each.trim() !== ''))
      slopes[
        parameter
          .trim()
          .replace(/^_/, '')
          .replace(/: u32$/, '')
      ] = { ps: 0, reads: 0, writes: 0 };
    const row: { base: Cost; slopes: Record<string, Cost> } = { base: { ps: 0, reads: 0, writes: 0 }, slopes };
    for (const term of sum!.replace(/[()\s]/g, '').split('+')) {
      const match = /^(\d[\d_]*)(?:\*<u64>(\w+))?(?:\*(READ|WRITE)_PS)?$/.exec(term);
      const component = match?.[2];
      const cost = component === undefined ? row.base : slopes[component];
      if (!match || !cost) throw new Error(`the table's ${name} has a term that no benchmark writes: ${term}`);
      const field = match[3] === undefined ? 'ps' : match[3] === 'READ' ? 'reads' : 'writes';
      const changed = { ...cost, [field]: cost[field] + Number(match[1]!.replaceAll('_', '')) };
      if (component === undefined) row.base = changed;
      else slopes[component] = changed;
    }
    rows.set(name!, row);
  }
  return rows;
}
