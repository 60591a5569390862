// Entries of the index with what is disclosed of them (RFC 9901, FORMAT sections 5 and 6).

const RESERVED_NAMES = ["_sd", "_sd_alg", "..."];
const MAXIMUM_DEPTH = 16;

/** Takes a presentation apart and reads its entry; throws `Fault`. */
function parsePresentation(bytes, path) {
  need(bytes.length <= 256 << 20, "tooLarge", path);
  const parts = (fromUTF8(bytes) ?? "").split("~");
  need(parts.length > 1 && parts.length <= 200_002 && parts.pop() === "", "malformed", path);
  const [entry, ...disclosures] = parts;
  const [header, payload, signature, ...rest] = entry.split(".");
  need(signature !== undefined && rest.length === 0, "entryMalformed", path);
  const result = {
    leaf: toUTF8(entry),
    signed: toUTF8(`${header}.${payload}`),
    signature: decodeBase64(signature, { url: true }),
    header: jsonPart(header, "entryMalformed", path),
    payload: jsonPart(payload, "entryMalformed", path),
    disclosures: disclosures.map((text) => parseDisclosure(text, path)),
  };
  need(result.signature?.length === 64, "entryMalformed", path);
  return result;
}

function jsonPart(text, phrase, path) {
  const bytes = text === "" ? null : decodeBase64(text, { url: true });
  need(bytes !== null, phrase, path);
  try {
    return parseJSON(bytes, MAXIMUM_DEPTH + 1);
  } catch {
    throw new Fault(phrase, path);
  }
}

function parseDisclosure(text, path) {
  const parts = jsonPart(text, "disclosures", path);
  need(Array.isArray(parts) && [2, 3].includes(parts.length) && typeof parts[0] === "string", "disclosures", path);
  if (parts.length === 2) return { digest: toHex(sha256(toUTF8(text))), name: null, value: parts[1] };
  need(typeof parts[1] === "string" && !RESERVED_NAMES.includes(parts[1]), "disclosures", path);
  return { digest: toHex(sha256(toUTF8(text))), name: parts[1], value: parts[2] };
}

/** Refuses an entry that is not as section 6 has it, or of another origin. */
function needSoundEntry({ header, payload }, origin, path) {
  const isDigest = (value) => isHex(value, 32);
  const refers = (value, number) => value instanceof Map && isDigest(value.get("sha256"))
    && typeof value.get(number) === "bigint" && value.get(number) >= 0n;
  const isPair = (value) => value instanceof Map && isDigest(value.get("sha256")) && isDigest(value.get("by"))
    && value.get("sha256") !== value.get("by");
  need(header instanceof Map && payload instanceof Map, "entryMalformed", path);
  need(header.get("alg") === "EdDSA" && !header.has("crit"), "entryMalformed", path);
  need(header.get("typ") === "evidence-entry+sd-jwt", "entryMalformed", path);
  need(payload.get("iss") === origin, "entryOrigin", path);
  need(refers(payload.get("records"), "line"), "entryMalformed", path);
  need(!payload.has("object") || refers(payload.get("object"), "bytes"), "entryMalformed", path);
  need(!payload.has("readers") || isDigest(payload.get("readers")), "entryMalformed", path);
  need(!payload.has("next") || isDigest(payload.get("next")), "entryMalformed", path);
  if (!payload.has("removed")) return;
  const removed = payload.get("removed");
  const objects = removed instanceof Map ? removed.get("objects") : null;
  const records = removed instanceof Map ? removed.get("records") : null;
  need(Array.isArray(objects) && Array.isArray(records), "entryMalformed", path);
  need(objects.length + records.length > 0 && records.every(isPair), "entryMalformed", path);
  need(objects.every((object) => isDigest(object) || isPair(object) && refers(object, "bytes")), "entryMalformed", path);
}

/** Puts every disclosure in the place of its digest, as RFC 9901 section 7.1 says. */
class DisclosureWalk {
  constructor(disclosures, path) {
    this.path = path;
    this.disclosures = disclosures;
    this.places = new Map(disclosures.map(({ digest }, place) => [digest, place]));
    this.seen = new Set();
    this.used = new Set();
  }

  /** The record; what stays closed is counted for its top, its list of files, and names and times of these. */
  run(payload) {
    need((payload.get("_sd_alg") ?? "sha-256") === "sha-256", "disclosures", this.path);
    const signed = new Map(payload);
    signed.delete("_sd_alg");
    const record = this.object(signed, 0);
    // A disclosure that no digest names stays unused, and so does one that is given twice.
    need(this.used.size === this.disclosures.length, "disclosures", this.path);
    return record;
  }

  value(value, depth) {
    if (value instanceof Map) return this.object(value, depth);
    return Array.isArray(value) ? this.array(value, depth) : value;
  }

  object(object, depth) {
    need(depth < MAXIMUM_DEPTH, "disclosures", this.path);
    const result = new Map();
    for (const [name, member] of object) {
      if (name === "_sd") continue;
      need(!RESERVED_NAMES.includes(name), "disclosures", this.path);
      result.set(name, this.value(member, depth + 1));
    }
    const digests = object.get("_sd") ?? [];
    need(Array.isArray(digests), "disclosures", this.path);
    const found = digests.map((digest) => this.find(digest)).filter((place) => place !== null);
    for (const place of found.sort((one, other) => one - other)) {
      const { name, value } = this.disclosures[place];
      need(name !== null && !result.has(name), "disclosures", this.path);
      result.set(name, this.value(value, depth + 1));
    }
    return result;
  }

  array(elements, depth) {
    need(depth < MAXIMUM_DEPTH, "disclosures", this.path);
    const result = [];
    for (const element of elements) {
      if (!(element instanceof Map && element.has("..."))) {
        result.push(this.value(element, depth + 1));
        continue;
      }
      need(element.size === 1, "disclosures", this.path);
      const place = this.find(element.get("..."));
      if (place === null) continue;
      need(this.disclosures[place].name === null, "disclosures", this.path);
      result.push(this.value(this.disclosures[place].value, depth + 1));
    }
    return result;
  }

  /** The place of the disclosure that a digest names; `null` if it is withheld, or a decoy. */
  find(text) {
    const bytes = typeof text === "string" ? decodeBase64(text, { url: true }) : null;
    need(bytes?.length === 32, "disclosures", this.path);
    const digest = toHex(bytes);
    need(!this.seen.has(digest), "disclosures", this.path);
    this.seen.add(digest);
    const place = this.places.get(digest) ?? null;
    if (place !== null) this.used.add(place);
    return place;
  }
}

/** The disclosed record of an entry, its files, and how much of it stays closed. */
function disclosedRecord({ payload, disclosures }, path) {
  const record = new DisclosureWalk(disclosures, path).run(payload);
  const files = record.get("files") ?? [];
  const isPlain = (value) => typeof value === "string" && /^[\x21-\x7e]{0,127}$/.test(value);
  need(Array.isArray(files), "disclosures", path);
  need(!record.has("kind") || typeof record.get("kind") === "string", "entryMalformed", path);
  need(!record.has("added") || isMoment(record.get("added")), "entryMalformed", path);
  for (const file of files) {
    need(file instanceof Map && typeof file.get("bytes") === "bigint" && file.get("bytes") >= 0n, "disclosures", path);
    need(isHex(file.get("sha256"), 32) && isPlain(file.get("media_type")), "disclosures", path);
    need(!file.has("path") || (typeof file.get("path") === "string" && isPath(file.get("path"))), "disclosures", path);
    need(isPlain(file.has("modified") ? file.get("modified") : ""), "disclosures", path);
  }
  const opened = new Set(disclosures.map(({ digest }) => digest));
  const isClosed = (text) => !opened.has(toHex(decodeBase64(text, { url: true })));
  const list = payload.get("files") ?? disclosures.find(({ name }) => name === "files")?.value;
  const elements = Array.isArray(list) ? list.filter((element) => element instanceof Map && element.has("...")) : [];
  return {
    record,
    files,
    closedDigests: (payload.get("_sd") ?? []).filter(isClosed).length,
    withheldFiles: elements.filter((element) => isClosed(element.get("..."))).length,
    withheldNames: files.filter((file) => !file.has("path")).length,
  };
}
