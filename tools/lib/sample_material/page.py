"""A PDF of A4 pages with plain Latin text, and a printed mark in any letters that `lettering` knows."""
from . import lettering

MARK = "НАМУНА / ОБРАЗЕЦ / SAMPLE"
LEFT, TOP, LEADING = 64, 740, 15
DATE = b"(D:20230601120000Z)"


def escaped(text):
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def mark(text, x, y, scale):
    """The dots as filled squares: Cyrillic on the page without a font in the file."""
    squares = (f"{x + c * scale:.1f} {y - r * scale:.1f} {scale} {scale} re" for c, r in lettering.dots(text))
    return "0.70 0.15 0.12 rg\n" + "\n".join(squares) + " f\n0 g\n"


def content(lines, footer):
    """Lines from the top; one that begins with '# ' is a heading in bold."""
    parts = [mark(MARK, LEFT, 790, 2.0), "BT\n", f"{LEADING} TL\n1 0 0 1 {LEFT} {TOP} Tm\n"]
    for line in lines + ["", footer]:
        font, text = ("/F2 12", line[2:]) if line.startswith("# ") else ("/F1 10", line)
        parts.append(f"{font} Tf ({escaped(text)}) Tj T*\n")
    return ("".join(parts) + "ET\n").encode("cp1252")


def pdf(title, pages):
    """The whole file: catalogue, pages, two standard fonts, one content stream for each page."""
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    name = b"<FEFF" + title.encode("utf-16-be").hex().upper().encode() + b">"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        (font % "Courier").encode(),
        (font % "Courier-Bold").encode(),
        b"<< /Title " + name + b" /CreationDate " + DATE + b" /ModDate " + DATE + b" >>",
    ]
    for number, lines in enumerate(pages, 1):
        stream = content(lines, f"SAMPLE / NAMUNA / OBRAZETS - all invented - page {number} of {len(pages)}")
        resources = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        at = len(objects) + 2
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {at} 0 R >>"
        objects.append(page.encode())
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"endstream")
    return assembled(objects)


def assembled(objects):
    file, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(file)
    file += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    file += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    file += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(file)
