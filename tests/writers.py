"""Documents in every format, written by the libraries that people's programs write them with."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
from fpdf import FPDF

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0"'
    ' xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


class Report(FPDF):
    """A report with a running header and footer, which hold the number of the page."""

    def header(self) -> None:
        self.set_font("Helvetica", "I", 8)
        self.cell(0, 10, f"Annual report of the lighthouse board {self.page_no()}")
        self.ln(14)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", "I", 8)
        self.cell(0, 10, f"Page {self.page_no()} of {{nb}}", align="C")


def pdf(pages: Sequence[Sequence[str]], *, report: bool = False, password: str = "") -> bytes:
    """Pages of paragraphs; one that begins with ``#`` is a heading."""
    written = Report() if report else FPDF()
    for paragraphs in pages:
        written.add_page()
        for paragraph in paragraphs:
            is_heading = paragraph.startswith("# ")
            written.set_font("Times", "B" if is_heading else "", 18 if is_heading else 11)
            text = paragraph.removeprefix("# ")
            written.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
            written.ln(4)
    if password:
        written.set_encryption(owner_password="owner", user_password=password)
    return bytes(written.output())


def pdf_of_lines(lines: Sequence[tuple[float, float, str]], *, size: int = 10) -> bytes:
    """One page with texts at places of their own, in millimetres from the upper left corner."""
    written = FPDF()
    written.add_page()
    written.set_font("Times", size=size)
    for x, y, text in lines:
        written.text(x, y, text)
    return bytes(written.output())


def word(paragraphs: Sequence[str], *, table: Sequence[Sequence[str]] = ()) -> bytes:
    """Paragraphs; one that begins with ``#`` is a heading, with ``-`` an item of a list."""
    written = docx.Document()
    written.sections[0].header.paragraphs[0].text = "Confidential, for the board only"
    for paragraph in paragraphs:
        if paragraph.startswith("#"):
            marks, _, text = paragraph.partition(" ")
            written.add_heading(text, len(marks))
        elif paragraph.startswith("- "):
            written.add_paragraph(paragraph[2:], style="List Bullet")
        else:
            written.add_paragraph(paragraph)
    if table:
        made = written.add_table(rows=0, cols=len(table[0]))
        for cells in table:
            for cell, text in zip(made.add_row().cells, cells, strict=True):
                cell.text = text
    stream = io.BytesIO()
    written.save(stream)
    return stream.getvalue()


def epub(
    chapters: Mapping[str, str], *, title: str, others: Mapping[str, str] | None = None
) -> bytes:
    """A book: its chapters' bodies by the names of their files, and other files in it."""
    items = "".join(
        f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        f"</metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    files |= {"OEBPS/book.opf": package} | dict(others or {})
    files |= {f"OEBPS/{name}": _xhtml(body) for name, body in chapters.items()}
    return packed(files)


def _xhtml(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{body}</body></html>"
    )


def packed(files: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def repacked(content: bytes, files: Mapping[str, str | bytes]) -> bytes:
    """The same archive with some files replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return packed(kept | dict(files))


def table(rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def page(body: str, *, title: str = "", charset: str = "utf-8") -> bytes:
    """A page of the web with a menu and all that."""
    html = (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{title}</title>'
        "<script>var tracked = 'yes';</script><style>p { color: red }</style></head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/shop'>Shop</a></li></ul></nav>"
        f"<main><article>{body}</article></main>"
        "<aside><a href='/x'>Subscribe to our newsletter</a></aside>"
        "<footer><p>Imprint and copyright 2021</p></footer></body></html>"
    )
    return html.encode(charset)
