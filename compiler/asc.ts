// asc as the rest of the compiler sees it: its syntax tree, its diagnostics, and its pinned version.
//
// asc is always imported, never called by name: another package can take over `.bin/asc`.
import { ASC_VERSION } from './asc-version.js';
import type * as types from './asc-tree.js';
import type { Asc, Range, Tree } from './asc-tree.js';

export type {
  Asc,
  BinaryenModule,
  DeclarationStatement,
  DecoratorNode,
  EnumValueDeclaration,
  Expression,
  ParameterNode,
  Range,
  Statement,
  TypeNode,
  VariableLike,
} from './asc-tree.js';

// Imported by variables, so that TypeScript takes the types of asc-tree.ts: see there.
const [TREE, COMPILER]: string[] = ['assemblyscript', 'assemblyscript/asc'];
const tree = (await import(TREE!)) as Tree;
export const asc = (await import(COMPILER!)) as Asc;

if (asc.version !== ASC_VERSION) {
  throw new Error(`assemblyscript ${ASC_VERSION} is needed, but ${asc.version} is installed: run \`npm ci\``);
}

export const {
  CallExpression,
  ClassDeclaration,
  EnumDeclaration,
  ExportStatement,

  FieldDeclaration,
  FunctionDeclaration,
  FunctionExpression,
  IdentifierExpression,
  ImportStatement,
  MethodDeclaration,
  NamedTypeNode,
  Node,
  Parser,
  PropertyAccessExpression,
  ReturnStatement,
  Source,
  StringLiteralExpression,
  Tokenizer,
  TypeDeclaration,
  VariableStatement,
} = tree;

export type CallExpression = types.CallExpression;
export type ClassDeclaration = types.ClassDeclaration;
export type EnumDeclaration = types.EnumDeclaration;
export type ExportStatement = types.ExportStatement;
export type FieldDeclaration = types.FieldDeclaration;
export type FunctionDeclaration = types.FunctionDeclaration;
export type FunctionExpression = types.FunctionExpression;
export type MethodDeclaration = types.MethodDeclaration;
export type TypeDeclaration = types.TypeDeclaration;
export type NamedTypeNode = types.NamedTypeNode;
export type Node = types.Node;
export type Parser = types.Parser;
export type Source = types.Source;
export type VariableStatement = types.VariableStatement;

const { CommonFlags, SourceKind, DiagnosticCategory } = tree;
export const FLAG = {
  EXPORT: CommonFlags.Export!,
  CONST: CommonFlags.Const!,
  STATIC: CommonFlags.Static!,
  PRIVATE: CommonFlags.Private!,
  READONLY: CommonFlags.Readonly!,
};
export const SOURCE_KIND = { USER: SourceKind.User!, USER_ENTRY: SourceKind.UserEntry! };

/** The code that asc prints before what this compiler has to say: `ERROR AS109: …`. */
const DIAGNOSTIC_CODE = 109;

/** Adds an error to asc's own, with the place in the source that it is about. */
export function report(parser: Parser, range: Range, message: string): void {
  const known = parser.diagnostics.some(
    (each) => each.message === message && each.range?.source === range.source && each.range.start === range.start,
  );
  if (known) return;
  const diagnostic = tree.DiagnosticMessage.create(DIAGNOSTIC_CODE, DiagnosticCategory.Error!, message);
  diagnostic.message = message;
  parser.diagnostics.push(diagnostic.withRange(range));
}
