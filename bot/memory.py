"""The history, as a face uses it: where it fails, answers go on without it, and that is said once.

What a button needs is kept here, so that without a history replies have no buttons.
"""

import logging
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import TypeVar

from bot.history.errors import HistoryError
from bot.history.store import History
from bot.history.stored import Posted, Request, Surface, new_id
from index.records import Abstained, Answer

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Memory:
    """A history that may fail, or be none at all."""

    def __init__(self, history: History | None) -> None:
        self._history = history
        self._failing = history is None
        self._ask_channels: dict[int, int] = {}

    @classmethod
    async def open(cls, path: Path) -> "Memory":
        """Open the history in ``path``, or go without one, saying so in the log."""
        try:
            memory = cls(await History.open(path))
        except HistoryError as error:
            _log.warning("Answers are given without a history. %s", error)
            return cls(None)
        memory._ask_channels = await memory._tried(memory._kept.ask_channels(), {})
        return memory

    async def close(self) -> None:
        """Let go of the file."""
        if self._history is not None:
            await self._history.close()

    async def keep(
        self,
        result: Answer | Abstained,
        *,
        guild: int | None,
        channel: int,
        asker: int,
        document: str | None,
        private: bool,
        surface: Surface,
    ) -> str:
        """Keep what is about to be shown; returns its row, or ``""`` if that could not be done."""
        if self._history is None:
            return ""
        posted = Posted(
            id=new_id(),
            guild=guild,
            channel=channel,
            message=None,
            asker=asker,
            question=result.question,
            document=document,
            private=private,
            surface=surface,
            result=result,
            created=time.time(),
        )
        return await self._tried(_then(self._kept.keep(posted), posted.id), "")

    async def placed(self, row: str, message: int) -> None:
        """Note which message shows the row."""
        if row and self._history is not None:
            await self._tried(self._kept.placed(row, message), None)

    async def posted(self, row: str) -> Posted | None:
        """What was shown under that row, if it is still kept."""
        return await self._tried(self._kept.posted(row), None) if self._history else None

    async def posted_as(self, message: int) -> Posted | None:
        """What that message shows, if it is one of ours and still kept."""
        return await self._tried(self._kept.posted_as(message), None) if self._history else None

    async def answered(self, guild: int | None, *, limit: int) -> list[Posted]:
        """The newest answers there, each question once."""
        if self._history is None:
            return []
        return await self._tried(self._kept.answered(guild, limit=limit), [])

    async def restamp(self, row: str, result: Answer | Abstained) -> None:
        """Put another result in the place of what an answer was."""
        if self._history is not None:
            await self._tried(self._kept.restamp(row, result), None)

    async def vote(self, row: str, person: int, *, up: bool, expected: str | None = None) -> bool:
        """Count a vote; False where it could not be."""
        if self._history is None:
            return False
        vote = self._kept.vote(row, person, up=up, expected=expected, at=time.time())
        return await self._tried(vote, False)

    async def votes(self, row: str) -> tuple[int, int]:
        """How many found an answer right, and how many wrong."""
        return await self._tried(self._kept.votes(row), (0, 0)) if self._history else (0, 0)

    async def wish(self, row: str, person: int) -> bool:
        """Count a wish to be told; False where it was there, or could not be counted."""
        if self._history is None:
            return False
        return await self._tried(self._kept.wish(row, person, time.time()), False)

    def ask_channels(self, guild: int) -> list[int]:
        """The channels of a server in which every question is answered."""
        return sorted(one for one, server in self._ask_channels.items() if server == guild)

    def is_ask_channel(self, guild: int, channel: int) -> bool:
        """Whether every question in a channel is answered."""
        return self._ask_channels.get(channel) == guild

    async def add_ask_channel(self, guild: int, channel: int) -> bool:
        """Answer every question in a channel from now on; False if that will be forgotten."""
        self._ask_channels[channel] = guild
        if self._history is None:
            return False
        added = self._kept.add_ask_channel(guild, channel, time.time())
        return await self._tried(_then(added, True), False)

    async def remove_ask_channel(self, guild: int, channel: int) -> bool:
        """Answer there no more; False where it was none."""
        if not self.is_ask_channel(guild, channel):
            return False
        del self._ask_channels[channel]
        if self._history is not None:
            await self._tried(self._kept.remove_ask_channel(guild, channel), True)
        return True

    async def file(
        self,
        kind: str,
        argument: Mapping[str, object],
        *,
        guild: int | None,
        channel: int | None,
        person: int,
    ) -> str:
        """Keep what a button will go on with; returns its row, or ``""``."""
        if self._history is None:
            return ""
        request = Request(new_id(), kind, guild, channel, person, argument, time.time())
        return await self._tried(_then(self._kept.file(request), request.id), "")

    async def request(self, row: str) -> Request | None:
        """What a button goes on with."""
        return await self._tried(self._kept.request(row), None) if self._history else None

    async def withdraw(self, row: str) -> Request | None:
        """What a button goes on with, given once only."""
        return await self._tried(self._kept.withdraw(row), None) if self._history else None

    async def recall(self, key: str) -> str | None:
        """A small fact that was remembered."""
        return await self._tried(self._kept.recall(key), None) if self._history else None

    async def remember(self, key: str, value: str) -> None:
        """Remember a small fact."""
        if self._history is not None:
            await self._tried(self._kept.remember(key, value), None)

    async def identified(self) -> None:
        """Note that a session with Discord is being begun."""
        if self._history is not None:
            await self._tried(self._kept.identified(time.time()), None)

    async def identified_within(self, seconds: float) -> int:
        """How many sessions were begun so recently."""
        if self._history is None:
            return 0
        return await self._tried(self._kept.identified_since(time.time() - seconds), 0)

    async def purge(self, days: int) -> None:
        """Delete what is older than that."""
        if self._history is not None:
            await self._tried(self._kept.purge(time.time() - days * 86_400), 0)

    @property
    def _kept(self) -> History:
        if self._history is None:
            raise HistoryError("There is no history.")
        return self._history

    async def _tried(self, call: Awaitable[T], otherwise: T) -> T:
        try:
            result = await call
        except HistoryError as error:
            if not self._failing:
                _log.warning("Answers go on without the history for now. %s", error)
            self._failing = True
            return otherwise
        self._failing = False
        return result


async def _then(call: Awaitable[object], result: T) -> T:
    await call
    return result
