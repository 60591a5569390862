// The check of a bundle that lies open in a folder (FORMAT section 7, "How to verify", steps 1 to 9).

const BUNDLE_NOTE = "bundle.note", SENDER_NOTE = "proofs/sender.note";
const MANIFEST = "manifest-sha256.txt", TAG_MANIFEST = "tagmanifest-sha256.txt";
/** The signature of the tag manifest for `ssh-keygen`. */
const SSH_SIGNATURE = `${TAG_MANIFEST}.sig`, SSH_NAMESPACE = "evidence-bundle";
/** What the tag manifest cannot name, because it is signed after it or is it. */
const OUTSIDE_TAG_MANIFEST = [BUNDLE_NOTE, TAG_MANIFEST, SSH_SIGNATURE];
/** Files outside of `data` and `proofs` of which the format says what is in them; the others are pages. */
const OF_THE_BAG = [...OUTSIDE_TAG_MANIFEST, MANIFEST, "bagit.txt", "bag-info.txt"];
/** What is under `proofs/` and belongs to no entry. */
const ALLOWED_SIGNERS = "proofs/allowed_signers", OF_THE_SENDER = [SENDER_NOTE, ALLOWED_SIGNERS];
const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

const MAXIMUM_CONTENT = 96 << 20, SLICE = 4 << 20, SHOWN_FAULTS = 20;

/** What events are called in a history; whatever is not here is an item (section 7). */
const EVENTS = new Map([
  ["export", "exported"], ["disclosure", "disclosed"], ["withdrawal", "consent_withdrawn"], ["custody", "custody"],
  ["recipient", "recipient"], ["recipient_revoked", "recipient_revoked"], ["salvage", "salvage"],
  ["receipt", "receipt"], ["recovery", "recovery"], ["intake", "intake"], ["intake_revoked", "intake_revoked"],
  ["collection", "collection"],
  ["readers", "readers"], ["reseal", "reseal"], ["signing_key", "signing_key"],
]);
const NO_FIELDS = ["iss", "object", "records", "removed", "readers", "next", "kind", "added", "files"];

/**
 * One check of one folder.
 *
 * `files` maps each path to what has `size` and `slice(start, end)`, as the `File` of a browser does; `witnesses` are
 * keys of witnesses whose countersignatures have to be right; `onProgress` is told of files and bytes that were read.
 */
class BundleCheck {
  constructor(files, witnesses = [], onProgress = () => {}) {
    this.files = files;
    this.witnesses = witnesses;
    this.onProgress = onProgress;
    this.digests = new Map();
    this.contents = new Map();
    this.soundNotes = new Set();
    this.cosigners = new Map();
  }

  /** Everything that the page shows. Throws `Fault`, or `AggregateError` of several. */
  async run() {
    this.needSoundPaths();
    await this.readAll();
    this.sender = await readVaultNote(this.content(SENDER_NOTE), SENDER_NOTE);
    this.note = await this.readBundleNote();
    await this.checkManifests();
    await this.checkEntries();
    return {
      sender: this.sender, note: this.note, items: this.items, events: this.eventNumbers.length,
      stamps: this.stamps, cosigners: [...this.cosigners.values()], hasSSHSignature: this.files.has(SSH_SIGNATURE),
      fileCount: this.files.size, dateDoubts: dateDoubts(this.entries, this.note.created),
      untrusted: [...this.entries.keys()].filter((number) => !this.sender.isTrusted(number)),
    };
  }

  needSoundPaths() {
    const seen = new Set();
    for (const path of this.files.keys()) {
      need(isPath(path), "unsafePath", path);
      need(!seen.has(folded(path)), "twin", path);
      seen.add(folded(path));
    }
  }

  /** Takes the digest of every file, slice by slice, and keeps the small ones that are read again. */
  async readAll() {
    const total = Array.from(this.files.values()).reduce((sum, file) => sum + file.size, 0);
    let room = MAXIMUM_CONTENT, done = 0;
    for (const [path, file] of this.files) {
      const isKept = !path.startsWith("data/") || /^data\/[^/]+\/(record|custody)\.json$/.test(path);
      if (isKept) room -= file.size;
      need(room >= 0, "tooLarge", path);
      const hash = new SHA256(), parts = [];
      for (let start = 0; start < file.size; start += SLICE) {
        const slice = await this.slice(path, file, start);
        hash.update(slice);
        if (isKept) parts.push(slice);
        done += slice.length;
        this.onProgress(this.digests.size, this.files.size, total === 0 ? 1 : done / total);
      }
      this.digests.set(path, toHex(hash.digest()));
      if (isKept) this.contents.set(path, joined(...parts));
    }
  }

  async slice(path, file, start) {
    try {
      return new Uint8Array(await file.slice(start, start + SLICE).arrayBuffer());
    } catch {
      throw new Fault("unreadable", path);
    }
  }

  content(path) {
    need(this.contents.has(path), "missing", path);
    return this.contents.get(path);
  }

  /** Step 3. */
  async readBundleNote() {
    const note = parseNote(this.content(BUNDLE_NOTE));
    need(note !== null, "malformed", BUNDLE_NOTE);
    need(await isSignedBy(this.sender.keys.bundles, note), "bundleSignature", BUNDLE_NOTE);
    need(note.signatures.length === 1, "malformed", BUNDLE_NOTE);
    const version = note.lines[0];
    need(version === "evidence-bundle/v1" || !version.startsWith("evidence-bundle/"), "newer", BUNDLE_NOTE);
    const match = new RegExp("^evidence-bundle/v1\norigin ([^\n]+)\nbundle ([0-9a-f]{32})\ncreated ([^\n]+)\n"
      + "purpose ([^\n]*)\n((?:recipient [0-9a-f]{64}\n)+|recipient passphrase\n)"
      + "checkpoint ([0-9]+) ([0-9a-f]{64})\ntagmanifest ([0-9a-f]{64})\n$").exec(note.lines.join("\n") + "\n");
    need(match !== null, "malformed", BUNDLE_NOTE);
    const [, origin, identifier, created, purpose, list, size, root, tagManifest] = match;
    need(origin === this.sender.origin, "bundleOrigin", BUNDLE_NOTE);
    const recipients = list.trimEnd().split("\n"), head = parseHead(size, root);
    const isAscending = recipients.every((line, place) => place === 0 || recipients[place - 1] < line);
    need(head !== null && isAscending && isMoment(created), "malformed", BUNDLE_NOTE);
    return { origin, identifier, created, purpose, recipients, head, tagManifest };
  }

  /** Step 5. */
  async checkManifests() {
    need(this.digests.get(TAG_MANIFEST) !== undefined, "missing", TAG_MANIFEST);
    need(this.digests.get(TAG_MANIFEST) === this.note.tagManifest, "changed", TAG_MANIFEST);
    need(fromUTF8(this.content("bagit.txt")) === DECLARATION, "malformed", "bagit.txt");
    const paths = [...this.files.keys()], isData = (path) => path.startsWith("data/");
    const pages = paths.filter((path) => !isData(path) && !path.startsWith("proofs/") && !OF_THE_BAG.includes(path));
    const faults = [
      ...pages.filter((path) => !isPageName(path)).map((path) => new Fault("unexpected", path)),
      ...this.compare(TAG_MANIFEST, paths.filter((path) => !isData(path) && !OUTSIDE_TAG_MANIFEST.includes(path))),
      ...this.compare(MANIFEST, paths.filter(isData)),
    ];
    if (faults.length === 1) throw faults[0];
    if (faults.length > 1) throw new AggregateError(faults);
    const key = this.sender.keys.bundles.bytes, message = this.content(TAG_MANIFEST);
    need(await isSSHSignature(this.content(SSH_SIGNATURE), key, SSH_NAMESPACE, message), "sshSignature", SSH_SIGNATURE);
    const blob = btoa(String.fromCharCode(...sshField(toUTF8("ssh-ed25519")), ...sshField(key)));
    const line = `sender namespaces="${SSH_NAMESPACE}" ssh-ed25519 ${blob}\n`;
    need(fromUTF8(this.content(ALLOWED_SIGNERS)) === line, "malformed", ALLOWED_SIGNERS);
  }

  /** All in which the files differ from what a manifest names. */
  compare(name, paths) {
    const lines = (fromUTF8(this.content(name)) ?? "x").split("\n");
    need(lines.pop() === "" && lines.every((line) => /^[0-9a-f]{64} {2}[^]/.test(line)), "malformed", name);
    const named = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
    const sorted = lines.map((line) => toUTF8(line.slice(66)));
    const isCanonical = sorted.every((path, place) => place === 0 || compareBytes(sorted[place - 1], path) < 0);
    need(isCanonical, "malformed", name);
    const faults = paths.filter((path) => !named.has(path)).map((path) => new Fault("unexpected", path));
    const present = new Set(paths);
    for (const [path, digest] of named) {
      if (!present.has(path)) faults.push(new Fault("missing", path));
      else if (this.digests.get(path) !== digest) faults.push(new Fault("changed", path));
    }
    return faults.slice(0, SHOWN_FAULTS);
  }

  /** Steps 6 to 9. */
  async checkEntries() {
    const remaining = new Set([...this.files.keys()].filter((path) => /^(data|proofs)\//.test(path)));
    const take = (path) => remaining.delete(path);
    OF_THE_SENDER.forEach(take);
    const itemNumbers = this.numbers("item");
    this.eventNumbers = this.numbers("event");
    this.entries = new Map();
    this.items = [];
    for (const number of itemNumbers) this.items.push(await this.checkItem(number, take));
    for (const number of this.eventNumbers) {
      need(!this.entries.has(number), "unexpected", `proofs/event-${number}.sd-jwt`);
      await this.checkEntry(number, `proofs/event-${number}`, take);
    }
    this.links = new EntryLinks(this.entries, itemNumbers);
    const unsound = this.links.unsound;
    const sort = this.links.isItem(unsound) ? "item" : "event";
    need(unsound === null, "links", `proofs/${sort}-${unsound}.sd-jwt`);
    const told = new Set(itemNumbers.flatMap((number) => this.checkCustody(number, take)));
    for (const number of this.eventNumbers) need(told.has(number), "untold", `proofs/event-${number}.sd-jwt`);
    this.takeStamps(remaining, take);
    for (const path of remaining) throw new Fault("unexpected", path);
    need(itemNumbers.length > 0, "noItems", "");
  }

  /** The numbers of the entries of one sort, ascending. */
  numbers(sort) {
    const pattern = new RegExp(`^proofs/${sort}-(0|[1-9][0-9]{0,18})\\.sd-jwt$`);
    return [...this.files.keys()].map((path) => pattern.exec(path)).filter((match) => match !== null)
      .map((match) => BigInt(match[1])).sort((one, other) => (one < other ? -1 : 1));
  }

  async checkEntry(number, prefix, take) {
    const path = `${prefix}.sd-jwt`, proofPath = `${prefix}.tlog-proof`;
    take(path);
    take(proofPath);
    const entry = parsePresentation(this.content(path), path);
    need(await verifies(this.sender.recordsKey(number), entry.signature, entry.signed), "entrySignature", path);
    needSoundEntry(entry, this.sender.originOf(number), path);
    const proof = parseProof(this.content(proofPath));
    need(proof !== null, "malformed", proofPath);
    await this.needSignedCheckpoint(proof, proofPath);
    need(proof.index === number, "proofIndex", proofPath);
    need(isIncluded(leafHash(entry.leaf), proof.index, proof.path, proof.checkpoint.head), "notIncluded", proofPath);
    const disclosed = disclosedRecord(entry, path);
    this.entries.set(number, disclosed.record);
    return { number, hasObject: entry.payload.has("object"), ...disclosed };
  }

  /** The same checkpoint stands in every proof as a rule, and is checked once. */
  async needSignedCheckpoint({ note, noteBytes, checkpoint }, path) {
    const { keys, origin } = this.sender;
    const name = toHex(sha256(noteBytes));
    if (!this.soundNotes.has(name)) {
      need(await isSignedBy(keys.checkpoints, note), "checkpointSignature", path);
      await this.noteCosigners(note, path);
      this.soundNotes.add(name);
    }
    need(checkpoint.origin === origin && isSameHead(checkpoint.head, this.note.head), "checkpointOther", path);
  }

  /** Signatures beside that of the index: of witnesses, as far as their keys are known. */
  async noteCosigners(note, path) {
    for (const { name, id } of note.signatures) {
      if (name === this.sender.keys.checkpoints.name && id === this.sender.keys.checkpoints.id) continue;
      const witness = this.witnesses.find((key) => key.name === name && key.id === id);
      const time = witness ? await cosignatureTime(witness, note) : null;
      need(!witness || time !== null, "cosignature", path);
      this.cosigners.set(`${name}+${id}`, { name, id, time });
    }
  }

  async checkItem(number, take) {
    const item = await this.checkEntry(number, `proofs/item-${number}`, take);
    const folder = `data/item-${number}`, recordPath = `${folder}/record.json`;
    take(recordPath);
    const document = toUTF8(writtenJSON(item.record) + "\n");
    need(sameBytes(this.content(recordPath), document), "recordDiffers", recordPath);
    need(item.files.length === 0 || item.hasObject, "entryMalformed", `proofs/item-${number}.sd-jwt`);
    const places = placesOfFiles(item.files, number).map((place) => `${folder}/${place}`);
    item.files.forEach((file, count) => {
      const path = places[count];
      need(this.files.has(path), "missing", path);
      const isSame = this.digests.get(path) === file.get("sha256")
        && BigInt(this.files.get(path).size) === file.get("bytes");
      need(isSame, "fileDiffers", path);
      take(path);
    });
    return { ...item, places };
  }

  /** Step 8: the numbers that the history of an item names; none if it has no history. */
  checkCustody(number, take) {
    const path = `data/item-${number}/custody.json`;
    if (!this.files.has(path)) return [];
    take(path);
    let document = null;
    try { document = parseJSON(this.content(path)); } catch { throw new Fault("malformed", path); }
    const lines = document instanceof Map ? document.get("custody") : null;
    need(Array.isArray(lines) && lines.every((line) => line instanceof Map), "malformed", path);
    const named = new Set(lines.map((line) => line.get("entry")));
    need(named.has(number) && [...named].every((entry) => this.entries.has(entry)), "custodyDiffers", path);
    const sorted = [...named].sort((one, other) => (one < other ? -1 : 1));
    need(sorted.every((entry) => this.links.isAbout(entry, number)), "custodyDiffers", path);
    const expected = new Map([["item", number], ["custody", sorted.map((entry) => this.custodyLine(entry))]]);
    need(sameBytes(this.content(path), toUTF8(writtenJSON(expected) + "\n")), "custodyDiffers", path);
    return sorted;
  }

  custodyLine(number) {
    const record = this.entries.get(number), kind = record.get("kind") ?? "";
    const fields = new Map([...record].filter(([name]) => !NO_FIELDS.includes(name)));
    let event = EVENTS.get(kind);
    if (kind === "custody" && typeof fields.get("event") === "string") event = fields.get("event");
    const isItem = event === undefined;
    const line = new Map([["entry", number], ["event", event ?? (fields.has("amends") ? "amended" : "sealed")]]);
    if (typeof record.get("added") === "string") line.set("at", record.get("added"));
    if (!isItem && fields.size > 0) line.set("fields", fields);
    return line;
  }

  /** Step 7, as far as a page can: tokens stand beside the certificates of their authorities. */
  takeStamps(remaining, take) {
    const pattern = /^proofs\/timestamps\/([0-9a-f]{64})\.(tst|pem)$/;
    const stamps = [...remaining].filter((path) => pattern.test(path));
    for (const path of stamps) {
      const twin = path.replace(/tst$|pem$/, path.endsWith("tst") ? "pem" : "tst");
      need(stamps.includes(twin), "missing", twin);
      if (path.endsWith("pem")) need(this.isCertificateOf(path), "malformed", path);
    }
    stamps.forEach(take);
    this.stamps = stamps.filter((path) => path.endsWith("tst"));
  }

  /** Whether a certificate is the one that its name says. */
  isCertificateOf(path) {
    const text = fromUTF8(this.content(path)) ?? "";
    const match = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]*)\n-----END CERTIFICATE-----\n$/.exec(text);
    const bytes = match && decodeBase64(match[1].replaceAll("\n", ""));
    return bytes !== null && path.includes(`/${toHex(sha256(bytes))}.`);
  }
}
