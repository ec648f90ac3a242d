// Reports decorators that are misspelt or in the wrong place, which asc ignores.
import { ClassDeclaration, EnumDeclaration, FieldDeclaration, FunctionDeclaration, MethodDeclaration } from './asc.js';
import type { DeclarationStatement, Source } from './asc.js';
import { decorator, dottedName } from './tree.js';
import type { Types } from './type-reader.js';

/** The declarations that each decorator applies to; `in` is the decorator that the class must have. */
const PLACES: Record<string, { on: 'class' | 'field' | 'method' | 'export'; in?: string }> = {
  pallet: { on: 'class' },
  storageVersion: { on: 'class', in: 'pallet' },
  calls: { on: 'class' },
  hooks: { on: 'class' },
  api: { on: 'class' },
  scale: { on: 'class' },
  variants: { on: 'class' },
  variant: { on: 'class' },
  fixed: { on: 'class' },
  custom: { on: 'class' },
  bound: { on: 'class' },
  extension: { on: 'class' },
  extensions: { on: 'class' },
  runtime: { on: 'class' },
  order: { on: 'class', in: 'runtime' },
  preset: { on: 'class', in: 'runtime' },
  metadataHash: { on: 'class', in: 'runtime' },
  storage: { on: 'field', in: 'pallet' },
  constant: { on: 'field', in: 'pallet' },
  genesis: { on: 'field', in: 'pallet' },
  ensure: { on: 'field', in: 'pallet' },
  compact: { on: 'field' },
  bounded: { on: 'field' },
  member: { on: 'field' },
  transient: { on: 'field' },
  call: { on: 'method', in: 'calls' },
  inherent: { on: 'method', in: 'calls' },
  senders: { on: 'method', in: 'calls' },
  mustSucceed: { on: 'method', in: 'calls' },
  genesisEach: { on: 'method', in: 'hooks' },
  hookPoint: { on: 'method' },
  eventSink: { on: 'method' },
  wired: { on: 'method' },
  generated: { on: 'method' },
  hostcall: { on: 'export' },
  entry: { on: 'export' },
};

/** asc's own decorators. */
const NATIVE = ['inline', 'external', 'unmanaged', 'final', 'lazy', 'unsafe', 'global', 'operator', 'builtin'];

/** Reports misplaced decorators. */
export function checkDecorators(types: Types, source: Source): void {
  for (const statement of source.statements) {
    checkNode(types, statement as DeclarationStatement);
    if (!(statement instanceof ClassDeclaration)) continue;
    checkExclusive(types, statement);
    for (const member of statement.members) checkNode(types, member, statement);
  }
}

function checkNode(types: Types, node: DeclarationStatement, owner?: ClassDeclaration): void {
  for (const mark of node.decorators ?? []) {
    const name = dottedName(mark.name)?.[0] ?? '';
    if (NATIVE.includes(name)) continue;
    const place = PLACES[name];
    const fail = (message: string): void => types.report(mark.range, message);
    if (!place) fail(`there is no decorator @${name}`);
    else if (!fits(place.on, node)) fail(`@${name} must be on a ${place.on === 'export' ? 'function' : place.on}`);
    else if (place.in && !decorator(owner ?? node, place.in)) fail(`@${name} must be in a class marked @${place.in}`);
  }
}

function fits(on: string, node: DeclarationStatement): boolean {
  switch (on) {
    case 'class':
      return node instanceof ClassDeclaration && !(node instanceof EnumDeclaration);
    case 'field':
      return node instanceof FieldDeclaration;
    case 'method':
      return node instanceof MethodDeclaration;
    default:
      return node instanceof FunctionDeclaration;
  }
}

/** Reports classes with more than one encoding. */
function checkExclusive(types: Types, node: ClassDeclaration): void {
  const [first, second] = (node.decorators ?? []).filter((mark) =>
    ['scale', 'variants', 'variant', 'fixed', 'custom', 'extension', 'extensions'].includes(
      dottedName(mark.name)?.[0] ?? '',
    ),
  );
  if (first && second) types.report(second.range, `'${node.name.text}' has an encoding already`);
}
