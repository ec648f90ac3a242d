// Checks UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF, no truncated sequences.

/** Whether all of `bytes` is valid UTF-8. */
export function isValidUtf8(bytes: StaticArray<u8>): bool {
  const length = bytes.length;
  let at = 0;
  while (at < length) {
    const lead = <i32>bytes[at++];
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (length - at < more) return false;
    // The range of the second byte excludes overlong forms, surrogates and values that are too large.
    const second = <i32>bytes[at];
    const lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return false;
    for (let i = 1; i < more; i++) if ((bytes[at + i] & 0xc0) != 0x80) return false;
    at += more;
  }
  return true;
}
