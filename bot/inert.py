"""Text from documents, made harmless to show.

A document may hold terminal escapes, carriage returns that overwrite what was printed, or marks
that turn the reading order round. On the terminal all of these become visible, idle characters.
"""

import re

from index.lists import lines_of

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SPACES = re.compile(r"\s+")
_ACTIVE = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_BIDI}\ud800-\udfff]")
_PICTURES = 0x2400
_REPLACEMENT = "\ufffd"


def inert(text: str) -> str:
    r"""``text`` with a visible character for each one that a terminal might obey.

    As long as ``text``, character for character, so that offsets keep their meaning. Line feeds
    and tabs stay. ``inert("a\x1b[31m")`` is ``"a␛[31m"``.
    """
    return _ACTIVE.sub(_picture, text)


def flat(text: str) -> str:
    """``text`` inert and on one line: each run of white space becomes one space."""
    return inert(_SPACES.sub(" ", text))


def lined(quote: str) -> str:
    """A quote inert and on one line; where it holds a list, each item on a line of its own."""
    return "\n".join(flat(line).strip() for line in lines_of(quote))


def _picture(active: re.Match[str]) -> str:
    code = ord(active[0])
    return chr(_PICTURES + code) if code < 0x20 else _REPLACEMENT
