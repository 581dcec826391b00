"""Formats that are read by libraries made for them: only ever in a process apart.

Each module reads one, and is loaded when the first such file is. See ``index.workshop``.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from index.parsed import Parsed, Parser

NAMES: Mapping[str, str] = MappingProxyType(
    {
        ".pdf": "pdf",
        ".docx": "docx",
        ".html": "html",
        ".htm": "html",
        ".xhtml": "html",
        ".epub": "epub",
        ".csv": "csv",
        ".tsv": "csv",
    }
)
"""The format that each suffix stands for; its module has the name."""


def reader_of(suffix: str) -> Parser:
    """What reads files of that suffix; it may run away with time and memory."""
    read: Parser = import_module(f"index.formats.{NAMES[suffix]}").read
    return read


def read_here(suffix: str, content: bytes) -> Parsed:
    """Read a file in this process."""
    return reader_of(suffix)(content)
