// Checks that what comments and documents cite exists: files, headings and decisions of the specification, links and
// anchors of Markdown. Checks the form of file headers and the quotes of AssemblyScript's decorators. Works on the
// current directory, which must be in a git repository.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { commentsOf } from './comments.mjs';

/** The file that has all headings of the RFC, in order. */
const REQUIREMENTS = 'docs/spec.md';
/** The decisions: a row of a table that begins with `D1`, or `D19:` in the text. */
const DECISIONS = 'docs/decisions/0001-specification.md';

const TOP = 'docs|host|assembly|compiler|guests|tests|bench|scripts|chain-spec|bin';
/** A path from the root (`host/vm/index.ts`, `host/vm`), or a file's name or end of its path (`vm/index.ts`). */
const PATH = new RegExp(
  `(?<![\\w./@*{}-])(?:(?:${TOP})/[\\w.*{},/-]*[\\w*}]|(?:[\\w-]+/)*[a-z][\\w-]*(?:\\.[a-z]+)*\\.(?:ts|mjs))(?![\\w*{}])`,
  'g',
);

/** Names that recur, in each pallet for example: a citation of one may mean all of these files. */
const RECURRING = new Set(['index.ts', 'state.ts', 'calls.ts', 'hooks.ts', 'weights.ts']);
/** Files that the reader of a guide writes, and files that a build writes. */
const NOT_CHECKED_IN = /\bguestbook\b|^chain-spec\/.*\.(plain|raw)\.json$/;

/** The files of the repository, committed or about to be, by path. */
function filesBelow(root) {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
  const read = (path) => (/\.(ts|mjs|js|md|rs|c|py)$|^\.ci\//.test(path) ? readFileSync(join(root, path), 'utf8') : '');
  return new Map(paths.map((path) => [path, read(path)]));
}

const isCode = (path) => /\.(ts|mjs|js)$/.test(path);
const isMarkdown = (path) => path.endsWith('.md');
const isAssemblyScript = (path) => /^(assembly|guests)\/|\/assembly\//.test(path) && path.endsWith('.ts');

/** The text of `path` that is checked: comments of code, all of any other text. */
function proseOf(path, text) {
  if (isCode(path)) return commentsOf(text);
  return [{ line: 1, text }];
}

/** `a/{b,c}` as `a/b` and `a/c`. */
function alternatives(path) {
  const match = /^(.*)\{([^{}]*)\}(.*)$/.exec(path);
  if (match === null) return [path];
  const [, before, inside, after] = match;
  return inside.split(',').flatMap((part) => alternatives(before + part + after));
}

/** A cited path as a regular expression: `*` and `NAME` match any name. */
const patternOf = (path) => path.replaceAll('.', '\\.').replace(/\*|\b[A-Z]+\b/g, '[^/]*');

/** Resolves cited paths to files and folders. */
class Paths {
  #all = new Set();
  #files;

  constructor(files) {
    this.#files = files;
    for (const file of files.keys()) {
      for (let path = file; path !== '.'; path = dirname(path)) this.#all.add(path);
    }
  }

  has(path) {
    return path === '.' || this.#all.has(path);
  }

  /** The fault of the path `cited` in the file `from`; undefined if there is none. */
  fault(cited, from) {
    for (const path of alternatives(cited)) {
      if (NOT_CHECKED_IN.test(path)) continue;
      const fault = new RegExp(`^(${TOP})/`).test(path) ? this.#rooted(path, from) : this.#named(path, from);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #rooted(path, from) {
    const [folder, name] = [dirname(path), basename(path)];
    const exists =
      this.#files.has(path) ||
      ['', '.ts', '.test.ts'].some((ending) => this.#all.has(path + ending)) ||
      this.#all.has(join(dirname(from), path)) ||
      // A function by asc's name for it: `assembly/io/panic/abort`.
      (/^\w+$/.test(name) && new RegExp(`\\b${name}\\b`).test(this.#files.get(`${folder}.ts`) ?? ''));
    if (exists) return undefined;
    const end = /\/\d{4}$/.test(path) ? '-' : '$';
    const pattern = new RegExp(`^${patternOf(path)}${end}`);
    const matches = [...this.#all].some((existing) => pattern.test(existing));
    return matches ? undefined : `cites ${path}, which does not exist`;
  }

  /** A file by its name: beside the citing file, or the only one of that name in the nearest enclosing folder. */
  #named(path, from) {
    const pattern = new RegExp(`/${patternOf(path)}$`);
    let folder = from;
    do {
      folder = dirname(folder);
      if (this.#all.has(join(folder, path))) return undefined;
      const found = [...this.#files.keys()].filter(
        (file) => pattern.test(file) && (folder === '.' || file.startsWith(`${folder}/`)),
      );
      if (found.length === 1 || (found.length > 1 && RECURRING.has(path))) return undefined;
      if (found.length > 1) return `cites ${path}, which may be any of ${found.join(', ')}`;
    } while (folder !== '.');
    return `cites ${path}, which does not exist`;
  }
}

function pathFaults(prose, from, paths) {
  return prose.flatMap(({ line, text }) =>
    [...text.matchAll(PATH)].flatMap(({ 0: cited, index }) => {
      const fault = paths.fault(cited, from);
      return fault === undefined ? [] : [`${from}:${line + newlines(text.slice(0, index))}: ${fault}`];
    }),
  );
}

const newlines = (text) => text.split('\n').length - 1;
const plain = (heading) => heading.replaceAll('`', '').trim();

/** Headings of a Markdown text, outside of code. */
function headingsOf(markdown) {
  return [...withoutFences(markdown).matchAll(/^#{1,6} +(.*?) *#*$/gm)].map(([, heading]) => heading);
}

/** `markdown` with its code blocks emptied; lines stay. */
const withoutFences = (markdown) =>
  markdown.replace(/^( *)(```+|~~~+)[^]*?^\1\2[^\n]*$/gm, (block) => '\n'.repeat(newlines(block)));

/** Checks headings after a section sign: after the RFC's name, the RFC's; otherwise also those of the decisions. */
function headingFaults(prose, from, headings) {
  return prose.flatMap(({ line, text }) =>
    [...text.matchAll(/(\S+)?(\s+)?§\s+/g)].flatMap(({ 0: match, 1: word, index }) => {
      if (word === 'specification') return [];
      const cited = plain(text.slice(index + match.length, index + match.length + 120).replace(/\s+/g, ' '));
      const known = word?.startsWith('RFC-0031') ? headings.rfc : [...headings.rfc, ...headings.decisions];
      const exists = known.some((heading) => cited.startsWith(heading) && !/^[\w-]/.test(cited.slice(heading.length)));
      if (exists) return [];
      const start = /^[^,;:.)|]*/.exec(cited)[0];
      return [`${from}:${line + newlines(text.slice(0, index))}: cites § ${start}, a heading that does not exist`];
    }),
  );
}

function decisionFaults(prose, from, decisions) {
  return prose.flatMap(({ line, text }) =>
    [...text.matchAll(/(?<![\w#./-])D\d{1,2}[a-z]?(?![\w-])/g)]
      .filter(({ 0: cited }) => !decisions.has(cited))
      .map(
        ({ 0: cited, index }) =>
          `${from}:${line + newlines(text.slice(0, index))}: cites ${cited}, which is no decision`,
      ),
  );
}

/** The anchor that GitHub gives to a heading. */
const anchorOf = (heading) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

function linkFaults(text, from, files, paths) {
  return [...withoutFences(text).matchAll(/\]\(([^)\s]+)(?: +"[^"]*")?\)|^\[[^\]]+\]: (\S+)/gm)].flatMap(
    ({ 1: inline, 2: below, index }) => {
      const link = inline ?? below;
      if (/^[a-z]+:/.test(link)) return [];
      const [path, anchor] = link.split('#');
      const target = path === '' ? from : normalize(join(dirname(from), path)).replace(/\/$/, '');
      const at = `${from}:${1 + newlines(text.slice(0, index))}`;
      if (!paths.has(target)) return [`${at}: links to ${target}, which does not exist`];
      if (anchor === undefined || !isMarkdown(target)) return [];
      return headingsOf(files.get(target)).map(anchorOf).includes(anchor)
        ? []
        : [`${at}: links to #${anchor}, and ${target} has no such heading`];
    },
  );
}

function formFaults(path, text) {
  if (!isCode(path)) return [];
  const headed = /^(#![^\n]*\n)?\/\/ /.test(text) ? [] : [`${path}:1: does not begin with a // comment`];
  if (!isAssemblyScript(path)) return headed;
  const quoted = text
    .split('\n')
    .flatMap((line, index) => (/^\s*@\w+\(.*"/.test(line) ? [`${path}:${index + 1}`] : []));
  return [...headed, ...quoted.map((at) => `${at}: a decorator takes single quotes`)];
}

/**
 * The faults of citations, links and headers, as sentences that begin with file and line.
 *
 * @param {Map<string, string>} files text of each file of the repository, by path from its root
 */
function citationFaults(files) {
  const decisions = files.get(DECISIONS) ?? '';
  const headings = {
    rfc: headingsOf(files.get(REQUIREMENTS) ?? '').map(plain),
    decisions: headingsOf(decisions).map(plain),
  };
  const decided = new Set(
    [...decisions.matchAll(/^\| (D\d+[a-z]?) \||\b(D\d+[a-z]?):/gm)].map(([, row, inline]) => row ?? inline),
  );
  const paths = new Paths(files);
  return [...files].flatMap(([path, text]) => {
    const prose = proseOf(path, text);
    return [
      ...formFaults(path, text),
      ...pathFaults(prose, path, paths),
      ...headingFaults(prose, path, headings),
      ...decisionFaults(prose, path, decided),
      ...(isMarkdown(path) ? linkFaults(text, path, files, paths) : []),
    ];
  });
}

const faults = citationFaults(filesBelow(process.cwd()));
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
