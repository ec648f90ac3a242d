// The comments of a TypeScript, AssemblyScript or JavaScript file.
import ts from 'typescript';

/**
 * `text` with the contents of its literals blanked out, so that every remaining `//` and `/*` begins a comment. Lengths
 * are unchanged. The parser recovers from decorators in places that only AssemblyScript allows.
 */
function withoutLiterals(text) {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest);
  let blanked = '';
  let end = 0;
  const visit = (node) => {
    const literal =
      ts.isStringLiteralLike(node) ||
      ts.isRegularExpressionLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node);
    if (!literal) return ts.forEachChild(node, visit);
    const start = node.getStart(source);
    blanked += text.slice(end, start) + text.slice(start, node.end).replace(/[^\n]/g, ' ');
    end = node.end;
  };
  visit(source);
  return blanked + text.slice(end);
}

/**
 * The comments of `text` in order, without their markers and with line breaks kept: `{ line, text }`, `line` counted
 * from 1. Consecutive line comments are one comment.
 */
export function commentsOf(text) {
  const comments = [];
  const found = withoutLiterals(text).matchAll(/\/\*[^]*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/g);
  let line = 1;
  let seen = 0;
  for (const { 0: comment, index } of found) {
    line += text.slice(seen, index).split('\n').length - 1;
    seen = index;
    const bare = comment.startsWith('/*')
      ? comment
          .slice(2, -2)
          .replace(/^[ \t]*\*+/gm, '')
          .replace(/^\*+/, '')
      : comment.replace(/^[ \t]*\/\/+/gm, '');
    comments.push({ line, text: bare });
  }
  return comments;
}
