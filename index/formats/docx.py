"""Documents of Word (2007 and later): paragraphs, lists, tables and footnotes as text.

python-docx opens the package and knows the styles; the words are gathered here, since it leaves out
those in content controls and those that were inserted while changes were tracked.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from index.formats.archive import check_entities, opened
from index.formats.markup import Element
from index.laid_out import ITEM, Part, lay_out, row
from index.parsed import Parsed

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST = re.compile(r"list\b", re.IGNORECASE)
_TEMPLATE_MADE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # which python-docx writes with
_BODY_TEXT = 9  # the outline level of what is no heading
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    (qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:txbxContent"), _FALLBACK)
)
_MARKS: Mapping[str, str] = MappingProxyType(
    {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
)


def read(content: bytes) -> Parsed:
    """The text of a document without its headers and footers, which are no part of the story.

    Raises:
        UnreadableDocument: it is locked, may not be unpacked, or declares entities.
    """
    with opened(content) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                check_entities(archive.read(name))
    document = docx.Document(BytesIO(content))
    reader = _Reader(document)
    parts = [*reader.parts(document.element.body), *_footnotes(document, reader)]
    title = next((part.text for part in parts[:1] if part.level == 1), "")
    title = title or document.core_properties.title
    return Parsed(lay_out(parts), title=title or None, dated=_date(document))


def _date(document: Document) -> str:
    """When it was last saved, else begun; not when the template of a library was."""
    told = document.core_properties
    found = next(filter(None, (told.modified, told.created)), None)
    return "" if found is None or found == _TEMPLATE_MADE else found.date().isoformat()


def _footnotes(document: Document, reader: "_Reader") -> Iterator[Part]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(qn("w:type")) is None:  # others are the lines above notes
                    yield from reader.parts(note)


class _Reader:
    """Tells what a paragraph is by the styles of its document."""

    def __init__(self, document: Document) -> None:
        styles = [style for style in document.styles if style.name]
        self._levels = {style.style_id: _style_level(style.name or "") for style in styles}
        self._lists = {style.style_id for style in styles if _LIST.match(style.name or "")}
        self._was_item = False

    def parts(self, parent: Element) -> Iterator[Part]:
        """The parts of an element that holds paragraphs and tables."""
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
                yield from self.parts(child)  # a content control, or what was inserted

    def _paragraph(self, paragraph: Element) -> Iterator[Part]:
        text = _words(paragraph)
        level = self._level(paragraph)
        is_item = not level and self._is_item(paragraph)
        if text.strip():
            tight, self._was_item = self._was_item and is_item, is_item
            yield Part(ITEM + text if is_item else text, level=level, tight=tight)
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.parts(box)

    def _level(self, paragraph: Element) -> int:
        own = _property(paragraph, "w:outlineLvl")
        if own is not None:
            return int(own) + 1 if int(own) < _BODY_TEXT else 0
        return self._levels.get(_property(paragraph, "w:pStyle") or "", 0)

    def _is_item(self, paragraph: Element) -> bool:
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        return numbered or _property(paragraph, "w:pStyle") in self._lists

    def _table(self, table: Element) -> Iterator[Part]:
        rows = [_cells(one) for one in table.iter(qn("w:tr"))]
        names = rows[0] if len(rows) > 1 and _has_names(table, rows[0]) else []
        for at, cells in enumerate(rows[bool(names) :]):
            yield Part(row(cells, names), tight=at > 0)
        self._was_item = False


def _style_level(name: str) -> int:
    if name == "Title":
        return 1
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else 0


def _property(paragraph: Element, name: str) -> str | None:
    found = paragraph.find(f"{qn('w:pPr')}/{qn(name)}")
    return None if found is None else found.get(qn("w:val"))


def _has_names(table: Element, first: list[str]) -> bool:
    """Whether the first row is set off, as Word does by itself, and names all columns."""
    look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    marked = table.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    set_off = look is not None and (
        look.get(qn("w:firstRow")) == "1" or bool(int(look.get(qn("w:val")) or "0", 16) & 0x20)
    )
    return (marked or set_off) and len(first) > 1 and all(first) and len({*first}) == len(first)


def _cells(line: Element) -> list[str]:
    return [" ".join(map(_words, cell.iter(qn("w:p")))).strip() for cell in line.iter(qn("w:tc"))]


def _words(paragraph: Element) -> str:
    """What a paragraph says, as it would with all changes accepted."""
    said: list[str] = []
    waiting = [paragraph]
    while waiting:
        node = waiting.pop()
        if node.tag == qn("w:t"):
            said.append(node.text or "")
        elif node.tag in _MARKS:
            said.append(_MARKS[str(node.tag)])
        elif node.tag not in _LEFT_OUT:
            waiting += reversed(node)
    return "".join(said)
