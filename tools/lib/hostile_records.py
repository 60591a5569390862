"""Entries, disclosures and records that lie: signed by the sender, and proven to be in the sender's index."""
import json

from bundle_maker import Malleable, base64url, compact, pretty
from hostile_bench import MOMENT, PROOF

RECORD = "item 1: data/item-1/record.json does not fit what was signed"


def records(bench):
    yield from tokens(bench)
    yield from payloads(bench)
    yield from disclosures(bench)
    yield from files(bench)
    yield from documents(bench)
    yield from histories(bench)


def case(bench, name, item, says=PROOF, status=20, family="records", **expected):
    return bench.signed(family, name, bench.bundle(item, bench.event()), says=says, status=status, **expected)


def tokens(bench):
    """The JWS of the entry."""
    for name, header in {
            "no algorithm": {"alg": "none", "typ": "evidence-entry+sd-jwt"},
            "HMAC": {"alg": "HS256", "typ": "evidence-entry+sd-jwt"},
            "ECDSA": {"alg": "ES256", "typ": "evidence-entry+sd-jwt"},
            "another type": {"alg": "EdDSA", "typ": "JWT"}, "no type": {"alg": "EdDSA"},
            "critical": {"alg": "EdDSA", "typ": "evidence-entry+sd-jwt", "crit": ["x"]}, "a list": [],
            "a number": 1}.items():
        yield case(bench, f"header: {name}", bench.item().signed(header=compact(header)))
    twice = b'{"alg":"none","alg":"EdDSA","typ":"evidence-entry+sd-jwt"}'
    yield case(bench, "header: algorithm twice", bench.item().signed(header=twice))
    yield case(bench, "header: no JSON", bench.item().signed(header=b"{"))
    yield case(bench, "signature: of a stranger", bench.item().signed(by=bench.stranger.keys["records"]))
    yield case(bench, "signature: of the key for bundles", bench.item().signed(by=bench.sender.keys["bundles"]))
    yield case(bench, "signature: second spelling", bench.item().signed(by=Malleable(bench.sender.keys["records"])))
    for name, change in {
            "none": lambda jws: jws[:jws.rindex(b".") + 1], "padded": lambda jws: jws + b"==",
            "one part more": lambda jws: jws + b".x",
            "one part less": lambda jws: jws[:jws.rindex(b".")], "line feed": lambda jws: jws + b"\n",
            "of no UTF-8": lambda jws: jws[:-1] + b"\xff"}.items():
        item = bench.item().signed()
        item.jws = change(item.jws)
        item_presentation = item.jws + b"~" + "".join(f"{text}~" for text in item.disclosures).encode()
        bundle = bench.open_bundle()
        bundle.files["proofs/item-1.sd-jwt"] = item_presentation
        yield bench.signed("records", f"token: {name}", bundle.close(), says=PROOF)


def payloads(bench):
    """What the sender signed of an entry."""
    def changed(name, **members):
        item = bench.item()
        item.payload |= members
        return case(bench, f"payload: {name}", item)

    yield changed("another vault", iss="evidence-vault.invalid/other")
    yield changed("digest of another algorithm", _sd_alg="sha-512")
    yield changed("digests that are no list", _sd="x")
    yield changed("object without a digest", object={"bytes": 1})
    yield changed("negative size", object={"sha256": "cd" * 32, "bytes": -1})
    yield changed("upper case", object={"sha256": "CD" * 32, "bytes": 1})
    yield changed("negative line", records={"sha256": "ab" * 32, "line": -1})
    yield changed("empty removal", removed={"objects": [], "records": []})
    yield changed("digest twice", _sd=bench.item().payload["_sd"] * 2)
    yield changed("digest of 31 bytes", _sd=[base64url(bytes(31))])
    yield changed("digest in base64 of another alphabet", _sd=["+" * 42 + "A"])
    whole = compact(bench.item().payload)
    for name, text in {
            "name twice": whole.replace(b'{"iss"', b'{"iss":"x","iss"', 1), "byte order mark": b"\xef\xbb\xbf" + whole,
            "bytes behind it": whole + b"x", "no UTF-8": whole.replace(b"sha-256", b"\xff"), "no object": b"[]",
            "depth of 10,000": b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "a million brackets": b"[" * 1_000_000,
            "number of 1,000 digits": whole.replace(b"512", b"5" * 1000), "1e400": whole.replace(b"512", b"1e400"),
            "minus 0": whole.replace(b":0", b":-0"), "lone surrogate": whole.replace(b"sha-256", b"\\ud800"),
            "not a number": whole.replace(b"512", b"NaN"), "NUL": whole.replace(b"sha-256", b"\0")}.items():
        yield case(bench, f"payload: {name}", bench.item().signed(payload=text))


def disclosures(bench):
    """What is disclosed of it. Every digest is signed."""
    def more(name, *parts, **expected):
        item = bench.item()
        for part in parts:
            item.disclose(part)
        return case(bench, f"disclosure: {name}", item, **expected)

    yield more("over a signed name", ["iss", "somebody else"])
    yield more("over the object", ["object", {"sha256": "00" * 32, "bytes": 1}])
    yield more("name twice", ["title", "Another"])
    for name in ["_sd", "_sd_alg", "..."]:
        yield more(f"called {name}", [name, []])
    yield more("of a list in an object", ["only a value"])
    yield more("without a salt", b'["title"]')
    yield more("of four", b'["a","b","c","d"]')
    yield more("with a number for a name", b'["salt",1,"x"]')
    yield more("that is an object", b"{}")
    yield more("that is no JSON", b"[")
    yield more("with bytes behind it", b'["a","b","c"]x')
    yield more("depth of 10,000", b'["a","b",' + b"[" * 10_000 + b"]" * 10_000 + b"]")
    yield more("depth of 17", b'["a","b",' + b"[" * 17 + b"]" * 17 + b"]")
    yield more("with names that occur twice", b'["a","b",{"c":1,"c":2}]')
    yield more("number beyond 64 bits", b'["a","b",9223372036854775808]')
    yield more("lone surrogate", b'["a","b","\\udc00"]')
    yield more("of 17 MiB", ["b", "x" * (17 << 20)])
    given_twice = bench.item()
    given_twice.disclosures.append(given_twice.disclosures[-1])
    yield case(bench, "disclosure: given twice", given_twice)
    stray = bench.item()
    stray.disclosure(["stray", "x"])
    yield case(bench, "disclosure: that no digest names", stray)
    for name, end in {"of a key": "eyJhbGciOiJFZERTQSJ9.e30.AAAA", "empty": "~", "no end": None}.items():
        bundle = bench.open_bundle()
        whole = bundle.files["proofs/item-1.sd-jwt"]
        bundle.files["proofs/item-1.sd-jwt"] = whole[:-1] if end is None else whole + end.encode()
        yield bench.signed("records", f"presentation: {name}", bundle.close(), says=PROOF)
    nested = bench.item()
    inner = nested.disclosure(["deeper", "x"])
    nested.disclose(["b", {"_sd": [inner], "c": 1}])
    nested.record["b"] = {"c": 1, "deeper": "x"}
    yield case(bench, "disclosure: within another", nested, "", 0)
    circle = bench.item()
    circle.disclose(["b", {"_sd": circle.payload["_sd"][:1]}])
    yield case(bench, "disclosure: one in two places", circle)


def files(bench):
    """The list of files of a record."""
    element = {"bytes": 1, "media_type": "text/plain", "sha256": "ab" * 32}

    def with_files(name, value, says=PROOF):
        item = bench.item(files=[])
        item.disclose(["files", value])
        item.record["files"] = value
        return case(bench, f"files: {name}", item, says)

    yield with_files("no list", "x")
    yield with_files("an object", {"0": element})
    yield with_files("no objects", [1])
    for name, change in {"negative size": {"bytes": -1}, "size as text": {"bytes": "1"}, "fraction": {"bytes": 1.5},
                         "upper case": {"sha256": "AB" * 32}, "short digest": {"sha256": "ab"}, "type that is none":
                         {"media_type": 1}, "path that is none": {"path": 1}, "empty path": {"path": ""}}.items():
        yield with_files(name, [{**element, **change}])
    yield with_files("that are not there", [{**element, "path": "absent"}], "the bundle lacks data/item-1/files/absent")
    yield with_files("path withheld, and not there", [element], "the bundle lacks data/item-1/renamed/1")
    yield with_files("2^63 - 1 bytes", [{**element, "bytes": 2**63 - 1, "path": "x"}], "the bundle lacks")
    yield with_files("two of one path", [{**element, "path": "x"}] * 2, "the bundle lacks")
    item = bench.item(files=[("a", b"x")])
    bundle = bench.open_bundle(item)
    bundle.files["data/item-1/files/a"] = b"y"
    yield bench.signed("records", "files: another content, signed", bundle.close(),
                       says="item 1: data/item-1/files/a does not")


def documents(bench):
    """record.json beside the entry that it is made from."""
    right = pretty(bench.item().record)
    for name, text in {
            "another title": right.replace(b"Summons", b"Nothing"), "compact": json.dumps(json.loads(right)).encode(),
            "CRLF": right.replace(b"\n", b"\r\n"), "no line feed": right[:-1], "a member more":
            right.replace(b'{\n  "iss"', b'{\n  "more": 1,\n  "iss"', 1), "empty": b"", "escaped otherwise":
            right.replace(b"Summons", b"\\u0053ummons"),
            "digests left in": right.replace(b'"kind"', b'"_sd": [],\n  "kind"')}.items():
        bundle = bench.open_bundle()
        bundle.files["data/item-1/record.json"] = text
        yield bench.signed("records", f"record.json: {name}", bundle.close(), says=RECORD)


def histories(bench):
    """custody.json."""
    right = bench.open_bundle().files["data/item-1/custody.json"]
    line = {"entry": 1, "event": "sealed", "at": MOMENT}
    says = "data/item-1/custody.json"
    for name, document in {
            "another event": right.replace(b"exported", b"recalled"),
            "another moment": right.replace(b"2026", b"2020", 1),
            "no item": pretty({"item": 1, "custody": [{"entry": 2, "event": "exported", "at": MOMENT}]}),
            "empty": pretty({"item": 1, "custody": []}), "no list": pretty({"item": 1, "custody": 1}),
            "of another number": right.replace(b'"item": 1', b'"item": 2'), "no JSON": b"[" * 100_000,
            "entry twice": pretty({"item": 1, "custody": [line, line]}),
            "negative": right.replace(b'"entry": 1', b'"entry": -1'),
            "entry that is absent": right.replace(b'"entry": 2', b'"entry": 3'),
            "no entry": pretty({"item": 1, "custody": [{}]})
    }.items():
        bundle = bench.open_bundle()
        bundle.files["data/item-1/custody.json"] = document
        yield bench.signed("records", f"custody.json: {name}", bundle.close(), says=says)
    alone = bench.open_bundle()
    alone.files["data/item-1/custody.json"] = pretty({"item": 1, "custody": [line]})
    yield bench.signed("records", "custody.json: an event of the bundle left out", alone.close(), says="proofs/event-2")
    unknown = bench.open_bundle(bench.item(), bench.event(kind="\u202eevent"))
    unknown.files["data/item-1/custody.json"] = pretty({"item": 1, "custody": [
        line, {"entry": 2, "event": "\u202eevent", "at": MOMENT}]})
    yield bench.signed("records", "custody.json: an event of no known kind", unknown.close(),
                       says=says)
