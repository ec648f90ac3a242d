// Codecs in AssemblyScript for every type that the program encodes or decodes: for type n, `$w<n>` writes, `$r<n>`
// reads and `$d<n>` creates the default. They are global functions, so any file can use them; asc compiles only those
// in use.
//
// Reading always returns a value; the reader's `failed` tells whether it is valid. Objects are created without their
// constructors, and fields are written by offset, so `readonly` and constructor parameters are allowed.
import type { Types } from './type-reader.js';
import { isPlain, leastBytes, SHORT_ELEMENT_BYTES } from './types.js';
import type { ScaleType, Struct, Variant } from './types.js';

/** The statement that writes `value`. */
export function write(type: ScaleType, value: string, writer = 'w'): string {
  const { shape } = type;
  switch (shape.kind) {
    case 'integer':
      return `${writer}.${shape.name}(${value});`;
    case 'text':
      return `${writer}.text(${value});`;
    case 'bytes':
      return shape.most === undefined ? `${writer}.vec(${value});` : `$w${type.id}(${writer}, ${value});`;
    case 'fixed':
      return `${writer}.memory(changetype<usize>(${value}), ${shape.length});`;
    case 'unit':
    case 'void':
      return '';
    case 'bits':
      return `${value}.write(${writer});`;
    default:
      return `$w${type.id}(${writer}, ${value});`;
  }
}

/** The expression that reads a value. */
export function read(type: ScaleType, reader = 'r'): string {
  const { shape } = type;
  switch (shape.kind) {
    case 'integer':
      return `${reader}.${shape.name}()`;
    case 'text':
      return `${reader}.text()`;
    case 'bytes':
      return shape.most === undefined ? `${reader}.vec()` : `${reader}.vec(${shape.most})`;
    case 'bits':
      return `${type.text}.read(${reader})`;
    case 'unit':
      return `new ${type.text}()`;
    default:
      return `$r${type.id}(${reader})`;
  }
}

/** The expression that makes the default of a type. */
export function initial(type: ScaleType): string {
  const { shape } = type;
  switch (shape.kind) {
    case 'integer':
      return shape.name === 'bool' ? 'false' : `<${shape.name}>0`;
    case 'u128':
    case 'bits':
    case 'unit':
    case 'fixed':
    case 'map':
    case 'custom':
      return `new ${type.text}()`;
    case 'text':
      return "''";
    case 'bytes':
      return 'new StaticArray<u8>(0)';
    case 'vec':
      return `new ${type.text}()`;
    case 'nullable':
      return 'null';
    case 'compact':
      return initial(shape.item);
    case 'enum':
      return `<${type.text}>${shape.members[0]!.index}`;
    case 'dispatchResult':
      return '0';
    case 'dispatchError':
      return '0x01000000';
    default:
      return `$d${type.id}()`;
  }
}

/** All codecs, as the text of one file's declarations. */
export function codecs(types: Types): string {
  return types.all
    .filter((type) => type.shape.kind !== 'void')
    .map((type) =>
      [
        `// ${type.title}`,
        fun(`$w${type.id}(w: Writer, v: ${type.text}): void`, writeBody(type)),
        fun(`$r${type.id}(r: Reader): ${type.text}`, readBody(type)),
        fun(`$d${type.id}(): ${type.text}`, initialBody(type)),
        helpers(type),
      ].join('\n'),
    )
    .join('\n');
}

function fun(signature: string, body: string): string {
  return `@global export function ${signature} { ${body} }`;
}

/** The functions that replace `encode<T>`, `decode<T>` and so on. */
function helpers(type: ScaleType): string {
  const reference = !isPlain(type) && type.shape.kind !== 'nullable';
  const checked = 'const r = Reader.of(bytes); const v = ' + read(type) + ';';
  return [
    fun(
      `$encode${type.id}(v: ${type.text}): StaticArray<u8>`,
      `const w = new Writer(); ${write(type, 'v')} return w.finish();`,
    ),
    fun(
      `$encodedLength${type.id}(v: ${type.text}): u32`,
      `const mark = __arena_mark(); const w = new Writer(); ${write(type, 'v')} const n = <u32>w.length; __arena_reset(mark); return n;`,
    ),
    fun(
      `$decodeOr${type.id}(bytes: StaticArray<u8>, fallback: ${type.text}): ${type.text}`,
      `${checked} return r.done ? v : fallback;`,
    ),
    reference
      ? fun(`$decode${type.id}(bytes: StaticArray<u8>): ${type.text} | null`, `${checked} return r.done ? v : null;`)
      : '',
  ].join('\n');
}

function writeBody(type: ScaleType): string {
  const { shape } = type;
  switch (shape.kind) {
    case 'u128':
      return 'w.u64(v.low); w.u64(v.high);';
    case 'bytes':
      return `${overBound(type, shape.most)} w.vec(v);`;
    case 'vec':
      return `const n = v.length; ${overBound(type, shape.most)} w.compact(<u64>n);
      for (let i = 0; i < n; i++) { ${write(shape.item, 'v[i]')} }`;
    case 'nullable':
      return `if (v === null) { w.u8(0); } else { w.u8(1); ${write(shape.item, 'v')} }`;
    case 'option':
      return `w.bool(v.isSome); if (v.isSome) { ${write(shape.item, 'v.value')} }`;
    case 'result':
      return `w.bool(!v.isOk); if (v.isOk) { ${write(shape.ok, 'v.value')} }
      else { ${write(shape.error, 'v.error')} }`;
    case 'tuple':
      return shape.items.map((item, index) => write(item, `v.${'abcde'[index]}`)).join(' ');
    case 'map':
      return `w.compact(<u64>v.size); for (let i = 0; i < v.size; i++) {
      ${write(shape.key, 'v.keys[i]')} ${write(shape.value, 'v.values[i]')} }`;
    case 'compact':
      return writeCompact(shape.item);
    case 'struct':
      return writeFields(shape, 'v');
    case 'variants':
      return `${shape.variants
        .map(
          (each) => `if (v instanceof ${each.text}) {
      w.u8(${each.index}); ${writeFields(each, `changetype<${each.text}>(v)`)} return; }`,
        )
        .join('\n')}
      throw new Error('${type.title}: a class that is no variant');`;
    case 'enum':
      return `if (!$is${type.id}(<i32>v)) throw new Error('${type.title}: no such member'); w.u8(<u8>v);`;
    case 'custom':
      return 'v.encodeTo(w);';
    case 'call':
      return 'w.u8(v.pallet); w.u8(v.index); v.$write(w);';
    case 'event':
      return 'w.raw(v.encoded);';
    case 'dispatchResult':
      return 'writeDispatchResult(w, v);';
    case 'dispatchError':
      return 'writeDispatchError(w, v);';
    default:
      return write(type, 'v');
  }
}

function overBound(type: ScaleType, most: number | undefined): string {
  return most === undefined
    ? ''
    : `if (v.length > ${most}) throw new Error('${type.title}: more than ${most} elements');`;
}

function writeCompact(item: ScaleType): string {
  if (item.shape.kind === 'u128') return 'w.compactWide(v.low, v.high);';
  return item.shape.kind === 'unit' ? '' : 'w.compact(<u64>v);';
}

/** Reads fields by offset, so that private and readonly ones are accessible. */
function writeFields(struct: Struct, value: string): string {
  if (struct.fields.length === 0) return '';
  const fields = struct.fields.map((field) =>
    write(field.type, `load<${field.type.text}>(at, offsetof<${struct.text}>('${field.name}'))`),
  );
  return `const at = changetype<usize>(${value}); ${fields.join(' ')}`;
}

/** Reads the length of a list whose elements have at least `least` bytes each. */
function countElements(least: number, most: number | string = 'u32.MAX_VALUE'): string {
  return `r.${least < SHORT_ELEMENT_BYTES ? 'countShort' : 'count'}(${Math.max(1, least)}, ${most})`;
}

function readBody(type: ScaleType): string {
  const { shape } = type;
  switch (shape.kind) {
    case 'u128':
      return `const low = r.u64(); return new ${type.text}(low, r.u64());`;
    case 'fixed':
      return `const v = new ${type.text}(); r.into(changetype<usize>(v), ${shape.length}); return v;`;
    case 'vec':
      return `const n = ${countElements(leastBytes(shape.item), shape.most)};
      const v = new ${type.text}(); for (let i = 0; i < n && !r.failed; i++) v.push(${read(shape.item)}); return v;`;
    case 'nullable':
      return `if (!r.some()) return null; return ${read(shape.item)};`;
    case 'option':
      return `if (!r.some()) return new ${type.text}(false, ${initial(shape.item)});
      return new ${type.text}(true, ${read(shape.item)});`;
    case 'result':
      return `if (r.bool()) { const e = ${read(shape.error)};
      return new ${type.text}(false, ${initial(shape.ok)}, e); }
      return new ${type.text}(true, ${read(shape.ok)}, ${initial(shape.error)});`;
    case 'tuple':
      return `${shape.items.map((item, index) => `const x${index} = ${read(item)};`).join(' ')}
      return new ${type.text}(${shape.items.map((_, index) => `x${index}`).join()});`;
    case 'map':
      return `const n = ${countElements(leastBytes(shape.key) + leastBytes(shape.value))};
      const v = new ${type.text}();
      for (let i = 0; i < n && !r.failed; i++) {
        const key = ${read(shape.key)}; if (!v.push(key, ${read(shape.value)})) r.fail(); }
      return v;`;
    case 'compact':
      return readCompact(shape.item);
    case 'struct':
      return guarded(type, readStruct(shape), `return ${initial(type)};`);
    case 'variants':
      return guarded(type, readVariants(type, shape.variants), `return ${initial(type)};`);
    case 'enum':
      return `const b = <i32>r.u8(); if ($is${type.id}(b)) return <${type.text}>b; r.fail(); return ${initial(type)};`;
    case 'custom':
      return `return ${type.text}.decodeFrom(r);`;
    case 'call':
      return `if (!r.enterCall()) return ${initial(type)}; const call = $readCall(r); r.leave(); return call;`;
    case 'event':
      return `const from = r.position; $skipEvent(r); if (r.failed) return ${initial(type)};
      return new ${type.text}(bytesAt(from, <i32>(r.position - from)));`;
    case 'dispatchResult':
      return 'return readDispatchResult(r);';
    case 'dispatchError':
      return 'return readDispatchError(r);';
    default:
      return `return ${read(type)};`;
  }
}

/** Limits the nesting of recursive values to the reader's depth. */
function guarded(type: ScaleType, body: string, tooDeep: string): string {
  const text = body.replaceAll('$LEAVE$', type.recursive ? 'r.leave();' : '');
  return type.recursive ? `if (!r.enter()) { ${tooDeep} } ${text}` : text;
}

function readCompact(item: ScaleType): string {
  if (item.shape.kind === 'u128') return `const low = r.compactWide(); return new ${item.text}(low, r.high);`;
  if (item.shape.kind === 'unit') return `return new ${item.text}();`;
  return `return <${item.text}>r.compact(<u64>${item.text}.MAX_VALUE);`;
}

/** Reads an object: its fields in order. */
function readStruct(struct: Struct): string {
  const fields = struct.fields.map(
    (field) => `store<${field.type.text}>(at, ${read(field.type)}, offsetof<${struct.text}>('${field.name}'));`,
  );
  return `const at = __new(offsetof<${struct.text}>(), idof<${struct.text}>()); ${fields.join(' ')}
    $LEAVE$ return changetype<${struct.text}>(at);`;
}

function readVariants(type: ScaleType, variants: Variant[]): string {
  return `switch (r.u8()) {
    ${variants.map((each) => `case ${each.index}: { ${readStruct(each)} }`).join('\n')}
    default: { r.fail(); return ${initial(type)}; } }`;
}

function initialBody(type: ScaleType): string {
  const { shape } = type;
  switch (shape.kind) {
    case 'option':
      return `return new ${type.text}(false, ${initial(shape.item)});`;
    case 'result':
      return `return new ${type.text}(true, ${initial(shape.ok)}, ${initial(shape.error)});`;
    case 'tuple':
      return `return new ${type.text}(${shape.items.map(initial).join()});`;
    case 'struct':
      return makeInitial(shape);
    case 'variants':
      return shape.variants.length > 0 ? makeInitial(shape.variants[0]!) : 'return unreachable();';
    case 'call':
      return `return new ${type.text}(255, 255, -1);`;
    case 'event':
      return `return new ${type.text}(new StaticArray<u8>(0));`;
    default:
      return `return ${initial(type)};`;
  }
}

function makeInitial(struct: Struct): string {
  if (struct.constructible) return `return new ${struct.text}();`;
  const fields = struct.fields.map(
    (field) => `store<${field.type.text}>(at, ${initial(field.type)}, offsetof<${struct.text}>('${field.name}'));`,
  );
  return `const at = __new(offsetof<${struct.text}>(), idof<${struct.text}>()); ${fields.join(' ')}
    return changetype<${struct.text}>(at);`;
}

/** Which numbers are members of an enum. */
export function enumTests(types: Types): string {
  return types.all
    .flatMap((type) => {
      if (type.shape.kind !== 'enum') return [];
      const indices = type.shape.members.map((each) => each.index).sort((a, b) => a - b);
      const contiguous = indices.every((index, at) => index === at);
      const test = contiguous ? `<u32>v < ${indices.length}` : indices.map((index) => `v == ${index}`).join(' || ');
      return [`function $is${type.id}(v: i32): bool { return ${test}; }`];
    })
    .join('\n');
}
