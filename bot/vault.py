"""A history that may fail: whoever uses it goes on without it, and that is said once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bot.history.errors import HistoryError
from bot.history.store import History

T = TypeVar("T")

_log = logging.getLogger(__name__)

_REOPEN = 20.0  # seconds between two tries to open a history


class Vault:
    """The way to a history that may fail, or be none at all."""

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
        self._opening = asyncio.Lock()
        self._greetings: list[Callable[[History], Awaitable[None]]] = []  # still to be done

    @classmethod
    async def open(cls, path: Path) -> "Vault":
        """Open the history in ``path``, or go without one, saying so in the log."""
        vault = cls(None, path=path)
        await vault.tried(_nothing, None)
        return vault

    async def greet(self, greeting: Callable[[History], Awaitable[None]]) -> None:
        """Call ``greeting`` with the history before anybody else does from now on.

        At once if there is one, and else when there is. Until that has been done, all others find
        no history.
        """
        self._greetings.append(greeting)
        await self.tried(_nothing, None)

    @property
    def available(self) -> bool:
        """Whether the history can be asked just now."""
        return self._history is not None and time.monotonic() >= self._resting_until

    async def close(self) -> None:
        """Let go of the file."""
        async with self._opening:
            if self._history is not None:
                await self._history.close()

    async def tried(self, call: Callable[[History], Awaitable[T]], otherwise: T) -> T:
        """Call the history; ``otherwise`` where that fails, or failed a moment ago.

        A file that is locked costs whoever asks some seconds: one person, not all who ask then.
        """
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            history = await self._ready()
            if history is None:
                return otherwise
            result = await call(history)
        except HistoryError as error:
            self._rest_after(error)
            return otherwise
        self._failing = False
        return result

    async def _ready(self) -> History | None:
        """The history, opened and greeted; None where there is none to be opened."""
        if self._history is not None and not self._greetings:
            return self._history
        async with self._opening:  # one at a time: each opening is a thread
            if time.monotonic() < self._resting_until:
                return None
            if self._history is None and self._path is not None:
                self._history = await History.open(self._path)
            while self._history is not None and self._greetings:
                await self._greetings[0](self._history)
                del self._greetings[0]
            return self._history

    def _rest_after(self, error: HistoryError) -> None:
        """Leave it alone for a while, and say why once."""
        if not self._failing:
            if self._history is None:
                _log.warning("Answers are given without a history. %s", error)
            else:
                _log.warning("Answers go on without the history for now. %s", error)
        self._failing = True
        rest = max(self._rest, _REOPEN) if self._history is None else self._rest
        self._resting_until = time.monotonic() + rest

    async def done(self, call: Callable[[History], Awaitable[object]]) -> bool:
        """Whether the call to the history was done; as ``tried``."""

        async def told(history: History) -> bool:
            await call(history)
            return True

        return await self.tried(told, False)


async def _nothing(history: History) -> None:
    """Only open it."""
