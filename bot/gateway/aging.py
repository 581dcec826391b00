"""Answers whose quotes aged are edited: the newest first, in no haste, and no other than needed."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import discord

from bot.conversation import shown_again
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.scopes import audience_of, direct_scope, sure_member_of
from bot.history.judged import Held
from bot.history.stored import Posted, quoted
from bot.layout import Reply
from bot.visibility import Scope
from bot.worker import ServiceError
from index.errors import CorpusError
from index.fates import Fate, Judged

_DAY = 86_400.0
_ARCHIVED = 50083  # Discord's code for a thread that would have to be opened first
_PASSING: Final = frozenset({401, 429})  # what says nothing of the message itself

_log = logging.getLogger(__name__)


class _Later(Exception):
    """It cannot be done now, but perhaps once there is another index."""


class _Overtaken(Exception):
    """There is another index: all is looked through anew, and what is newest comes first."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much time passes, in seconds.

    Attributes:
        look: between two looks whether there is another index.
        again: after which the same one is looked at again, as answers came meanwhile.
        edit: between two edits.
        breath: between two answers that need none.
        rest: after trouble.
    """

    look: float = 2.0
    again: float = 60.0
    edit: float = 1.0
    breath: float = 0.02
    rest: float = 30.0


class Aging:
    """Holds quotes against the documents of each index, and shows what became of them."""

    def __init__(
        self, client: discord.Client, backend: Backend, *, pace: Pace | None = None
    ) -> None:
        self._client = client
        self._backend = backend
        self._pace = pace or Pace()
        self._known: Mapping[str, str] = {}  # each document's digest, when all was looked through
        self._generation: str | None = None
        self._settled: set[str] = set()  # rows that are done with, in the index of that name
        self._settled_in: str | None = None
        self._edited: dict[str, tuple[Fate, ...]] = {}  # by row, until the history knows it too
        self._tried = False  # to edit the message of the row that is looked at
        self._due = 0.0  # when there is to be another look, by the monotonic clock

    @property
    def looked_through(self) -> str | None:
        """The last index whose documents all answers were held against."""
        return self._generation

    async def run(self) -> None:
        """Go on until cancelled."""
        await self._backend.service.until_ready()
        while True:
            await asyncio.sleep(self._pace.look)
            try:
                if not await self._look():
                    await asyncio.sleep(self._pace.rest)
            except (*sending.LOST, ServiceError, CorpusError) as error:
                _log.info("Answers are looked through again later: %s", error)
                await asyncio.sleep(self._pace.rest)
            except Exception:  # later, and not never from now on
                _log.exception("Answers could not be looked through.")
                await asyncio.sleep(self._pace.rest)

    async def _look(self) -> bool:
        """Look through all answers, if that is due; False where it could not be finished."""
        if not self._client.is_ready() or not self._backend.servers.known:
            return True
        generation = await self._backend.service.published()
        if generation is None:
            return True
        if generation == self._generation and time.monotonic() < self._due:
            return True
        catalog = await self._backend.service.fresh_catalog(person=0)
        if catalog.generation != self._settled_in:  # which may be newer than what was published
            self._settled, self._settled_in = set(), catalog.generation
        digests = {one.id: one.sha256 for one in catalog.entries}
        try:
            if not await self._look_through(digests, catalog.generation):
                return False
        except _Overtaken:
            return True
        self._generation, self._known = catalog.generation, digests
        self._due = time.monotonic() + self._pace.again
        return True

    async def _look_through(self, digests: Mapping[str, str], generation: str | None) -> bool:
        """Look at each answer with a quote whose document is another; False: not finished."""
        news = digests.items() - self._known.items()

        def is_stale(held: Held) -> bool:
            document, digest = held
            # What was nowhere may be in any document that is new.
            return digests.get(document, "") != digest or bool(news and not digest)

        rows = await self._backend.memory.judgements.aged(is_stale)
        if rows is None:
            return False
        for row in rows:
            if row in self._settled:
                continue
            if await self._backend.service.published() != generation:
                raise _Overtaken
            self._tried = False
            done = await self._look_at(row)
            await asyncio.sleep(self._pace.edit if self._tried else self._pace.breath)
            if not done:
                return False
            self._settled.add(row)
        return True

    async def _look_at(self, row: str) -> bool:
        """Judge an answer's quotes, and edit its message if it shows something else.

        False where that could not be noted: it is not edited once more when it is tried again.
        """
        seen = await self._backend.memory.judgements.read(row)
        if seen is None or self._is_over(seen[0]):
            return True
        posted, shown = seen
        shown = self._edited.get(row, shown)
        try:
            judged = await self._settle(posted, shown)
        except (discord.Forbidden, discord.NotFound, discord.InvalidData) as error:
            return await self._leave(posted, error)
        except discord.HTTPException as error:
            if isinstance(error, sending.LOST) or error.status in _PASSING:
                _log.info("Answers are looked through again later: %s", error)
                return False
            if error.code == _ARCHIVED:
                return True
            return await self._leave(posted, error)
        except _Later as error:
            _log.info("Answer %s is looked at again with the next index: %s", row, error)
            return True
        if not await self._backend.memory.judgements.note(row, judged):
            return False
        self._edited.pop(row, None)
        return True

    async def _leave(self, posted: Posted, error: Exception) -> bool:
        """Leave a message alone for good."""
        _log.info("The message of answer %s cannot be edited: %s", posted.id, error)
        return await self._backend.memory.judgements.leave(posted.id)

    async def _settle(self, posted: Posted, shown: tuple[Fate, ...]) -> list[Judged]:
        """Let the message show what became of the quotes, as far as all who read it may see.

        Where nothing is different whoever reads it, nobody needs to be asked who does.
        """
        judged = await self._judged(posted, shown, None)
        if _fates(judged) == shown:
            return judged
        judged = await self._judged(posted, shown, await self._readers_scope(posted))
        if _fates(judged) != shown and await self._backend.memory.judgements.read(posted.id):
            await self._edit(posted, _fates(judged))
        return judged

    async def _judged(
        self, posted: Posted, shown: tuple[Fate, ...], scope: Scope | None
    ) -> list[Judged]:
        return await self._backend.service.judge(
            quoted(posted.result), scope=scope, given=posted.created, before=shown
        )

    async def _edit(self, posted: Posted, fates: tuple[Fate, ...]) -> None:
        channel = self._client.get_partial_messageable(posted.channel, guild_id=posted.guild)
        message = channel.get_partial_message(posted.message or 0)
        self._tried = True
        await sending.edit(message, self._reply(posted, fates))
        self._edited[posted.id] = fates

    def _reply(self, posted: Posted, fates: tuple[Fate, ...]) -> Reply:
        tongues = self._backend.tongues
        guild = self._client.get_guild(posted.guild) if posted.guild else None
        words = tongues.words_to(posted.asker) if guild is None else tongues.words_in(guild)
        lasting = self._backend.memory.keeps(posted.guild)
        return shown_again(posted, fates, words, lasting=lasting)

    async def _readers_scope(self, posted: Posted) -> Scope:
        """What all who read a message may see, as things stand.

        Raises:
            discord.HTTPException: it is not known; with it, perhaps, that there is nothing to edit.
        """
        if posted.guild is None:
            return await direct_scope(
                self._client, self._backend, posted.asker, find=sure_member_of
            )
        guild = self._client.get_guild(posted.guild)
        if guild is None:
            raise discord.InvalidData("The bot is no member there.")
        if guild.unavailable:
            raise _Later("Discord does not have that server just now.")
        known = guild.get_channel_or_thread(posted.channel)
        place = known or await self._client.fetch_channel(posted.channel)
        if isinstance(place, discord.Thread) and place.archived:
            raise _Later("The thread is archived.")
        return audience_of(self._backend, place)

    def _is_over(self, posted: Posted) -> bool:
        """Whether it is kept longer than it is to be."""
        return time.time() - posted.created > self._backend.retention_days * _DAY


def _fates(judged: list[Judged]) -> tuple[Fate, ...]:
    return tuple(one.fate for one in judged)
