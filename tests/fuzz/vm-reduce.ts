// Reduces a module that was found: removes runs, then instructions, as long as the machines still disagree.
import type { Case } from './vm-case.js';
import type { Body } from './vm-binary.js';
import { join, split } from './vm-binary.js';

/** The smallest case found within `milliseconds` for which `fails` still returns true. */
export async function reduce(
  found: Case,
  fails: (smaller: Case) => Promise<boolean>,
  milliseconds: number,
): Promise<Case> {
  const until = performance.now() + milliseconds;
  let best = found;
  const attempt = async (smaller: Case): Promise<boolean> => {
    if (performance.now() > until || !WebAssembly.validate(smaller.code) || !(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  for (const run of found.runs ?? []) if (await attempt({ ...found, runs: [run] })) break;
  if (!WebAssembly.validate(found.code)) return best; // bytes to refuse: as good as they are
  for (let before = Infinity; best.code.length < before && performance.now() < until;) {
    before = best.code.length;
    for (let body = split(best.code).bodies.length - 1; body >= 0; body -= 1) {
      const without = (from: number, to: number, instead: readonly (readonly number[])[] = []): Case => {
        const { sections, bodies } = split(best.code);
        const cut = ({ locals, instructions }: Body): Body => ({
          locals,
          instructions: [...instructions.slice(0, from), ...instead, ...instructions.slice(to)],
        });
        return {
          ...best,
          code: join({ sections, bodies: bodies.map((each, index) => (index === body ? cut(each) : each)) }),
        };
      };
      const count = (): number => split(best.code).bodies[body]!.instructions.length - 1;
      if (count() > 1) await attempt(without(0, count(), [[0x00]]));
      for (let size = count(); size >= 1; size = Math.floor(size / 2)) {
        for (let from = count() - size; from >= 0; from -= size) await attempt(without(from, from + size));
      }
    }
  }
  return best;
}
