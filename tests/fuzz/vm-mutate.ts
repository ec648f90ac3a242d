// Damages modules. Damaged bytes are of the kind that decoders and validators find hard, and must mostly be refused.
// Damaged instructions mostly leave a valid module with another meaning, as V8's validation decides.
import type { Body } from './vm-binary.js';
import { join, split } from './vm-binary.js';
import type { Dice } from './vm-dice.js';
import { ALIKE } from './vm-instructions.js';

/** Ends of ranges, sections and value types, LEB128 that goes on. */
const HARD = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0e, 0x10, 0x11, 0x3f, 0x40, 0x41, 0x60, 0x70, 0x7c, 0x7e,
  0x7f, 0x80, 0x81, 0xfc, 0xff,
];

/** A damaged copy of a valid module. */
export function mutate(code: Uint8Array, dice: Dice): Uint8Array {
  if (dice.once(2)) return ofInstructions(code, dice);
  return Uint8Array.from(dice.once(2) ? inPlace([...code], dice) : ofBytes([...code], dice));
}

function inPlace(bytes: number[], dice: Dice): number[] {
  for (let blows = dice.pick([1, 1, 2, 3]); blows > 0; blows -= 1) {
    const at = dice.roll(bytes.length);
    bytes[at] = dice.pick([
      bytes[at]! ^ (1 << dice.roll(8)),
      dice.pick(HARD),
      (bytes[at]! + 1) & 0xff,
      (bytes[at]! - 1) & 0xff,
    ]);
  }
  return bytes;
}

function ofBytes(bytes: number[], dice: Dice): number[] {
  for (let blows = dice.pick([1, 1, 2, 8]); blows > 0; blows -= 1) {
    const at = dice.roll(bytes.length + 1);
    const length = 1 + dice.roll(dice.pick([1, 4, 40]));
    const piece = (): number[] => dice.many(length, () => (dice.once(2) ? dice.pick(HARD) : dice.roll(256)));
    switch (dice.roll(6)) {
      case 0:
        bytes.splice(at, length);
        break;
      case 1:
        bytes.splice(at, 0, ...piece());
        break;
      case 2:
        bytes.splice(at, length, ...piece());
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + length));
        break;
      case 4:
        bytes.splice(at, 0, ...bytes.splice(dice.roll(bytes.length + 1), length));
        break;
      default:
        if (dice.once(4)) bytes.length = at;
    }
  }
  return bytes;
}

function ofInstructions(code: Uint8Array, dice: Dice): Uint8Array {
  const { sections, bodies } = split(code);
  const damaged: Body[] = [...bodies];
  for (let blows = dice.pick([1, 2, 4]); blows > 0 && damaged.length > 0; blows -= 1) {
    const index = dice.roll(damaged.length);
    const { locals, instructions } = damaged[index]!;
    const changed = instructions.map((instruction) => [...instruction]);
    const at = dice.roll(changed.length);
    const instruction = changed[at];
    if (instruction === undefined) continue; // its last was taken before
    const alike = ALIKE.filter((ops) => ops.includes(instruction[0]!));
    const kind = dice.roll(8);
    const last = instruction.length - 1;
    if (kind === 0) changed.splice(at, 1);
    else if (kind === 1) changed.splice(at, 0, [...dice.pick(instructions)]);
    else if (kind === 2) changed.splice(at, 0, [dice.pick([0x00, 0x0f, 0x01])]);
    else if (kind <= 4 && last > 0) instruction[last] = (instruction[last]! + dice.pick([1, -1, 63])) & 0x7f;
    else if (alike.length > 0) instruction[0] = dice.pick(dice.pick(alike));
    damaged[index] = { locals, instructions: changed };
  }
  return join({ sections, bodies: damaged });
}
