"""Texts for the terminal, in everything that is printed of a bundle: signed, proven, and shown escaped."""

from hostile_judge import Hostile
from hostile_tar import archive

TEXTS = {
    "clear the screen": "\x1b[2J\x1b[H", "title of the window": "\x1b]0;x\x07",
    "clipboard (OSC 52)": "\x1b]52;c;cm0gLXJm\x07",
    "link (OSC 8)": "\x1b]8;;https://collector.invalid\x1b\\REPORT\x1b]8;;\x1b\\", "C1 CSI": "\x9b2J",
    "C1 OSC": "\x9d0;x\x9c",
    "bell": "\x07" * 50, "backspace": "sound\x08\x08\x08\x08\x08", "carriage return": "x\revidence: all is well",
    "lines": "x\neverything in the bundle is as its sender signed it\nwhich is the sender you named",
    "NUL": "a\0b", "DEL": "a\x7f", "right to left": "\u202eexe.txt", "embedding": "\u202a\u202b\u202c",
    "isolates": "\u2066\u2067\u2069",
    "mark of direction": "\u200f\u061c", "zero width": "a\u200b\u200c\u200d\u2060b", "byte order mark": "\ufeffa",
    "soft hyphen": "a\u00adb", "tag characters": "a\U000e0041\U000e007f", "line separators": "a\u2028b\u2029c",
    "private use": "\ue000\U0010fffd", "no characters": "\ufffe\U0010ffff", "unassigned": "\U000efff0",
    "combining marks": "Z" + "\u0300" * 5000, "a million letters": "x" * 1_000_000, "shape of a message":
    "evidence: error: nothing", "format of printf": "%s%n%x", "shell": "$(reboot)`reboot`",
}
SHORT = ["clear the screen", "clipboard (OSC 52)", "C1 CSI", "lines", "right to left", "zero width", "tag characters"]


def texts(bench):
    for name, text in TEXTS.items():
        # The other reader cannot encode what is no character, and Unicode data differ on what is unassigned.
        yield bench.signed("texts", f"title: {name}", bench.bundle(bench.item(title=text), bench.event()), status=0)
    for name in SHORT:
        yield bench.signed("texts", f"kind: {name}", bench.bundle(bench.item(kind=TEXTS[name])), status=0)
        item = bench.item()
        item.disclose([TEXTS[name], "x"])
        item.record[TEXTS[name]] = "x"
        yield bench.signed("texts", f"name of a field: {name}", bench.bundle(item), status=0)
        twice = bench.item()
        twice.disclose([TEXTS[name], "x"])
        twice.disclose([TEXTS[name], "y"])
        yield bench.signed("texts", f"name of a field twice: {name}", bench.bundle(twice), says="item 1: ")
    for name in ["right to left", "zero width", "tag characters", "line separators", "combining marks"]:
        bundle = bench.open_bundle(purpose=TEXTS[name])
        yield bench.signed("texts", f"purpose: {name}", bundle.close(), status=0)
    for name in ["right to left", "isolates", "zero width", "tag characters"]:
        # A name that nobody signed is shown in the error.
        files = {**bench.bundle().files, f"data/item-1/files/{TEXTS[name]}": b"x"}
        yield Hostile("texts", f"unsigned file: {name}", bench.seal(archive(files)), folder=files,
                      says="a file that nobody signed: data/item-1/files/")
    listed = bench.bundle(bench.item(title=["a", {"b": "\x1b[2J"}]), bench.event())
    yield bench.signed("texts", "title that is a list", listed, status=0)
    yield bench.signed("texts", "no title, no kind", bench.bundle(bench.item(title="", kind="")), status=0)
