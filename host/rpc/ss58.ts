// SS58 addresses to account ids. Spec: Substrate's SS58, base 58 of a prefix, 32 bytes and two bytes of BLAKE2b-512.
import { blake2_512, concat, fromHex, isHex, utf8 } from '../bytes/index.js';
import { invalidParams } from './errors.js';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LENGTH_MAX = 64;

function base58(text: string): Uint8Array | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)![0].length;
  const hex = value === 0n ? '' : value.toString(16);
  return concat(new Uint8Array(zeros), fromHex(`0x${hex.length % 2 === 0 ? hex : `0${hex}`}`));
}

/** The account id of an address: SS58 with any prefix, or 32 bytes in hex, with or without `0x`. */
export function accountOf(address: string): Uint8Array {
  // An SS58 address of 32 bytes has at most 50 characters, so none has the 64 of an account in hex.
  const hex = address.length === 64 ? `0x${address}` : address;
  if (isHex(hex) && hex.length === 66) return fromHex(hex);
  const bytes = base58(address);
  const prefixLength = bytes !== undefined && (bytes[0]! & 0x40) !== 0 ? 2 : 1;
  if (bytes?.length !== prefixLength + 34)
    throw invalidParams(`${JSON.stringify(address.slice(0, 80))} is no account address`);
  const checksum = blake2_512(concat(utf8('SS58PRE'), bytes.slice(0, -2)));
  if (checksum[0] !== bytes.at(-2) || checksum[1] !== bytes.at(-1)) {
    throw invalidParams(`the address ${address} has a wrong checksum`);
  }
  return bytes.slice(prefixLength, -2);
}
