// Access to asc: its syntax tree, its diagnostics, and its pinned version.
//
// asc is always imported, never run by name: another package can replace `.bin/asc`.
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

// Imported by variables, so that TypeScript uses the types of asc-tree.ts.
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

/** The code of this compiler's errors, as asc prints them: `ERROR AS109: …`. */
const DIAGNOSTIC_CODE = 109;

/** Reports an error as one of asc's, with its source position. */
export function report(parser: Parser, range: Range, message: string): void {
  const known = parser.diagnostics.some(
    (each) => each.message === message && each.range?.source === range.source && each.range.start === range.start,
  );
  if (known) return;
  const diagnostic = tree.DiagnosticMessage.create(DIAGNOSTIC_CODE, DiagnosticCategory.Error!, message);
  diagnostic.message = message;
  parser.diagnostics.push(diagnostic.withRange(range));
}
