// JSON as FORMAT wants it ("Conventions"): a name once, whole numbers of 64 bits, no lone surrogate; and written back
// to the same bytes. Objects are `Map`s, which keep the order of names; whole numbers are `BigInt`s.

const JSON_ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class JSONReader {
  constructor(text, depthLimit) {
    this.text = text;
    this.depthLimit = depthLimit;
    this.place = 0;
  }

  fail() { throw new SyntaxError(`not the JSON of this format at ${this.place}`); }

  skipSpace() { while (" \n\r\t".includes(this.text.charAt(this.place) || "x")) this.place += 1; }

  take(characters) {
    if (!this.text.startsWith(characters, this.place)) return false;
    this.place += characters.length;
    return true;
  }

  document() {
    this.skipSpace();
    const value = this.value(0);
    this.skipSpace();
    if (this.place !== this.text.length) this.fail();
    return value;
  }

  value(depth) {
    if (this.take("{")) return this.object(depth + 1);
    if (this.take("[")) return this.array(depth + 1);
    if (this.take('"')) return this.string();
    if (this.take("true")) return true;
    if (this.take("false")) return false;
    if (this.take("null")) return null;
    return this.number();
  }

  object(depth) {
    if (depth > this.depthLimit) this.fail();
    const members = new Map();
    this.skipSpace();
    if (this.take("}")) return members;
    for (;;) {
      if (!this.take('"')) this.fail();
      const name = this.string();
      if (members.has(name)) this.fail();
      this.skipSpace();
      if (!this.take(":")) this.fail();
      this.skipSpace();
      members.set(name, this.value(depth));
      this.skipSpace();
      if (this.take("}")) return members;
      if (!this.take(",")) this.fail();
      this.skipSpace();
    }
  }

  array(depth) {
    if (depth > this.depthLimit) this.fail();
    const elements = [];
    this.skipSpace();
    if (this.take("]")) return elements;
    for (;;) {
      elements.push(this.value(depth));
      this.skipSpace();
      if (this.take("]")) return elements;
      if (!this.take(",")) this.fail();
      this.skipSpace();
    }
  }

  string() {
    let result = "";
    for (;;) {
      const start = this.place;
      while (this.place < this.text.length && !/["\\\u0000-\u001f]/.test(this.text[this.place])) this.place += 1;
      result += this.text.slice(start, this.place);
      if (this.take('"')) break;
      if (!this.take("\\")) this.fail();
      const letter = this.text.charAt(this.place);
      this.place += 1;
      if (letter === "u") result += this.unit();
      else if (Object.hasOwn(JSON_ESCAPES, letter)) result += JSON_ESCAPES[letter];
      else this.fail();
    }
    if (/\p{Surrogate}/u.test(result)) this.fail();
    return result;
  }

  unit() {
    const digits = this.text.slice(this.place, this.place + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail();
    this.place += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  number() {
    const pattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    pattern.lastIndex = this.place;
    const match = pattern.exec(this.text);
    if (match === null) this.fail();
    this.place += match[0].length;
    if (match[1] === undefined && match[2] === undefined && match[0] !== "-0") {
      const value = match[0].length <= 20 ? BigInt(match[0]) : 1n << 64n;
      if (BigInt.asIntN(64, value) !== value) this.fail();
      return value;
    }
    // A whole number is never written as -0.
    const value = match[0] === "-0" ? NaN : Number(match[0]);
    if (!Number.isFinite(value) || (value === 0 && /^[^eE]*[1-9]/.test(match[0]))) this.fail();
    return value;
  }
}

/** Reads UTF-8 bytes as one value; throws `SyntaxError`. */
function parseJSON(bytes, depthLimit = 64) {
  const text = bytes.length <= 16 << 20 ? fromUTF8(bytes) : null;
  if (text === null) throw new SyntaxError("not UTF-8, or too long");
  return new JSONReader(text, depthLimit).document();
}

const HAS_LETTER = new Map([["\b", "b"], ["\t", "t"], ["\n", "n"], ["\f", "f"], ["\r", "r"], ['"', '"'], ["\\", "\\"]]);
const ESCAPED = /["\\\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const writtenString = (text) => `"${text.replace(ESCAPED, (character) => "\\"
  + (HAS_LETTER.get(character) ?? "u" + character.charCodeAt(0).toString(16).padStart(4, "0")))}"`;

/** A number with fraction or exponent, as the shortest text that reads as the same value and is no whole number. */
function writtenNumber(value) {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-4 && size < 2 ** 54)) {
    const text = Object.is(value, -0) ? "-0" : String(value);
    return /[.]/.test(text) ? text : text + ".0";
  }
  const [digits, exponent] = value.toExponential().split("e");
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/** The pretty form, without the line feed at its end. */
function writtenJSON(value, level = 0) {
  const line = "\n" + "  ".repeat(level + 1), end = "\n" + "  ".repeat(level);
  if (typeof value === "string") return writtenString(value);
  if (typeof value === "number") return writtenNumber(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${value.map((element) => line + writtenJSON(element, level + 1)).join(",")}${end}]`;
  }
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    const members = Array.from(value, ([name, member]) =>
      `${line}${writtenString(name)}: ${writtenJSON(member, level + 1)}`);
    return `{${members.join(",")}${end}}`;
  }
  return String(value);
}
