"""A table's document text, a row a line, and its outline, in which each row stands by itself."""

from index.outline import Outline, Section
from index.records import Span

HEADER = "# "
"""Begins the first line where that holds the names of the columns, which each row repeats."""


def table_outline(text: str) -> Outline:
    """A section for each line with a letter or digit in it, so that no passage has two rows."""
    sections: list[Section] = []
    start = 0
    for line in text.split("\n"):
        if any(map(str.isalnum, line)) and not (start == 0 and line.startswith(HEADER)):
            sections.append(Section(None, (Span(start, start + len(line)),)))
        start += len(line) + 1
    if not sections:  # nothing but names: they are all there is to quote
        names = text.rstrip("\n")
        return Outline((Section(None, (Span(len(HEADER), len(names)),)),), ())
    return Outline(tuple(sections), ())
