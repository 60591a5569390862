// Bytes and texts. Only the one canonical spelling of a value is accepted (FORMAT, "Conventions").

/** Why a bundle is refused: the name of a phrase, and the path that it is about. */
class Fault extends Error {
  constructor(phrase, path = "") {
    super(`${phrase} ${path}`);
    this.phrase = phrase;
    this.path = path;
  }
}

/** Stops the check unless `condition` holds. */
function need(condition, phrase, path) {
  if (!condition) throw new Fault(phrase, path);
}

const encoder = new TextEncoder();
const toUTF8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes, a byte order mark kept; `null` if they are none. */
function fromUTF8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether two byte strings are the same. */
function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

/** Compares byte strings as `sort` wants it. */
function compareBytes(one, other) {
  const count = Math.min(one.length, other.length);
  for (let place = 0; place < count; place += 1) {
    if (one[place] !== other[place]) return one[place] - other[place];
  }
  return one.length - other.length;
}

/** Puts byte strings behind each other. */
function joined(...parts) {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    result.set(part, place);
    place += part.length;
  }
  return result;
}

const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const isHex = (text, byteCount) =>
  typeof text === "string" && text.length === 2 * byteCount && /^[0-9a-f]*$/.test(text);
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes of a base64 text; `null` for another character, other padding, or unused bits that are not zero. */
function decodeBase64(text, { url = false, padded = !url } = {}) {
  const digits = padded ? text.replace(/={0,2}$/, "") : text;
  const padding = text.length - digits.length;
  if (digits.length % 4 === 1 || (padded && padding !== (4 - (digits.length % 4)) % 4)) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0, count = 0, place = 0;
  for (const character of digits) {
    const digit = url ? "-_".indexOf(character) + 62 : BASE64.indexOf(character);
    const value = url && digit < 62 ? BASE64.slice(0, 62).indexOf(character) : digit;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[place] = bits >> count;
      place += 1;
    }
  }
  return (bits & ((1 << count) - 1)) === 0 ? bytes : null;
}

/** A decimal number without sign or leading zero, below 2^63; `null` for anything else. */
function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return value < 1n << 63n ? value : null;
}
