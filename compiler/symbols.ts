// Name resolution: asc resolves names only after transforms have run, so this follows declarations, imports
// and re-exports on the syntax tree. Only top-level names, since types and decorators use no others.
import {
  ClassDeclaration,
  EnumDeclaration,
  ExportStatement,
  FLAG,
  FunctionDeclaration,
  IdentifierExpression,
  ImportStatement,
  Source,
  StringLiteralExpression,
  TypeDeclaration,
  VariableStatement,
} from './asc.js';
import type { DeclarationStatement, Expression } from './asc.js';
import { dottedName, textOf } from './tree.js';

/** A top-level declaration and its file. */
export interface Symbol {
  node: DeclarationStatement;
  source: Source;
}

/** The names of a program. */
export class Symbols {
  readonly #byPath = new Map<string, Source>();
  readonly #found = new Map<string, Symbol | undefined>();

  constructor(sources: Source[]) {
    for (const source of sources) this.#byPath.set(source.internalPath, source);
  }

  /** The file of an import of `path`. */
  file(path: string): Source | undefined {
    return this.#byPath.get(path) ?? this.#byPath.get(`${path}/index`);
  }

  /** The declaration of `name` in `source`; undefined for asc's own and unknown names. */
  resolve(name: string, source: Source): Symbol | undefined {
    return this.#lookup(name, source, true, new Set());
  }

  #lookup(name: string, source: Source, local: boolean, seen: Set<string>): Symbol | undefined {
    const key = `${source.internalPath}|${name}|${local}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    if (this.#found.has(key)) return this.#found.get(key);
    const symbol = this.#search(name, source, local, seen);
    this.#found.set(key, symbol);
    return symbol;
  }

  #search(name: string, source: Source, local: boolean, seen: Set<string>): Symbol | undefined {
    for (const statement of source.statements) {
      const node = declared(statement, name);
      if (node) return { node, source };
      if (local && statement instanceof ImportStatement) {
        const imported = statement.declarations?.find((each) => each.name.text === name);
        const file = imported && this.file(statement.internalPath);
        if (file) return this.#lookup(imported.foreignName.text, file, false, seen);
      }
      if (!local && statement instanceof ExportStatement) {
        const found = this.#exported(statement, name, source, seen);
        if (found) return found;
      }
    }
    return undefined;
  }

  #exported(statement: ExportStatement, name: string, source: Source, seen: Set<string>): Symbol | undefined {
    const file = statement.internalPath === null ? source : this.file(statement.internalPath);
    if (!file) return undefined;
    if (statement.members === null) return this.#lookup(name, file, false, seen);
    const member = statement.members.find((each) => each.exportedName.text === name);
    return member && this.#lookup(member.localName.text, file, statement.internalPath === null, seen);
  }

  /** The value of a constant integer expression: literals, constants and arithmetic. */
  integer(expression: Expression, source: Source): bigint | undefined {
    const text = textOf(expression.range).replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
    const replaced = text.replace(/<\s*[uif]\d+\s*>/g, '').replace(/(?<![\w.])[A-Za-z_$][\w$.]*/g, (name) => {
      const value = this.#constant(name, source);
      return value === undefined ? ' ? ' : `(${value})`;
    });
    return arithmetic(replaced);
  }

  /** The value of a text: a literal, or a constant with one. */
  text(expression: Expression, source: Source): string | undefined {
    if (expression instanceof StringLiteralExpression) return expression.value;
    const symbol = this.named(expression, source);
    if (!symbol || !(symbol.node.flags & FLAG.CONST)) return undefined;
    const { initializer } = symbol.node as { initializer?: Expression | null };
    return initializer ? this.text(initializer, symbol.source) : undefined;
  }

  #constant(name: string, source: Source): bigint | undefined {
    const [first, member, ...more] = name.split('.');
    if (more.length > 0) return undefined;
    const symbol = this.resolve(first!, source);
    if (member !== undefined) {
      return symbol?.node instanceof EnumDeclaration
        ? this.#member(symbol.node, member, symbol.source)
        : limitOf(first!, member);
    }
    // A `let` may change.
    if (!symbol || !(symbol.node.flags & FLAG.CONST)) return undefined;
    const { initializer } = symbol.node as { initializer?: Expression | null };
    return initializer ? this.integer(initializer, symbol.source) : undefined;
  }

  #member(node: EnumDeclaration, name: string, source: Source): bigint | undefined {
    let next: bigint | undefined = 0n;
    for (const value of node.values) {
      const at: bigint | undefined = value.initializer ? this.integer(value.initializer, source) : next;
      if (value.name.text === name) return at;
      next = at === undefined ? undefined : at + 1n;
    }
    return undefined;
  }

  /** The base class of a class. */
  base(symbol: Symbol): Symbol | undefined {
    if (!(symbol.node instanceof ClassDeclaration) || !symbol.node.extendsType) return undefined;
    return this.resolve(symbol.node.extendsType.name.identifier.text, symbol.source);
  }

  /** Whether the class is `ancestor` or derives from it. */
  derives(symbol: Symbol, ancestor: (symbol: Symbol) => boolean): boolean {
    for (let at: Symbol | undefined = symbol; at; at = this.base(at)) if (ancestor(at)) return true;
    return false;
  }

  /** The declaration that a decorator's argument names. */
  named(expression: Expression, source: Source): Symbol | undefined {
    const name = expression instanceof IdentifierExpression ? dottedName(expression) : undefined;
    return name && this.resolve(name[0]!, source);
  }
}

function declared(statement: unknown, name: string): DeclarationStatement | undefined {
  if (statement instanceof VariableStatement) return statement.declarations.find((each) => each.name.text === name);
  const isDeclaration =
    statement instanceof ClassDeclaration ||
    statement instanceof EnumDeclaration ||
    statement instanceof TypeDeclaration ||
    statement instanceof FunctionDeclaration;
  return isDeclaration && statement.name.text === name ? statement : undefined;
}

/** `u64.MAX_VALUE` and similar. */
function limitOf(type: string, member: string): bigint | undefined {
  const [, sign, digits] = /^([ui])(8|16|32|64)$/.exec(type) ?? [];
  if (!digits) return undefined;
  const bits = BigInt(digits) - (sign === 'i' ? 1n : 0n);
  if (member === 'MAX_VALUE') return 2n ** bits - 1n;
  return member === 'MIN_VALUE' ? (sign === 'i' ? -(2n ** bits) : 0n) : undefined;
}

/** Evaluates `+ - * / << >>` and parentheses over integers. */
function arithmetic(text: string): bigint | undefined {
  const tokens = text.match(/0x[\da-fA-F_]+|\d[\d_]*|<<|>>|[-+*/()]|\S/g) ?? [];
  let at = 0;
  const LEVELS = [
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/'],
  ];
  const level = (depth: number): bigint | undefined => {
    if (depth === LEVELS.length) return atom();
    let left = level(depth + 1);
    while (left !== undefined && LEVELS[depth]!.includes(tokens[at] ?? '')) {
      const operator = tokens[at++]!;
      const right = level(depth + 1);
      left = right === undefined ? undefined : apply(operator, left, right);
    }
    return left;
  };
  const atom = (): bigint | undefined => {
    const token = tokens[at++];
    if (token === '-') {
      const value = atom();
      return value === undefined ? undefined : -value;
    }
    if (token === '(') {
      const inner = level(0);
      return tokens[at++] === ')' ? inner : undefined;
    }
    return token !== undefined && /^\d/.test(token) ? BigInt(token.replaceAll('_', '')) : undefined;
  };
  const value = level(0);
  return at === tokens.length ? value : undefined;
}

function apply(operator: string, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    default:
      return right === 0n ? undefined : left / right;
  }
}
