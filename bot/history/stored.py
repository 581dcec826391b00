"""What is kept: immutable values. Ids of Discord are numbers, times are Unix seconds."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.records import Abstained, Answer

Surface: TypeAlias = Literal["mention", "dm", "reply", "channel", "forum", "ask", "menu", "shared"]
"""Where on Discord a question was asked."""


@dataclass(frozen=True, slots=True)
class Posted:
    """An answer, or an abstention, that is shown on Discord.

    Attributes:
        id: from ``new_id``; the buttons below the answer carry it.
        guild: the server, or None in direct messages.
        channel: where it is shown.
        message: the bot's message that shows it, or None as long as there is none.
        asker: the person who asked.
        question: as it was understood.
        document: the document or collection that the question was confined to, if any.
        private: whether only the asker sees it.
        surface: where it was asked.
        result: what was found.
        created: when.
    """

    id: str
    guild: int | None
    channel: int
    message: int | None
    asker: int
    question: str
    document: str | None
    private: bool
    surface: Surface
    result: Answer | Abstained
    created: float


@dataclass(frozen=True, slots=True)
class Past:
    """What a list tells of an answer: all but the answer itself.

    Attributes:
        folded: the question without regard to case and spacing.
        generation: the index that answered it.
    """

    id: str
    guild: int | None
    channel: int
    asker: int
    question: str
    folded: str
    private: bool
    generation: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a button will go on with: a search being paged, a removal to be confirmed.

    Attributes:
        id: from ``new_id``; the button carries it.
        kind: what is to be done.
        guild: the server, or None in direct messages.
        channel: where the button is shown, if that matters.
        person: who may press it.
        argument: what it is to be done with; holds what JSON can hold.
        created: when.
    """

    id: str
    kind: str
    guild: int | None
    channel: int | None
    person: int
    argument: Mapping[str, object]
    created: float


def new_id() -> str:
    """A fresh id of 16 characters that stands safely in a URL; nobody can guess it."""
    return secrets.token_urlsafe(12)
