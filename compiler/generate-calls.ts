// Dispatch in AssemblyScript: a class a call, derived from frame's RuntimeCall, and the codec over all of them; inherents;
// the depositing of events.
import { FunctionExpression, MethodDeclaration, Node, ReturnStatement } from './asc.js';
import type { Expression } from './asc.js';
import { read, write } from './codecs.js';
import type { Call, Event, Pallet, Runtime } from './model.js';
import { decorator, parseMember, replaceBody } from './tree.js';
import type { Types } from './type-reader.js';
import type { ScaleType } from './types.js';

const className = (pallet: Pallet, call: Call): string => `$Call${pallet.index}_${call.index}`;

/** Calls that are inherents, in the order in which they stand in a block. */
export function inherentsOf(runtime: Runtime): { pallet: Pallet; call: Call }[] {
  return runtime.pallets
    .flatMap((pallet) => pallet.calls.filter((call) => call.inherent).map((call) => ({ pallet, call })))
    .sort((a, b) => a.call.inherent!.place - b.call.inherent!.place);
}

/** The classes of all calls and what decodes them. */
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
}

function readArguments(call: Call): string {
  return call.arguments.map((each, index) => `const a${index} = ${read(each.type)};`).join(' ');
}

function callClass(types: Types, pallet: Pallet, call: Call, inherent: number, frame: Frame): string {
  const owner = types.alias(pallet.symbol);
  const origin = types.alias(call.origin);
  const fields = call.arguments.map((each, index) => `public a${index}: ${each.type.text}`).join();
  const values = call.arguments.map((_, index) => `, this.a${index}`).join('');
  const weighed = call.weighed.map((name) => `this.a${call.arguments.findIndex((each) => each.name === name)}`).join();
  return `@global export class ${className(pallet, call)} extends ${frame.call} {
    constructor(${fields}) { super(${pallet.index}, ${call.index}, ${inherent}); }
    weight(): u64 { return <u64>${owner}.$weight_${call.method}(${weighed}); }
    dispatchClass(): i32 { return ${call.dispatchClass}; }
    paysFee(): bool { return ${call.pays}; }
    $write(w: Writer): void { ${call.arguments.map((each, index) => write(each.type, `this.a${index}`)).join(' ')} }
    apply(origin: ${frame.origin}): i32 {
      if (!(origin instanceof ${origin})) return 0x03000000;
      return ${owner}.${call.method}(changetype<${origin}>(origin)${values});
    }
  }`;
}

/** Puts the weight of each call beside it as a function of its own, in the scope where it was written. */
export function injectWeights(pallet: Pallet): void {
  for (const member of [...pallet.node.members]) {
    const mark = member instanceof MethodDeclaration ? decorator(member, 'call') : undefined;
    const weight = mark?.args?.[1];
    if (!weight) continue;
    const method = parseMember(
      pallet.node,
      `static $weight_${member.name.text}(): u64 { return 0; }`,
    ) as MethodDeclaration;
    if (weight instanceof FunctionExpression) {
      const { signature, body } = weight.declaration;
      method.signature.parameters = signature.parameters;
      method.body = body !== null && 'expression' in body ? returning(body.expression as Expression) : body;
    } else {
      method.body = returning(weight);
    }
    pallet.node.members.push(method);
  }
}

function returning(expression: Expression): Node {
  return Node.createBlockStatement([new ReturnStatement(expression, expression.range)], expression.range);
}

/** Functions that encode events and hand them to System. */
export function events(types: Types, runtime: Runtime): string {
  const deposit = runtime.depositor ? `${types.alias(runtime.depositor)}.deposit(w.finish());` : '';
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

/** Gives the methods of the event classes their bodies. */
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

/** Inherent data hold a number as it is, where the call has it compact. */
function plain(type: ScaleType): ScaleType {
  return type.shape.kind === 'compact' ? type.shape.item : type;
}

/** What frame's Generated says of inherents. */
export function inherents(runtime: Runtime, frame: Frame): string {
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
      return r.done ? call : null; }`;
}
