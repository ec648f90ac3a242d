// Refuses `get` and `take` of Option items of numbers, which have no null. asc's own error would name frame's file.
import type { Source } from './asc.js';
import type { Pallet } from './model.js';
import { callsBelow, dottedName } from './tree.js';
import type { Types } from './type-reader.js';
import { isPlain } from './types.js';

/** Reports such calls. */
export function checkOptionalNumbers(types: Types, pallets: Pallet[], source: Source): void {
  for (const call of source.statements.flatMap(callsBelow)) {
    const [owner, field, method, ...more] = dottedName(call.expression) ?? [];
    if (more.length > 0 || (method !== 'get' && method !== 'take')) continue;
    const symbol = types.symbols.resolve(owner!, source);
    const entry = pallets.find((each) => each.node === symbol?.node)?.storage.find((each) => each.field === field);
    if (!entry?.optional || !isPlain(entry.value)) continue;
    const other = entry.base.replace('Option', 'Storage');
    types.report(call.range, `'${field}' holds ${entry.value.title}, which can't be null: use tryGet, or ${other}`);
  }
}
