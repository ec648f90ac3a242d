// Damage to modules. To bytes, of the kind that decoders and validators find hard: most of that must be refused. To single
// instructions, which mostly leaves a module that is valid and does something else, as V8 must say.
import type { Body } from './vm-binary.js';
import { join, split } from './vm-binary.js';
import type { Dice } from './vm-dice.js';

/** Ends of ranges, sections and value types, LEB128 that goes on. */
const HARD = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0e, 0x10, 0x11, 0x3f, 0x40, 0x41, 0x60, 0x70, 0x7c, 0x7e, 0x7f, 0x80, 0x81, 0xfc, 0xff];

/** Instructions that take and give the same. */
const ALIKE: readonly (readonly number[])[] = [
  [0x0c, 0x0d], [0x20, 0x21, 0x22], [0x23, 0x24], [0x28, 0x2c, 0x2d, 0x2e, 0x2f], [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35], [0x36, 0x3a, 0x3b], [0x37, 0x3c, 0x3d, 0x3e],
  [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1], [0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x77],
  [0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a], [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4],
  [0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a], [0x02, 0x03],
];

/** A damaged copy of a valid module. */
export function mutate(code: Uint8Array, dice: Dice): Uint8Array {
  if (dice.once(2)) return ofInstructions(code, dice);
  return Uint8Array.from(dice.once(2) ? inPlace([...code], dice) : ofBytes([...code], dice));
}

function inPlace(bytes: number[], dice: Dice): number[] {
  for (let blows = dice.pick([1, 1, 2, 3]); blows > 0; blows -= 1) {
    const at = dice.roll(bytes.length);
    bytes[at] = dice.pick([bytes[at]! ^ (1 << dice.roll(8)), dice.pick(HARD), (bytes[at]! + 1) & 0xff, (bytes[at]! - 1) & 0xff]);
  }
  return bytes;
}

function ofBytes(bytes: number[], dice: Dice): number[] {
  for (let blows = dice.pick([1, 1, 2, 8]); blows > 0; blows -= 1) {
    const at = dice.roll(bytes.length + 1);
    const length = 1 + dice.roll(dice.pick([1, 4, 40]));
    const piece = (): number[] => dice.many(length, () => (dice.once(2) ? dice.pick(HARD) : dice.roll(256)));
    switch (dice.roll(6)) {
      case 0: bytes.splice(at, length); break;
      case 1: bytes.splice(at, 0, ...piece()); break;
      case 2: bytes.splice(at, length, ...piece()); break;
      case 3: bytes.splice(at, 0, ...bytes.slice(at, at + length)); break;
      case 4: bytes.splice(at, 0, ...bytes.splice(dice.roll(bytes.length + 1), length)); break;
      default: if (dice.once(4)) bytes.length = at;
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
    const instruction = changed[at]!;
    const alike = ALIKE.find((ops) => ops.includes(instruction[0]!));
    const kind = dice.roll(8);
    if (kind === 0) changed.splice(at, 1);
    else if (kind === 1) changed.splice(at, 0, [...dice.pick(instructions)]);
    else if (kind === 2) changed.splice(at, 0, [dice.pick([0x00, 0x0f, 0x01])]);
    else if (kind <= 4 && instruction.length > 1) instruction[instruction.length - 1] = (instruction.at(-1)! + dice.pick([1, -1, 63])) & 0x7f;
    else if (alike !== undefined) instruction[0] = dice.pick(alike);
    damaged[index] = { locals, instructions: changed };
  }
  return join({ sections, bodies: damaged });
}
