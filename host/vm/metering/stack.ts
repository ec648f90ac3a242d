// How deep calls may be nested: the same on every machine.
//
// V8's own stack ends at a depth that differs between its compilers, so its overflow is no outcome. Frames are counted
// in *units*: one for each local, one for each operand at the most, and `FRAME_UNITS` for the frame itself. Parameters
// and results count twice, because the caller may pass them on the stack. Then a unit takes at most 8 bytes of machine
// stack, in either compiler (tests/unit/vm/stack.test.ts has the worst shapes known).
//
// Only functions on a cycle of the call graph can be nested without bound, so only those count at run time ("counted").
// Each takes its own units, and those of the deepest chain of uncounted functions below it. The functions above the
// first counted one have a static bound, which is taken before the entry point is called.
//
// A global holds what is left of the stack for a callee, which copies it to a local, subtracts its units there and
// leaves the global unchanged. So a caller sets the global again before each call that may lead to a counted function
// ("deep"), unless nothing can have changed it since the caller was entered; and nothing is given back on return.
import type { ParsedModule } from '../format/parse.js';
import type { BodyPlan, Callee } from './body-plan.js';

/** Units of a frame without its values: return address, frame pointer, instance, spills, the locals of metering. */
export const FRAME_UNITS = 12;

const NO_EDGES: number[] = [];

/** The stack accounting of each defined function. */
export interface StackPlan {
  /** 1 if the function counts at run time. */
  readonly counted: Uint8Array;
  /**
   * What a counted function takes on entry. Of another: the units of the deepest chain of uncounted functions that
   * starts with it.
   */
  readonly units: Float64Array;
  /** 1 if the function is counted or may lead to a counted one: it keeps what is left of the stack. */
  readonly deep: Uint8Array;
  /** Whether a call of this may lead to a counted function. */
  readonly isDeep: (callee: Callee) => boolean;
}

/** Finds the cycles of the call graph and the units of every function. */
export function planStack(module: ParsedModule, plans: readonly BodyPlan[]): StackPlan {
  const { successors, nodeOf } = callGraph(module, plans);
  const counted = new Uint8Array(plans.length);
  const units = new Float64Array(plans.length);
  /**
   * Units of the deepest uncounted chain that starts at a node; 0 for a counted function, which takes its units itself.
   */
  const chain = new Float64Array(successors.length);
  const deep = new Uint8Array(successors.length);
  for (const component of componentsCalleesFirst(successors)) {
    const cyclic = component.length > 1 || successors[component[0]!]!.includes(component[0]!);
    // Nodes of types come first: a function of the same cycle reads through them the chains of their uncounted
    // functions.
    for (const node of component.sort((left, right) => right - left)) {
      if (cyclic || successors[node]!.some((next) => deep[next] === 1)) deep[node] = 1;
      const below = successors[node]!.reduce((deepest, next) => Math.max(deepest, chain[next]!), 0);
      const plan = plans[node];
      if (plan === undefined) {
        chain[node] = below;
        continue;
      }
      const type = module.types[module.functionTypes[module.importedFunctions + node]!]!;
      units[node] = FRAME_UNITS + plan.locals + plan.operands + type.params.length + type.results.length + below;
      if (cyclic) counted[node] = 1;
      else chain[node] = units[node]!;
    }
  }
  const isDeep = (callee: Callee): boolean => {
    const node = nodeOf(callee);
    return node !== undefined && deep[node] === 1;
  };
  return { counted, units, deep: deep.subarray(0, plans.length), isDeep };
}

/**
 * The nodes are the defined functions, then one for each type that is called indirectly, whose successors are the
 * functions of that type that a table may hold. Imports are left out, because a host function never calls back. In the
 * specification's test suite they do: there, each function that calls out is taken to reach all others.
 */
function callGraph(
  module: ParsedModule,
  plans: readonly BodyPlan[],
): { successors: number[][]; nodeOf: (callee: Callee) => number | undefined } {
  const { importedFunctions, functionTypes } = module;
  const canonical = canonicalTypes(module);
  const lax = module.dialect === 'everything';
  const ofType = new Map<number, number[]>();
  const taken = lax ? plans.map((_, index) => index + importedFunctions) : module.addressTaken;
  for (const index of taken) {
    const type = functionTypes[index];
    if (index < importedFunctions || type === undefined) continue;
    const key = lax ? 0 : canonical[type]!;
    const known = ofType.get(key);
    if (known === undefined) ofType.set(key, [index - importedFunctions]);
    else known.push(index - importedFunctions);
  }
  const nodeOfType = new Map<number, number>();
  const targets: number[][] = [];
  for (const [type, functions] of ofType) {
    nodeOfType.set(type, plans.length + targets.length);
    targets.push(functions);
  }
  const nodeOf = (callee: Callee): number | undefined => {
    if (callee >= importedFunctions) return callee - importedFunctions;
    if (lax) return nodeOfType.get(0);
    return callee >= 0 ? undefined : nodeOfType.get(canonical[-1 - callee]!);
  };
  const edges = plans.map(({ calls, indirectTypes }) => {
    if (calls.length + indirectTypes.length === 0) return NO_EDGES;
    // A node may occur twice, because equal types share one.
    return [...calls, ...indirectTypes.map((type) => -1 - type)].map(nodeOf).filter((node) => node !== undefined);
  });
  return { successors: [...edges, ...targets], nodeOf };
}

/** For each type, the first type equal to it: indirect calls compare types by structure, not by index. */
function canonicalTypes(module: ParsedModule): number[] {
  const first = new Map<string, number>();
  return module.types.map((type, index) => {
    const key = `${type.params.join()}:${type.results.join()}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, index);
    return known ?? index;
  });
}

/** Strongly connected components, callees before callers: Tarjan's algorithm, without recursion. */
function componentsCalleesFirst(successors: readonly number[][]): number[][] {
  const order = new Int32Array(successors.length).fill(-1);
  const low = new Int32Array(successors.length);
  const open = new Uint8Array(successors.length);
  const path: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  // The nodes being visited, and the index of the next edge of each.
  const work: number[] = [];
  const edges: number[] = [];
  const visit = (node: number): void => {
    order[node] = low[node] = visited;
    visited += 1;
    path.push(node);
    open[node] = 1;
    work.push(node);
    edges.push(0);
  };
  for (let root = 0; root < successors.length; root += 1) {
    if (order[root]! >= 0) continue;
    visit(root);
    while (work.length > 0) {
      const top = work.length - 1;
      const node = work[top]!;
      const next = successors[node]![edges[top]!];
      if (next !== undefined) {
        edges[top]! += 1;
        if (order[next]! < 0) visit(next);
        else if (open[next] !== 0) low[node] = Math.min(low[node]!, order[next]!);
        continue;
      }
      work.pop();
      edges.pop();
      const parent = work[top - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== order[node]) continue;
      const component = path[path.length - 1] === node ? [path.pop()!] : path.splice(path.lastIndexOf(node));
      for (const member of component) open[member] = 0;
      components.push(component);
    }
  }
  return components;
}
