"""Files packed into one, as DOCX and EPUB are, opened without being caught by what is in them."""

import re
import zipfile
from io import BytesIO

from lxml import etree

from index.errors import UnreadableDocument
from index.formats.markup import Element

MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes; a book's pictures take less, a zip bomb more."""

_MOST_FILES = 20_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive, if what is in it may be unpacked.

    Raises:
        UnreadableDocument: it is none, is locked, or unpacks to more than may be.
    """
    if content.startswith(_OLD_OFFICE):
        raise UnreadableDocument(
            "It is locked with a password, or in the format of Word before 2007. "
            "Save it as .docx, without a password."
        )
    archive = zipfile.ZipFile(BytesIO(content))
    files = archive.infolist()
    if sum(file.file_size for file in files) > MOST_UNPACKED or len(files) > _MOST_FILES:
        raise UnreadableDocument(
            "It unpacks to more than {most} MB, as a zip bomb does. Split it, or remove the file.",
            most=MOST_UNPACKED // 1024**2,
        )
    if any(file.flag_bits & 1 for file in files):
        raise locked()
    return archive


def locked() -> UnreadableDocument:
    """It cannot be read without a password or key."""
    return UnreadableDocument("It is locked with a password. Save a copy without one.")


def xml_of(data: bytes) -> Element:
    """The elements of XML, which may not declare entities and fetches nothing.

    Raises:
        UnreadableDocument: it declares entities.
        etree.XMLSyntaxError: it is damaged.
    """
    check_entities(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def check_entities(data: bytes) -> None:
    """Raise UnreadableDocument for XML that declares entities, which no writer needs."""
    if _ENTITY.search(data):
        raise UnreadableDocument(
            "It declares XML entities, with which a small file can fill a computer's memory. "
            "Save it anew, or remove it."
        )
