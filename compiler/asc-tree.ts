// Types of asc's syntax tree: the parts that this compiler uses. asc's own declarations can't be used beside
// Node's, because they declare AssemblyScript's globals (`console`, `load`, `u8`, …) for the whole program.

export interface Range {
  start: number;
  end: number;
  source: Source;
}
export interface Node {
  range: Range;
}
export type Statement = Node;

export interface Source extends Node {
  sourceKind: number;
  /** Path with its ending. */
  normalizedPath: string;
  /** Path without its ending, as imports name it. */
  internalPath: string;
  text: string;
  statements: Statement[];
}

export type Expression = Node;
interface IdentifierExpression extends Expression {
  text: string;
}
interface StringLiteralExpression extends Expression {
  value: string;
}
interface PropertyAccessExpression extends Expression {
  expression: Expression;
  property: IdentifierExpression;
}
export interface CallExpression extends Expression {
  expression: Expression;
  typeArguments: TypeNode[] | null;
  args: Expression[];
}
export interface FunctionExpression extends Expression {
  declaration: FunctionDeclaration;
}

export interface TypeNode extends Node {
  isNullable: boolean;
}
export interface NamedTypeNode extends TypeNode {
  name: { identifier: IdentifierExpression; next: object | null };
  typeArguments: TypeNode[] | null;
}
interface TypeParameterNode extends Node {
  name: IdentifierExpression;
}
interface FunctionTypeNode extends TypeNode {
  parameters: ParameterNode[];
  returnType: TypeNode;
}
export interface ParameterNode extends Node {
  name: IdentifierExpression;
  type: TypeNode;
  initializer: Expression | null;
}

export interface DecoratorNode extends Node {
  name: Expression;
  args: Expression[] | null;
}
export interface DeclarationStatement extends Statement {
  name: IdentifierExpression;
  decorators: DecoratorNode[] | null;
  flags: number;
}
export interface VariableLike extends DeclarationStatement {
  type: TypeNode | null;
  initializer: Expression | null;
}
export interface FieldDeclaration extends VariableLike {
  parameterIndex: number;
}
export type EnumValueDeclaration = VariableLike;
export interface FunctionDeclaration extends DeclarationStatement {
  typeParameters: TypeParameterNode[] | null;
  signature: FunctionTypeNode;
  body: Statement | null;
}
export interface MethodDeclaration extends FunctionDeclaration {
  overriddenModuleName: string | null;
}
export interface ClassDeclaration extends DeclarationStatement {
  typeParameters: TypeParameterNode[] | null;
  extendsType: NamedTypeNode | null;
  members: DeclarationStatement[];
}
export interface EnumDeclaration extends DeclarationStatement {
  values: EnumValueDeclaration[];
}
export interface TypeDeclaration extends DeclarationStatement {
  typeParameters: TypeParameterNode[] | null;
  type: TypeNode;
}
export interface VariableStatement extends Statement {
  declarations: VariableLike[];
}
interface ImportStatement extends Statement {
  declarations: (DeclarationStatement & { foreignName: IdentifierExpression })[] | null;
  internalPath: string;
}
export interface ExportStatement extends Statement {
  members: { localName: IdentifierExpression; exportedName: IdentifierExpression }[] | null;
  internalPath: string | null;
}
interface BlockStatement extends Statement {
  statements: Statement[];
}
interface ReturnStatement extends Statement {
  value: Expression | null;
}
interface ExpressionStatement extends Statement {
  expression: Expression;
}

interface DiagnosticMessage {
  message: string;
  category: number;
  range: Range | null;
  withRange(range: Range): DiagnosticMessage;
}
interface Tokenizer {
  source: Source;
}
export interface Parser {
  sources: Source[];
  diagnostics: DiagnosticMessage[];
  currentSource: Source | null;
  parseFile(text: string, path: string, isEntry: boolean): void;
  parseTopLevelStatement(tokenizer: Tokenizer, namespace: null): Statement | null;
  parseClassMember(tokenizer: Tokenizer, parent: ClassDeclaration): Node | null;
}

/** What asc's `afterCompile` hands to transforms: binaryen's module. */
export interface BinaryenModule {
  addGlobalExport(name: string, exported: string): void;
  /** The global's address in binaryen; zero if there is none. */
  getGlobal(name: string): number;
  emitText(): string;
}

type Class<T> = abstract new (...args: never[]) => T;

/** The module `assemblyscript`. */
export interface Tree {
  Node: Class<Node> & { createBlockStatement(statements: Statement[], range: Range): BlockStatement };
  Source: new (kind: number, path: string, text: string) => Source;
  Parser: new () => Parser;
  Tokenizer: new (source: Source) => Tokenizer;
  ReturnStatement: new (value: Expression, range: Range) => ReturnStatement;
  DiagnosticMessage: { create(code: number, category: number, message: string): DiagnosticMessage };
  CallExpression: Class<CallExpression>;
  ClassDeclaration: Class<ClassDeclaration>;
  EnumDeclaration: Class<EnumDeclaration>;
  ExportStatement: Class<ExportStatement>;
  ExpressionStatement: Class<ExpressionStatement>;
  FieldDeclaration: Class<FieldDeclaration>;
  FunctionDeclaration: Class<FunctionDeclaration>;
  FunctionExpression: Class<FunctionExpression>;
  IdentifierExpression: Class<IdentifierExpression>;
  ImportStatement: Class<ImportStatement>;
  MethodDeclaration: Class<MethodDeclaration>;
  NamedTypeNode: Class<NamedTypeNode>;
  PropertyAccessExpression: Class<PropertyAccessExpression>;
  StringLiteralExpression: Class<StringLiteralExpression>;
  TypeDeclaration: Class<TypeDeclaration>;
  VariableStatement: Class<VariableStatement>;
  CommonFlags: Record<string, number>;
  SourceKind: Record<string, number>;
  DiagnosticCategory: Record<string, number>;
}

/** The module `assemblyscript/asc`. */
export interface Asc {
  version: string;
  libraryFiles: Record<string, string>;
  main(args: string[], options: AscOptions): Promise<{ error: Error | null }>;
}

/** Callbacks that replace the file system for asc. */
interface AscOptions {
  stdout: { write(chunk: string | Uint8Array): void };
  stderr: { write(chunk: string | Uint8Array): void };
  readFile(name: string): string | null;
  writeFile(name: string, contents: string | Uint8Array): void;
  listFiles(): string[];
  transforms: object[];
}
