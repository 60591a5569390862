"""The second signature, for ssh-keygen, where it lies: the files beside it are those of a whole bundle."""
from bundle_maker import Malleable, ssh_string
from hostile_notes import Zeros

BAD = "the signature in tagmanifest-sha256.txt.sig does not fit"
UNREAD = "tagmanifest-sha256.txt.sig cannot be read as it must be"


def ssh_signatures(bench):
    """tagmanifest-sha256.txt.sig and proofs/allowed_signers."""
    sender, stranger = bench.sender, bench.stranger
    path, signers = "tagmanifest-sha256.txt.sig", "proofs/allowed_signers"

    def made(name, make, says=BAD):
        bundle = bench.open_bundle()
        bundle.of_tag_manifest[path] = make
        return bench.signed("SSH signatures", name, bundle.close(), says=says)

    yield made("of another text", lambda tags: sender.ssh_signature(tags + b"x"))
    yield made("for another purpose", lambda tags: sender.ssh_signature(tags, b"git"))
    yield made("without a purpose", lambda tags: sender.ssh_signature(tags, b""), UNREAD)
    yield made("of a stranger", stranger.ssh_signature)
    yield made("of a stranger, with the sender's key",
               lambda tags: sender.ssh_signature(tags, by=stranger.keys["bundles"]))
    yield made("of the key for records", lambda tags: sender.ssh_signature(tags, by=sender.keys["records"]))
    yield made("in a second spelling", lambda tags: sender.ssh_signature(tags, by=Malleable(sender.keys["bundles"])))
    yield made("with a key of small order", lambda tags: sender.ssh_signature(
        tags, by=Zeros(), key=ssh_string(b"ssh-ed25519") + ssh_string(b"\1" + bytes(31))), UNREAD)
    for name, change in {
            "empty": lambda file: b"",
            "CRLF": lambda file: file.replace(b"\n", b"\r\n"),
            "twice": lambda file: file * 2,
            "text before": lambda file: b"Sample\n" + file,
            "no last line feed": lambda file: file[:-1],
            "a megabyte": lambda file: file.replace(b"\n", b"\n" + b"A" * 1_000_000, 1),
            "no UTF-8": lambda file: b"\xff" + file,
            "one line": lambda file: file[:29] + file[29:-28].replace(b"\n", b"") + file[-28:]}.items():
        yield made(name, lambda tags, change=change: change(sender.ssh_signature(tags)), UNREAD)
    for name, content in {
            "of a stranger": stranger.allowed_signers(),
            "a line more": sender.allowed_signers() + stranger.allowed_signers(),
            "everybody": sender.allowed_signers().replace(b"sender", b"*"),
            "empty": b"",
            "any purpose": b"sender" + sender.allowed_signers()[37:]}.items():
        bundle = bench.open_bundle()
        bundle.files[signers] = content
        yield bench.signed("SSH signatures", f"allowed_signers: {name}", bundle.close(),
                           says=f"{signers} cannot be read")
