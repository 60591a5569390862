"""A sheet of paper to draw on, saved as a PNG of sixteen colours."""
import struct
import zlib

from . import lettering

PAPER, SHADE, SPECK, INK, STAMP, MARK = range(6)
COLOURS = bytes.fromhex("f4f1e6" "dcd7c6" "bdb7a3" "2b2b33" "3b58a8" "b3261e")


class Sheet:
    def __init__(self, width, height):
        self.width, self.height = width, height
        self.pixels = bytearray(width * height)  # one colour number a byte, PAPER at first

    def dot(self, x, y, colour):
        if 0 <= x < self.width and 0 <= y < self.height:
            self.pixels[y * self.width + x] = colour

    def box(self, x, y, width, height, colour):
        for row in range(y, y + height):
            for column in range(x, x + width):
                self.dot(column, row, colour)

    def frame(self, x, y, width, height, colour, thickness=2):
        self.box(x, y, width, thickness, colour)
        self.box(x, y + height - thickness, width, thickness, colour)
        self.box(x, y, thickness, height, colour)
        self.box(x + width - thickness, y, thickness, height, colour)

    def ring(self, x, y, inner, outer, colour):
        for dy in range(-outer, outer + 1):
            for dx in range(-outer, outer + 1):
                if inner * inner <= dx * dx + dy * dy <= outer * outer:
                    self.dot(x + dx, y + dy, colour)

    def write(self, text, y, scale, colour=INK, x=None):
        """One line; centred when no x is given."""
        if x is None:
            x = (self.width - (len(text) * lettering.ADVANCE - 1) * scale) // 2
        for column, row in lettering.dots(text):
            self.box(x + column * scale, y + row * scale, scale, scale, colour)

    def scan(self, seed):
        """The look of a scan: a slight slant, a shaded edge, specks from a fixed sequence."""
        for y in range(self.height):
            row = self.pixels[y * self.width:(y + 1) * self.width]
            shift = y // 90
            self.pixels[y * self.width:(y + 1) * self.width] = row[-shift:] + row[:-shift] if shift else row
        self.frame(0, 0, self.width, self.height, SHADE, 5)
        for _ in range(self.width * self.height // 900):
            seed = (seed * 1103515245 + 12345) % 2**31
            self.dot(seed // 7 % self.width, seed // 4096 % self.height, SPECK)

    def png(self):
        rows = bytearray()
        for y in range(self.height):
            row = self.pixels[y * self.width:(y + 1) * self.width] + bytes(self.width % 2)
            rows += b"\0" + bytes(left << 4 | right for left, right in zip(row[::2], row[1::2]))
        header = struct.pack(">IIBBBBB", self.width, self.height, 4, 3, 0, 0, 0)
        words = b"Comment\0SAMPLE: an invented document of an invented organisation"
        image = zlib.compress(bytes(rows), 9)
        parts = [(b"IHDR", header), (b"PLTE", COLOURS), (b"tEXt", words), (b"IDAT", image), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
