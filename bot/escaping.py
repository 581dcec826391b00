r"""Text from documents and from people, made harmless in a Discord message.

Discord reads ``\`` before any sign that is no letter, digit or space as that sign alone, and gives
no meaning to it. Escaped text pings nobody, links nowhere, embeds nothing, and cannot break out of
the line it is put on. Every function here takes time in proportion to the text.
"""

import re

from bot.inert import flat, inert

ELLIPSIS = "…"

_NO_CODE = re.compile(r"[`\\]")
# Always: markup, mentions, masked links. A colon: before what makes a link of it, and as the first
# of the two about an emoji's name, the second of which may follow the text. A dot: where Discord
# would see an invitation without "https".
_ACTIVE = re.compile(
    r"[\\*_~`|<>\[\]@]"
    r"|:(?=//|\w+(?::|$))"
    r"|(?<=discord)\.|(?<=discordapp)\.",
    re.IGNORECASE,
)
# At the start of a line: headings, small print, lists.
_OPENING = re.compile(r"^(\s*)(?:([#+-])|(\d{1,18})([.)]))")


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, as Discord's clients count it.

    Never fewer than its code points: whichever of both is counted, a limit kept here is kept.
    """
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def escaped(text: str) -> str:
    r"""``text`` on one line, shown by Discord letter by letter; at most twice as long, and one.

    >>> print(escaped("*See* https://example.org/a_b\n@everyone"))
    \*See\* https\://example.org/a\_b \@everyone
    """
    return _escaped_line(flat(text))


def escaped_within(text: str, room: int) -> str:
    """``escaped``, of as much of the text as takes at most ``room`` units."""
    shown = escaped(clipped(text, room))
    return shown if units(shown) <= room else escaped(clipped(text, (room - 1) // 2))


def escaped_lines(text: str) -> str:
    """Like ``escaped``, but line ends stay, as line feeds."""
    return "\n".join(map(_escaped_line, inert(text.replace("\r\n", "\n")).split("\n")))


def code(text: str) -> str:
    """``text`` on one line as inline code: nothing in it means anything, and it can be copied.

    Back-ticks, which would end it, and backslashes, which might not count, are escaped instead.
    """
    line = flat(text).strip()
    return f"`{line}`" if line and not _NO_CODE.search(line) else _escaped_line(line)


def clipped(text: str, length: int) -> str:
    """``text``, cut at its end to at most ``length`` code points, the cut marked."""
    return text if len(text) <= length else text[: max(length - 1, 0)].rstrip() + ELLIPSIS


def clipped_middle(text: str, length: int) -> str:
    """``text``, cut in its middle to at most ``length`` code points, the cut marked."""
    if len(text) <= length:
        return text
    tail = (length - 1) // 2
    return text[: length - 1 - tail] + ELLIPSIS + text[len(text) - tail :]


def _escaped_line(line: str) -> str:
    shown = _ACTIVE.sub(r"\\\g<0>", line)
    return _OPENING.sub(_opening, shown)


def _opening(found: re.Match[str]) -> str:
    space, mark, number, dot = found.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"
