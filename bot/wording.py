"""What Footnote says about an answer, on whichever face it says it.

Titles, ids and sections come from documents and are given as they are: each face makes them
harmless in its own way.
"""

from collections.abc import Sequence

from bot.words import ENGLISH, N_, Words
from index.records import Citation, Claim, Phrase

ABSTAINED = N_("The documents don't say.")

DISAGREE = N_("The documents disagree:")

PHRASED = N_("✨ A language model's words, held against the quotes below:")

_LEVELS = ((0.85, N_("high")), (0.6, N_("fair")), (0.35, N_("low")), (0.0, N_("very low")))


def confidence(value: float, words: Words = ENGLISH) -> str:
    """A confidence of 0 to 1 in words and percent, such as "high, 93%". Nothing is 100% sure."""
    level = next(level for least, level in _LEVELS if value >= least)
    return words("{level}, {percent}", level=words(level), percent=words.percent(min(value, 0.99)))


def doubt(missing: Sequence[str], words: Words = ENGLISH) -> str:
    """What the question names and the quotes' place does not: "Nothing here about 2019."."""
    return words("Nothing here about {names}.", names=", ".join(missing)) if missing else ""


def phrase(phrase: Phrase) -> str:
    """A sentence of a language model's with its marks: "It meets every six months. [1][2]"."""
    return f"{phrase.text} {''.join(f'[{mark}]' for mark in phrase.marks)}"


def counted(count: int, noun: str) -> str:
    """A number of things on a terminal: "1 line", "2 lines"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def line_range(first: int, last: int, words: Words = ENGLISH) -> str:
    """Some lines: "line 3" or "lines 3-5"."""
    if first == last:
        return words("line {line}", line=first)
    return words("lines {first}-{last}", first=first, last=last)


def place(citation: Citation, words: Words = ENGLISH) -> str:
    """Where in its document the quote stands: "line 3", "lines 3-5" or "page 2, line 40"."""
    lines = line_range(*citation.lines, words)
    if citation.page is None:
        return lines
    return words("page {page}, {lines}", page=citation.page, lines=lines)


def dated(claim: Claim, words: Words = ENGLISH) -> str:
    """From when the document is: "dated March 11, 2021", "file of March 11, 2021"; may be empty."""
    if not claim.date:
        return ""
    date = words.date(claim.date)
    return words("dated {date}", date=date) if claim.is_own else words("file of {date}", date=date)


def source(citation: Citation) -> str:
    """The footnote itself, on a terminal: "[1] Title › Section · folder/file.md · line 3"."""
    section = citation.section
    under = f" › {section}" if section and section != citation.title else ""
    return f"[{citation.n}] {citation.title}{under} · {citation.document} · {place(citation)}"
