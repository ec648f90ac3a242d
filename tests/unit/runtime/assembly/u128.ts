// Test module: one operation on two 128-bit integers, little-endian, one after the other.
import { U128 } from '../../../../assembly/primitives/u128';

const operands = memory.data(32, 16);
const result = memory.data(64, 16);

export function input(length: i32): usize {
  if (length != 32) unreachable();
  return operands;
}

function a(): U128 {
  return new U128(load<u64>(operands), load<u64>(operands, 8));
}

function b(): U128 {
  return new U128(load<u64>(operands, 16), load<u64>(operands, 24));
}

function some(value: U128 | null): u64 {
  if (value === null) return <u64>result;
  store<u64>(result, value.low);
  store<u64>(result, value.high, 8);
  return ((<u64>16) << 32) | (<u64>result);
}

function truth(value: bool): u64 {
  store<u8>(result, <u8>value);
  return ((<u64>1) << 32) | (<u64>result);
}

export function checkedAdd(): u64 {
  return some(a().checkedAdd(b()));
}
export function checkedSub(): u64 {
  return some(a().checkedSub(b()));
}
export function checkedMul(): u64 {
  return some(a().checkedMul(b()));
}
export function checkedDiv(): u64 {
  return some(a().checkedDiv(b()));
}
export function rem(): u64 {
  return some(a().rem(b()));
}
export function add(): u64 {
  return some(a().add(b()));
}
export function sub(): u64 {
  return some(a().sub(b()));
}
export function mul(): u64 {
  return some(a().mul(b()));
}
export function saturatingAdd(): u64 {
  return some(a().saturatingAdd(b()));
}
export function saturatingSub(): u64 {
  return some(a().saturatingSub(b()));
}
export function saturatingMul(): u64 {
  return some(a().saturatingMul(b()));
}
export function product(): u64 {
  return some(U128.product(a().low, b().low));
}
export function min(): u64 {
  return some(a().min(b()));
}
export function max(): u64 {
  return some(a().max(b()));
}
export function lt(): u64 {
  return truth(a().lt(b()));
}
export function le(): u64 {
  return truth(a().le(b()));
}
export function eq(): u64 {
  return truth(a().eq(b()));
}

/** The first operand in decimal digits. */
export function digits(): u64 {
  const utf8 = String.UTF8.encode(a().toString());
  return ((<u64>utf8.byteLength) << 32) | (<u64>changetype<usize>(utf8));
}

/** The first operand, formatted in decimal digits and parsed. */
export function parsed(): u64 {
  return some(U128.parse(a().toString()));
}

/** Whether texts that are not 128-bit integers are refused. */
export function refusals(): u64 {
  const wrong = [
    '',
    '-1',
    '+1',
    ' 1',
    '1x',
    '0x1',
    '340282366920938463463374607431768211456',
    '9999999999999999999999999999999999999999',
  ];
  for (let i = 0; i < wrong.length; i++) if (U128.parse(wrong[i]) !== null) return truth(false);
  return truth(true);
}
