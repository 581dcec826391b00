"""Telling those who wished for it that the documents answer their question now."""

import asyncio
import logging

import aiohttp
import discord

from bot.conversation import Asked, Turn
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.layouts import layout
from bot.history.stored import Posted
from bot.layout import Reply, Text
from bot.worker import ServiceError
from index.errors import CorpusError
from index.records import Answer

_PACE = 2.0  # seconds between two looks at which index answers
_AT_ONCE = 100

_log = logging.getLogger(__name__)


class Notices:
    """Asks again, after each change of the index, what people wish to be told of."""

    def __init__(self, client: discord.Client, backend: Backend) -> None:
        self._client = client
        self._backend = backend
        self._asked: str | None = None

    async def run(self) -> None:
        """Go on until cancelled."""
        await self._backend.service.until_ready()
        while True:
            generation = self._backend.service.generation
            if generation is not None and generation != self._asked and self._client.is_ready():
                self._asked = generation
                try:
                    await self._ask_again(generation)
                except Exception:  # a notice less, and not none from now on
                    _log.exception("The wishes could not be looked into.")
            await asyncio.sleep(_PACE)

    async def _ask_again(self, generation: str) -> None:
        memory = self._backend.memory
        while wished := await memory.wished(generation, limit=_AT_ONCE):
            for posted in wished:
                try:
                    answered = await self._answered(posted)
                except (CorpusError, ServiceError) as error:
                    _log.info("A wish was not looked into: %s", error)
                    return
                if answered is not None:
                    await self._tell(posted, answered)
                await memory.checked(posted.id, generation)
            if not memory.available:
                return

    async def _answered(self, posted: Posted) -> Answer | None:
        """What the documents say by now, as far as may be seen where it was asked."""
        result = await self._backend.service.ask(
            posted.question, person=0, guild=posted.guild, document=posted.document
        )
        return result if isinstance(result, Answer) else None

    async def _tell(self, posted: Posted, answer: Answer) -> None:
        """One notice, where it was asked, or to the one person who saw that it was."""
        memory = self._backend.memory
        people = await memory.grant(posted.id)
        if not people:
            return
        try:
            channel = await self._channel(posted)
            asked = Asked(
                question=posted.question,
                person=posted.asker,
                guild=posted.guild,
                channel=channel.id,
                surface="shared",
                document=posted.document,
            )
            row = await memory.keep(
                answer,
                guild=None if posted.private else posted.guild,
                channel=channel.id,
                asker=posted.asker,
                document=posted.document,
                private=False,
                surface="shared",
            )
            reply = Turn(asked, answer, row).reply
            shown = await self._send(channel, _notice(people, reply), posted, people)
            await memory.placed(row, shown.id)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("A notice could not be sent: %s", error)

    async def _channel(self, posted: Posted) -> "discord.PartialMessageable | discord.DMChannel":
        if not posted.private:
            return self._client.get_partial_messageable(posted.channel, guild_id=posted.guild)
        return await self._client.create_dm(discord.Object(posted.asker))

    async def _send(
        self,
        channel: "discord.PartialMessageable | discord.DMChannel",
        reply: Reply,
        posted: Posted,
        people: list[int],
    ) -> discord.Message:
        """Send it once, and let it reach those who wished for it, and nobody else."""
        reached = discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(one) for one in people[:100]]
        )
        return await sending.persist(
            lambda: channel.send(
                view=layout(reply), allowed_mentions=reached, nonce=f"wish-{posted.id}"
            )
        )


def _notice(people: list[int], reply: Reply) -> Reply:
    """The answer below a line that says why it comes; the list of people may be long."""
    named = " ".join(f"<@{one}>" for one in people[:10])
    told = Text(f"🔔 {named} The documents answer this now.")
    return Reply((told, *reply.blocks), reply.colour)
