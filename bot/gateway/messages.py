"""Messages that ask something are answered: each once, in place or in a thread of its own."""

import logging
from collections import OrderedDict
from dataclasses import replace

import aiohttp
import discord

from bot.conversation import Asked, Found, find, keep
from bot.gateway import desk, sending, threads
from bot.gateway.asking import WAITING, note_turn
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
        self._backend.turns.forget()

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
        asked = Asked(
            question=heard.question,
            person=message.author.id,
            guild=server_id(message),
            channel=message.channel.id,
            surface=heard.surface,
            before=heard.before,
            below=True,
            authors=heard.authors,
        )
        if heard.listens:
            await self._answer_if_sure(message, asked)
            return
        self._typing.begin(message.channel, message.channel.id)
        try:
            waiting = await self._tell_to_wait(message)
            try:
                found = await self._find(message, asked)
            except Exception as error:
                words = self._backend.tongues.words_below(message)
                await self._show(message, waiting, desk.apology(error, words))
                return
            await self._give(message, waiting, found)
        finally:
            self._typing.end(message.channel.id)

    async def _find(self, message: discord.Message, asked: Asked) -> Found:
        """What the documents say that all who read the answer may see."""

        async def scope() -> Scope:
            if server_id(message) is not None:
                return audience_of(self._backend, message.channel)
            return await direct_scope(self._client, self._backend, message.author.id)

        return await find(asked, scope, service=self._backend.service, memory=self._backend.memory)

    def _is_narrowed(self, message: discord.Message) -> bool:
        """Whether the asker may see more than all who read the answer."""
        author = message.author
        if not isinstance(author, discord.Member):
            return False
        all_see = audience_of(self._backend, message.channel)
        return not scope_of_member(self._backend, author, message.channel) <= all_see

    async def _give(
        self,
        message: discord.Message,
        waiting: discord.Message | None,
        found: Found,
    ) -> None:
        """Show what was found, and note where."""
        note_turn(self._backend, message.channel.id, found)
        asked, result = replace(found.asked, narrowed=self._is_narrowed(message)), found.result
        wants_thread = self._backend.servers.settings(asked.guild).answers == "thread"
        if wants_thread and waiting is None and await self._give_in_thread(message, asked, result):
            return
        turn = await keep(asked, result, self._backend.memory)
        words = self._backend.tongues.words_below(message)
        shown = await self._show(message, waiting, turn.reply(words))
        await self._backend.memory.placed(turn.row, shown.id)
        self._backend.prose.add_to(shown, turn, words)

    async def _give_in_thread(
        self, message: discord.Message, asked: Asked, result: Answer | Abstained
    ) -> bool:
        """Show it in a thread below the message; False where that cannot be."""
        thread = await threads.thread_for(message, result.question)
        if thread is None:
            return False
        turn = await keep(replace(asked, channel=thread.id), result, self._backend.memory)
        words = self._backend.tongues.words_below(message)
        try:
            shown = await threads.answer_in(thread, message, turn.reply(words))
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("A thread cannot be written in; the answer is a reply: %s", error)
            await self._backend.memory.discard(turn.row)
            return False
        await self._backend.memory.placed(turn.row, shown.id)
        note_turn(self._backend, thread.id, Found(asked, result))
        self._backend.prose.add_to(shown, turn, words)
        return True

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

    async def _answer_if_sure(self, message: discord.Message, asked: Asked) -> None:
        """Answer what was asked of nobody, unless the documents do not say."""
        try:
            found = await self._find(message, asked)
        except Exception as error:
            _log.info("An overheard question was left alone: %s", error)
            return
        if isinstance(found.result, Abstained):
            # Not answered, yet asked; kept as long as the message itself is there.
            turn = await keep(found.asked, found.result, self._backend.memory)
            await self._backend.memory.placed(turn.row, message.id)
        else:
            await self._give(message, None, found)

    async def _tell_to_wait(self, message: discord.Message) -> discord.Message | None:
        """Where there is no index for a while, a message that says so, to become the answer."""
        if await self._backend.service.until_ready(self._backend.grace):
            return None
        words = self._backend.tongues.words_below(message)
        told = await sending.reply_to(message, notice(words(WAITING)))
        await self._backend.service.until_ready()
        return told
