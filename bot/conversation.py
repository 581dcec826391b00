"""One turn of a conversation: a question in, a reply out, and what its buttons stand for."""

from dataclasses import dataclass, replace

from bot.history.stored import Posted, Surface
from bot.layout import Reply
from bot.listening import plain_question
from bot.memory import Memory
from bot.rendering import Circumstances, result_reply
from bot.service import Service
from index.following import complete
from index.records import Abstained, Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where and by whom it was asked.

    Attributes:
        question: as it was typed.
        person: who asked.
        guild: the server, or None in direct messages.
        channel: where it is answered.
        surface: by what means it was asked.
        previous: the question before, which this one may follow up.
        document: the one document to be asked, if any.
        private: only the asker sees the answer.
        shareable: there are others whom it could be shown to.
        below: the answer stands below the question, which need not be repeated.
    """

    question: str
    person: int
    guild: int | None
    channel: int
    surface: Surface
    previous: str | None = None
    document: str | None = None
    private: bool = False
    shareable: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a question: ``row`` is empty where it could not be kept."""

    asked: Asked
    result: Answer | Abstained
    row: str

    @property
    def reply(self) -> Reply:
        """The message that answers."""
        question, understood = plain_question(self.asked.question), self.result.question
        return result_reply(
            self.result,
            Circumstances(
                row=self.row,
                private=self.asked.private,
                shareable=self.asked.shareable,
                asked="" if self.asked.below else question,
                understood=understood if understood != question else "",
            ),
        )


async def take_turn(asked: Asked, *, service: Service, memory: Memory) -> Turn:
    """Answer a question, understood with the one before it, and keep what was found.

    Raises:
        CorpusError, ServiceError: it cannot be answered; nothing is kept.
    """
    question = complete(plain_question(asked.question), asked.previous)
    result = await service.ask(
        question, person=asked.person, guild=asked.guild, document=asked.document
    )
    return Turn(asked, result, await keep(asked, result, memory))


async def shared(posted: Posted, *, memory: Memory) -> Turn:
    """What only its asker saw, to be shown to all in the same channel."""
    asked = replace(asked_of(posted), surface="shared", private=False)
    return Turn(asked, posted.result, await keep(asked, posted.result, memory))


def unshared(posted: Posted) -> Reply:
    """The reply that only the asker sees, once it has been shared."""
    asked = replace(asked_of(posted), shareable=False)
    return Turn(asked, posted.result, posted.id).reply


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
    )


async def keep(asked: Asked, result: Answer | Abstained, memory: Memory) -> str:
    """Keep what is about to be shown; returns its row, or ``""`` if that could not be done."""
    return await memory.keep(
        result,
        guild=asked.guild,
        channel=asked.channel,
        asker=asked.person,
        document=asked.document,
        private=asked.private,
        surface=asked.surface,
    )
