"""PDF as text, with pages: PDFium finds the letters, ``index.formats.pages`` the lines' order."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import pi

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import UnreadableDocument
from index.formats.archive import locked
from index.formats.columns import Piece
from index.formats.pages import text_of
from index.parsed import Parsed

_HYPHENS = "\x02\ufffe\u00ad"  # how PDFium tells a hyphen at the end of a line
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": None}
)
_BOLD = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_WIDE = 1.6  # of the letters' size: a gap so wide is one between columns or cells
_FILE_NAME = re.compile(r"\.\w{2,5}$|^untitled|^microsoft word", re.IGNORECASE)
_SAMPLE = 50  # letters that tell how a page is turned
_LONGEST_NAME = 128  # of a font


def read(content: bytes) -> Parsed:
    """The text of a PDF in the order of reading.

    Words parted at a line's end are joined. Running headers and footers are left out, so that a
    sentence that goes on overleaf is one.

    Raises:
        UnreadableDocument: it is locked, damaged, or made of pictures only.
    """
    document = _opened(content)
    try:
        pages = [_page(document, at) for at in range(len(document))]
        told = document.get_metadata_dict()
    finally:
        document.close()
    if pages and not any(pages):
        raise UnreadableDocument(
            "Its pages are pictures, with no text in them. Have the text recognised (OCR), "
            "and save it with that."
        )
    laid = text_of(pages)
    own_title = told.get("Title", "").strip()
    title = laid.title or ("" if _FILE_NAME.search(own_title) else own_title)
    return Parsed(laid.text, title=title, page_starts=laid.page_starts, dated=_date(told))


def _date(told: Mapping[str, str]) -> str:
    """When it was last changed, else made; written as "D:20210311093000+01'00'"."""
    found = map(_DATE.match, (told.get("ModDate", ""), told.get("CreationDate", "")))
    return next(("-".join(match.groups()) for match in found if match), "")


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise locked() from None
        raise UnreadableDocument(
            "It is damaged or cut short, or no PDF. Open it elsewhere and save it again, "
            "or copy it anew."
        ) from None


def _page(document: pypdfium2.PdfDocument, at: int) -> list[Piece]:
    try:
        page = document[at]
    except pypdfium2.PdfiumError:
        return []  # it alone is damaged
    letters = _Letters(page)
    pieces = [piece for line in letters.lines() for piece in letters.pieces(line)]
    page.close()
    return pieces


class _Letters:
    """The letters of a page, in the order in which PDFium finds them, and where they stand."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._found = page.get_textpage()
        count = self._found.count_chars()
        sample = range(0, count, max(1, count // _SAMPLE))
        self._turned = Counter(map(self._quarters, sample)).most_common(1)[0][0] if count else 0
        self._chars = [chr(pdfium.FPDFText_GetUnicode(self._found, at)) for at in range(count)]

    def lines(self) -> Iterator[list[int]]:
        """The lines, each as the positions of its letters."""
        line: list[int] = []
        for at, char in enumerate(self._chars):
            if char not in "\r\n":
                line.append(at)
            if line and (char in "\r\n" or char in _HYPHENS):
                yield line
                line = []
        if line:
            yield line

    def pieces(self, line: Sequence[int]) -> Iterator[Piece]:
        """A line's pieces, parted where a gap is wide."""
        piece: list[int] = []
        for at in line:
            if self._chars[at].isspace():
                continue
            if piece and at - piece[-1] > 1 and self._is_wide(piece[-1], at):
                yield from self._piece(piece)
                piece = []
            piece.append(at)
        yield from self._piece(piece)

    def _piece(self, found: Sequence[int]) -> Iterator[Piece]:
        text = self._written(found[0], found[-1] + 1) if found else ""
        if not text:
            return
        first, last = self._box(found[0]), self._box(found[-1])
        yield Piece(
            text=text,
            left=first[0],
            right=max(first[2], last[2]),
            baseline=self._baseline(found[0]),
            size=round(2 * (first[3] - first[1])) / 2,
            bold=self._is_bold(found[0]) and self._is_bold(found[-1]),
        )

    def _written(self, first: int, end: int) -> str:
        text = "".join(self._chars[first:end])
        hyphen = "\u00ad" if text[-1] in _HYPHENS and text[:-1] else ""
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        shown = (char if char.isprintable() else " " for char in text.translate(_LIGATURES))
        return " ".join("".join(shown).split()) + hyphen

    def _is_wide(self, before: int, after: int) -> bool:
        """Whether two letters with a space between them stand far apart."""
        one, other = self._box(before), self._box(after)
        return other[0] - one[2] > _WIDE * max(one[3] - one[1], 1.0)

    def _box(self, at: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, as the page is shown; as tall as the font is."""
        left, bottom, right, top = self._found.get_charbox(at, loose=True)
        (x, y), (x2, y2) = self._shown(left, bottom), self._shown(right, top)
        return min(x, x2), min(y, y2), max(x, x2), max(y, y2)

    def _baseline(self, at: int) -> float:
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._found, at, ctypes.byref(x), ctypes.byref(y))
        return self._shown(x.value, y.value)[1]

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        """A point on the page, turned until most letters stand upright."""
        return ((x, y), (-y, x), (-x, -y), (y, -x))[self._turned]

    def _quarters(self, at: int) -> int:
        """How many quarters of a circle a letter is turned to the right."""
        angle: float = pdfium.FPDFText_GetCharAngle(self._found, at)
        return round(angle / (pi / 2)) % 4

    def _is_bold(self, at: int) -> bool:
        name, flags = ctypes.create_string_buffer(_LONGEST_NAME), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._found, at, name, _LONGEST_NAME, ctypes.byref(flags))
        return _BOLD.search(name.value) is not None
