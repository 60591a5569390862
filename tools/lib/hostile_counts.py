"""Much of something: entries, folders, bytes, digests. What is beyond a limit is refused, and what is not, opens."""
import os
from pathlib import Path

import pyrage
from bundle_maker import base64url, sha256
from hostile_bench import NO_BUNDLE, PROOF
from hostile_judge import Hostile
from hostile_tar import END, entry, filled, header, pax

AT_THE_LIMIT = ("as many files or folders as a bundle may have are made, and removed again", 300)
TOO_MUCH = "is more than one item or bundle can hold"


def counts(bench):
    yield from small_files(bench)
    yield from within_records(bench)
    yield from within_archives(bench)


def small_files(bench):
    """Files that are needed for the check are kept in memory, and are limited together."""
    for path in ["proofs/item-1.sd-jwt", "proofs/sender.note", "manifest-sha256.txt", "data/item-1/custody.json"]:
        yield piled(bench, f"{path} of 97 MiB", lambda path=path: [
            header(f"bundle/{path}".encode(), 97 << 20) + filled(bytes(97 << 20)) + END], TOO_MUCH, status=1,
                    is_large=True)
        yield piled(bench, f"{path} of 8 GiB, of which none comes", lambda path=path: [
            header(f"bundle/{path}".encode(), 8**11 - 1) + END], TOO_MUCH, status=1)
    yield piled(bench, "1,000 files of 100 KiB for the check", lambda: [
        *(entry(f"bundle/proofs/{number}", bytes(100 << 10)) for number in range(1000)), END], TOO_MUCH, status=1,
                memory=("96 MiB for the check, which is the limit, and the program", 160))
    bundle = bench.open_bundle()
    bundle.files["REPORT.txt"] = b"x" * (90 << 20)
    yield bench.signed("counts", "a page of 90 MiB", bundle.close(), status=0, is_large=True)


def within_records(bench):
    item = bench.item()
    item.payload["_sd"] += [base64url(sha256(b"%d" % number)) for number in range(200_000)]
    yield bench.signed("counts", "200,000 digests of what is withheld", bench.bundle(item), status=0,
                       memory=("a record of the largest size", 256), is_large=True)
    item = bench.item()
    item.disclosures += [base64url(b'["a","%d",1]' % number) for number in range(200_001)]
    yield bench.signed("counts", "200,001 disclosures", bench.bundle(item), says=PROOF, is_large=True)
    item = bench.item()
    for number in range(2_000):
        item.disclose([f"f{number}", number])
        item.record[f"f{number}"] = number
    yield bench.signed("counts", "2,000 fields", bench.bundle(item), status=0)
    for name, value in {"1,000,000 empty lists": [[]] * 1_000_000, "3,000,000 zeros": [0] * 3_000_000}.items():
        item = bench.item()
        item.disclose(["b", value])
        yield bench.signed("counts", name, bench.bundle(item), says="item 1: ", is_large=True)
    item = bench.item()
    for number in range(4):
        item.disclose([f"f{number}", [0] * 900_000])
    yield bench.signed("counts", "3,600,000 values in four disclosures", bench.bundle(item), says="item 1: ",
                       is_large=True, memory=("values of JSON up to the limit, several times", 512))
    for count, expected in {1: {"status": 0, "memory": ("a text up to the limit, several times", 256)},
                            5: {"status": 1, "says": TOO_MUCH, "not_by_reader": "it has no limit on memory"}}.items():
        item = bench.item()
        for number in range(count):
            item.disclose([f"f{number}", "x" * (15 << 20)])
            item.record[f"f{number}"] = "x" * (15 << 20)
        yield bench.signed("counts", f"disclosures with 15 MiB of text each: {count}", bench.bundle(item),
                           is_large=True, **expected)
    item = bench.item(files=[(f"{number}", b"x") for number in range(2_000)])
    yield bench.signed("counts", "2,000 files of an item", bench.bundle(item), status=0)
    items = [bench.item(number) for number in range(300)]
    yield bench.signed("counts", "300 items", bench.bundle(*items), status=0, is_large=True)


def within_archives(bench):
    yield piled(bench, "1,000 folders for files of no byte", lambda: folders(17, 60), "the bundle lacks proofs")
    yield piled(bench, "folders alone, as many as fit", lambda: folders(4_000, 60), NO_BUNDLE, seconds=AT_THE_LIMIT,
                is_large=True)
    yield piled(bench, "a million entries", lambda: entries(1_000_000), NO_BUNDLE, seconds=AT_THE_LIMIT,
                is_large=True)
    yield piled(bench, "paths of 40 MiB", lambda: [
        *(pax((b"path", b"bundle/%06d/" % number + b"/".join([b"d" * 200] * 20))) + header(b"f")
          for number in range(10_000)), END], NO_BUNDLE, seconds=AT_THE_LIMIT, is_large=True)
    yield piled(bench, "2,000 extended headers of 64 KiB", lambda: [
        *(pax((b"comment", b"x" * 65_000)) + header(b"bundle/%06d" % number) for number in range(2_000)), END],
        "the bundle lacks proofs", is_large=True)
    yield piled(bench, "a million extended headers", lambda: [pax((b"comment", b"x"))] * 1_000_000, NO_BUNDLE)


def folders(count, depth):
    yield from (entry("bundle/" + "/".join([f"{number}"] + ["d"] * (depth - 1) + ["f"])) for number in range(count))
    yield END


def entries(count):
    yield from (header(b"bundle/%d" % number) for number in range(count))
    yield END


def piled(bench, name, pieces, says, **expected):
    """A sealed archive of many pieces, which never lies in memory as a whole more than once."""
    def make():
        place = Path(os.environ["HOSTILE_WORK"]) / f"pile-{abs(hash(name))}"
        place.write_bytes(pyrage.encrypt(b"".join(pieces()), [bench.recipient]))
        return place

    return Hostile("counts", name, make, says=says, **expected)


