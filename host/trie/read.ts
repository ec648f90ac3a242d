// Reading a trie: one key, and walks in key order. Loads only the nodes on the path.
import { DIGITS, nibbleAt } from './path.js';
import type { Path } from './path.js';
import { load } from './node.js';
import type { Child, NodeSource, TrieNode } from './node.js';

/** The node at exactly `path`, with or without a value. */
export function find(source: NodeSource, root: Child | undefined, path: Path): TrieNode | undefined {
  let child = root;
  let depth = 0;
  while (child !== undefined) {
    const node = typeof child === 'string' ? source.node(child) : child;
    const partial = node.partial;
    if (partial.length > 0) {
      if (!path.startsWith(partial, depth)) return undefined;
      depth += partial.length;
    }
    if (depth === path.length) return node;
    child = node.children?.[nibbleAt(path, depth++)];
  }
  return undefined;
}

/** A node with a value, and its whole path. */
export interface Found {
  readonly path: Path;
  readonly node: TrieNode;
}

/** The nodes with a value, in order, whose path begins with `prefix` and is greater than `after`. */
export function walk(source: NodeSource, root: Child | undefined, prefix: Path = '', after?: Path): Iterable<Found> {
  return { [Symbol.iterator]: () => new Walk(source, root, prefix, after) };
}

/** One level of a walk. `next`: the slot to visit next, or -1 if the node's own value is next. */
interface Frame {
  readonly node: TrieNode;
  readonly path: Path;
  next: number;
}

class Walk implements Iterator<Found> {
  readonly #frames: Frame[] = [];

  constructor(
    readonly source: NodeSource,
    root: Child | undefined,
    prefix: Path,
    after: Path | undefined,
  ) {
    // Find the topmost node below which every path begins with the prefix: the first whose path is at least as long.
    let child = root;
    let path = '';
    while (child !== undefined) {
      const whole = path + load(source, child).partial;
      if (whole.length >= prefix.length) break;
      if (!prefix.startsWith(whole)) return;
      path = whole + prefix[whole.length];
      child = load(source, child).children?.[nibbleAt(prefix, whole.length)];
    }
    if (child === undefined || !(path + load(source, child).partial).startsWith(prefix)) return;

    if (after === undefined || after < path) this.#descend(child, path, undefined);
    else if (after.startsWith(path)) this.#descend(child, path, after.slice(path.length));
  }

  next(): IteratorResult<Found> {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const { node, path } = frame;
      if (frame.next === -1) {
        frame.next = 0;
        if (node.value !== undefined) return { done: false, value: { path, node } };
      }
      while (frame.next < 16 && node.children?.[frame.next] === undefined) frame.next++;
      const child = node.children?.[frame.next];
      if (child === undefined) {
        this.#frames.pop();
        continue;
      }
      const slot = frame.next++;
      this.#push(load(this.source, child), path + DIGITS[slot], -1);
    }
    return { done: true, value: undefined };
  }

  /**
   * Pushes the frames so that `next` continues with the first node in `from`, or with the first one greater than
   * `after`.
   */
  #descend(from: Child, at: Path, after: Path | undefined): void {
    let child: Child | undefined = from;
    let path = at;
    let bound = after;
    while (child !== undefined) {
      const node = load(this.source, child);
      if (bound === undefined) return this.#push(node, path, -1);
      if (!bound.startsWith(node.partial)) {
        if (node.partial > bound) this.#push(node, path, -1);
        return;
      }
      const rest: Path = bound.slice(node.partial.length);
      if (rest === '') return this.#push(node, path, 0);
      const slot = nibbleAt(rest, 0);
      this.#push(node, path, slot + 1);
      path += node.partial + rest[0];
      bound = rest.slice(1);
      child = node.children?.[slot];
    }
  }

  #push(node: TrieNode, path: Path, next: number): void {
    this.#frames.push({ node, path: path + node.partial, next });
  }
}
