// The mutations of AssemblyScript sources: small changes of one expression or statement each, found in asc's syntax tree
// and made in the text. A change may not compile (arguments of different types, swapped) or may not change the blob; the
// caller replaces such mutants.
import {
  BinaryExpression,
  CallExpression,
  EnumDeclaration,
  ExpressionStatement,
  FalseExpression,
  IdentifierExpression,
  IfStatement,
  ImportStatement,
  IntegerLiteralExpression,
  NewExpression,
  Node,
  Parser,
  PropertyAccessExpression,
  ReturnStatement,
  TernaryExpression,
  TrueExpression,
  UnaryPrefixExpression,
} from 'assemblyscript';

/**
 * A change of one source.
 * @typedef {{ path: string, kind: string, start: number, end: number, text: string, line: number }} Mutation
 */

/** The operators that take the place of each operator: first the boundary, then the negation. */
const OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['/'],
  '<<': ['>>'],
  '>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
};

/** Functions and methods (of U128) whose name has a counterpart of the same type. */
const COUNTERPARTS = {
  min: ['max'],
  max: ['min'],
  lt: ['le', 'ge'],
  le: ['lt', 'gt'],
  gt: ['ge', 'le'],
  ge: ['gt', 'lt'],
  add: ['sub'],
  sub: ['add'],
  checkedAdd: ['checkedSub'],
  checkedSub: ['checkedAdd'],
  saturatingAdd: ['saturatingSub'],
  saturatingSub: ['saturatingAdd'],
};

/** Functions that give the same result if their arguments are swapped. */
const SYMMETRIC = new Set(['min', 'max', 'equals', 'eq', 'ne', 'saturatingAdd', 'product']);

/** Parses a source. Throws if asc can't. */
function parse(path, text) {
  const parser = new Parser();
  parser.parseFile(text, path, true);
  if (parser.diagnostics.length > 0) throw new Error(`${path} does not parse: ${parser.diagnostics[0].message}`);
  return parser.sources[0];
}

/** Calls `visit` for each node below `node`, in the order of the text. */
function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, visit);
  } else if (node instanceof Node && !(node instanceof ImportStatement)) {
    visit(node);
    // Ranges refer back to the source.
    for (const [name, value] of Object.entries(node)) if (name !== 'range') walk(value, visit);
  }
}

/**
 * The members of all enums, by the enum's name. An enum whose name two files use is left out.
 * @param {{ path: string, text: string }[]} sources
 * @returns {Map<string, string[]>}
 */
export function enumsOf(sources) {
  const enums = new Map();
  for (const { path, text } of sources) {
    walk(parse(path, text).statements, (node) => {
      if (!(node instanceof EnumDeclaration)) return;
      enums.set(node.name.text, enums.has(node.name.text) ? [] : node.values.map(({ name }) => name.text));
    });
  }
  return enums;
}

/**
 * All mutations of a source, in the order of its text.
 * @param {string} path
 * @param {string} text
 * @param {Map<string, string[]>} enums
 * @returns {Mutation[]}
 */
export function mutationsOf(path, text, enums) {
  const found = [];
  const textOf = ({ range }) => text.slice(range.start, range.end);
  const lineAt = (offset) => text.slice(0, offset).split('\n').length;
  const add = (kind, start, end, replacement) =>
    void found.push({ path, kind, start, end, text: replacement, line: lineAt(start) });
  const replace = (kind, node, replacement) => add(kind, node.range.start, node.range.end, replacement);

  const swapArguments = (args) => {
    for (let index = 0; index + 1 < args.length; index++) {
      const [first, second] = [args[index], args[index + 1]];
      const between = text.slice(first.range.end, second.range.start);
      if (textOf(first) === textOf(second)) continue;
      add('arguments', first.range.start, second.range.end, textOf(second) + between + textOf(first));
    }
  };

  const visitors = [
    [
      BinaryExpression,
      ({ left, right }) => {
        // asc's node has the operator only as a number of its own.
        const between = text.slice(left.range.end, right.range.start);
        const operator = between.trim();
        const start = left.range.end + between.indexOf(operator);
        for (const other of OPERATORS[operator] ?? []) add('operator', start, start + operator.length, other);
      },
    ],
    [
      CallExpression,
      ({ expression, args }) => {
        const named = expression instanceof PropertyAccessExpression ? expression.property : expression;
        const name = named instanceof IdentifierExpression ? named.text : '';
        for (const other of Object.hasOwn(COUNTERPARTS, name) ? COUNTERPARTS[name] : [])
          replace('operator', named, other);
        if (!SYMMETRIC.has(name)) swapArguments(args);
      },
    ],
    [NewExpression, ({ args }) => swapArguments(args)],
    [
      IfStatement,
      (node) => {
        replace('condition', node.condition, `!(${textOf(node.condition)})`);
        if (node.ifFalse === null) replace('if', node, '{}');
      },
    ],
    [TernaryExpression, ({ condition }) => replace('condition', condition, `!(${textOf(condition)})`)],
    [
      UnaryPrefixExpression,
      (node) => {
        if (textOf(node).startsWith('!')) replace('condition', node, `(${textOf(node.operand)})`);
      },
    ],
    [
      ExpressionStatement,
      (node) => {
        const { expression } = node;
        const changes = expression instanceof CallExpression || expression instanceof BinaryExpression;
        // The expression of an arrow function is a statement too, of which only the value matters.
        if (changes && !text.slice(0, node.range.start).trimEnd().endsWith('=>')) replace('statement', node, '{}');
      },
    ],
    [
      ReturnStatement,
      ({ value }) => {
        if (value instanceof PropertyAccessExpression && /Error$/.test(textOf(value.expression)))
          replace('error', value, '0');
      },
    ],
    [
      PropertyAccessExpression,
      (node) => {
        const others = (enums.get(textOf(node.expression)) ?? []).filter((member) => member !== node.property.text);
        const known = others.length + 1 === enums.get(textOf(node.expression))?.length;
        for (const member of known ? others : []) replace('member', node.property, member);
      },
    ],
    [
      IntegerLiteralExpression,
      (node) => {
        const value = BigInt(textOf(node).replaceAll('_', ''));
        replace('integer', node, `${value + 1n}`);
        if (value > 0n) replace('integer', node, `${value - 1n}`);
      },
    ],
    [TrueExpression, (node) => replace('boolean', node, 'false')],
    [FalseExpression, (node) => replace('boolean', node, 'true')],
  ];

  walk(parse(path, text).statements, (node) => {
    for (const [type, visit] of visitors) if (node instanceof type) visit(node);
  });
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text with a mutation made. */
export function mutate(text, { start, end, text: replacement }) {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** The lines that a mutation changes, as a diff. */
export function diffOf(text, mutation) {
  const from = text.lastIndexOf('\n', mutation.start - 1) + 1;
  const ended = text.indexOf('\n', mutation.end);
  const to = ended < 0 ? text.length : ended;
  const lines = (mark, part) => part.split('\n').map((line) => `${mark} ${line}`);
  const before = text.slice(from, to);
  return [...lines('-', before), ...lines('+', mutate(before, moved(mutation, -from)))].join('\n');
}

const moved = (mutation, by) => ({ ...mutation, start: mutation.start + by, end: mutation.end + by });

/** Pseudo-random numbers in [0, 1) by mulberry32: the same for the same seed. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The mutations in the order in which a seed takes them: first one for each place in the text, then the others. So
 * places weigh the same, however many mutations each has.
 * @param {Mutation[]} mutations
 * @param {number} seed
 * @returns {Mutation[]}
 */
export function inOrderOf(mutations, seed) {
  const next = numbers(seed);
  const shuffled = [...mutations];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const chosen = Math.floor(next() * (last + 1));
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen], shuffled[last]];
  }
  const seen = new Map();
  const turnOf = ({ path, start }) => {
    const key = `${path}:${start}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return seen.get(key);
  };
  const turns = new Map(shuffled.map((mutation) => [mutation, turnOf(mutation)]));
  return shuffled.sort((a, b) => turns.get(a) - turns.get(b));
}
