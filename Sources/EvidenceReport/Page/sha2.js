// SHA-256 and SHA-512 (FIPS 180-4). Web Crypto cannot digest a large file piece by piece, so this is our own, for all.

/** The first `count` primes. */
function primes(count) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}

/** The first 64 bits behind the point of the root of `number` of that degree. */
function rootBits(number, degree) {
  const wanted = BigInt(number) << BigInt(64 * degree);
  let low = 0n, high = 1n << 70n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= wanted) low = middle; else high = middle;
  }
  return BigInt.asUintN(64, low);
}

const CUBE_ROOTS = primes(80).map((prime) => rootBits(prime, 3));
const SQUARE_ROOTS = primes(8).map((prime) => rootBits(prime, 2));
const upperHalf = (number) => Number(number >> 32n) | 0;

const K256 = Int32Array.from(CUBE_ROOTS.slice(0, 64), upperHalf);

/** SHA-256 of bytes that come in pieces. */
class SHA256 {
  constructor() {
    this.state = Int32Array.from(SQUARE_ROOTS, upperHalf);
    this.words = new Int32Array(64);
    this.rest = new Uint8Array(64);
    this.restCount = 0;
    this.byteCount = 0;
  }

  /** Takes the next bytes. */
  update(bytes) {
    this.byteCount += bytes.length;
    let place = 0;
    while (place < bytes.length) {
      if (this.restCount === 0 && bytes.length - place >= 64) {
        this.compress(bytes, place);
        place += 64;
        continue;
      }
      const count = Math.min(64 - this.restCount, bytes.length - place);
      this.rest.set(bytes.subarray(place, place + count), this.restCount);
      this.restCount += count;
      place += count;
      if (this.restCount === 64) {
        this.compress(this.rest, 0);
        this.restCount = 0;
      }
    }
    return this;
  }

  /** The 32 bytes of the digest. Nothing can be added afterwards. */
  digest() {
    const bitCount = BigInt(this.byteCount) * 8n;
    const end = new Uint8Array((this.restCount < 56 ? 64 : 128) - this.restCount);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, bitCount);
    this.update(end);
    const result = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, place) => result.setInt32(4 * place, word));
    return new Uint8Array(result.buffer);
  }

  compress(bytes, start) {
    const words = this.words;
    for (let t = 0; t < 16; t += 1) {
      const place = start + 4 * t;
      words[t] = (bytes[place] << 24) | (bytes[place + 1] << 16) | (bytes[place + 2] << 8) | bytes[place + 3];
    }
    for (let t = 16; t < 64; t += 1) {
      const x = words[t - 15], y = words[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[t] = (words[t - 16] + s0 + words[t - 7] + s1) | 0;
    }
    const state = this.state;
    // Taken one by one: with `[a, b, …] = state` the whole digest is five times as slow.
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K256[t] + words[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
}

const sha256 = (bytes) => new SHA256().update(bytes).digest();

/** SHA-512 of bytes that are all there: what Ed25519 needs. */
function sha512(bytes) {
  const padded = joined(bytes, new Uint8Array((((111 - bytes.length) % 128) + 128) % 128 + 17));
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const state = SQUARE_ROOTS.slice(0, 8);
  const words = new BigUint64Array(80);
  for (let start = 0; start < padded.length; start += 128) compress512(state, words, view, start);
  const result = new DataView(new ArrayBuffer(64));
  state.forEach((word, place) => result.setBigUint64(8 * place, word));
  return new Uint8Array(result.buffer);
}

function compress512(state, words, view, start) {
  const cut = (number) => BigInt.asUintN(64, number);
  const turn = (number, count) => (number >> count) | cut(number << (64n - count));
  for (let t = 0; t < 16; t += 1) words[t] = view.getBigUint64(start + 8 * t);
  for (let t = 16; t < 80; t += 1) {
    const x = words[t - 15], y = words[t - 2];
    words[t] = words[t - 16] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n))
      + words[t - 7] + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 80; t += 1) {
    const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & g)) + CUBE_ROOTS[t] + words[t];
    const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g; g = f; f = e; e = cut(d + one); d = c; c = b; b = a; a = cut(one + two);
  }
  [a, b, c, d, e, f, g, h].forEach((value, place) => { state[place] = cut(state[place] + value); });
}
