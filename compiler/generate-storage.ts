// Storage items in AssemblyScript: a class derived from frame's with the codecs of its types, and one object of it in
// static data (see frame/storage-item.ts for its layout). The field of the pallet becomes a getter of that object.
import { initial, read, write } from './codecs.js';
import { twox128 } from './hashing.js';
import type { Pallet, Runtime, StorageEntry } from './model.js';
import type { StaticData } from './static-data.js';
import { parseMember } from './tree.js';
import type { Types } from './type-reader.js';
import type { ScaleType } from './types.js';

const className = (pallet: Pallet, entry: StorageEntry): string => `$Storage${pallet.index}_${entry.field}`;
const objectName = (pallet: Pallet, entry: StorageEntry): string => `$storage${pallet.index}_${entry.field}`;

/** `$generated_storageVersions` of frame's Generated. */
export function storageVersions(runtime: Runtime, data: StaticData): string {
  const rows = runtime.pallets.map(({ name, storageVersion }) => {
    const version = Uint8Array.of(storageVersion & 0xff, storageVersion >> 8);
    return Buffer.concat([twox128(name), twox128(':__STORAGE_VERSION__:'), version]);
  });
  const bytes = Buffer.concat(rows);
  return `@global export function $generated_storageVersions(): StaticArray<u8> {
    return bytesAt(${data.place(bytes)}, ${bytes.length}); }`;
}

/** The classes and objects of a pallet's storage items. */
export function storageItems(types: Types, pallet: Pallet): string {
  return pallet.storage
    .map((entry) => {
      const name = className(pallet, entry);
      const args = [...entry.keys, entry.value].map((type) => type.text).join();
      const methods = [
        ...codec('', '', entry.value),
        `$initial(): ${entry.value.text} { return ${initial(entry.value)}; }`,
      ];
      if (entry.keys.length === 1) methods.push(...codec('Key', 'Key', entry.keys[0]!));
      if (entry.keys.length === 2)
        methods.push(...codec('First', 'First', entry.keys[0]!), ...codec('Second', 'Second', entry.keys[1]!));
      return `@global export class ${name} extends ${types.alias(entry.baseSymbol)}<${args}> { ${methods.join('\n')} }
      @global export function ${objectName(pallet, entry)}(): ${name} {
        return changetype<${name}>(${object(pallet, entry, name)}); }`;
    })
    .join('\n');
}

function codec(writeSuffix: string, readSuffix: string, type: ScaleType): string[] {
  return [
    `$read${readSuffix}(r: Reader): ${type.text} { return ${read(type)}; }`,
    `$write${writeSuffix}(w: Writer, v: ${type.text}): void { ${write(type, 'v')} }`,
  ];
}

/** Three words of padding, asc's object header, then the object's data, at a multiple of 16. */
function object(pallet: Pallet, entry: StorageEntry, name: string): string {
  const words = [twox128(pallet.name), twox128(entry.name)].flatMap((hash) => {
    const view = new DataView(hash.buffer, hash.byteOffset, 16);
    return [0, 4, 8, 12].map((offset) => view.getUint32(offset, true));
  });
  const payload = [...words, entry.hashers[0] ?? 0, entry.hashers[1] ?? 0];
  const header = ['0', '0', '0', '0', '0', '0', `idof<${name}>()`, String(payload.length * 4)];
  return `memory.data<u32>([${[...header, ...payload].join()}], 16) + ${header.length * 4}`;
}

/** Replaces storage fields by getters, and constants, whose values may have to be computed. */
export function injectFields(pallet: Pallet): void {
  const { node } = pallet;
  for (const entry of pallet.storage) {
    node.members = node.members.filter((member) => member.range !== entry.range);
    node.members.push(
      parseMember(
        node,
        `static get ${entry.field}(): ${className(pallet, entry)} { return ${objectName(pallet, entry)}(); }`,
      ),
    );
  }
}
