// Ed25519 (RFC 8032), by the strict rules of libsodium: one verdict in every browser. Nothing here is secret.

const PRIME = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

const modulo = (number) => {
  const rest = number % PRIME;
  return rest < 0n ? rest + PRIME : rest;
};

/** `base` to the power of `exponent`, modulo the prime. */
function power(base, exponent) {
  let result = 1n;
  for (let rest = exponent, square = modulo(base); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

const inverse = (number) => power(number, PRIME - 2n);
const CURVE_D = modulo(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (PRIME - 1n) / 4n);
const IDENTITY = [0n, 1n, 1n, 0n];

/** The number of bytes in little-endian order. */
const littleEndian = (bytes) => BigInt("0x" + toHex(bytes.slice().reverse()));

// Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z (RFC 8032 section 5.1.4).

function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % PRIME, b = ((y1 + x1) * (y2 + x2)) % PRIME;
  const c = (((2n * t1 * t2) % PRIME) * CURVE_D) % PRIME, d = (2n * z1 * z2) % PRIME;
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [(e * f) % PRIME, (g * h) % PRIME, (f * g) % PRIME, (e * h) % PRIME];
}

function doublePoint([x, y, z]) {
  const a = (x * x) % PRIME, b = (y * y) % PRIME, c = (2n * z * z) % PRIME;
  const h = a + b, e = h - (((x + y) * (x + y)) % PRIME), g = a - b, f = c + g;
  return [(e * f) % PRIME, (g * h) % PRIME, (f * g) % PRIME, (e * h) % PRIME];
}

const isIdentity = ([x, y, z]) => modulo(x) === 0n && modulo(y - z) === 0n;

/** The point that 32 bytes encode; `null` for none, or for a second encoding of one. */
function decodePoint(bytes) {
  const number = littleEndian(bytes);
  const sign = number >> 255n, y = number & ((1n << 255n) - 1n);
  if (y >= PRIME) return null;
  const u = modulo(y * y - 1n), v = modulo(CURVE_D * y * y + 1n);
  let x = modulo(u * v ** 3n * power(u * v ** 7n, (PRIME - 5n) / 8n));
  const square = modulo(v * x * x);
  if (square === modulo(-u)) x = (x * ROOT_OF_MINUS_ONE) % PRIME;
  else if (square !== u) return null;
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = PRIME - x;
  return [x, y, 1n, (x * y) % PRIME];
}

function encodePoint([x, y, z]) {
  const scale = inverse(z);
  const number = modulo(y * scale) | ((modulo(x * scale) & 1n) << 255n);
  return fromHex(number.toString(16).padStart(64, "0")).reverse();
}

/** The sum of `one` times `first` and `other` times `second`. */
function sumOfMultiples(one, first, other, second) {
  const both = addPoints(first, second);
  let sum = IDENTITY;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = doublePoint(sum);
    const ofOne = (one >> bit) & 1n, ofOther = (other >> bit) & 1n;
    if (ofOne && ofOther) sum = addPoints(sum, both);
    else if (ofOne) sum = addPoints(sum, first);
    else if (ofOther) sum = addPoints(sum, second);
  }
  return sum;
}

const BASE_POINT = decodePoint(fromHex("5866666666666666666666666666666666666666666666666666666666666666"));

const knownKeys = new Map();

/** The point of a verifying key; `null` unless it is canonical, in the prime-order group, and not the identity. */
function pointOfKey(key) {
  const name = toHex(key);
  if (!knownKeys.has(name)) {
    const point = key.length === 32 ? decodePoint(key) : null;
    const isFit = point !== null && !isIdentity(point) && isIdentity(sumOfMultiples(ORDER, point, 0n, IDENTITY));
    knownKeys.set(name, isFit ? point : null);
  }
  return knownKeys.get(name);
}

/** Whether the signature is that of the key, by our own arithmetic. */
function isSignature(key, signature, message) {
  const point = pointOfKey(key);
  if (point === null || signature.length !== 64) return false;
  const encodedR = signature.subarray(0, 32), s = littleEndian(signature.subarray(32));
  if (s >= ORDER) return false;
  const challenge = littleEndian(sha512(joined(encodedR, key, message))) % ORDER;
  const minusKey = [PRIME - point[0], point[1], point[2], PRIME - point[3]];
  const r = sumOfMultiples(s, BASE_POINT, challenge, minusKey);
  return !isIdentity(r) && sameBytes(encodePoint(r), encodedR);
}

/** What Web Crypto says of a signature; `null` in a browser that has none, or none with Ed25519. */
async function webCryptoVerdict(key, signature, message) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  try {
    const imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await subtle.verify({ name: "Ed25519" }, imported, signature, message);
  } catch {
    return null;
  }
}

/** Whether the signature is that of the key. Our own arithmetic decides, and Web Crypto, where it is, has to agree. */
async function verifies(key, signature, message) {
  return isSignature(key, signature, message) && (await webCryptoVerdict(key, signature, message)) !== false;
}
