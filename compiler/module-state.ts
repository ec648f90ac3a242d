// Refuses module state of a runtime: variables that outlive a function call. An author executes a block in many calls
// into the blob, an importer in one, so a variable's value would be lost only for the author, and they would disagree
// about the block. State belongs in storage items. A variable that does not outlive one call into the runtime is marked
// `@transient(reason)`.
//
// Guests are not checked: an instance of one lives for a single call.
import {
  ClassDeclaration,
  EnumDeclaration,
  FieldDeclaration,
  FLAG,
  NamedTypeNode,
  StringLiteralExpression,
} from './asc.js';
import { TypeDeclaration, VariableStatement } from './asc.js';
import type { Source, TypeNode, VariableLike } from './asc.js';
import { decorator, stringArgument, textOf } from './tree.js';
import type { Types } from './type-reader.js';
import { INTEGERS } from './types.js';

const CURE = 'keep it in a storage item, or mark a static field @transient(reason)';

/** Reports the module state of a file. */
export function checkModuleState(types: Types, source: Source): void {
  for (const statement of source.statements) {
    if (statement instanceof VariableStatement) {
      for (const variable of statement.declarations) {
        const constant = (variable.flags & FLAG.CONST) !== 0;
        check(types, source, variable, constant, 'a top-level variable');
      }
    } else if (statement instanceof ClassDeclaration) {
      for (const member of statement.members) {
        if (!(member instanceof FieldDeclaration) || !(member.flags & FLAG.STATIC)) continue;
        if (['storage', 'constant'].some((name) => decorator(member, name))) continue;
        const mark = decorator(member, 'transient');
        if (!mark) check(types, source, member, (member.flags & FLAG.READONLY) !== 0, 'a static field');
        else if (!stringArgument(mark, 0)) types.report(mark.range, '@transient needs its reason');
      }
    }
  }
}

function check(types: Types, source: Source, variable: VariableLike, constant: boolean, what: string): void {
  const name = variable.name.text;
  if (!constant) types.report(variable.name.range, `'${name}' is module state: ${what} that can change; ${CURE}`);
  else if (!isValue(types, source, variable)) {
    types.report(
      variable.name.range,
      `'${name}' is module state: an object that can change; make it a function, or ${CURE}`,
    );
  }
}

/** Whether a constant is a number, a bool, an enum member or a string literal, which are immutable. */
function isValue(types: Types, source: Source, { type, initializer }: VariableLike): boolean {
  if (initializer instanceof StringLiteralExpression) return true;
  if (type && type.range.start !== type.range.end) return isNumber(types, source, type);
  return (
    initializer !== null &&
    (types.symbols.integer(initializer, source) !== undefined || /^(true|false)$/.test(textOf(initializer.range)))
  );
}

function isNumber(types: Types, source: Source, type: TypeNode): boolean {
  if (!(type instanceof NamedTypeNode) || type.isNullable) return false;
  const name = type.name.identifier.text;
  if (name in INTEGERS || name === 'usize' || name === 'isize') return true;
  const symbol = types.symbols.resolve(name, source);
  if (symbol?.node instanceof EnumDeclaration) return true;
  return symbol?.node instanceof TypeDeclaration && isNumber(types, symbol.source, symbol.node.type);
}
