"""Pages of the web: their main content, found by trafilatura, as text."""

import re

import trafilatura
from lxml import etree, html

from index.decoding import decoded
from index.formats.markup import BREAK, FURNITURE, Element, parts_of
from index.laid_out import Part, lay_out
from index.parsed import Parsed

_CHARSET = re.compile(rb"<meta[^>]{,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_DATED = re.compile(
    r"(?:article:(?:published|modified)_time|og:updated_time|(?:dc|dcterms)[.:](?:date|modified|issued"
    r"|created)(?:[.:]\w+)?|date(?:published|modified)?|pubdate|last-modified)",
    re.IGNORECASE,
)
_LINKED = "application/ld+json"
_LINKED_DATE = re.compile(r'"date(?:Published|Modified)"\s*:\s*"([^"]{,40})"')
_ISO = re.compile(r"\d{4}-\d\d")
_SHORTEST_STORY = 250  # characters, as for trafilatura, which gives words without structure then
_HEAD = 4_096  # bytes in which a page says what it is encoded in
_BOM = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")


def read(content: bytes) -> Parsed:
    """The story of a page, without menus and the like; all it shows where no story is found.

    Raises:
        UndecodableDocument: it is no text.
    """
    try:
        page = tree_of(_text(content))
    except etree.ParserError:
        return Parsed("")  # there is no element in it
    title = _title(page)
    parts = _story(page)
    headings = [part for part in parts if part.level == 1]
    if len(headings) == 1:
        title = headings[0].text
    elif title and not headings:  # which trafilatura takes for the page's, not the story's
        headings = [Part(one, level=1) for one in _texts(page, "h1")[:1]]
        parts = [*headings, *parts]
    return Parsed(lay_out(parts), title=title or None, dated=_date(page), language=_language(page))


def tree_of(text: str) -> Element:
    """The elements of HTML, whatever is wrong with it."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)


def _text(content: bytes) -> str:
    """The page decoded as it says, if that is so; else as its bytes look."""
    named = _CHARSET.search(content[:_HEAD])
    if named and not _BOM.match(content):
        try:
            return content.decode(_python_name(named[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(content)


def _python_name(charset: str) -> str:
    # Browsers take Latin-1 for Windows' kind of it.
    return "cp1252" if charset.lower() in ("iso-8859-1", "latin1", "us-ascii") else charset


def _title(page: Element) -> str:
    return next(iter(_texts(page, "title")), "")


def _language(page: Element) -> str:
    return str(page.get("lang") or page.get("xml:lang") or "")


def _date(page: Element) -> str:
    """When it was published or last changed, as its head says; the latest."""
    told = [
        str(node.get("content") or "")
        for node in page.iter("meta")
        if _DATED.fullmatch(node.get("property") or node.get("name") or node.get("itemprop") or "")
    ]
    linked = [str(node.text) for node in page.iter("script") if node.get("type") == _LINKED]
    told += [found for text in linked for found in _LINKED_DATE.findall(text)]
    return max(filter(_ISO.match, told), default="")


def _texts(page: Element, name: str) -> list[str]:
    found = [" ".join("".join(map(str, node.itertext())).split()) for node in page.iter(name)]
    return list(filter(None, found))


def _story(page: Element) -> list[Part]:
    """What trafilatura finds; all there is where it finds little, or no paragraphs."""
    copy = html.fromstring(etree.tostring(page))  # as it cuts the tree that it is given
    _keep_lines(copy)
    found = trafilatura.bare_extraction(copy, include_comments=False, favor_recall=True)
    body = getattr(found, "body", None)
    story = [] if body is None else list(parts_of(body))
    if len(story) > 1 and sum(len(part.text) for part in story) >= _SHORTEST_STORY:
        return story
    shown = list(parts_of(page, without=FURNITURE))
    return shown or list(parts_of(page, without=frozenset(("head",))))


def _keep_lines(page: Element) -> None:
    """Mark the ends of lines of code, as trafilatura makes spaces of them."""
    for block in page.iter("pre"):
        for node in block.iter():
            node.text = (node.text or "").replace("\n", BREAK)
            if node is not block:
                node.tail = (node.tail or "").replace("\n", BREAK)
