"""Telling those who wished for it that the documents answer their question now."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.conversation import Asked, Turn, asked_of, keep
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.layouts import layout
from bot.history.stored import Posted
from bot.layout import Reply, Text
from bot.worker import ServiceError
from index.errors import CorpusError, QuestionError, UnknownDocument
from index.records import Answer

_PACE = 2.0  # seconds between two looks at the wishes
_AT_ONCE = 20
_NAMED = 10  # people in one message

_log = logging.getLogger(__name__)


class Notices:
    """Asks what people wish to be told of, once of each index."""

    def __init__(self, client: discord.Client, backend: Backend) -> None:
        self._client = client
        self._backend = backend
        self._told: set[str] = set()  # rows, until the history knows it too

    async def run(self) -> None:
        """Go on until cancelled."""
        await self._backend.service.until_ready()
        while True:
            await asyncio.sleep(_PACE)
            if not self._client.is_ready():
                continue
            try:
                await self._look()
            except Exception:  # a notice later, and not none from now on
                _log.exception("The wishes could not be looked into.")

    async def _look(self) -> None:
        """Ask the index of today what it was not asked yet."""
        generation = await self._backend.service.published()
        if generation is None:
            return
        memory = self._backend.memory
        for posted in await memory.wished(generation, limit=_AT_ONCE):
            try:
                await self._look_into(posted)
            except (UnknownDocument, QuestionError) as error:
                _log.info("A wish cannot be asked any more: %s", error)
            except (*sending.LOST, ServiceError, CorpusError) as error:
                _log.info("The wishes are looked into again later: %s", error)
                return
            except Exception:
                _log.exception("A wish could not be looked into.")
            await memory.checked(posted.id, generation)

    async def _look_into(self, posted: Posted) -> None:
        """Ask again, as far as may be seen where it was asked, and tell if there is an answer."""
        answer = await self._backend.service.ask(
            posted.question, person=0, guild=posted.guild, document=posted.document
        )
        if not isinstance(answer, Answer):
            return
        people = await self._backend.memory.wishers(posted.id)
        if not people:  # nobody, or the history cannot say just now: then it is asked again
            return
        if posted.id not in self._told:
            try:
                await self._tell(posted, answer, people)
            except discord.HTTPException as error:
                if isinstance(error, sending.LOST):
                    raise
                _log.warning("Nobody could be told that %s is answered: %s", posted.id, error)
        self._told.add(posted.id)
        if await self._backend.memory.grant(posted.id):
            self._told.discard(posted.id)

    async def _tell(self, posted: Posted, answer: Answer, people: list[int]) -> None:
        """One notice, where it was asked.

        In direct messages, where only one person saw it asked, or the bot is no member.
        """
        guild = self._client.get_guild(posted.guild) if posted.guild else None
        if not posted.private and (guild or posted.guild is None):
            try:
                await self._tell_in_channel(posted, answer, people)
            except (discord.Forbidden, discord.NotFound) as error:
                _log.info("It cannot be told where it was asked: %s", error)
            else:
                return
        for person in people:
            if guild is None or await _is_member(guild, person):
                await self._tell_person(posted, answer, person)
            # Nothing of a server to who has left it.

    async def _tell_person(self, posted: Posted, answer: Answer, person: int) -> None:
        try:
            channel = await self._client.create_dm(discord.Object(person))
            reply = Turn(_asked(posted, channel.id), answer, row="").reply
            await _send(channel, _notice([person], reply), [person], f"wish-{posted.id}")
        except discord.Forbidden as error:
            _log.info("Somebody takes no direct messages: %s", error)

    async def _tell_in_channel(self, posted: Posted, answer: Answer, people: list[int]) -> None:
        channel = self._client.get_partial_messageable(posted.channel, guild_id=posted.guild)
        asked = _asked(posted, posted.channel)
        row = await keep(asked, answer, self._backend.memory)
        reply = _notice(people[:_NAMED], Turn(asked, answer, row).reply)
        try:
            shown = await _send(channel, reply, people[:_NAMED], f"wish-{posted.id}")
        except BaseException:
            await self._backend.memory.discard(row)
            raise
        await self._backend.memory.placed(row, shown.id)
        for at in range(_NAMED, len(people), _NAMED):
            more = people[at : at + _NAMED]
            reply = Reply((_called(more),), reply.colour)
            await _send(channel, reply, more, f"wish{at}-{posted.id}")


async def _is_member(guild: discord.Guild, person: int) -> bool:
    try:
        await guild.fetch_member(person)
    except discord.NotFound:
        return False
    return True


async def _send(
    channel: discord.abc.Messageable, reply: Reply, people: Sequence[int], nonce: str
) -> discord.Message:
    """Send it once, and let it reach those who wished for it, and nobody else."""
    reached = discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(one) for one in people]
    )
    return await sending.persist(
        lambda: channel.send(view=layout(reply), allowed_mentions=reached, nonce=nonce)
    )


def _asked(posted: Posted, channel: int) -> Asked:
    """The question as it is answered for those who wished for it, in ``channel``."""
    return replace(asked_of(posted), channel=channel, surface="shared", private=False)


def _notice(people: Sequence[int], reply: Reply) -> Reply:
    """The answer below a line that says to whom it comes, and why."""
    return Reply((_called(people), *reply.blocks), reply.colour)


def _called(people: Sequence[int]) -> Text:
    named = " ".join(f"<@{one}>" for one in people)
    return Text(f"🔔 {named} The documents answer this now.")
