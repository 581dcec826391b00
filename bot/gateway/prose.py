"""Answers that are shown get a language model's words above them, where one is set."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
import discord

from bot.conversation import Turn
from bot.gateway.layouts import layout
from bot.phrasing import Phraser
from bot.words import Words

_log = logging.getLogger(__name__)


class Prose:
    """Edits a message once, when and if there are words to put above its answer.

    That is done beside everything else. It is an addition, so it is tried once and left out where
    anything is in its way. The words are kept nowhere: whatever edits the message later, because
    the documents have changed, shows the answer without them.
    """

    def __init__(
        self,
        phraser: Phraser | None = None,
        published: Callable[[], Awaitable[str | None]] | None = None,
    ) -> None:
        """Without a ``phraser`` it does nothing; ``published`` tells which index serves."""
        self._phraser = phraser
        self._published = published
        self._tasks: set[asyncio.Task[None]] = set()

    def add_to(self, message: discord.Message, turn: Turn, words: Words) -> None:
        """See to it that a message which shows an answer gets them. Returns at once."""
        if self._phraser is not None:
            task = asyncio.create_task(self._add(self._phraser, message, turn, words))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Leave alone what has none yet."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _add(
        self, phraser: Phraser, message: discord.Message, turn: Turn, words: Words
    ) -> None:
        try:
            prose = await phraser.phrase(turn.result)
            if not prose or not await self._stands(turn):
                return
            nobody = discord.AllowedMentions.none()
            view = layout(turn.reply(words, prose))
            await message.edit(view=view, allowed_mentions=nobody)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("Message %s stays without a model's words: %s", message.id, error)
        except Exception:
            _log.exception("Message %s stays without a model's words.", message.id)

    async def _stands(self, turn: Turn) -> bool:
        """Whether nothing else may have been shown of the answer since: no new index serves."""
        return self._published is None or await self._published() == turn.result.generation
