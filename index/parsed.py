"""What a parser makes of a file's bytes."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser found.

    Attributes:
        text: the document text.
        title: what the file calls itself; None to look for it in the text, ``""`` to take the
            file's name.
        page_starts: where each page begins in ``text``, ascending from 0; empty without pages.
        dated: the date that the file tells beside its text, in ISO 8601; empty if it tells none.
        language: the language tag that it tells, such as "de-AT"; empty if it tells none.
    """

    text: str
    title: str | None = None
    page_starts: tuple[int, ...] = ()
    dated: str = ""
    language: str = ""


Parser = Callable[[bytes], Parsed]
