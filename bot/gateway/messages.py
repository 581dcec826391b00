"""Messages that ask something are answered: each once, in place or in a thread of its own."""

import logging
from collections import OrderedDict
from dataclasses import replace

import aiohttp
import discord

from bot.conversation import Asked, find, keep
from bot.gateway import desk, sending, threads
from bot.gateway.asking import WAITING
from bot.gateway.backend import Backend
from bot.gateway.hearing import Heard, Hearing
from bot.gateway.places import server_id
from bot.gateway.scopes import audience_of, direct_scope, scope_of_member
from bot.layout import Reply
from bot.rendering import notice
from bot.visibility import Scope
from index.records import Abstained, Answer

_KINDS = frozenset({discord.MessageType.default, discord.MessageType.reply})
_REMEMBERED = 10_000

_log = logging.getLogger(__name__)


class Messages:
    """Answers messages, each once."""

    def __init__(self, client: discord.Client, backend: Backend) -> None:
        self._client = client
        self._backend = backend
        self._hearing = Hearing(backend)
        self._typing = sending.Typing()
        self._seen: OrderedDict[int, None] = OrderedDict()

    def forget(self) -> None:
        """Know no question any more that was asked before."""
        self._hearing.forget()

    async def handle(self, message: discord.Message, bot: discord.ClientUser) -> None:
        """Answer a message if it asks something. Raises nothing."""
        if message.author.bot or message.type not in _KINDS or self._known(message.id):
            return
        try:
            heard = await self._hearing.heard(message, bot)
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
        self._seen[id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return False

    async def _answer(self, message: discord.Message, heard: Heard) -> None:
        words = self._backend.tongues.words_below(message)
        scope = await self._scope(message)
        asked = Asked(
            question=heard.question,
            person=message.author.id,
            guild=server_id(message),
            channel=message.channel.id,
            surface=heard.surface,
            previous=heard.previous,
            below=True,
            narrowed=self._is_narrowed(message, scope),
        )
        if heard.listens:
            await self._answer_if_sure(message, asked, scope)
            return
        self._typing.begin(message.channel, message.channel.id)
        try:
            waiting = await self._tell_to_wait(message)
            try:
                result = await self._find(asked, scope)
            except Exception as error:
                await self._show(message, waiting, desk.apology(error, words))
                return
            if asked.guild is None:
                self._hearing.note(message.channel.id, result.question)
            await self._give(message, waiting, asked, result)
        finally:
            self._typing.end(message.channel.id)

    async def _find(self, asked: Asked, scope: Scope) -> Answer | Abstained:
        return await find(asked, scope, service=self._backend.service, memory=self._backend.memory)

    async def _scope(self, message: discord.Message) -> Scope:
        """What all who read the answer may see."""
        if server_id(message) is not None:
            return audience_of(self._backend, message.channel)
        return await direct_scope(self._client, self._backend, message.author.id)

    def _is_narrowed(self, message: discord.Message, scope: Scope) -> bool:
        """Whether the asker may see more than that."""
        author = message.author
        if not isinstance(author, discord.Member):
            return False
        return not scope_of_member(self._backend, author, message.channel) <= scope

    async def _give(
        self,
        message: discord.Message,
        waiting: discord.Message | None,
        asked: Asked,
        result: Answer | Abstained,
    ) -> None:
        """Show what was found, and note where."""
        thread = None
        if waiting is None and self._backend.servers.settings(asked.guild).answers == "thread":
            thread = await threads.thread_for(message, result.question)
        if thread is not None:
            asked = replace(asked, channel=thread.id)
        turn = await keep(asked, result, self._backend.memory)
        reply = turn.reply(self._backend.tongues.words_below(message))
        if thread is not None:
            shown = await threads.answer_in(thread, message, reply)
        else:
            shown = await self._show(message, waiting, reply)
        await self._backend.memory.placed(turn.row, shown.id)

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

    async def _answer_if_sure(self, message: discord.Message, asked: Asked, scope: Scope) -> None:
        """Answer what was asked of nobody, unless the documents do not say."""
        try:
            result = await self._find(asked, scope)
        except Exception as error:
            _log.info("An overheard question was left alone: %s", error)
            return
        if isinstance(result, Abstained):
            await keep(asked, result, self._backend.memory)  # not shown, yet it was asked
        else:
            await self._give(message, None, asked, result)

    async def _tell_to_wait(self, message: discord.Message) -> discord.Message | None:
        """Where there is no index for a while, a message that says so, to become the answer."""
        if await self._backend.service.until_ready(self._backend.grace):
            return None
        words = self._backend.tongues.words_below(message)
        told = await sending.reply_to(message, notice(words(WAITING)))
        await self._backend.service.until_ready()
        return told
