"""Time-stamps on something else than the head of the bundle, by an authority made for this."""
import os
from datetime import datetime, timezone
from pathlib import Path

from bundle_maker import Index, sha256
from hostile_bench import MOMENT
from time_authority import P256, answer, make_authority, openssl

FAMILY = "time-stamps"
NOT_READ = "it does not check time-stamps"
DOUBT = f"the bundle is dated {MOMENT}, and the time-stamp in it "
SAYS = ".tst cannot be read as it must be"


class Authority:
    def __init__(self, folder):
        self.folder = folder
        make_authority(folder, P256)
        openssl(folder, "x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der")
        self.name = sha256((folder / "root.der").read_bytes()).hex()
        self.certificate = (folder / "root.pem").read_bytes()

    def token(self, data):
        (self.folder / "data").write_bytes(data)
        openssl(self.folder, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq")
        answer(self.folder, "query.tsq", "answer.tsr")
        openssl(self.folder, "ts", "-reply", "-in", "answer.tsr", "-token_out", "-out", "token.tst")
        return (self.folder / "token.tst").read_bytes()


def stamps(bench):
    authority = Authority(Path(os.environ["HOSTILE_WORK"]) / "authority")
    place = f"proofs/timestamps/{authority.name}"
    earlier = Index(bench.sender, [b"x"])
    on_earlier = authority.token(earlier.checkpoint())

    def stamped(name, token, more=None, certificate=authority.certificate, created=None, **expected):
        bundle = bench.open_bundle()
        bundle.values["created"] = created or f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        token = token or authority.token(bundle.index.checkpoint())
        bundle.files |= {f"{place}.tst": token, f"{place}.pem": certificate, **(more or {})}
        expected.setdefault("says", SAYS if expected.get("status", 20) else "")
        return bench.signed(FAMILY, name, bundle.close(), not_by_reader=NOT_READ, **expected)

    yield stamped("nothing wrong", None, status=0)
    yield stamped("long after the date of the bundle", None, created=MOMENT, status=0, says=DOUBT)
    yield stamped("on an earlier head", on_earlier)
    # Proofs were checked; what only has the name of one was not, and would date all of the bundle back.
    for path in ["earlier.tlog-proof", "pages/item-1.tlog-proof"]:
        yield stamped(f"on an earlier head, in a page called {path}", on_earlier, {path: earlier.proof(0)})
    evidence = bench.item(files=[("earlier.tlog-proof", earlier.proof(0))])
    bundle = bench.open_bundle(evidence)
    bundle.files |= {f"{place}.tst": on_earlier, f"{place}.pem": authority.certificate}
    yield bench.signed(FAMILY, "on an earlier head, in a file of evidence", bundle.close(), says=SAYS,
                       not_by_reader=NOT_READ)
    yield stamped("on an earlier head, in proofs", on_earlier, {"proofs/earlier.tlog-proof": earlier.proof(0)},
                  says="nobody signed: proofs/earlier.tlog-proof")
    yield stamped("on something else", authority.token(b"something else"))
    yield stamped("cut short", on_earlier[:-1])
    yield stamped("with bytes behind it", on_earlier + b"x")
    yield stamped("with a certificate that is none", on_earlier, certificate=b"x")
    yield stamped("with text before the certificate", None, certificate=b"Sample Root\n" + authority.certificate)
    other = Authority(Path(os.environ["HOSTILE_WORK"]) / "other-authority")
    yield stamped("with the certificate of another authority", None, certificate=other.certificate)
    yield stamped("of another authority", other.token(bench.open_bundle().index.checkpoint()))
