// Signatures that `ssh-keygen -Y verify` reads (OpenSSH, PROTOCOL.sshsig).

const SSH_BEGIN = "-----BEGIN SSH SIGNATURE-----\n", SSH_END = "\n-----END SSH SIGNATURE-----\n";

/** Whether an armored signature is that of an Ed25519 key over the message, in the namespace. */
async function isSSHSignature(armored, key, namespace, message) {
  const text = fromUTF8(armored) ?? "";
  if (!text.startsWith(SSH_BEGIN) || !text.endsWith(SSH_END)) return false;
  const bytes = decodeBase64(text.slice(SSH_BEGIN.length, -SSH_END.length).replaceAll("\n", ""));
  const fields = bytes && sshFields(bytes.subarray(10));
  const preamble = joined(toUTF8("SSHSIG"), Uint8Array.of(0, 0, 0, 1));
  if (fields?.length !== 5 || !sameBytes(bytes.subarray(0, 10), preamble)) return false;
  const [publicKey, usedNamespace, reserved, algorithm, signature] = fields;
  const hash = new Map([["sha256", sha256], ["sha512", sha512]]).get(fromUTF8(algorithm));
  const kind = sshField(toUTF8("ssh-ed25519"));
  if (!hash || !sameBytes(publicKey, joined(kind, sshField(key))) || reserved.length > 0) return false;
  if (!sameBytes(usedNamespace, toUTF8(namespace))) return false;
  const parts = sshFields(signature);
  if (parts?.length !== 2 || !sameBytes(signature.subarray(0, kind.length), kind)) return false;
  const signed = joined(
    toUTF8("SSHSIG"), sshField(usedNamespace), sshField(reserved), sshField(algorithm), sshField(hash(message)));
  return verifies(key, parts[1], signed);
}

/** A byte string behind its length. */
function sshField(bytes) {
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, bytes.length);
  return joined(new Uint8Array(length.buffer), bytes);
}

/** The byte strings behind their lengths; `null` if the last one is cut off. */
function sshFields(bytes) {
  const fields = [];
  for (let place = 0; place < bytes.length;) {
    if (bytes.length - place < 4) return null;
    const length = new DataView(bytes.buffer, bytes.byteOffset + place).getUint32(0);
    if (length > bytes.length - place - 4) return null;
    fields.push(bytes.subarray(place + 4, place + 4 + length));
    place += 4 + length;
  }
  return fields;
}
