// Reads `@call` methods: index, weight, origin, arguments, and the inherent of the call, if any.
import {
  ClassDeclaration,
  FLAG,
  FunctionDeclaration,
  FunctionExpression,
  MethodDeclaration,
  NamedTypeNode,
} from './asc.js';
import type { DecoratorNode, Expression } from './asc.js';
import type { Call, Measured, Parameter } from './model.js';
import type { Indices } from './parameters.js';
import { readParameters } from './parameters.js';
import type { Symbol } from './symbols.js';
import { decorator, docsOf, dottedName, snakeCase, stringArgument, textOf } from './tree.js';
import type { Types } from './type-reader.js';
import { leastBytes, parts, SHORT_ELEMENT_BYTES } from './types.js';
import type { ScaleType } from './types.js';

const CLASSES = ['Normal', 'Operational', 'Mandatory'];

/** Whether a class is frame's Origin or derived from it. */
function isOrigin(types: Types, symbol: Symbol): boolean {
  return types.symbols.derives(
    symbol,
    (each) => each.node.name.text === 'Origin' && each.source.internalPath.includes('frame/'),
  );
}

/** The call that a method declares; undefined if it declares none, or an invalid one (which is reported). */
export function readCall(
  types: Types,
  owner: Symbol,
  node: MethodDeclaration,
  indices: Indices,
  table: Symbol | undefined,
): Call | undefined {
  const mark = decorator(node, 'call');
  const inherent = decorator(node, 'inherent');
  const senders = decorator(node, 'senders');
  const mustSucceed = decorator(node, 'mustSucceed');
  if (!mark) {
    if (inherent) types.report(inherent.range, '@inherent requires @call');
    if (senders) types.report(senders.range, '@senders requires @call');
    if (mustSucceed) types.report(mustSucceed.range, '@mustSucceed requires @call');
    return undefined;
  }
  const method = node.name.text;
  const [indexNode, ...rest] = mark.args ?? [];
  const weight = weightOf(mark);
  const options = weight ? rest.slice(1) : rest;
  const index = indices.claim(indexNode && types.symbols.integer(indexNode, owner.source), method, mark.range);
  const row = table && methodOf(table, method);
  if (table && !row)
    types.report(mark.range, `call '${method}' has no benchmark: ${table.node.name.text} has no method of its name`);
  else if (!table && !weight)
    types.report(mark.range, `call '${method}' needs its weight in picoseconds: @call(${index ?? 0}, 50_000_000)`);
  else if (table && weight && !(weight instanceof FunctionExpression))
    types.report(weight.range, `the weight of call '${method}' is measured: leave it out, or give a function`);
  if (!(node.flags & FLAG.STATIC)) types.report(node.name.range, `call '${method}' must be static`);
  const origin = readOrigin(types, owner, node);
  const result = node.signature.returnType;
  if (!(result instanceof NamedTypeNode) || result.name.identifier.text !== 'DispatchResult') {
    types.report(result.range, `call '${method}' must return DispatchResult`);
  }
  const args = readParameters(types, node, owner.source, 1);
  for (const [place, { name, type }] of (args ?? []).entries()) {
    const list = listOfTiny(type);
    if (list)
      types.report(
        node.signature.parameters[place + 1]!.range,
        `argument '${name}' of call '${method}' has a list without a bound, ${list.title}, whose elements may be shorter ` +
          `than ${SHORT_ELEMENT_BYTES} bytes: decoding them comes before any check; use BoundedVec`,
      );
  }
  const names = args?.map((each) => each.name) ?? [];
  const measured = table && row && !weight && args ? measure(types, table, row, args) : undefined;
  if (table && !weight && !measured) return undefined;
  const weighed = measured
    ? measured.components.map((each) => each.argument)
    : weight && args
      ? argumentsTaken(types, weight, names)
      : undefined;
  const options_ = args ? readOptions(types, options, names) : undefined;
  if (index === undefined || !origin || !args || !weighed || !options_) return undefined;
  const call: Call = {
    name: snakeCase(method),
    owner,
    method,
    index,
    docs: [...docsOf(node).lines, ...(row ? weightDocs(row) : [])],
    origin,
    arguments: args,
    weighed,
    ...(measured && { measured }),
    dispatchClass: inherent ? CLASSES.indexOf('Mandatory') : options_.dispatchClass,
    ...(options_.classified ? { classified: options_.classified } : {}),
    pays: !inherent && options_.pays,
    mustSucceed: mustSucceed !== undefined,
    range: mark.range,
  };
  if (senders) {
    const allowed = sendersOf(types, owner, senders);
    const taken = allowed && sendersTake(types, allowed, names, senders);
    if (allowed && taken) call.senders = { allowed, arguments: taken };
  }
  if (inherent) {
    const identifier = stringArgument(inherent, 0);
    const fail = (message: string): void => types.report(inherent.range, message);
    if (identifier === undefined || identifier.length !== 8) fail('an inherent is known by eight characters');
    else if (args.length !== 1) fail('an inherent has one argument: what its data decode to');
    else if (origin.node.name.text !== 'None') fail('an inherent is unsigned: its origin must be None');
    else {
      const check = inherentCheck(types, owner, inherent);
      call.inherent = check ? { identifier, check } : { identifier };
    }
  }
  return call;
}

/** The weight in `@call(index, weight, class?, fee?)`; undefined if it is left out. */
export function weightOf(mark: DecoratorNode): Expression | undefined {
  const second = mark.args?.[1];
  return second && isOption(second) ? undefined : second;
}

const isOption = (argument: Expression): boolean => ['DispatchClass', 'Pays'].includes(dottedName(argument)?.[0] ?? '');

function methodOf(table: Symbol, name: string): MethodDeclaration | undefined {
  return (table.node as ClassDeclaration).members.find(
    (each): each is MethodDeclaration =>
      each instanceof MethodDeclaration && (each.flags & FLAG.STATIC) !== 0 && each.name.text === name,
  );
}

/** The documentation of a measured weight, for the metadata: what was measured, and the formula. */
function weightDocs(row: MethodDeclaration): string[] {
  const formula = /return ([^;]*);/.exec(textOf(row.range))?.[1]?.replace(/\s+/g, ' ');
  return ['', '# Weight', '', ...docsOf(row).lines, ...(formula === undefined ? [] : [`Picoseconds: ${formula}`])];
}

/** Maps the components of a measured weight to the call's arguments of their names: integers, or lengths of lists. */
function measure(types: Types, table: Symbol, row: MethodDeclaration, args: Parameter[]): Measured | undefined {
  const components: Measured['components'] = [];
  for (const { name } of row.signature.parameters) {
    const argument = args.find((each) => snakeCase(each.name) === snakeCase(name.text));
    const kind = argument && numberIn(argument.type);
    if (!kind) {
      const call = row.name.text;
      types.report(
        name.range,
        `call '${call}' has no argument '${name.text}' with a length or number: its weight must be a function`,
      );
      return undefined;
    }
    components.push({ argument: argument.name, isLength: kind === 'length' });
  }
  return { table, method: row.name.text, components };
}

/** A list or map in a type without a bound, of elements that may have less than `SHORT_ELEMENT_BYTES`. */
function listOfTiny(type: ScaleType, seen = new Set<ScaleType>()): ScaleType | undefined {
  if (seen.has(type)) return undefined;
  seen.add(type);
  const { shape } = type;
  // Readers count calls.
  const isOfCalls = shape.kind === 'vec' && shape.item.shape.kind === 'call';
  const isUnbounded = shape.kind === 'map' || (shape.kind === 'vec' && shape.most === undefined);
  if (isUnbounded && !isOfCalls && parts(type).reduce((sum, each) => sum + leastBytes(each), 0) < SHORT_ELEMENT_BYTES)
    return type;
  for (const part of parts(type)) {
    const found = listOfTiny(part, seen);
    if (found) return found;
  }
  return undefined;
}

function numberIn({ shape }: ScaleType): 'length' | 'number' | undefined {
  if (shape.kind === 'integer') return 'number';
  if (shape.kind === 'compact') return numberIn(shape.item);
  return ['bytes', 'vec', 'bits'].includes(shape.kind) ? 'length' : undefined;
}

/** The function named by the second argument of `@inherent`, which `Generated.inherentError` calls. */
function inherentCheck(types: Types, owner: Symbol, mark: DecoratorNode): Symbol | undefined {
  const given = mark.args?.[1];
  if (!given) return undefined;
  const symbol = types.symbols.named(given, owner.source);
  if (symbol?.node instanceof FunctionDeclaration && symbol.node.signature.parameters.length === 2) return symbol;
  types.report(given.range, "the check of an inherent is a function of two values: the block's, and this node's");
  return undefined;
}

/** The function named by `@senders`, which decides for which origins, and arguments, an extrinsic with this call is valid. */
function sendersOf(types: Types, owner: Symbol, mark: DecoratorNode): Symbol | undefined {
  const given = mark.args?.[0];
  const symbol = given && types.symbols.named(given, owner.source);
  if (symbol?.node instanceof FunctionDeclaration && symbol.node.signature.parameters.length > 0) return symbol;
  types.report(mark.range, '@senders needs a function of the origin, and of arguments: whether it may send the call');
  return undefined;
}

/** The arguments of the call that a function of its senders takes after the origin. */
function sendersTake(types: Types, { node }: Symbol, names: string[], mark: DecoratorNode): string[] | undefined {
  const [, ...parameters] = (node as FunctionDeclaration).signature.parameters;
  const taken = parameters.map(({ name }) => names.find((each) => snakeCase(each) === snakeCase(name.text)));
  if (taken.every((each) => each !== undefined)) return taken as string[];
  types.report(mark.range, 'the function of @senders takes the origin, and arguments of the call by their names');
  return undefined;
}

function readOrigin(types: Types, owner: Symbol, node: MethodDeclaration): Symbol | undefined {
  const first = node.signature.parameters[0];
  const symbol =
    first && first.type instanceof NamedTypeNode
      ? types.symbols.resolve(first.type.name.identifier.text, owner.source)
      : undefined;
  if (symbol && isOrigin(types, symbol)) return symbol;
  types.report(
    first?.range ?? node.name.range,
    `the first parameter of call '${node.name.text}' must be the origin it takes: Signed, Root, None or Origin`,
  );
  return undefined;
}

/** The arguments of the call that a function of its weight or class takes; none for a plain expression. */
function argumentsTaken(types: Types, given: Expression, names: string[]): string[] | undefined {
  if (!(given instanceof FunctionExpression)) return [];
  const taken: string[] = [];
  for (const parameter of given.declaration.signature.parameters) {
    const name = names.find((each) => snakeCase(each) === snakeCase(parameter.name.text));
    if (name === undefined) {
      types.report(parameter.range, `the call has no argument '${parameter.name.text}' to be weighed`);
      return undefined;
    }
    taken.push(name);
  }
  return taken;
}

/** Dispatch class and fee. `classified` has the arguments that a function of the class takes. */
interface CallOptions {
  dispatchClass: number;
  classified?: string[];
  pays: boolean;
}

function readOptions(types: Types, options: Expression[], names: string[]): CallOptions | undefined {
  const read: CallOptions = { dispatchClass: 0, pays: true };
  for (const option of options) {
    if (option instanceof FunctionExpression) {
      const taken = argumentsTaken(types, option, names);
      if (!taken) return undefined;
      read.classified = taken;
      continue;
    }
    const [kind, name] = dottedName(option) ?? [];
    if (kind === 'DispatchClass' && CLASSES.includes(name ?? '')) read.dispatchClass = CLASSES.indexOf(name!);
    else if (kind === 'Pays' && (name === 'Yes' || name === 'No')) read.pays = name === 'Yes';
    else {
      types.report(
        option.range,
        'after index and weight a call may say DispatchClass.Operational and Pays.No, or have a function of its class',
      );
      return undefined;
    }
  }
  return read;
}
