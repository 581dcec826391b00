"""Telling those who wished for it that the documents answer their question now."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import discord

from bot.conversation import Asked, Turn, asked_of, keep
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.layouts import layout
from bot.gateway.reading import can_read
from bot.gateway.scopes import audience_of, direct_scope, scope_of_member, sure_member_of
from bot.history.stored import Posted
from bot.layout import Reply, Text
from bot.visibility import ALL_MAY_SEE, Scope, audience
from bot.words import Words
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
        self._told: dict[str, set[int]] = {}  # people by row, until the history knows it too

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
        if generation != self._backend.service.generation:  # so that lists show it too
            await self._backend.service.fresh_catalog(person=0)
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
        """Ask again, and tell if there is an answer."""
        told = self._told.setdefault(posted.id, set())
        people = [one for one in await self._backend.memory.wishers(posted.id) if one not in told]
        if people:  # else nobody, or the history cannot say just now: then it is asked again
            told |= await self._told_now(posted, people)
        if not told or await self._backend.memory.grant(posted.id, told):
            del self._told[posted.id]

    async def _told_now(self, posted: Posted, people: list[int]) -> set[int]:
        """To whom there is nothing more to tell: they are told, or never can be."""
        try:
            return await self._tell(posted, people)
        except discord.HTTPException as error:
            if isinstance(error, sending.LOST):
                raise
            _log.warning("Nobody could be told that %s is answered: %s", posted.id, error)
            return {*people}

    async def _tell(self, posted: Posted, people: list[int]) -> set[int]:
        """One notice, where it was asked, of what all there may see; whom there was to tell.

        In direct messages, where only one person saw it asked, or the bot is no member: there of
        what that person may see.
        """
        guild = self._client.get_guild(posted.guild) if posted.guild else None
        if guild is not None and not posted.private:
            answer = await self._asked_again(posted, await self._audience(guild, posted.channel))
            if answer is None:
                return set()
            try:
                await self._tell_in_channel(posted, answer, people)
            except (discord.Forbidden, discord.NotFound) as error:
                _log.info("It cannot be told where it was asked: %s", error)
            else:
                return {*people}
        return {one for one in people if await self._tell_person(posted, guild, one)}

    async def _asked_again(self, posted: Posted, scope: Scope) -> Answer | None:
        if not posted.drawn <= scope:  # the notice would repeat words of what is not seen there
            return None
        result = await self._backend.service.ask(
            posted.question,
            person=0,
            scope=scope,
            document=posted.document,
            min_confidence=self._backend.servers.settings(posted.guild).min_confidence,
        )
        return result if isinstance(result, Answer) else None

    async def _audience(self, guild: discord.Guild, channel: int) -> Scope:
        """What all who read a channel may see; of a thread that is not known, it is asked for."""
        place: object = guild.get_channel_or_thread(channel)
        if place is None:
            with suppress(discord.Forbidden, discord.NotFound, discord.InvalidData):
                place = await self._client.fetch_channel(channel)
        if getattr(place, "guild", None) is None:  # where it is told, if at all, is unknown
            return audience(guild.id, (), self._backend.servers.links(guild.id))
        return audience_of(self._backend, place)

    async def _scope(
        self, posted: Posted, guild: discord.Guild | None, person: int
    ) -> Scope | None:
        """What a person may see who is told in a direct message of what was asked there.

        None where they have left that server: they are told nothing of it.
        """
        if posted.guild is None:
            return await direct_scope(self._client, self._backend, person)
        if guild is None:
            return ALL_MAY_SEE
        member = await sure_member_of(guild, person)
        if member is None:
            return None
        place = guild.get_channel_or_thread(posted.channel)
        return scope_of_member(self._backend, member, place if can_read(place, member) else None)

    async def _tell_person(self, posted: Posted, guild: discord.Guild | None, person: int) -> bool:
        """Tell one person, if what they may see answers it; nothing to who has left."""
        scope = await self._scope(posted, guild, person)
        if scope is None:
            return True
        answer = await self._asked_again(posted, scope)
        if answer is None:
            return False
        try:
            channel = await self._client.create_dm(discord.Object(person))
            turn = Turn(_asked(posted, channel.id), answer, row="")
            if posted.guild is None and channel.id == posted.channel:
                turn = await keep(turn.asked, answer, self._backend.memory)
            words = self._backend.tongues.words_to(person)
            reply = _notice([person], turn.reply(words), words)
            shown = await _send(channel, reply, [person], f"wish-{posted.id}")
            await self._backend.memory.placed(turn.row, shown.id)
        except discord.Forbidden as error:
            _log.info("Somebody takes no direct messages: %s", error)
        return True

    async def _tell_in_channel(self, posted: Posted, answer: Answer, people: list[int]) -> None:
        channel = self._client.get_partial_messageable(posted.channel, guild_id=posted.guild)
        asked = _asked(posted, posted.channel)
        turn = await keep(asked, answer, self._backend.memory)
        guild = self._client.get_guild(posted.guild) if posted.guild else None
        words = self._backend.tongues.words_in(guild)
        reply = _notice(people[:_NAMED], turn.reply(words), words)
        try:
            shown = await _send(channel, reply, people[:_NAMED], f"wish-{posted.id}")
        except BaseException:
            await self._backend.memory.discard(turn.row)
            raise
        await self._backend.memory.placed(turn.row, shown.id)
        for at in range(_NAMED, len(people), _NAMED):
            more = people[at : at + _NAMED]
            reply = Reply((_called(more, words),), reply.colour)
            await _send(channel, reply, more, f"wish{at}-{posted.id}")


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
    return replace(asked_of(posted), channel=channel, surface="shared", private=False, notice=True)


def _notice(people: Sequence[int], reply: Reply, words: Words) -> Reply:
    """The answer below a line that says to whom it comes, and why."""
    return Reply((_called(people, words), *reply.blocks), reply.colour)


def _called(people: Sequence[int], words: Words) -> Text:
    named = " ".join(f"<@{one}>" for one in people)
    return Text(words("🔔 {people} The documents answer this now.", people=named))
