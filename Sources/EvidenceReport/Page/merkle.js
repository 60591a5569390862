// The head of an index and proofs of its entries (C2SP tlog-checkpoint and tlog-proof, RFC 9162 section 2.1.3.2).

/** Reads a checkpoint, a note; `null` if it is none. */
function parseCheckpoint(note) {
  const [origin, size, root, ...extensions] = note.lines;
  const bytes = decodeBase64(root ?? "");
  const head = bytes?.length === 32 ? parseHead(size, toHex(bytes)) : null;
  return head !== null && origin !== "" && !extensions.includes("") ? { origin, head } : null;
}

/** Reads a proof as a file; `null` if it is none. */
function parseProof(bytes) {
  const gap = bytes.findIndex((byte, place) => byte === 10 && bytes[place + 1] === 10);
  const lines = gap > 0 && bytes.length <= 1_100_000 ? fromUTF8(bytes.subarray(0, gap))?.split("\n") : undefined;
  if (lines?.shift() !== "c2sp.org/tlog-proof@v1") return null;
  if (lines[0]?.startsWith("extra ")) {
    const extra = decodeBase64(lines.shift().slice(6));
    if (extra === null || extra.length > 65_536) return null;
  }
  const index = decimal(/^index (.*)$/.exec(lines.shift() ?? "")?.[1] ?? "");
  const path = lines.map((line) => decodeBase64(line));
  const noteBytes = bytes.slice(gap + 2), note = parseNote(noteBytes);
  const checkpoint = note && parseCheckpoint(note);
  if (index === null || path.length > 63 || path.some((node) => node?.length !== 32) || !checkpoint) return null;
  return { index, path, note, noteBytes, checkpoint };
}

const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const leafHash = (entry) => sha256(joined(Uint8Array.of(0), entry));

/** Whether the path leads from the leaf of this number to the root of the head. */
function isIncluded(leaf, index, path, head) {
  if (index >= head.size) return false;
  let number = index, last = head.size - 1n, node = leaf;
  for (const sibling of path) {
    if (last === 0n) return false;
    if ((number & 1n) === 1n || number === last) {
      node = nodeHash(sibling, node);
      while (number !== 0n && (number & 1n) === 0n) {
        number >>= 1n;
        last >>= 1n;
      }
    } else {
      node = nodeHash(node, sibling);
    }
    number >>= 1n;
    last >>= 1n;
  }
  return last === 0n && toHex(node) === head.root;
}
