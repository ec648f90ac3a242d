// Kernels in C for the cost of metering: each takes a size and answers a checksum. Built as ../README.md says.
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(#name))) u32 name

static u8 buffer[1 << 20];
static u32 words[1 << 17];
static u32 seed;

static u32 next(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8;
}

static u64 rotate(u64 x, int by) { return x << by | x >> (64 - by); }

/* Keccak-f[1600] over a state that is never read from outside. */
EXPORT(c_keccak)(u32 n) {
  static const u8 turn[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
  static const u8 lane[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
  static u64 s[25];
  for (u32 i = 0; i < 25; i++) s[i] = i * 0x9e3779b97f4a7c15ull;
  for (u32 block = 0; block < n; block++) {
    for (u32 round = 0; round < 24; round++) {
      u64 c[5];
      for (int i = 0; i < 5; i++) c[i] = s[i] ^ s[i + 5] ^ s[i + 10] ^ s[i + 15] ^ s[i + 20];
      for (int i = 0; i < 5; i++) {
        u64 d = c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1);
        for (int j = 0; j < 25; j += 5) s[j + i] ^= d;
      }
      u64 carried = s[1];
      for (int i = 0; i < 24; i++) {
        u64 kept = s[lane[i]];
        s[lane[i]] = rotate(carried, turn[i]);
        carried = kept;
      }
      for (int j = 0; j < 25; j += 5) {
        for (int i = 0; i < 5; i++) c[i] = s[j + i];
        for (int i = 0; i < 5; i++) s[j + i] = c[i] ^ (~c[(i + 1) % 5] & c[(i + 2) % 5]);
      }
      s[0] ^= round * 0x8000000080008081ull;
    }
  }
  return (u32)s[0];
}

/* Heap sort. */
static void sift(u32 root, u32 end) {
  for (u32 child; (child = 2 * root + 1) < end; root = child) {
    if (child + 1 < end && words[child] < words[child + 1]) child++;
    if (words[root] >= words[child]) return;
    u32 kept = words[root];
    words[root] = words[child];
    words[child] = kept;
  }
}
EXPORT(c_heapsort)(u32 n) {
  seed = 7;
  for (u32 i = 0; i < n; i++) words[i] = next();
  for (u32 i = n / 2; i-- > 0;) sift(i, n);
  for (u32 end = n; end-- > 1;) {
    u32 kept = words[0];
    words[0] = words[end];
    words[end] = kept;
    sift(0, end);
  }
  return words[n / 2];
}

/* A regular expression with `.`, `*`, `^` and `$`, by backtracking. */
static int here(const char *pattern, const u8 *text, const u8 *end);
static int star(char c, const char *pattern, const u8 *text, const u8 *end) {
  do {
    if (here(pattern, text, end)) return 1;
  } while (text < end && (*text++ == (u8)c || c == '.'));
  return 0;
}
static int here(const char *pattern, const u8 *text, const u8 *end) {
  if (pattern[0] == 0) return 1;
  if (pattern[1] == '*') return star(pattern[0], pattern + 2, text, end);
  if (pattern[0] == '$' && pattern[1] == 0) return text == end;
  if (text < end && (pattern[0] == '.' || (u8)pattern[0] == *text)) return here(pattern + 1, text + 1, end);
  return 0;
}
EXPORT(c_regex)(u32 n) {
  seed = 5;
  for (u32 i = 0; i < n; i++) buffer[i] = 'a' + next() % 4;
  u32 found = 0;
  for (u32 i = 0; i + 48 < n; i += 3) found += here("ab*a.*dc.a", buffer + i, buffer + i + 48);
  return found;
}

/* LZ77: compresses, then decompresses and compares. */
EXPORT(c_lz)(u32 n) {
  static u32 heads[4096];
  u8 *out = buffer + (1 << 18), *back = buffer + (1 << 19);
  for (u32 i = 0; i < 4096; i++) heads[i] = 0;
  seed = 3;
  for (u32 i = 0; i < n; i++) buffer[i] = next() % 11 < 8 && i > 40 ? buffer[i - 37] : next();
  u32 written = 0;
  for (u32 i = 0; i < n;) {
    u32 length = 0, at = 0;
    if (i + 4 < n) {
      u32 key = (buffer[i] | buffer[i + 1] << 8 | buffer[i + 2] << 16) * 2654435761u >> 20;
      at = heads[key];
      heads[key] = i + 1;
      if (at > 0 && i - (at - 1) < 65536) {
        at--;
        while (length < 127 && i + length < n && buffer[at + length] == buffer[i + length]) length++;
      }
    }
    if (length > 3) {
      out[written++] = 0x80 | length;
      out[written++] = (i - at) & 255;
      out[written++] = (i - at) >> 8;
      i += length;
    } else {
      out[written++] = buffer[i] & 0x7f;
      buffer[i++] &= 0x7f;
    }
  }
  u32 read = 0;
  for (u32 i = 0; i < written;) {
    u32 token = out[i++];
    if (token < 128) {
      back[read++] = token;
    } else {
      u32 distance = out[i] | out[i + 1] << 8;
      i += 2;
      for (u32 left = token & 127; left > 0; left--, read++) back[read] = back[read - distance];
    }
  }
  u32 sum = written;
  for (u32 i = 0; i < read; i++) sum = sum * 31 + back[i];
  return sum;
}

/* Montgomery multiplication of 256-bit numbers, repeated: what an elliptic curve spends its time on. */
EXPORT(c_montgomery)(u32 n) {
  static const u32 m[8] = {0xfffffc2f, 0xfffffffe, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u};
  u32 x[8], y[8];
  for (int i = 0; i < 8; i++) x[i] = i * 2654435761u, y[i] = i * 40503u + 1;
  for (u32 round = 0; round < n; round++) {
    u32 t[10] = {0};
    for (int i = 0; i < 8; i++) {
      u64 carry = 0;
      for (int j = 0; j < 8; j++) {
        carry += (u64)x[i] * y[j] + t[j];
        t[j] = (u32)carry;
        carry >>= 32;
      }
      carry += t[8];
      t[8] = (u32)carry;
      t[9] = (u32)(carry >> 32);
      u32 q = t[0] * 0xd2253531u;
      carry = ((u64)q * m[0] + t[0]) >> 32;
      for (int j = 1; j < 8; j++) {
        carry += (u64)q * m[j] + t[j];
        t[j - 1] = (u32)carry;
        carry >>= 32;
      }
      carry += t[8];
      t[7] = (u32)carry;
      t[8] = t[9] + (u32)(carry >> 32);
    }
    for (int i = 0; i < 8; i++) x[i] = y[i], y[i] = t[i];
  }
  return y[0] ^ y[7];
}
