"""Messages that ask something: mentions, replies, direct messages, ask channels, forum posts."""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import discord

from bot.conversation import Asked, take_turn
from bot.gateway import desk, sending
from bot.gateway.asking import WAITING
from bot.gateway.backend import Backend
from bot.gateway.places import server_id
from bot.history.stored import Posted, Surface
from bot.layout import Reply
from bot.listening import (
    addressed,
    is_thanks,
    looks_like_question,
    plain_question,
    question_of_post,
)
from bot.rendering import notice
from index.records import Abstained

HOW = (
    "Ask me something about the documents, such as: how often does the group meet?\n"
    "-# `/help` shows what else I can do."
)
WELCOME = "You are welcome."
UNREADABLE = (
    "I cannot read that message. Mention me with the question, or use **Answer this** in the menu "
    "of the message, under *Apps*."
)
_KINDS = frozenset({discord.MessageType.default, discord.MessageType.reply})
_REMEMBERED = 10_000

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A question in a message. Where the bot only ``listens``, it answers when it is sure."""

    question: str
    surface: Surface
    previous: str | None = None
    listens: bool = False


class Messages:
    """Answers messages, each once."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._typing = sending.Typing()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._last_question: OrderedDict[int, str] = OrderedDict()

    async def handle(self, message: discord.Message, bot: discord.ClientUser) -> None:
        """Answer a message if it asks something. Raises nothing."""
        if message.author.bot or message.type not in _KINDS or self._known(message.id):
            return
        try:
            heard = await self._heard(message, bot)
            if isinstance(heard, Reply):
                await sending.reply_to(message, heard)
            elif heard is not None:
                await self._answer(message, heard)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("Message %s could not be answered: %s", message.id, error)
        except Exception:
            _log.exception("Message %s could not be answered.", message.id)

    def _known(self, id: int) -> bool:
        """Whether a message was here before: after a resumed session some come again."""
        if id in self._seen:
            return True
        _note(self._seen, id, None)
        return False

    async def _heard(
        self, message: discord.Message, bot: discord.ClientUser
    ) -> Heard | Reply | None:
        """What the message asks; a reply where it says something else to the bot."""
        roles = _roles_of_bot(message)
        text = addressed(message.content, bot.id, roles)
        marks = (f"<@{bot.id}>", f"<@!{bot.id}>", *(f"<@&{role}>" for role in roles))
        named = any(mark in message.content for mark in marks)
        mentioned = named or bot in message.mentions  # as a reply that pings does
        before = await self._answer_replied_to(message)
        if not named and (mentioned or before is not None):  # a reply to the bot, no more
            if not text or is_thanks(text):
                return None  # which needs no answer
            among_others = server_id(message) is not None
            if before is not None and among_others and not mentioned:  # perhaps said to them
                asks = looks_like_question(text)
                return Heard(text, "reply", before.question, listens=True) if asks else None
        if mentioned or server_id(message) is None:
            return self._addressed(message, text, before, bot)
        return self._overheard(message, text)

    def _addressed(
        self, message: discord.Message, text: str, before: Posted | None, bot: discord.ClientUser
    ) -> Heard | Reply:
        """What somebody says to the bot."""
        if not any(map(str.isalnum, text)) and before is None and message.reference is not None:
            replied = _replied_to(message)
            text = addressed(replied.content, bot.id, _roles_of_bot(message)) if replied else ""
            if replied is not None and not text:
                return notice(UNREADABLE)
        if is_thanks(text):
            return notice(WELCOME)
        if not plain_question(text):
            return notice(HOW)
        direct = server_id(message) is None
        surface: Surface = "dm" if direct else "mention"
        previous = before.question if before else None
        if before is not None:
            surface = "reply"
        elif direct:
            previous = self._last_question.get(message.channel.id)
        return Heard(text, surface, previous)

    def _overheard(self, message: discord.Message, text: str) -> Heard | None:
        """A question in a channel in which every question is answered."""
        guild, channel = server_id(message), message.channel
        if guild is None or not text or message.reference is not None:
            return None  # a reply is said to somebody
        if isinstance(channel, discord.Thread):
            first = channel.id == message.id
            if not first or not self._backend.memory.is_ask_channel(guild, channel.parent_id):
                return None
            question = question_of_post(channel.name, text)
            return Heard(question, "forum", listens=True) if question else None
        if not self._backend.memory.is_ask_channel(guild, channel.id):
            return None
        return Heard(text, "channel", listens=True) if looks_like_question(text) else None

    async def _answer_replied_to(self, message: discord.Message) -> Posted | None:
        """The answer of ours that the message replies to."""
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        posted = await self._backend.memory.posted_as(reference.message_id)
        if posted is None or posted.channel != message.channel.id:
            return None
        return posted if posted.asker == message.author.id or not posted.private else None

    async def _answer(self, message: discord.Message, heard: Heard) -> None:
        asked = Asked(
            question=heard.question,
            person=message.author.id,
            guild=server_id(message),
            channel=message.channel.id,
            surface=heard.surface,
            previous=heard.previous,
            below=True,
        )
        if heard.listens:
            await self._answer_if_sure(message, asked)
            return
        self._typing.begin(message.channel, message.channel.id)
        try:
            waiting = await self._tell_to_wait(message)
            reply, row, question = await self._reply(asked)
        finally:
            self._typing.end(message.channel.id)
        if asked.guild is None:
            _note(self._last_question, message.channel.id, question)
        shown = await self._show(message, waiting, reply)
        await self._backend.memory.placed(row, shown.id)

    async def _show(
        self, message: discord.Message, waiting: discord.Message | None, reply: Reply
    ) -> discord.Message:
        """Put the reply in the place of what told to wait, or below the message."""
        if waiting is not None:
            try:
                await sending.edit(waiting, reply)
            except discord.HTTPException as error:
                _log.info("What told to wait is there no more: %s", error)
            else:
                return waiting
        return await sending.reply_to(message, reply, part=1 if waiting else 0)

    async def _reply(self, asked: Asked) -> tuple[Reply, str, str]:
        """The reply, its row, and the question as it was understood."""
        try:
            turn = await take_turn(
                asked, service=self._backend.service, memory=self._backend.memory
            )
            return turn.reply, turn.row, turn.result.question
        except Exception as error:
            return desk.apology(error), "", asked.question

    async def _answer_if_sure(self, message: discord.Message, asked: Asked) -> None:
        """Answer what was asked of nobody, unless the documents do not say."""
        try:
            turn = await take_turn(
                asked, service=self._backend.service, memory=self._backend.memory
            )
        except Exception as error:
            _log.info("An overheard question was left alone: %s", error)
            return
        if not isinstance(turn.result, Abstained):
            shown = await sending.reply_to(message, turn.reply)
            await self._backend.memory.placed(turn.row, shown.id)

    async def _tell_to_wait(self, message: discord.Message) -> discord.Message | None:
        """Where there is no index for a while, a message that says so, to become the answer."""
        if await self._backend.service.until_ready(self._backend.grace):
            return None
        told = await sending.reply_to(message, notice(WAITING))
        await self._backend.service.until_ready()
        return told


def _replied_to(message: discord.Message) -> discord.Message | None:
    """Somebody's message that this one replies to: "@Footnote" below a question."""
    replied = message.reference.resolved if message.reference else None
    return replied if isinstance(replied, discord.Message) and not replied.author.bot else None


def _roles_of_bot(message: discord.Message) -> tuple[int, ...]:
    """The role that Discord made for the bot; people mistake its mention for the bot's."""
    role = message.guild.self_role if message.guild else None
    return (role.id,) if role else ()


def _note(notes: "OrderedDict[int, T]", key: int, value: "T") -> None:
    """Remember a value, and forget the oldest where there are too many."""
    notes[key] = value
    notes.move_to_end(key)
    if len(notes) > _REMEMBERED:
        notes.popitem(last=False)
