"""What a message asks the bot, if anything: by mention, in a reply, directly, in an ask channel."""

from dataclasses import dataclass, replace

import discord

from bot.gateway.backend import Backend
from bot.gateway.places import server_id
from bot.history.stored import Posted, Surface
from bot.last_turns import Before
from bot.layout import Reply
from bot.listening import (
    addressed,
    is_thanks,
    looks_like_question,
    plain_question,
    question_of_post,
)
from bot.rendering import notice
from bot.words import N_

HOW = N_(
    "Ask me something about the documents, such as: how often does the group meet?\n"
    "-# `/help` shows what else I can do."
)
WELCOME = N_("You are welcome.")
UNREADABLE = N_(
    "I cannot read that message. Mention me with the question, or use **Answer this** in the menu "
    "of the message, under *Apps*."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A question in a message, and ``authors``: others whose words it holds.

    Where the bot only ``listens``, it answers when it is sure.
    """

    question: str
    surface: Surface
    before: Before | None = None
    listens: bool = False
    authors: tuple[int, ...] = ()


class Hearing:
    """Finds the question in a message, and the one before that it may follow up."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def heard(
        self, message: discord.Message, bot: discord.ClientUser
    ) -> Heard | Reply | None:
        """What the message asks; a reply where it says something else to the bot."""
        roles = _roles_of_bot(message)
        text = addressed(message.content, bot.id, roles)
        marks = (f"<@{bot.id}>", f"<@!{bot.id}>", *(f"<@&{role}>" for role in roles))
        named = any(mark in message.content for mark in marks)
        mentioned = named or bot in message.mentions  # as a reply that pings does
        before = await self._answer_replied_to(message, bot)
        if not named and (mentioned or before is not None):  # a reply to the bot, no more
            if not text or is_thanks(text):
                return None  # which needs no answer
            among_others = server_id(message) is not None
            if before is not None and among_others and not mentioned:  # perhaps said to them
                asks = looks_like_question(text)
                return _in_reply(text, before, listens=True) if asks else None
        if mentioned or server_id(message) is None:
            return self._addressed(message, text, before, bot)
        return self._overheard(message, text)

    def _addressed(
        self, message: discord.Message, text: str, before: Posted | None, bot: discord.ClientUser
    ) -> Heard | Reply:
        """What somebody says to the bot."""
        words = self._backend.tongues.words_below(message)
        authors: tuple[int, ...] = ()
        if not any(map(str.isalnum, text)) and before is None and message.reference is not None:
            replied = _replied_to(message)
            text = addressed(replied.content, bot.id, _roles_of_bot(message)) if replied else ""
            if replied is not None:
                authors = (replied.author.id,)
                if not text:
                    return notice(words(UNREADABLE))
        if is_thanks(text):
            return notice(words(WELCOME))
        if not plain_question(text):
            return notice(words(HOW))
        direct = server_id(message) is None
        surface: Surface = "dm" if direct else "mention"
        if before is not None:
            return _in_reply(text, before)
        return self._following(message, Heard(text, surface, authors=authors))

    def _following(self, message: discord.Message, heard: Heard) -> Heard:
        """What was heard, after the last turn there of the same person."""
        last = self._backend.turns.last(message.channel.id, message.author.id)
        if last is None or heard.authors:  # somebody else's question is none of their turns
            return heard
        return replace(heard, before=last)

    def _overheard(self, message: discord.Message, text: str) -> Heard | None:
        """A question in a channel in which every question is answered."""
        guild, channel = server_id(message), message.channel
        if guild is None or not text or message.reference is not None:
            return None  # a reply is said to somebody
        if isinstance(channel, discord.Thread):
            first = channel.id == message.id
            if not first or not self._backend.servers.is_ask_channel(guild, channel.parent_id):
                return None
            question = question_of_post(channel.name, text)
            return Heard(question, "forum", listens=True) if question else None
        if not self._backend.servers.is_ask_channel(guild, channel.id):
            return None
        if not looks_like_question(text):
            return None
        return self._following(message, Heard(text, "channel", listens=True))

    async def _answer_replied_to(
        self, message: discord.Message, bot: discord.ClientUser
    ) -> Posted | None:
        """The answer of ours that the message replies to."""
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        replied = reference.resolved
        if isinstance(replied, discord.Message) and replied.author.id != bot.id:
            return None  # an unanswered question is kept under the message that asked it
        posted = await self._backend.memory.posted_as(reference.message_id)
        if posted is None or posted.channel != message.channel.id:
            return None
        return posted if posted.asker == message.author.id or not posted.private else None


def _in_reply(text: str, posted: Posted, *, listens: bool = False) -> Heard:
    """What is asked in reply to an answer."""
    before = Before.of(posted)
    return Heard(text, "reply", before, listens=listens, authors=before.people)


def _replied_to(message: discord.Message) -> discord.Message | None:
    """Somebody's message that this one replies to: "@Footnote" below a question."""
    replied = message.reference.resolved if message.reference else None
    return replied if isinstance(replied, discord.Message) and not replied.author.bot else None


def _roles_of_bot(message: discord.Message) -> tuple[int, ...]:
    """The role that Discord made for the bot; people mistake its mention for the bot's."""
    role = message.guild.self_role if message.guild else None
    return (role.id,) if role else ()
