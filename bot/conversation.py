"""One turn of a conversation: a question in, a reply out, and what its buttons stand for."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.aging import is_supported
from bot.history.stored import Frame, Posted, Surface, quoted
from bot.last_turns import Before
from bot.layout import Button, Buttons, Press, Reply, Text
from bot.listening import plain_question
from bot.memory import Memory
from bot.rendering import Circumstances, result_reply
from bot.service import Service
from bot.visibility import Scope, collections_of
from bot.words import Words
from bot.worker import TooSlowError
from index.fates import Fate, Moved
from index.following import complete
from index.records import Abstained, Answer, Phrase

ScopeNow: TypeAlias = Callable[[], Awaitable[Scope]]
"""Tells what may be seen, as things stand."""

_REPEATING = frozenset({"ask", "menu", "shared"})
"""Ways to ask whose answer repeats the question."""
_PROMPT = 2.0  # seconds; what took no longer was answered as things stand
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where and by whom it was asked.

    Attributes:
        question: as it was typed.
        person: who asked.
        guild: the server, or None in direct messages.
        channel: where it is answered.
        surface: by what means it was asked.
        before: the turn that this one may follow up.
        document: the one document to be asked, if any.
        private: only the asker sees the answer.
        shareable: there are others whom it could be shown to.
        below: the answer stands below the question, which need not be repeated.
        narrowed: the asker may see more than is asked here, where others read the answer.
        notice: it was wished for that the documents answer it.
        authors: others whose words it holds.
        drawn: the collections whose documents' words it holds.
        began: when it was asked, by the monotonic clock.
    """

    question: str
    person: int
    guild: int | None
    channel: int
    surface: Surface
    before: Before | None = None
    document: str | None = None
    private: bool = False
    shareable: bool = False
    below: bool = False
    narrowed: bool = False
    notice: bool = False
    authors: tuple[int, ...] = ()
    drawn: Scope = frozenset()
    began: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Found:
    """What the documents say.

    Attributes:
        asked: the question, with whose words it holds as it was understood.
        result: an answer, or none.
    """

    asked: Asked
    result: Answer | Abstained

    @property
    def collections(self) -> Scope:
        """The collections whose words it shows: quoted, or in the question."""
        return collections_of(self.result) | self.asked.drawn

    def before(self) -> Before:
        """As the turn that the next question may follow up."""
        return Before(self.result, self.asked.drawn, self.asked.authors)


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a question.

    Attributes:
        row: what its buttons stand for; empty where it could not be kept.
        lasting: whether it is kept, and not only held in memory for a while.
        fates: what became of its quotes since.
    """

    asked: Asked
    result: Answer | Abstained
    row: str
    lasting: bool = True
    fates: tuple[Fate, ...] = ()

    def reply(self, words: Words, prose: tuple[Phrase, ...] = ()) -> Reply:
        """The message that answers, with a language model's words for it, if there are any."""
        reply = self._whole_reply(words, prose)
        if not self.lasting:
            reply = reply.without("good", "bad", "wish")
        return _with_private_button(reply, self.row, words) if self.asked.narrowed else reply

    def _whole_reply(self, words: Words, prose: tuple[Phrase, ...]) -> Reply:
        question, understood = plain_question(self.asked.question), self.result.question
        return result_reply(
            self.result,
            Circumstances(
                row=self.row,
                private=self.asked.private,
                shareable=self.asked.shareable,
                asked="" if self.asked.below else question,
                understood=understood if understood != question else "",
                fates=self.fates,
                prose=prose,
            ),
            words=words,
        )


async def find(asked: Asked, scope: ScopeNow, *, service: Service, memory: Memory) -> Found:
    """What the documents in ``scope`` say, as sure as the server wants it.

    The question is understood with the turn before it, of which too only what is in ``scope``
    counts. What may be seen is asked for now, and where the answer took a while once more: a role
    or a link may be gone by then.

    Raises:
        CorpusError, ServiceError: it cannot be answered.
    """
    for _ in range(_TRIES):
        began, seen = time.monotonic(), await scope()
        question, told = _understood(asked, seen)
        result = await service.ask(
            question,
            person=asked.person,
            scope=seen,
            document=asked.document,
            min_confidence=memory.servers.settings(asked.guild).min_confidence,
        )
        found = Found(told, result)
        if time.monotonic() - began < _PROMPT or found.collections <= await scope():
            return found
    raise TooSlowError("That took too long; please ask again.")


def _understood(asked: Asked, scope: Scope) -> tuple[str, Asked]:
    """The question as it is understood in ``scope``, and what was asked, with whose words it holds.

    Where it is whole, they are its own.
    """
    typed = plain_question(asked.question)
    if asked.before is None:
        return typed, asked
    question = complete(typed, asked.before.seen_by(scope))
    if question == typed:
        return typed, asked
    drawn = asked.drawn | asked.before.drawn_within(scope)
    return question, replace(asked, drawn=drawn, authors=(*asked.authors, *asked.before.people))


async def shared(posted: Posted, fates: tuple[Fate, ...], *, memory: Memory) -> Turn:
    """What only its asker saw, to be shown to all in the same channel, from where it stands now."""
    asked = replace(asked_of(posted), surface="shared", private=False)
    return await keep(asked, _cited_anew(posted.result, fates), memory)


def _cited_anew(result: Answer | Abstained, fates: tuple[Fate, ...]) -> Answer | Abstained:
    """The same, its quotes cited from where they were moved to."""
    pairs = zip(quoted(result), fates, strict=True)
    now = tuple(fate.citation if isinstance(fate, Moved) else one for one, fate in pairs)
    if isinstance(result, Answer):
        return replace(result, answer=now[0].answer, citations=now)
    return replace(result, nearest=now)


def shown_again(
    posted: Posted,
    fates: tuple[Fate, ...],
    words: Words,
    *,
    shareable: bool = False,
    lasting: bool = True,
) -> Reply:
    """The reply that was shown, with what became of its quotes since."""
    frame = posted.frame or Frame(below=posted.surface not in _REPEATING)
    asked = replace(
        asked_of(posted),
        question=frame.typed or posted.question,
        below=frame.below,
        narrowed=frame.narrowed,
        shareable=shareable,
    )
    reply = Turn(asked, posted.result, posted.id, lasting, fates).reply(words)
    if not frame.notice or not all(map(is_supported, fates[:1])):
        return reply
    head = Text(words("🔔 The documents answer this now."))
    return Reply((head, *reply.blocks), reply.colour)


def asked_of(posted: Posted) -> Asked:
    """The question behind what was shown, as it was asked there."""
    return Asked(
        question=posted.question,
        person=posted.asker,
        guild=posted.guild,
        channel=posted.channel,
        surface=posted.surface,
        document=posted.document,
        private=posted.private,
        authors=posted.authors,
        drawn=posted.drawn,
    )


async def keep(asked: Asked, result: Answer | Abstained, memory: Memory) -> Turn:
    """Keep what is about to be shown."""
    row = await memory.keep(
        result,
        guild=asked.guild,
        channel=asked.channel,
        asker=asked.person,
        document=asked.document,
        private=asked.private,
        surface=asked.surface,
        authors=asked.authors,
        frame=_frame(asked, result),
        began=asked.began,
    )
    return Turn(asked, result, row, lasting=memory.keeps(asked.guild))


def _frame(asked: Asked, result: Answer | Abstained) -> Frame:
    typed = plain_question(asked.question)
    return Frame(
        typed="" if typed == result.question else typed,
        below=asked.below,
        narrowed=asked.narrowed,
        notice=asked.notice,
        drawn=tuple(sorted(asked.drawn)),
    )


def _with_private_button(reply: Reply, row: str, words: Words) -> Reply:
    """The reply with a button for what only whoever presses it may see."""
    if not row:
        return reply
    button = Button(Press("private", row), words("Show privately"), "🔒")
    *others, last = reply.blocks
    if isinstance(last, Buttons):
        return replace(reply, blocks=(*others, Buttons((*last.buttons, button))))
    return replace(reply, blocks=(*reply.blocks, Buttons((button,))))
