"""A text or a key that must not lie about, and the spellings in which it may."""
import base64
import json
import re
from urllib.parse import quote, quote_plus


SHORTEST = 8  # bytes, of which Base64 has as many letters that are the same wherever they stand


class Canary:
    """Data that is looked for under a name; of several, any one is enough."""

    def __init__(self, name, *data):
        if min(map(len, data)) < SHORTEST:
            raise ValueError(f"too little to be looked for in Base64: {name}")
        self.name, self.data = name, data
        self.spellings = {spelling for piece in data for form in forms(piece) for spelling in encodings(form)}

    def is_in(self, data):
        return any(spelling in data for spelling in self.spellings)


def forms(data):
    """The bytes themselves, and if they are text, the ways in which formats of text write it."""
    yield data
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    units = [text.encode("utf-16-be")[at:at + 2].hex() for at in range(0, len(text.encode("utf-16-be")), 2)]
    for escaped in [json.dumps(text)[1:-1], "".join(f"\\u{unit}" for unit in units)]:
        yield escaped.encode()
        yield re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda code: code[0].upper(), escaped).encode()
    yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
    for escape in (quote, quote_plus):
        yield escape(text, safe="").encode()
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), escape(text, safe="")).encode()
    for form in ("utf-16-le", "utf-16-be"):
        yield text.encode(form)


def encodings(data):
    yield data
    yield data.hex().encode()
    yield data.hex().upper().encode()
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + data)
        # Only whole groups of three bytes are the same whatever stands before and after.
        middle = encoded[4 if shift else 0:(shift + len(data)) // 3 * 4]
        yield middle
        yield middle.translate(bytes.maketrans(b"+/", b"-_"))
