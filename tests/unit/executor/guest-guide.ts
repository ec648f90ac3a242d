// Writes docs/guides/host-functions.md from the table of guest functions.
import { ENTRY_POINTS, type GuestFunction } from '../../../host/executor/index.js';

const SERVERS: Readonly<Record<GuestFunction['server'], string>> = {
  guest: '',
  node: '',
  runtime: '',
  later: ' Not implemented yet: a call traps.',
};

const HEAD = `# Host functions of guests

Every function that a guest may import, from the module \`env\`. This page is made from the table in
\`host/executor/guest-table.ts\` by \`UPDATE_GOLDEN=1 npm test tests/unit/executor/guest-table\`.

Every one of them links, whichever entry points a module has. A call of one that the running entry point does not have traps
(Panic), and so does a call with an argument outside of the guest's memory. An import that is not here, or of another type, makes
the module invalid.

| form | type | meaning |
| --- | --- | --- |
| \`bytes\` | i64 | a fat pointer: length << 32 \\| address |
| \`[n]\` | i32 | the address of n bytes |
| \`address\` | i32 | an address of the allocator |
| \`u32\`, \`u64\` | i32, i64 | the number |
| \`bytes?\`, \`u32?\` | i64 | bytes, or a u32; u64::MAX is none |

A price is in fuel: for the call, and for each byte that it moves out of or into the guest's memory. 1 fuel is 500 ps of weight.
`;

const formOf = (form: string | number): string => (typeof form === 'number' ? `[${form}]` : form);

/** The page. */
export function guideOf(table: Readonly<Record<string, GuestFunction>>): string {
  const sections = new Map<string, string[]>();
  for (const [name, { args, result, entries, server, price, about }] of Object.entries(table)) {
    const columns = ENTRY_POINTS.filter((entry) => entries.includes(entry));
    const title =
      columns.length === ENTRY_POINTS.length
        ? 'Every entry point'
        : columns.map((entry) => `\`${entry}\``).join(' and ');
    const list = Object.entries(args).map(([argument, form]) => `${argument}: ${formOf(form)}`);
    const returns = result === 'nothing' ? '' : ` -> ${formOf(result)}`;
    const row = `| \`${name}(${list.join(', ')})${returns}\` | ${price.fixed} + ${price.perByte} | ${about}${SERVERS[server]} |`;
    const rows = sections.get(title) ?? [];
    sections.set(title, [...rows, row]);
  }
  const tables = [...sections].map(
    ([title, rows]) => `\n## ${title}\n\n| function | fuel | |\n| --- | --- | --- |\n${rows.join('\n')}\n`,
  );
  return HEAD + tables.join('');
}
