"""The history, as a face uses it: where it fails, answers go on without it, and that is said once.

What a button needs is kept here, so that without a history replies have no buttons.
"""

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.history.errors import HistoryError
from bot.history.store import History
from bot.history.stored import Past, Posted, Request, Surface, new_id
from index.records import Abstained, Answer

T = TypeVar("T")

_log = logging.getLogger(__name__)

_REOPEN = 20.0  # seconds between two tries to open a history


class Memory:
    """A history that may fail, or be none at all."""

    def __init__(
        self, history: History | None, *, path: Path | None = None, rest: float = 5.0
    ) -> None:
        """After a failure the history is left alone for ``rest`` seconds.

        Where there is none yet, it is opened in ``path`` when it is needed.
        """
        self._history = history
        self._path = path
        self._failing = False
        self._rest = rest
        self._resting_until = 0.0
        self._identified: deque[float] = deque(maxlen=1000)
        self._ask_channels: dict[int, int] = {}

    @classmethod
    async def open(cls, path: Path) -> "Memory":
        """Open the history in ``path``, or go without one, saying so in the log."""
        memory = cls(None, path=path)
        await memory._reopen()
        return memory

    async def _reopen(self) -> None:
        """Open the history; where that fails, another try is made after a rest."""
        if self._path is None:
            return
        try:
            history = await History.open(self._path)
            self._ask_channels = await history.ask_channels() | self._ask_channels
            self._history = history
            self._failing = False
        except HistoryError as error:
            if not self._failing:
                _log.warning("Answers are given without a history. %s", error)
            self._failing = True
            self._resting_until = time.monotonic() + max(self._rest, _REOPEN)

    @property
    def available(self) -> bool:
        """Whether the history can be asked just now."""
        return self._history is not None and time.monotonic() >= self._resting_until

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
        return await self._tried(lambda kept: _then(kept.keep(posted), posted.id), "")

    async def placed(self, row: str, message: int) -> None:
        """Note which message shows the row."""
        if row:
            await self._tried(lambda kept: kept.placed(row, message), None)

    async def posted(self, row: str) -> Posted | None:
        """What was shown under that row, if it is still kept."""
        return await self._tried(lambda kept: kept.posted(row), None)

    async def posted_as(self, message: int) -> Posted | None:
        """What that message shows, if it is one of ours and still kept."""
        return await self._tried(lambda kept: kept.posted_as(message), None)

    async def answered(self, guild: int | None, *, limit: int) -> list[Past]:
        """The newest answers there, newest first."""
        return await self._tried(lambda kept: kept.answered(guild, limit=limit), [])

    async def mark_shared(self, posted: Posted) -> None:
        """Note that what only its asker saw was shown to all."""
        await self._tried(lambda kept: kept.keep(replace(posted, surface="shared")), None)

    async def discard(self, row: str) -> None:
        """Keep an answer no longer."""
        await self._tried(lambda kept: kept.discard(row), None)

    async def discard_message(self, message: int) -> None:
        """Keep what a message showed no longer."""
        await self._tried(lambda kept: kept.discard_message(message), None)

    async def wished(self, generation: str, *, limit: int) -> list[Posted]:
        """What people wish to be told of, and that index was not asked yet."""
        return await self._tried(lambda kept: kept.wished(generation, limit=limit), [])

    async def checked(self, row: str, generation: str) -> None:
        """Note that the index of that name need not be asked again."""
        await self._tried(lambda kept: kept.checked(row, generation), None)

    async def wishers(self, row: str) -> list[int]:
        """Who wishes to be told."""
        return await self._tried(lambda kept: kept.wishers(row), [])

    async def grant(self, row: str) -> bool:
        """Note that they were told; False where that could not be noted."""
        return await self._tried(lambda kept: _then(kept.grant(row), True), False)

    async def forget_guild(self, guild: int) -> None:
        """Delete all that is kept of a server."""
        for channel in self.ask_channels(guild):
            del self._ask_channels[channel]
        await self._tried(lambda kept: kept.forget_guild(guild), 0)

    async def vote(self, row: str, person: int, *, up: bool, expected: str | None = None) -> bool:
        """Count a vote; False where it could not be."""
        return await self._tried(
            lambda kept: kept.vote(row, person, up=up, expected=expected, at=time.time()), False
        )

    async def votes(self, row: str) -> tuple[int, int]:
        """How many found an answer right, and how many wrong."""
        return await self._tried(lambda kept: kept.votes(row), (0, 0))

    async def wish(self, row: str, person: int) -> bool | None:
        """Count a wish to be told; False where it was there, None if it could not be counted."""
        return await self._tried(lambda kept: kept.wish(row, person, time.time()), None)

    def ask_channels(self, guild: int) -> list[int]:
        """The channels of a server in which every question is answered."""
        return sorted(one for one, server in self._ask_channels.items() if server == guild)

    def is_ask_channel(self, guild: int, channel: int) -> bool:
        """Whether every question in a channel is answered."""
        return self._ask_channels.get(channel) == guild

    async def add_ask_channel(self, guild: int, channel: int) -> bool:
        """Answer every question in a channel from now on; False if that will be forgotten."""
        self._ask_channels[channel] = guild
        return await self._tried(
            lambda kept: _then(kept.add_ask_channel(guild, channel, time.time()), True), False
        )

    async def remove_ask_channel(self, guild: int, channel: int) -> bool:
        """Answer there no more; False where it was none."""
        if not self.is_ask_channel(guild, channel):
            return False
        del self._ask_channels[channel]
        await self._tried(lambda kept: kept.remove_ask_channel(guild, channel), True)
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
        request = Request(new_id(), kind, guild, channel, person, argument, time.time())
        return await self._tried(lambda kept: _then(kept.file(request), request.id), "")

    async def request(self, row: str) -> Request | None:
        """What a button goes on with."""
        return await self._tried(lambda kept: kept.request(row), None)

    async def withdraw(self, row: str) -> Request | None:
        """What a button goes on with, given once only."""
        return await self._tried(lambda kept: kept.withdraw(row), None)

    async def recall(self, key: str) -> str | None:
        """A small fact that was remembered."""
        return await self._tried(lambda kept: kept.recall(key), None)

    async def remember(self, key: str, value: str) -> None:
        """Remember a small fact."""
        await self._tried(lambda kept: kept.remember(key, value), None)

    async def identified(self) -> None:
        """Note that a session with Discord is being begun."""
        self._identified.append(time.monotonic())
        await self._tried(lambda kept: kept.identified(time.time()), None)

    async def identified_within(self, seconds: float) -> int:
        """How many sessions were begun so recently."""
        of_this_process = sum(time.monotonic() - at <= seconds for at in self._identified)
        kept = await self._tried(
            lambda kept: kept.identified_since(time.time() - seconds), of_this_process
        )
        return max(kept, of_this_process)

    async def purge(self, days: int) -> None:
        """Delete what is older than that."""
        await self._tried(lambda kept: kept.purge(time.time() - days * 86_400), 0)

    async def _tried(self, call: Callable[[History], Awaitable[T]], otherwise: T) -> T:
        """Call the history; ``otherwise`` where that fails, or failed a moment ago.

        A file that is locked costs whoever asks some seconds: one person, not all who ask then.
        """
        if time.monotonic() < self._resting_until:
            return otherwise
        if self._history is None:
            await self._reopen()
        if self._history is None:
            return otherwise
        try:
            result = await call(self._history)
        except HistoryError as error:
            if not self._failing:
                _log.warning("Answers go on without the history for now. %s", error)
            self._failing = True
            self._resting_until = time.monotonic() + self._rest
            return otherwise
        self._failing = False
        return result


async def _then(call: Awaitable[object], result: T) -> T:
    await call
    return result
