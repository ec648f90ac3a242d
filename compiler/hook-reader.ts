// Reads hooks of pallets, genesis functions, and the runtime's order of hooks and inherents. Pallets that are missing
// from an order, or that do not belong in it, are reported.
//
//   @hookPoint() static onFinalize(number: u32): void       declared once, in a pallet below all that have the hook
//   @hooks(Timestamp) class TimestampHooks { static onFinalize(number: u32): void … }
//   @runtime(System, Timestamp, Availability, …) @order('onFinalize', Timestamp, Availability) class Runtime …
import { ClassDeclaration, FLAG, MethodDeclaration, StringLiteralExpression } from './asc.js';
import type { DecoratorNode, Expression, Range, Source } from './asc.js';
import type { Hook, Pallet, Runtime } from './model.js';
import { classesOf } from './pallet-reader.js';
import { readParameters } from './parameters.js';
import type { Symbol } from './symbols.js';
import { decorator, dottedName, importInto, replaceBody, stringArgument, textOf } from './tree.js';
import type { Types } from './type-reader.js';

/** The name of the order of inherents. */
const INHERENTS = 'inherents';

/** Reads the `@hooks` classes, and the orders of the class marked `@runtime()`. */
export function readHooks(types: Types, runtime: Runtime): void {
  for (const { node, source, pallet } of classesOf(types, runtime.pallets, 'hooks')) {
    const owner = { node, source };
    for (const member of node.members) {
      if (!(member instanceof MethodDeclaration) || member.flags & FLAG.PRIVATE) continue;
      if (!(member.flags & FLAG.STATIC)) types.report(member.name.range, 'a class of hooks has static methods only');
      const each = decorator(member, 'genesisEach');
      if (each) readGenesisEach(types, pallet, owner, member, each);
      else runtime.hooks.push({ name: member.name.text, pallet, owner, node: member });
    }
  }
  const marked = types.sources.flatMap((source) =>
    source.statements.flatMap((node) =>
      node instanceof ClassDeclaration && decorator(node, 'runtime') ? [{ node, source }] : [],
    ),
  );
  runtime.runtime = marked[0];
  for (const { node } of marked.slice(1))
    types.report(node.name.range, 'there is one runtime class: another is marked too');
  if (!runtime.runtime) return;
  readPalletList(types, runtime, runtime.runtime);
  readOrders(types, runtime, runtime.runtime);
}

/** `@runtime(Pallet…)` lists all pallets of the program. */
function readPalletList(types: Types, runtime: Runtime, { node, source }: Symbol): void {
  const listed = listedPallets(types, runtime, decorator(node, 'runtime')!.args ?? [], source);
  for (const pallet of runtime.pallets) {
    if (listed.includes(pallet)) continue;
    types.report(pallet.node.name.range, `${pallet.name} is missing from @runtime(…): it lists all pallets`);
  }
}

/** The pallets that a decorator's arguments name, each once. */
function listedPallets(types: Types, runtime: Runtime, args: readonly Expression[], source: Source): Pallet[] {
  const listed: Pallet[] = [];
  for (const argument of args) {
    const symbol = types.symbols.named(argument, source);
    const pallet = runtime.pallets.find((each) => each.node === symbol?.node);
    if (!pallet) types.report(argument.range, `'${textOf(argument.range)}' is no pallet that this file imports`);
    else if (listed.includes(pallet)) types.report(argument.range, `${pallet.name} is listed already`);
    else listed.push(pallet);
  }
  return listed;
}

/** `@genesisEach(member)`: a function that is called with each element of an array of the genesis document. */
function readGenesisEach(
  types: Types,
  pallet: Pallet,
  owner: Symbol,
  node: MethodDeclaration,
  mark: DecoratorNode,
): void {
  const name = stringArgument(mark, 0);
  const args = readParameters(types, node, owner.source, 0);
  if (name === undefined)
    types.report(mark.range, "@genesisEach needs the name of an array in the document: 'balances'");
  if (textOf(node.signature.returnType.range) !== 'string') {
    types.report(
      node.signature.returnType.range,
      'a genesis function returns why it refuses an element: an empty string for no reason',
    );
  }
  if (name === undefined || !args || args.length === 0) return;
  pallet.genesis.push({ kind: 'each', name, owner, method: node.name.text, arguments: args });
}

function readOrders(types: Types, runtime: Runtime, { node, source }: Symbol): void {
  const given = new Set<string>();
  for (const mark of node.decorators ?? []) {
    if (dottedName(mark.name)?.[0] !== 'order') continue;
    const [name, ...listed] = mark.args ?? [];
    if (!(name instanceof StringLiteralExpression)) {
      types.report(
        mark.range,
        "@order needs the name of a hook, or 'inherents', and pallets: @order('onFinalize', Timestamp)",
      );
      continue;
    }
    if (given.has(name.value)) types.report(mark.range, `the order of '${name.value}' is given already`);
    given.add(name.value);
    const order = listedPallets(types, runtime, listed, source);
    for (const pallet of order) {
      if (has(runtime, name.value, pallet)) continue;
      const what = name.value === INHERENTS ? 'inherent' : `hook '${name.value}'`;
      const at = listed.find((each) => types.symbols.named(each, source)?.node === pallet.node);
      types.report((at ?? mark).range, `${pallet.name} has no ${what}`);
    }
    runtime.orders.set(name.value, order);
  }
  const missing = (name: string, pallet: Pallet, range: Range): void => {
    if (runtime.orders.get(name)?.includes(pallet)) return;
    types.report(
      range,
      `${pallet.name} is missing from @order('${name}', …) of the runtime class, so this would never run`,
    );
  };
  for (const { name, pallet, node: hook } of runtime.hooks) missing(name, pallet, hook.name.range);
  for (const pallet of runtime.pallets) {
    for (const call of pallet.calls) if (call.inherent) missing(INHERENTS, pallet, call.range);
  }
}

function has(runtime: Runtime, name: string, pallet: Pallet): boolean {
  if (name === INHERENTS) return pallet.calls.some((call) => call.inherent);
  return runtime.hooks.some((hook) => hook.name === name && hook.pallet === pallet);
}

/** Generates the body of each `@hookPoint()` method: runs the hooks of its name in order, adds their weights and frees what they allocated. */
export function fillHookPoints(types: Types, runtime: Runtime): void {
  const points = new Set<string>();
  for (const source of types.sources) {
    for (const owner of source.statements) {
      if (!(owner instanceof ClassDeclaration)) continue;
      for (const point of owner.members) {
        if (!(point instanceof MethodDeclaration) || !decorator(point, 'hookPoint')) continue;
        points.add(point.name.text);
        const order = runtime.orders.get(point.name.text) ?? [];
        const hooks = order.flatMap((pallet) =>
          runtime.hooks.filter((hook) => hook.name === point.name.text && hook.pallet === pallet),
        );
        for (const hook of hooks) {
          if (signature(hook.node) !== signature(point)) {
            types.report(
              hook.node.name.range,
              `hook '${hook.name}' must be as its hook point has it: ${signature(point)}`,
            );
          }
          importInto(source, hook.owner.node.name.text, alias(hook), hook.owner.source);
          hook.owner.node.flags |= FLAG.EXPORT;
        }
        replaceBody(owner, point, pointBody(types, point, hooks));
      }
    }
  }
  for (const { name, node } of runtime.hooks) {
    if (!points.has(name)) types.report(node.name.range, `there is no hook point '${name}'`);
  }
}

const alias = ({ owner, pallet }: Hook): string => `$${owner.node.name.text}${pallet.index}`;

/** Types of parameters and result, as written in the source. */
function signature({ signature: { parameters, returnType } }: MethodDeclaration): string {
  return `(${parameters.map((each) => textOf(each.type.range)).join(', ')}): ${textOf(returnType.range)}`;
}

function pointBody(types: Types, point: MethodDeclaration, hooks: Hook[]): string {
  const args = point.signature.parameters.map((each) => each.name.text).join();
  const calls = hooks.map((hook) => `${alias(hook)}.${hook.name}(${args});`);
  const result = textOf(point.signature.returnType.range);
  // Nothing that a hook allocates outlives it: what it returns is a number.
  const freeing = (call: string): string => `${call} __arena_reset(mark);`;
  if (calls.length === 0) return result === 'void' ? '' : 'return 0;';
  if (result === 'void') return `const mark = __arena_mark(); ${calls.map(freeing).join(' ')}`;
  if (result !== 'u64') types.report(point.signature.returnType.range, 'a hook returns nothing, or a weight: u64');
  const adding = calls.map((call) => freeing(`weight += ${call}`));
  return `const mark = __arena_mark(); let weight: u64 = 0; ${adding.join(' ')} return weight;`;
}
