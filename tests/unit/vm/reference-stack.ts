// Which functions count on the stack, and how many units they take, by a plain search: a function counts if it can
// reach itself. As in the VM, host functions never call back.
import type { Decoded } from './reference-decode.js';

export function stackOf(
  module: Decoded,
  reachable: boolean[][],
  frameUnits: number,
): { counted: boolean[]; units: number[] } {
  const imported = module.imports.length;
  const shape = (type: number): string => JSON.stringify(module.types[type]);
  const inTable = [...new Set(module.elements.flatMap(({ functions }) => functions))];
  const callees = module.code.map(({ body }, defined) => {
    const found = new Set<number>();
    body.forEach(({ op, a }, at) => {
      if (reachable[defined]![at] !== true) return;
      if (op === 0x10) found.add(a);
      if (op === 0x11)
        for (const index of inTable) if (shape(module.functionTypes[index]!) === shape(a)) found.add(index);
    });
    return [...found].filter((index) => index >= imported).map((index) => index - imported);
  });
  const reaches = (from: number): Set<number> => {
    const seen = new Set<number>();
    const work = [...callees[from]!];
    while (work.length > 0) {
      const next = work.pop()!;
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(...callees[next]!);
    }
    return seen;
  };
  const counted = callees.map((_, index) => reaches(index).has(index));
  const own = module.code.map(
    ({ type, locals, body }) =>
      frameUnits +
      2 * module.types[type]!.params.length +
      module.types[type]!.results.length +
      locals.length +
      deepestOperand(module, type, body),
  );
  const memo = new Map<number, number>();
  const units = (index: number): number => {
    const known = memo.get(index);
    if (known !== undefined) return known;
    // No endless descent: an uncounted callee is on no cycle.
    const below = Math.max(0, ...callees[index]!.filter((next) => counted[next] !== true).map(units));
    memo.set(index, own[index]! + below);
    return own[index]! + below;
  };
  return { counted, units: callees.map((_, index) => units(index)) };
}

/**
 * The deepest the operand stack gets. In code that can't be reached nothing is popped below the block's own operands.
 */
function deepestOperand(module: Decoded, type: number, body: Decoded['code'][number]['body']): number {
  let height = 0;
  let deepest = 0;
  const open: { base: number; outputs: number; inputs: number }[] = [
    { base: 0, inputs: 0, outputs: module.types[type]!.results.length },
  ];
  body.forEach((instruction) => {
    const { op, a } = instruction;
    const signature = op === 0x10 ? module.types[module.functionTypes[a]!] : op === 0x11 ? module.types[a] : undefined;
    const top = open[open.length - 1]!;
    if (op === 0x0b) height = top.base + open.pop()!.outputs;
    else if (op === 0x05) height = top.base + top.inputs;
    else if (op === 0x02 || op === 0x03 || op === 0x04) {
      if (op === 0x04) height -= 1;
      height = Math.max(height, 0);
      open.push({
        base: Math.max(height - instruction.inputs, 0),
        inputs: instruction.inputs,
        outputs: instruction.outputs,
      });
    } else if (signature !== undefined) {
      height = Math.max(height - (op === 0x11 ? 1 : 0) - signature.params.length, 0) + signature.results.length;
    } else height = Math.max(height + effect(op, a), 0);
    deepest = Math.max(deepest, height);
    if ([0x00, 0x0c, 0x0e, 0x0f].includes(op)) height = top.base;
  });
  return deepest;
}

function effect(op: number, second: number): number {
  if (op === 0x20 || op === 0x23 || op === 0x3f || op === 0x41 || op === 0x42) return 1;
  if (op === 0x1b || (op >= 0x36 && op <= 0x3e)) return -2;
  if (op === 0xfc) return second === 9 ? 0 : -3;
  if (op === 0x0d || op === 0x0e || op === 0x1a || op === 0x21 || op === 0x24) return -1;
  if (
    (op >= 0x46 && op <= 0x4f) ||
    (op >= 0x51 && op <= 0x5a) ||
    (op >= 0x6a && op <= 0x78) ||
    (op >= 0x7c && op <= 0x8a)
  )
    return -1;
  return 0;
}
