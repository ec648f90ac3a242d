// The result of a call, OK or an error, as one number; encodings of sp_runtime's DispatchError and DispatchResult.
//
//   code    31…24 kind + 1 | 23…16 pallet, or token or arithmetic error | 15…8 zero | 7…0 error of the pallet
//
// 0 is OK. The compiler numbers the members of each pallet's error enum (kind 3, Module) this way, so they are unique
// in the runtime. Kinds are sp_runtime's variants in order.
import { Reader, Writer } from '../scale';

/** `OK` or an error. Encoded as sp_runtime's `Result<(), DispatchError>`. */
export type DispatchResult = i32;

/** The call succeeded. */
export const OK: i32 = 0;

/**
 * Errors that belong to no pallet. Encoded, the type covers all errors.
 * @path sp_runtime::DispatchError
 */
export enum DispatchError {
  /** An error without a code. */
  Other = 0x01000000,
  /** An address can't be looked up. */
  CannotLookup = 0x02000000,
  /** This origin may not make this call. */
  BadOrigin = 0x03000000,
  /** The account is still in use. */
  ConsumerRemaining = 0x05000000,
  /** The account does not exist. */
  NoProviders = 0x06000000,
  TooManyConsumers = 0x07000000,
  Exhausted = 0x0b000000,
  Corruption = 0x0c000000,
  Unavailable = 0x0d000000,
  /** Root may not make this call. */
  RootNotAllowed = 0x0e000000,
}

/** Errors of tokens. */
export enum TokenError {
  FundsUnavailable = 0x08000000,
  OnlyProvider = 0x08010000,
  BelowMinimum = 0x08020000,
  CannotCreate = 0x08030000,
  UnknownAsset = 0x08040000,
  Frozen = 0x08050000,
  Unsupported = 0x08060000,
  CannotCreateHold = 0x08070000,
  NotExpendable = 0x08080000,
  Blocked = 0x08090000,
}

/** Errors of arithmetic. */
export enum ArithmeticError {
  Underflow = 0x09000000,
  Overflow = 0x09010000,
  DivisionByZero = 0x09020000,
}

// @ts-ignore: decorator of AssemblyScript
@inline const MODULE: u32 = 3;

/** Number of variants of the enum that an error of this kind carries; 0 if it carries none. */
function choices(kind: u32): u32 {
  switch (kind) {
    case 7:
      return 10;
    case 8:
      return 3;
    case 9:
      return 2;
    case 14:
      return 14;
    default:
      return 0;
  }
}

/** The index of a pallet's error within its enum; 255 for other errors. */
export function moduleErrorIndex(code: DispatchResult): u8 {
  return (<u32>code) >> 24 == MODULE + 1 ? <u8>code : 255;
}

/** Writes an error as sp_runtime's DispatchError. Panics on OK. */
export function writeDispatchError(writer: Writer, code: DispatchResult): void {
  if (code == OK) throw new Error('dispatch: OK is no error');
  const kind = ((<u32>code) >> 24) - 1;
  writer.u8(<u8>kind);
  if (kind == MODULE) {
    writer.u8(<u8>(code >> 16));
    writer.u32((<u32>code) & 0xff);
  } else if (choices(kind) != 0) {
    writer.u8(<u8>(code >> 16));
  }
}

/** Reads sp_runtime's DispatchError. */
export function readDispatchError(reader: Reader): DispatchResult {
  const kind = <u32>reader.u8();
  let code: u32 = (kind + 1) << 24;
  if (kind == MODULE) {
    code |= (<u32>reader.u8()) << 16;
    const error = reader.u32();
    if (error > 0xff) reader.fail();
    code |= error & 0xff;
  } else if (kind > 14) {
    reader.fail();
  } else if (choices(kind) != 0) {
    const choice = <u32>reader.u8();
    if (choice >= choices(kind)) reader.fail();
    code |= choice << 16;
  }
  return reader.failed ? DispatchError.Other : <i32>code;
}

/** Writes a DispatchResult: `Result<(), DispatchError>`. */
export function writeDispatchResult(writer: Writer, code: DispatchResult): void {
  writer.bool(code != OK);
  if (code != OK) writeDispatchError(writer, code);
}

/** Reads a DispatchResult. */
export function readDispatchResult(reader: Reader): DispatchResult {
  return reader.bool() ? readDispatchError(reader) : OK;
}
