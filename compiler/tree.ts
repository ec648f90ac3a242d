// Helpers for asc's syntax tree: decorators, documentation, walking, and parsing of generated members. asc drops
// comments, so documentation is read from the source text before a node.
import {
  CallExpression,
  ClassDeclaration,
  FunctionDeclaration,
  IdentifierExpression,
  ImportStatement,
  Node,
  Parser,
  PropertyAccessExpression,
  ReturnStatement,
  Source,
  StringLiteralExpression,
  Tokenizer,
} from './asc.js';
import type { DeclarationStatement, DecoratorNode, Expression, FunctionExpression, Range, Statement } from './asc.js';

/** The names of a declaration's decorators. */
export function decoratorNames(node: { decorators: DecoratorNode[] | null }): string[] {
  return (node.decorators ?? []).flatMap(({ name }) => (name instanceof IdentifierExpression ? [name.text] : []));
}

/** The decorator called `name`. */
export function decorator(node: { decorators: DecoratorNode[] | null }, name: string): DecoratorNode | undefined {
  return node.decorators?.find((each) => each.name instanceof IdentifierExpression && each.name.text === name);
}

/** The text of a range. */
export function textOf(range: Range): string {
  return range.source.text.slice(range.start, range.end);
}

/** The value of a string literal argument. */
export function stringArgument(node: DecoratorNode | undefined, index: number): string | undefined {
  const argument = node?.args?.[index];
  return argument instanceof StringLiteralExpression ? argument.value : undefined;
}

/** `x.y` as ['x', 'y'], `x` as ['x']. */
export function dottedName(expression: Expression): string[] | undefined {
  if (expression instanceof IdentifierExpression) return [expression.text];
  if (!(expression instanceof PropertyAccessExpression)) return undefined;
  const before = dottedName(expression.expression);
  return before && [...before, expression.property.text];
}

/** Documentation of a declaration: its doc comment without the stars, and its `@path` tag. */
export interface Docs {
  lines: string[];
  path: string[];
}

/** Reads the doc comment that ends before `node` (its decorators and modifiers skipped). */
export function docsOf(node: { range: Range; decorators?: DecoratorNode[] | null; name?: Node }): Docs {
  const source = node.range.source.text;
  const starts = [node.range.start, ...(node.decorators ?? []).map((each) => each.range.start)];
  const modifiers = /(?:@|\b(?:export|static|readonly|abstract|declare|class|enum)\b|\s)+$/;
  const before = source.slice(0, Math.min(...starts)).replace(modifiers, '');
  if (!before.endsWith('*/')) return { lines: [], path: [] };
  const start = before.lastIndexOf('/**');
  if (start < 0 || before.indexOf('*/', start) !== before.length - 2) return { lines: [], path: [] };
  const text = before.slice(start + 3, -2);
  const path = /@path\s+([\w:]+)/.exec(text)?.[1]?.split('::') ?? [];
  const lines = text
    .replace(/@path\s+[\w:]+/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  while (lines.length > 0 && lines[0] === '') lines.shift();
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
  return { lines, path };
}

/** Calls `visit` for `node` and every node below it. */
function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, visit);
    return;
  }
  if (!(node instanceof Node)) return;
  visit(node);
  for (const [name, value] of Object.entries(node)) {
    // Ranges refer back to the source.
    if (name !== 'range' && typeof value === 'object' && value !== null) walk(value, visit);
  }
}

/** The calls below `node`. */
export function callsBelow(node: Node): CallExpression[] {
  const found: CallExpression[] = [];
  walk(node, (each) => {
    if (each instanceof CallExpression) found.push(each);
  });
  return found;
}

/** Parses a generated class member. Its source has the path of the real file, by which asc finds the file. */
export function parseMember(owner: ClassDeclaration, text: string): DeclarationStatement {
  const source = new Source(0, owner.range.source.normalizedPath, text);
  const parser = new Parser();
  parser.currentSource = source;
  const member = parser.parseClassMember(new Tokenizer(source), owner);
  if (member === null || parser.diagnostics.length > 0) {
    throw new Error(`compiler: a generated member does not parse: ${text} ${parser.diagnostics.map(String).join(' ')}`);
  }
  return member as DeclarationStatement;
}

/** Replaces a function's body. */
export function replaceBody(owner: ClassDeclaration, method: FunctionDeclaration, body: string): void {
  const donor = parseMember(owner, `static $donor(): void { ${body} }`) as FunctionDeclaration;
  method.body = donor.body;
}

/** A body that returns an expression. */
export function returning(expression: Expression): Statement {
  return Node.createBlockStatement([new ReturnStatement(expression, expression.range)], expression.range);
}

/** Replaces a method's parameters and body by those of a function expression. */
export function takeFunction(
  method: FunctionDeclaration,
  { declaration: { signature, body } }: FunctionExpression,
): void {
  method.signature.parameters = signature.parameters;
  // An arrow function without braces has its expression as body.
  method.body = body !== null && 'expression' in body ? returning(body.expression as Expression) : body;
}

/** Adds `import { name as alias }` to a file, once. */
export function importInto(file: Source, name: string, alias: string, target: Source): void {
  const present = file.statements.some(
    (each) =>
      each instanceof ImportStatement && each.declarations?.some((declaration) => declaration.name.text === alias),
  );
  if (present) return;
  const up =
    file.internalPath
      .split('/')
      .slice(1)
      .map(() => '..')
      .join('/') || '.';
  const text = `import { ${name} as ${alias} } from '${up}/${target.internalPath}';`;
  file.statements.unshift(parseStatement(file, text));
}

/** Parses a generated top-level statement of a file. */
export function parseStatement(file: Source, text: string): Statement {
  const source = new Source(0, file.normalizedPath, text);
  const parser = new Parser();
  parser.currentSource = source;
  const statement = parser.parseTopLevelStatement(new Tokenizer(source), null);
  const whole = statement !== null && parser.diagnostics.length === 0;
  if (!whole) throw new Error(`compiler: a generated statement does not parse: ${text}`);
  return statement;
}

/** camelCase of a PascalCase name. */
export const lowerFirst = (name: string): string => name[0]!.toLowerCase() + name.slice(1);

/** PascalCase of a camelCase name. */
export const pascalCase = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** A name without the underscores that avoid keywords and warnings about unused names. */
const bare = (name: string): string => name.replace(/^_+|_+$/g, '');

/** snake_case of a camelCase or PascalCase name. */
export const snakeCase = (name: string): string =>
  bare(name)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
