"""Documents made by hand for tests: zip and XML of Word files, and the objects of a PDF."""

from __future__ import annotations

import io
import zipfile
import zlib

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    kept = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{kept}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def body(inner: str) -> str:
    """word/document.xml around its paragraphs."""
    return f'<?xml version="1.0"?><w:document {WORD}><w:body>{inner}</w:body></w:document>'


def docx(document: str | bytes, **parts: str) -> bytes:
    """A Word file of a main part and others: `footnotes="<w:footnotes …>"`, `core=…`."""
    places = {"core": "docProps/core.xml", "app": "docProps/app.xml"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(places.get(name, f"word/{name}.xml"), content)
    return out.getvalue()


def pdf(*pages: list[tuple[float, float, float, str]], info: str = "", extra: str = "") -> bytes:
    """A PDF of pages, each a list of lines: x and y in points from the left foot, size, words."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, lines in enumerate(pages):
        words = [f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, size, text in lines]
        stream = "\n".join(words)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return assembled(objects, info=info, extra=extra)


def assembled(objects: list[str], info: str = "", extra: str = "") -> bytes:
    """A PDF file of its objects, the first the catalogue; `extra` goes into the trailer."""
    if info:
        objects = [*objects, info]
        extra = f"{extra} /Info {len(objects)} 0 R"
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {extra} >>"
    return out + f"{trailer}\nstartxref\n{start}\n%%EOF\n".encode("latin-1")


def bomb(size: int) -> bytes:
    """`size` zeros as a stream of a PDF holds them, deflated."""
    squeeze = zlib.compressobj(9)
    chunk = b" " * 1_000_000
    parts = [squeeze.compress(chunk) for _ in range(size // len(chunk))]
    return b"".join([*parts, squeeze.flush()])
