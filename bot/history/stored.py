"""What is kept: immutable values. Ids of Discord are numbers, times are Unix seconds."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.records import Abstained, Answer, Citation

Surface: TypeAlias = Literal["mention", "dm", "reply", "channel", "forum", "ask", "menu", "shared"]
"""Where on Discord a question was asked."""

LinkKind: TypeAlias = Literal["server", "channel", "role"]


@dataclass(frozen=True, slots=True)
class Link:
    """A collection that an admin shows in a place.

    Attributes:
        collection: a folder below the seeds.
        guild: the server whose admin said so.
        kind: what the target is.
        target: the id of that server, or of a channel or role in it.
    """

    collection: str
    guild: int
    kind: LinkKind
    target: int


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the admins of a server chose.

    Attributes:
        guild: the server.
        answers: whether a mention is answered by a reply, or in a thread of its own.
        min_confidence: below it no answer is given there; None is the bot's own threshold.
        announcements: the channel that is told of changed documents, if any.
        digest: the channel that is told once a week what was not answered, if any.
        history: whether questions asked there are kept.
        language: of the bot's own words; None is as Discord says.
    """

    guild: int
    answers: Literal["reply", "thread"] = "reply"
    min_confidence: float | None = None
    announcements: int | None = None
    digest: int | None = None
    history: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What a message shows beside what was found, so that it can be shown once more.

    Attributes:
        typed: the question as it was typed; empty where that is how it was understood.
        below: it stands below the question, which is not repeated.
        narrowed: it has a button for what only whoever presses it may see.
        notice: it tells that what was wished for is answered now.
        drawn: the collections whose documents' words are in the question: it follows up an answer.
    """

    typed: str = ""
    below: bool = False
    narrowed: bool = False
    notice: bool = False
    drawn: tuple[str, ...] = ()


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
        authors: others whose words are in the question: it follows up one of theirs, or answers
            their message.
        frame: what its message shows beside; None where that is not known.
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
    authors: tuple[int, ...] = ()
    frame: Frame | None = None

    @property
    def people(self) -> frozenset[int]:
        """Whose words are in the question."""
        return frozenset({self.asker, *self.authors})

    @property
    def drawn(self) -> frozenset[str]:
        """The collections whose documents' words are in the question."""
        return frozenset(self.frame.drawn if self.frame else ())

    @property
    def is_overheard(self) -> bool:
        """Whether nothing was said to it: ``message`` is then the one that asks."""
        return isinstance(self.result, Abstained) and self.surface in ("channel", "forum")


@dataclass(frozen=True, slots=True)
class Past:
    """What a list tells of an answer: all but the answer itself.

    Attributes:
        folded: the question without regard to case and spacing.
        generation: the index that answered it.
        collections: of the documents that were quoted, or whose words are in the question.
    """

    id: str
    guild: int | None
    channel: int
    asker: int
    question: str
    folded: str
    private: bool
    generation: str
    collections: frozenset[str]


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


def quoted(result: Answer | Abstained) -> tuple[Citation, ...]:
    """The quotes that a result shows."""
    return result.citations if isinstance(result, Answer) else result.nearest


def new_id() -> str:
    """A fresh id of 16 characters that stands safely in a URL; nobody can guess it."""
    return secrets.token_urlsafe(12)
