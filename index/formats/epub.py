"""Books in EPUB: the chapters in the order of reading."""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lxml import etree

from index.errors import UnreadableDocument
from index.formats.archive import check_entities, opened, xml_of
from index.formats.html import tree_of
from index.formats.markup import Element, parts_of
from index.laid_out import Part, lay_out
from index.parsed import Parsed

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset(("application/xhtml+xml", "text/html"))
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;")
_NO_STORY = frozenset(("head", "nav"))


def read(content: bytes) -> Parsed:
    """The text of a book, without its table of contents.

    Raises:
        UnreadableDocument: it is locked, may not be unpacked, or has no order of reading.
    """
    archive = opened(content)
    path = _package_path(archive)
    package = xml_of(archive.read(path))
    chapters = _chapters(package, posixpath.dirname(path))
    _check_unlocked(archive, chapters)
    present = set(archive.namelist())
    parts = [
        part for chapter in chapters if chapter in present for part in _parts(archive.read(chapter))
    ]
    return Parsed(
        lay_out(parts),
        title=_title(package) or None,
        dated=_date(package),
        language=_language(package),
    )


def _package_path(archive: zipfile.ZipFile) -> str:
    if _CONTAINER not in archive.namelist():
        raise UnreadableDocument(
            "It is no EPUB book: it does not say where its text is. Save it as EPUB again."
        )
    container = xml_of(archive.read(_CONTAINER))
    return next(str(node.get("full-path")) for node in _named(container, "rootfile"))


def _chapters(package: Element, folder: str) -> list[str]:
    """Where the chapters are in the archive, in the order of reading."""
    items = {
        node.get("id"): node
        for node in _named(package, "item")
        if node.get("media-type") in _PAGES and "nav" not in (node.get("properties") or "").split()
    }
    order = [
        items[ref] for node in _named(package, "itemref") if (ref := node.get("idref")) in items
    ]
    hrefs = [unquote(node.get("href") or "") for node in order]
    return list(dict.fromkeys(posixpath.normpath(posixpath.join(folder, href)) for href in hrefs))


def _check_unlocked(archive: zipfile.ZipFile, chapters: Sequence[str]) -> None:
    """Raise UnreadableDocument for a book whose chapters are encrypted; fonts may be."""
    if _ENCRYPTION not in archive.namelist():
        return
    encryption = xml_of(archive.read(_ENCRYPTION))
    hidden = {unquote(node.get("URI") or "") for node in _named(encryption, "CipherReference")}
    if hidden & set(chapters):
        raise UnreadableDocument(
            "It is locked by the shop that sold it, and cannot be read. Remove the file."
        )


def _parts(data: bytes) -> Iterator[Part]:
    check_entities(data)
    return parts_of(_page(data), without=_NO_STORY)


def _page(data: bytes) -> Element:
    """A chapter's elements: as XHTML, which it should be, or else as HTML."""
    text = (
        data.decode("utf-8", "replace")
        if not data.startswith((b"\xff\xfe", b"\xfe\xff"))
        else (data.decode("utf-16", "replace"))
    )
    try:
        named = _NAMED.sub(lambda match: html.unescape(match[0]), text)
        return xml_of(re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", named).encode())
    except etree.XMLSyntaxError:
        return tree_of(text)


def _title(package: Element) -> str:
    return next((node.text or "" for node in _named(package, "title")), "").strip()


def _language(package: Element) -> str:
    return next((node.text or "" for node in _named(package, "language")), "")


def _date(package: Element) -> str:
    """When it was published, else when its package was last changed."""
    changed = (one for one in _named(package, "meta") if one.get("property") == "dcterms:modified")
    found = [(node.text or "").strip() for node in (*_named(package, "date"), *changed)]
    return next(filter(None, found), "")


def _named(root: Element, name: str) -> Iterator[Element]:
    found: Iterator[Element] = root.iter(f"{{*}}{name}")
    return found
