// asc as the rest of the compiler sees it: its syntax tree, its diagnostics, and its pinned version.
//
// asc is always imported, never called by name: another package can take over `.bin/asc`.
import * as assemblyscript from 'assemblyscript';
import asc from 'assemblyscript/asc';

export {
  BlockStatement, CallExpression, ClassDeclaration, EnumDeclaration, ExportStatement, ExpressionStatement,
  FieldDeclaration, FunctionDeclaration, FunctionExpression, IdentifierExpression, ImportStatement, MethodDeclaration,
  NamedTypeNode, Node, Parser, PropertyAccessExpression, ReturnStatement, Source, StringLiteralExpression, Tokenizer,
  TypeDeclaration, VariableStatement,
} from 'assemblyscript';
export type {
  DeclarationStatement, DecoratorNode, EnumValueDeclaration, Expression, ParameterNode, Range, Statement, TypeNode,
} from 'assemblyscript';
export { asc };

/** The version that the sources of this compiler were written against. */
export const ASC_VERSION = '0.28.20';

if (asc.version !== ASC_VERSION) {
  throw new Error(`assemblyscript ${ASC_VERSION} is needed, but ${asc.version} is installed: run \`npm ci\``);
}

/** asc's `const enum`s, which TypeScript can't see from outside and JavaScript can. */
const enums = assemblyscript as unknown as Record<'CommonFlags' | 'SourceKind' | 'DiagnosticCategory', Record<string, number>>;
export const FLAG = {
  EXPORT: enums.CommonFlags.Export!, CONST: enums.CommonFlags.Const!, STATIC: enums.CommonFlags.Static!,
  PRIVATE: enums.CommonFlags.Private!,
};
export const SOURCE_KIND = { USER: enums.SourceKind.User!, USER_ENTRY: enums.SourceKind.UserEntry! };

/** The code that asc prints before what this compiler has to say: `ERROR AS109: …`. */
const DIAGNOSTIC_CODE = 109;

/** Adds an error to asc's own, with the place in the source that it is about. */
export function report(parser: assemblyscript.Parser, range: assemblyscript.Range, message: string): void {
  const diagnostic = assemblyscript.DiagnosticMessage.create(DIAGNOSTIC_CODE, enums.DiagnosticCategory.Error!, message);
  diagnostic.message = message;
  parser.diagnostics.push(diagnostic.withRange(range));
}
