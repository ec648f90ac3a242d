// Initialisers of globals and static fields. asc folds some of them only when it optimizes, and runs the others in a
// start function, which smoldot refuses. So constant integers are folded here, in all variants.
import { ClassDeclaration, FieldDeclaration, FLAG, VariableStatement } from './asc.js';
import type { Source } from './asc.js';
import type { Symbols } from './symbols.js';
import { parseStatement, textOf } from './tree.js';

/** Folds the initialisers of a file. */
export function foldInitialisers(symbols: Symbols, source: Source): void {
  for (const statement of source.statements) {
    if (statement instanceof VariableStatement) {
      for (const each of statement.declarations) fold(symbols, source, each);
    } else if (statement instanceof ClassDeclaration) {
      for (const each of statement.members) {
        if (each instanceof FieldDeclaration && each.flags & FLAG.STATIC) fold(symbols, source, each);
      }
    }
  }
}

function fold(symbols: Symbols, source: Source, node: Pick<FieldDeclaration, 'initializer' | 'range'>): void {
  const { initializer } = node;
  // Literals are not replaced, so they keep their source position.
  if (!initializer || /^-?\s*(0x)?[\d_a-fA-F]+$/.test(textOf(initializer.range))) return;
  const value = symbols.integer(initializer, source);
  if (value === undefined) return;
  const statement = parseStatement(source, `const $value = ${value};`) as VariableStatement;
  node.initializer = statement.declarations[0]!.initializer;
}
