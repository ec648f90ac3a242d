// Reads the blob's exports (runtime APIs, host calls, entry points of guests) and the signed extensions.
import {
  ClassDeclaration,
  FieldDeclaration,
  FLAG,
  FunctionDeclaration,
  IdentifierExpression,
  MethodDeclaration,
  StringLiteralExpression,
} from './asc.js';
import type { DecoratorNode, Source } from './asc.js';
import type { Api, Exported, Extension, Runtime } from './model.js';
import { readParameters } from './parameters.js';
import { decorator, docsOf, snakeCase, stringArgument } from './tree.js';
import type { Types } from './type-reader.js';
import type { ScaleType } from './types.js';

/** Adds all exports to the model. */
export function readExports(types: Types, runtime: Runtime): void {
  for (const source of types.sources) {
    for (const node of source.statements) {
      if (node instanceof ClassDeclaration) readClass(types, runtime, node, source);
      if (node instanceof FunctionDeclaration) readFunction(types, runtime, node, source);
    }
  }
  runtime.apis.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readClass(types: Types, runtime: Runtime, node: ClassDeclaration, source: Source): void {
  if (decorator(node, 'api')) readApi(types, runtime, node, source);
  if (decorator(node, 'extensions')) readExtensions(types, runtime, node, source);
  for (const member of node.members) {
    if (member instanceof MethodDeclaration) readFunction(types, runtime, member, source, node);
  }
}

function readApi(types: Types, runtime: Runtime, node: ClassDeclaration, source: Source): void {
  const mark = decorator(node, 'api')!;
  const [name, versionNode] = mark.args ?? [];
  const version = versionNode && types.symbols.integer(versionNode, source);
  if (!(name instanceof StringLiteralExpression) || version === undefined) {
    types.report(mark.range, '@api needs its name and version: @api("Core", 4)');
    return;
  }
  if (runtime.apis.some((each) => each.name === name.value))
    types.report(mark.range, `there is an API '${name.value}' already`);
  const api: Api = {
    name: name.value,
    version: Number(version),
    docs: docsOf(node).lines,
    symbol: { node, source },
    methods: [],
  };
  for (const member of node.members) {
    // `private static` methods are helpers and are not exported.
    if (!(member instanceof MethodDeclaration) || !(member.flags & FLAG.STATIC) || member.flags & FLAG.PRIVATE)
      continue;
    const args = readParameters(types, member, source, 0);
    const result = types.of(member.signature.returnType, source);
    if (!args || !result) continue;
    api.methods.push({
      name: snakeCase(member.name.text),
      method: member.name.text,
      docs: docsOf(member).lines,
      arguments: args,
      result,
      range: member.name.range,
    });
  }
  runtime.apis.push(api);
}

function readFunction(
  types: Types,
  runtime: Runtime,
  node: FunctionDeclaration,
  source: Source,
  owner?: ClassDeclaration,
): void {
  const mark = decorator(node, 'hostcall') ?? decorator(node, 'entry');
  if (!mark) return;
  if (owner && !(node.flags & FLAG.STATIC))
    types.report(node.name.range, `'${node.name.text}' is exported: it must be static`);
  const args = readParameters(types, node as MethodDeclaration, source, 0);
  const result = types.of(node.signature.returnType, source);
  if (!args || !result) return;
  const isHostcall = decorator(node, 'hostcall') !== undefined;
  const gate = isHostcall ? readGate(types, mark, source) : undefined;
  if (isHostcall && !gate) return;
  if (isHostcall && result.shape.kind === 'void') {
    types.report(
      node.signature.returnType.range,
      'a host call must return at least one byte: an empty result is a refusal',
    );
  }
  const callee = owner ? `${types.alias({ node: owner, source })}.${node.name.text}` : types.alias({ node, source });
  const exported: Exported = {
    name: stringArgument(mark, 0) ?? node.name.text,
    callee,
    docs: docsOf(node).lines,
    arguments: args,
    result,
    gate,
  };
  if (runtime.exported.some((each) => each.name === exported.name)) {
    types.report(node.name.range, `'${exported.name}' is exported already`);
  }
  runtime.exported.push(exported);
}

/** The second argument of `@hostcall`: the name of a function without parameters. */
function readGate(types: Types, mark: DecoratorNode, source: Source): Exported['gate'] {
  const named = mark.args?.[1];
  const symbol = named instanceof IdentifierExpression ? types.symbols.resolve(named.text, source) : undefined;
  if (!(symbol?.node instanceof FunctionDeclaration) || symbol.node.signature.parameters.length > 0) {
    types.report(
      mark.range,
      '@hostcall needs its name and its gate: a function without parameters that returns whether it may be called',
    );
    return undefined;
  }
  return { name: symbol.node.name.text, callee: types.alias(symbol) };
}

function readExtensions(types: Types, runtime: Runtime, node: ClassDeclaration, source: Source): void {
  if (runtime.extra) types.report(node.name.range, 'the extensions of signed extrinsics are declared once');
  const unit = types.make('()', 'void', '()', { kind: 'void' });
  for (const member of node.members) {
    if (!(member instanceof FieldDeclaration) || member.flags & FLAG.STATIC) continue;
    const explicit = types.ofVariable(member, source);
    if (!explicit) continue;
    const mark = explicit.symbol && decorator(explicit.symbol.node, 'extension');
    const identifier = stringArgument(mark, 0);
    if (!explicit.symbol || identifier === undefined) {
      types.report(member.range, `'${member.name.text}' must be of a class marked @extension("Name")`);
      continue;
    }
    const extension: Extension = { identifier, explicit, implicit: implicitOf(types, explicit) ?? unit };
    runtime.extensions.push(extension);
  }
  runtime.extra = types.declaredType({ node, source });
}

/** The type of an extension's static field `implicit`: what it adds to the signed payload without sending it. */
function implicitOf(types: Types, explicit: ScaleType): ScaleType | undefined {
  const { node, source } = explicit.symbol!;
  const field = (node as ClassDeclaration).members.find(
    (each) => each instanceof FieldDeclaration && each.name.text === 'implicit',
  );
  if (!(field instanceof FieldDeclaration)) return undefined;
  // The field only declares a type, and asc would require a value.
  (node as ClassDeclaration).members = (node as ClassDeclaration).members.filter((each) => each !== field);
  return types.ofVariable(field, source);
}
