// Dispatch in AssemblyScript: one class per call, derived from frame's RuntimeCall, and the codec of all calls;
// inherents; depositing events.
import { FunctionExpression, MethodDeclaration } from './asc.js';
import { weightOf } from './call-reader.js';
import { read, write } from './codecs.js';
import type { Call, Event, Pallet, Runtime } from './model.js';
import { decorator, parseMember, replaceBody, returning, takeFunction } from './tree.js';
import type { Types } from './type-reader.js';
import type { ScaleType } from './types.js';

const className = (pallet: Pallet, call: Call): string => `$Call${pallet.index}_${call.index}`;

/** Calls that are inherents, in block order. */
function inherentsOf(runtime: Runtime): { pallet: Pallet; call: Call }[] {
  const order = runtime.runtime ? (runtime.orders.get('inherents') ?? []) : runtime.pallets;
  return order.flatMap((pallet) => pallet.calls.filter((call) => call.inherent).map((call) => ({ pallet, call })));
}

/** The classes of all calls and their decoder. */
export function calls(types: Types, runtime: Runtime, frame: Frame): string {
  const inherents = inherentsOf(runtime).map((each) => each.call);
  const classes = runtime.pallets.flatMap((pallet) =>
    pallet.calls.map((call) => callClass(types, pallet, call, inherents.indexOf(call), frame)),
  );
  const reading = (pallet: Pallet): string =>
    pallet.calls
      .map(
        (call) => `case ${call.index}: { ${readArguments(call)}
    return new ${className(pallet, call)}(${call.arguments.map((_, index) => `a${index}`).join()}); }`,
      )
      .join('\n');
  const byPallet = runtime.pallets
    .filter((pallet) => pallet.calls.length > 0)
    .map((pallet) => `case ${pallet.index}: { switch (r.u8()) { ${reading(pallet)} default: break; } break; }`);
  return `${classes.join('\n')}
    function $readCall(r: Reader): ${frame.call} { switch (r.u8()) { ${byPallet.join('\n')} default: break; }
      r.fail(); return new ${frame.call}(255, 255, -1); }`;
}

/** Names of frame's declarations in generated code. */
export interface Frame {
  call: string;
  origin: string;
  inherentError: string;
}

function readArguments(call: Call): string {
  return call.arguments.map((each, index) => `const a${index} = ${read(each.type)};`).join(' ');
}

function callClass(types: Types, pallet: Pallet, call: Call, inherent: number, frame: Frame): string {
  const owner = types.alias(call.owner);
  const origin = types.alias(call.origin);
  const fields = call.arguments.map((each, index) => `public a${index}: ${each.type.text}`).join();
  const values = call.arguments.map((_, index) => `, this.a${index}`).join('');
  const field = (name: string): string => `this.a${call.arguments.findIndex((each) => each.name === name)}`;
  const fieldsOf = (names: string[]): string => names.map(field).join();
  const senders = call.senders && [`changetype<${origin}>(origin)`, ...call.senders.arguments.map(field)].join();
  const allowed = call.senders ? ` && ${types.alias(call.senders.allowed)}(${senders})` : '';
  const dispatchClass = call.classified
    ? `<i32>${owner}.$class_${call.method}(${fieldsOf(call.classified)})`
    : `${call.dispatchClass}`;
  const { measured } = call;
  const weight = measured
    ? `${types.alias(measured.table)}.${measured.method}(${measured.components
        .map(({ argument, isLength }) => `<u32>${field(argument)}${isLength ? '.length' : ''}`)
        .join()})`
    : `<u64>${owner}.$weight_${call.method}(${fieldsOf(call.weighed)})`;
  return `@global export class ${className(pallet, call)} extends ${frame.call} {
    constructor(${fields}) { super(${pallet.index}, ${call.index}, ${inherent}); }
    weight(): u64 { return ${weight}; }
    dispatchClass(): i32 { return ${dispatchClass}; }
    paysFee(): bool { return ${call.pays}; }
    admits(origin: ${frame.origin}): bool { return origin instanceof ${origin}${allowed}; }
    mustSucceed(): bool { return ${call.mustSucceed}; }
    $write(w: Writer): void { ${call.arguments.map((each, index) => write(each.type, `this.a${index}`)).join(' ')} }
    apply(origin: ${frame.origin}): i32 {
      if (!(origin instanceof ${origin})) return 0x03000000;
      return ${owner}.${call.method}(changetype<${origin}>(origin)${values});
    }
  }`;
}

/** Adds functions for the weight of each call, and for a class that depends on arguments, in their declaration's scope. */
export function injectWeights(pallet: Pallet): void {
  for (const owner of pallet.callClasses) {
    for (const member of [...owner.members]) {
      const mark = member instanceof MethodDeclaration ? decorator(member, 'call') : undefined;
      const weight = mark && weightOf(mark);
      if (!weight) continue;
      const method = parseMember(owner, `static $weight_${member.name.text}(): u64 { return 0; }`) as MethodDeclaration;
      if (weight instanceof FunctionExpression) takeFunction(method, weight);
      else method.body = returning(weight);
      owner.members.push(method);
      const dispatchClass = mark.args?.slice(2).find((option) => option instanceof FunctionExpression);
      if (!(dispatchClass instanceof FunctionExpression)) continue;
      const classify = parseMember(
        owner,
        `static $class_${member.name.text}(): i32 { return 0; }`,
      ) as MethodDeclaration;
      takeFunction(classify, dispatchClass);
      owner.members.push(classify);
    }
  }
}

/** Functions that encode events and deposit them in System. */
export function events(types: Types, runtime: Runtime): string {
  const sink = runtime.eventSink;
  const deposit = sink ? `${types.alias(sink.owner)}.${sink.method}(w.finish());` : '';
  const functions = runtime.pallets.flatMap((pallet) =>
    pallet.events.map(
      (event) => `@global export function ${eventName(
        pallet,
        event,
      )}(${event.fields.map((each, index) => `a${index}: ${each.type.text}`).join()}): void {
      const w = new Writer(); w.u8(${pallet.index}); w.u8(${event.index});
      ${event.fields.map((each, index) => write(each.type, `a${index}`)).join(' ')} ${deposit} }`,
    ),
  );
  const byPallet = runtime.pallets
    .filter((pallet) => pallet.events.length > 0)
    .map(
      (pallet) => `case ${pallet.index}: {
    switch (r.u8()) { ${pallet.events
      .map((event) => `case ${event.index}: { ${event.fields.map((each) => `${read(each.type)};`).join(' ')} return; }`)
      .join('\n')} default: break; } break; }`,
    );
  return `${functions.join('\n')}
    function $skipEvent(r: Reader): void { switch (r.u8()) { ${byPallet.join('\n')} default: break; } r.fail(); }`;
}

const eventName = (pallet: Pallet, event: Event): string => `$event${pallet.index}_${event.index}`;

/** Generates the bodies of the event classes' methods. */
export function injectEvents(pallet: Pallet): void {
  if (!pallet.eventClass) return;
  const owner = pallet.eventClass.node as Pallet['node'];
  for (const event of pallet.events) {
    const method = owner.members.find((each) => each instanceof MethodDeclaration && each.name.text === event.name);
    replaceBody(
      owner,
      method as MethodDeclaration,
      `${eventName(pallet, event)}(${event.fields.map((each) => each.name).join()});`,
    );
  }
}

/** In inherent data, compact arguments of a call are plain integers. */
function plain(type: ScaleType): ScaleType {
  return type.shape.kind === 'compact' ? type.shape.item : type;
}

/** The functions of frame's Generated on inherents. */
export function inherents(types: Types, runtime: Runtime, frame: Frame): string {
  const all = inherentsOf(runtime);
  const little = (text: string): string =>
    `0x${[...text]
      .reverse()
      .map((each) => each.charCodeAt(0).toString(16).padStart(2, '0'))
      .join('')}`;
  return `@global export function $generated_inherentCount(): i32 { return ${all.length}; }
    @global export function $generated_inherentIdentifier(place: i32): u64 { switch (place) {
      ${all.map(({ call }, place) => `case ${place}: return ${little(call.inherent!.identifier)};`).join('\n')}
      default: return 0; } }
    @global export function $generated_inherentCall(place: i32, bytes: StaticArray<u8>): ${frame.call} | null {
      const r = Reader.of(bytes); let call: ${frame.call} | null = null;
      switch (place) { ${all
        .map(
          ({ pallet, call }, place) =>
            `case ${place}: { call = new ${className(pallet, call)}(${read(plain(call.arguments[0]!.type))}); break; }`,
        )
        .join('\n')}
        default: break; }
      return r.done ? call : null; }
    @global export function $generated_inherentError(place: i32, call: ${frame.call}, bytes: StaticArray<u8>): ${frame.inherentError} | null {
      switch (place) { ${all.map(({ pallet, call }, place) => inherentCheck(types, pallet, call, place)).join('\n')}
        default: return null; } }`;
}

/** The check of an inherent: the block's value against this node's. Data that do not decode are not checked. */
function inherentCheck(types: Types, pallet: Pallet, call: Call, place: number): string {
  const { check } = call.inherent!;
  if (!check) return '';
  return `case ${place}: { const r = Reader.of(bytes); const own = ${read(plain(call.arguments[0]!.type))};
    return r.done ? ${types.alias(check)}(changetype<${className(pallet, call)}>(call).a0, own) : null; }`;
}
