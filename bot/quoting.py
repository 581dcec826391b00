"""Citations in Discord's markup: quotes with the answer highlighted, and where they stand."""

from bot import wording
from bot.escaping import ELLIPSIS, clipped, clipped_middle, code, escaped, escaped_within, units
from bot.inert import flat, lined
from bot.words import Words
from index.records import Citation

_TITLE = 100
_SECTION = 80
_PATH = 120


def quote_markup(citation: Citation, *, room: int) -> str:
    """The quote in a block of its own, the answer bold; at most ``room`` units.

    It is on one line, or a list's items on a line each. Where it does not fit, it is cut, on both
    sides where the answer is to stay.
    """
    width = max(room, 40)
    while units(markup := _quote(citation, width)) > room and width > 40:
        width = width * 2 // 3
    return markup


def answer_markup(citation: Citation, *, room: int) -> str:
    """The short answer in bold; empty where a whole quote answers or it has no room."""
    answer = "" if citation.is_whole else escaped(citation.answer).strip()
    return f"**{answer}**" if answer and units(answer) + 4 <= room else ""


def source_markup(citation: Citation, words: Words, *, where: str = "") -> str:
    """The footnote: "1 · Title › Section · `folder/file.md` · line 3", below 400 units.

    ``where`` takes the place of the line.
    """
    title = escaped_within(citation.title, _TITLE)
    section = citation.section
    under = ""
    if section and section != citation.title:
        under = f" › {escaped_within(section, _SECTION)}"
    path = path_markup(citation.document)
    return f"{citation.n} · {title}{under} · {path} · {where or wording.place(citation, words)}"


def path_markup(document: str, room: int = 120) -> str:
    """A document's id, to be copied; about ``room`` units, and the back-ticks."""
    line = flat(document)
    shown = code(clipped_middle(line, room))
    return shown if units(shown) <= room + 2 else code(clipped_middle(line, (room - 1) // 2))


def _quote(citation: Citation, width: int) -> str:
    """The quote with about ``width`` characters of it shown."""
    start = citation.answer_start - citation.start
    end = citation.answer_end - citation.start
    if citation.is_whole:
        lines = clipped(lined(citation.quote), width).split("\n")
        return "\n".join(f"> {escaped(line)}" for line in lines)
    before, answer, after = citation.quote[:start], citation.answer, citation.quote[end:]
    answer = clipped(flat(answer), width)
    spare = max(width - len(answer), 0)
    before, after = flat(before).lstrip(), flat(after).rstrip()
    left, right = _shares(len(before), len(after), spare)
    if left < len(before):
        before = f"{ELLIPSIS}{before[len(before) - left :]}"
    shown = escaped(answer)
    bold = f"**{shown}**" if shown.strip() else shown
    return f"> {escaped(before)}{bold}{escaped(clipped(after, right + 1))}"


def _shares(left: int, right: int, spare: int) -> tuple[int, int]:
    """How much of what stands left and right is shown: evenly, and what one leaves the other."""
    if left + right <= spare:
        return left, right
    half = spare // 2
    if left < half:
        return left, spare - left
    return (spare - right, right) if right < half else (half, half)
