// Signed notes and the keys that sign them (C2SP signed-note, tlog-cosignature), and vault.note (FORMAT section 3).

const ED25519_KEY = 1, COSIGNATURE_KEY = 4;
const KEY_PURPOSES = ["vault", "checkpoints", "records", "bundles", "cosignatures"];

/** Whether a key can have this name. */
const isKeyName = (name) =>
  name !== "" && !/[+\p{White_Space}\p{Cc}]/u.test(name) && toUTF8(name).length <= 1024;

const keyID = (name, material) => toHex(sha256(joined(toUTF8(name + "\n"), material)).subarray(0, 4));

/** Reads `<name>+<key ID>+<base64 of the kind and the key>`; `null` for anything else. */
function parseVerifierKey(text, kind) {
  const [name, id, ...rest] = text.split("+");
  const material = rest.length > 0 ? decodeBase64(rest.join("+")) : null;
  if (!isKeyName(name) || material?.length !== 33 || material[0] !== kind) return null;
  const bytes = material.slice(1);
  return id === keyID(name, material) && pointOfKey(bytes) !== null ? { name, id, bytes } : null;
}

/** Takes a note apart; `null` if it is none. `text` is what is signed. */
function parseNote(bytes) {
  let end = bytes.length - 1;
  while (end > 0 && !(bytes[end] === 10 && bytes[end - 1] === 10)) end -= 1;
  if (bytes.length > 1_000_000 || end < 1) return null;
  const text = fromUTF8(bytes.subarray(0, end)), lines = fromUTF8(bytes.subarray(end + 1));
  if (text === null || lines === null || /[\u0000-\u0009\u000b-\u001f]/.test(text + lines)) return null;
  if (!lines.endsWith("\n")) return null;
  const signatures = lines.slice(0, -1).split("\n").map(parseSignatureLine);
  if (signatures.length > 100 || signatures.includes(null)) return null;
  return { text: bytes.subarray(0, end), lines: text.slice(0, -1).split("\n"), signatures };
}

function parseSignatureLine(line) {
  const parts = line.split(" ");
  const blob = parts.length === 3 && parts[0] === "—" ? decodeBase64(parts[2]) : null;
  if (blob === null || blob.length <= 4 || !isKeyName(parts[1])) return null;
  return { name: parts[1], id: toHex(blob.subarray(0, 4)), signature: blob.subarray(4) };
}

/** Whether the key signed the note, and no signature in its name is wrong. */
async function isSignedBy(key, note) {
  const own = note.signatures.filter((signature) => signature.name === key.name && signature.id === key.id);
  for (const { signature } of own) {
    if (!(await verifies(key.bytes, signature, note.text))) return false;
  }
  return own.length > 0;
}

/** When a witness countersigned the note, as the last of its signatures says; `null` if one of them is wrong. */
async function cosignatureTime(key, note) {
  let latest = 0n;
  for (const { name, id, signature } of note.signatures) {
    if (name !== key.name || id !== key.id) continue;
    if (signature.length !== 72) return null;
    const time = new DataView(signature.slice(0, 8).buffer).getBigUint64(0);
    const message = joined(toUTF8(`cosignature/v1\ntime ${time}\n`), note.text);
    if (time < 1n || time >= 1n << 63n || !(await verifies(key.bytes, signature.subarray(8), message))) return null;
    if (time > latest) latest = time;
  }
  return latest;
}

/** Size and root of a tree: `size` as a number, `root` in hexadecimal digits; `null` for no head. */
function parseHead(size, root) {
  const count = decimal(size ?? "");
  if (count === null || !isHex(root, 32) || (count === 0n && root !== toHex(sha256(new Uint8Array())))) return null;
  return { size: count, root };
}

const isSameHead = (one, other) => one.size === other.size && one.root === other.root;

/** Reads and checks `vault.note`; throws `Fault`. It vouches only for itself. */
async function readVaultNote(bytes, path) {
  const note = parseNote(bytes);
  need(note !== null, "malformed", path);
  const [version, ...lines] = note.lines;
  need(version === "evidence-vault/v1" || !version.startsWith("evidence-vault/"), "newer", path);
  need(version === "evidence-vault/v1", "malformed", path);
  const value = (name) => {
    const line = lines.shift() ?? "";
    need(line.startsWith(name + " ") && line.length > name.length + 1, "malformed", path);
    return line.slice(name.length + 1);
  };
  const origin = value("origin"), continuations = [], keys = {}, readers = [];
  while (lines[0]?.startsWith("continues ")) {
    const line = readContinuation(value("continues"), path);
    if (lines[0]?.startsWith("replaced ")) line.replaced = readReplaced(value("replaced"), path);
    continuations.push(line);
  }
  needSoundContinuations(continuations, origin, path);
  for (const purpose of KEY_PURPOSES) {
    const key = parseVerifierKey(value(`key ${purpose}`), ED25519_KEY);
    need(key?.name === origin + (purpose === "checkpoints" ? "" : `/${purpose}`), "malformed", path);
    keys[purpose] = key;
  }
  const promised = lines[0]?.startsWith("next ") ? value("next") : null;
  need(promised === null || isHex(promised, 32), "malformed", path);
  while (lines.length > 0) readers.push(value("reader"));
  const differ = (list) => new Set(list).size === list.length;
  need(readers.length >= 1 && readers.length <= 64 && differ(readers) && readers.every(isRecipient), "malformed", path);
  need(differ(KEY_PURPOSES.map((purpose) => toHex(keys[purpose].bytes))), "malformed", path);
  need(await isSignedBy(keys.vault, note), "senderSignature", path);
  const periods = await readPeriods({ origin, continuations, keys, promised }, path);
  /** The origin under which the entry of this number was signed. */
  const originOf = (index) => continuations.find(({ kept }) => index < kept.size)?.origin ?? origin;
  /** The key that signed the entry of this number. */
  const recordsKey = (index) => periods.find(({ end }) => index < end)?.keys.records ?? keys.records.bytes;
  /** Whether that key was not seized, or not yet. */
  const isTrusted = (index) => !periods.some(({ trusted, end }) => trusted <= index && index < end);
  const wordsOfKey = (key) => wordsOf(sha256(key));
  const formerWords = periods.map((period) => wordsOfKey(period.keys.vault));
  return { origin, originOf, recordsKey, isTrusted, keys, formerWords, words: wordsOfKey(keys.vault.bytes) };
}

/** Reads which keys were replaced, and up to which entry they are trusted. */
function readReplaced(line, path) {
  const [size, ...blobs] = line.split(" ");
  const trusted = decimal(size), bytes = blobs.map(decodeBase64);
  need(trusted !== null && bytes.length === KEY_PURPOSES.length + 1 && !bytes.includes(null), "malformed", path);
  const keys = Object.fromEntries(KEY_PURPOSES.map((purpose, place) => [purpose, bytes[place]]));
  need(KEY_PURPOSES.every((purpose) => keys[purpose].length === 32 && pointOfKey(keys[purpose]) !== null),
    "malformed", path);
  return { trusted, keys, signature: bytes[KEY_PURPOSES.length] };
}

/**
 * For each set of keys that was replaced, up to where they signed, and up to where that is trusted. Each named the one
 * that follows, and none comes back.
 */
async function readPeriods({ origin, continuations, keys, promised }, path) {
  const periods = continuations.filter(({ replaced }) => replaced)
    .map(({ kept, replaced }) => ({ end: kept.size, trusted: replaced.trusted, keys: replaced.keys }));
  let start = 0n;
  for (const [place, { kept, keepsAll, line, replaced }] of continuations.entries()) {
    if (!replaced) continue;
    need(keepsAll && start <= replaced.trusted && replaced.trusted <= kept.size, "malformed", path);
    const later = continuations[place + 1];
    const next = continuations.slice(place + 1).find((one) => one.replaced)?.replaced.keys.vault ?? keys.vault.bytes;
    const name = `${later?.origin ?? origin}/vault`, material = joined(new Uint8Array([ED25519_KEY]), next);
    const key = `${name}+${keyID(name, material)}+${btoa(String.fromCharCode(...material))}`;
    const text = `evidence-vault/v1/replaced\ncontinues ${line}\n${replaced.trusted}\n${key}\n`;
    need(await verifies(replaced.keys.vault, replaced.signature, toUTF8(text)), "senderSignature", path);
    start = kept.size;
  }
  const all = [...periods.flatMap((period) => Object.values(period.keys)), ...KEY_PURPOSES.map((one) => keys[one].bytes)];
  need(new Set(all.map(toHex)).size === all.length, "malformed", path);
  need(!all.some((key) => toHex(sha256(key)) === promised), "malformed", path);
  return periods;
}

function readContinuation(line, path) {
  const [origin, ...numbers] = line.split(" ");
  const kept = parseHead(numbers[0], numbers[1]), last = parseHead(numbers[2], numbers[3]);
  need(origin && numbers.length === 4 && kept !== null && last !== null, "malformed", path);
  need(kept.size < last.size || isSameHead(kept, last), "malformed", path);
  return { origin, kept, line, keepsAll: isSameHead(kept, last) };
}

function needSoundContinuations(continuations, origin, path) {
  const origins = [...continuations.map((line) => line.origin), origin];
  const sizes = continuations.map(({ kept }) => kept.size);
  const isSorted = sizes.every((size, place) => place === 0 || sizes[place - 1] <= size);
  need(continuations.length <= 64 && isSorted && new Set(origins).size === origins.length, "malformed", path);
  need(origins.every(isKeyName), "malformed", path);
}

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** Whether a text is a recipient of age, classic or post-quantum (BIP 173 without its limit on length). */
function isRecipient(text) {
  const match = /^(age|age1pq)1([02-9ac-hj-np-z]{6,})$/.exec(text);
  if (match === null) return false;
  const values = Array.from(match[2], (character) => BECH32.indexOf(character));
  const prefix = Array.from(match[1], (character) => character.charCodeAt(0));
  let check = 1;
  for (const value of [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...values]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, bit) => {
      if ((top >> bit) & 1) check ^= generator;
    });
  }
  const bitCount = 5 * (values.length - 6), spare = bitCount % 8;
  const isPadded = spare < 5 && (values[values.length - 7] & ((1 << spare) - 1)) === 0;
  return check === 1 && isPadded && (bitCount - spare) / 8 === (match[1] === "age" ? 32 : 1216);
}

// Words (FORMAT section 2).

const words = () => WORD_LIST.split(" ");

/** The first 88 bits of a digest as eight words. */
function wordsOf(digest) {
  const bits = BigInt("0x" + toHex(digest.subarray(0, 11))), list = words();
  return Array.from({ length: 8 }, (_, place) => list[Number((bits >> BigInt(11 * (7 - place))) & 2047n)]).join(" ");
}

/** What two people read out to each other instead of words: the place of each in the list, as four digits. */
const digitsOf = (text) => text.split(" ").map((word) => String(words().indexOf(word)).padStart(4, "0")).join(" ");

/** Words that somebody typed, in the one spelling: any case, with spaces, hyphens or commas between; or their digits. */
function typedWords(text) {
  const parts = text.toLowerCase().split(/[\s,-]+/).filter((part) => part !== "");
  const digits = parts.join("");
  if (!/^[0-9]+$/.test(digits)) return parts;
  return digits.match(/.{1,4}/g).map((place) => (place.length === 4 ? words()[Number(place)] : undefined) ?? place);
}
