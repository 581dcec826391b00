"""What Footnote says about an answer, on whichever face it says it.

Titles, ids and sections come from documents and are given as they are: each face makes them
harmless in its own way.
"""

from index.records import Citation

ABSTAINED = "The documents don't say."

_LEVELS = ((0.85, "high"), (0.6, "fair"), (0.35, "low"), (0.0, "very low"))


def confidence(value: float) -> str:
    """A confidence of 0 to 1 in words and percent, such as "high, 93%". Nothing is 100% sure."""
    word = next(word for least, word in _LEVELS if value >= least)
    return f"{word}, {min(value, 0.99):.0%}"


def counted(count: int, noun: str) -> str:
    """A number of things: "1 line", "2 lines"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def place(citation: Citation) -> str:
    """Where in its document the quote stands: "line 3", "lines 3-5" or "page 2, line 40"."""
    first, last = citation.lines
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    return lines if citation.page is None else f"page {citation.page}, {lines}"


def source(citation: Citation) -> str:
    """The footnote itself: "[1] Title › Section · folder/file.md · line 3"."""
    section = citation.section
    under = f" › {section}" if section and section != citation.title else ""
    return f"[{citation.n}] {citation.title}{under} · {citation.document} · {place(citation)}"
