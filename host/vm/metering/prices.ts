// The schedule spread over opcodes: the scanner looks up one array entry for each instruction.
import { Op } from '../format/opcodes.js';
import type { Schedule } from './schedule.js';

const cache = new WeakMap<Schedule, Int32Array>();

/** Static price of every opcode. What depends on a size or callee is added elsewhere. */
export function opcodePrices(schedule: Schedule): Int32Array {
  let prices = cache.get(schedule);
  if (prices === undefined) {
    prices = spread(schedule);
    cache.set(schedule, prices);
  }
  return prices;
}

function spread(schedule: Schedule): Int32Array {
  const prices = new Int32Array(256).fill(schedule.operator);
  // Neither of V8's compilers emits code for these. The head of a loop has a price of its own for each arrival.
  for (const op of [Op.unreachable, Op.nop, Op.block, Op.loop, Op.else, Op.end, Op.drop]) prices[op] = 0;
  for (let op = 0x28; op <= 0x35; op += 1) prices[op] = schedule.load;
  for (let op = 0x36; op <= 0x3e; op += 1) prices[op] = schedule.store;
  for (let op = 0x6d; op <= 0x70; op += 1) prices[op] = schedule.divide32;
  for (let op = 0x7f; op <= 0x82; op += 1) prices[op] = schedule.divide64;
  for (const op of [0x77, 0x78, 0x89, 0x8a]) prices[op] = schedule.rotate;
  prices[Op.globalGet] = schedule.global;
  prices[Op.globalSet] = schedule.global;
  prices[Op.call] = schedule.call;
  prices[Op.callIndirect] = schedule.callIndirect;
  prices[Op.brTable] = schedule.brTable;
  prices[Op.memoryGrow] = schedule.grow;
  prices[Op.prefixed] = schedule.bulk;
  return prices;
}
