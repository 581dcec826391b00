"""A history that may fail: whoever uses it goes on without it, and that is said once."""

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
        self._greetings: list[Callable[[History], Awaitable[None]]] = []

    @classmethod
    async def open(cls, path: Path) -> "Vault":
        """Open the history in ``path``, or go without one, saying so in the log."""
        vault = cls(None, path=path)
        await vault._reopen()
        return vault

    async def _reopen(self) -> None:
        """Open the history; where that fails, another try is made after a rest."""
        if self._path is None:
            return
        try:
            history = await History.open(self._path)
            for greet in self._greetings:
                await greet(history)
            self._history = history
            self._failing = False
        except HistoryError as error:
            if not self._failing:
                _log.warning("Answers are given without a history. %s", error)
            self._failing = True
            self._resting_until = time.monotonic() + max(self._rest, _REOPEN)

    async def greet(self, greeting: Callable[[History], Awaitable[None]]) -> None:
        """Call ``greeting`` with the history, now if there is one, and when it is opened later."""
        await self.tried(greeting, None)
        self._greetings.append(greeting)

    @property
    def available(self) -> bool:
        """Whether the history can be asked just now."""
        return self._history is not None and time.monotonic() >= self._resting_until

    async def close(self) -> None:
        """Let go of the file."""
        if self._history is not None:
            await self._history.close()

    async def tried(self, call: Callable[[History], Awaitable[T]], otherwise: T) -> T:
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

    async def done(self, call: Callable[[History], Awaitable[object]]) -> bool:
        """Whether the call to the history was done; as ``tried``."""

        async def told(history: History) -> bool:
            await call(history)
            return True

        return await self.tried(told, False)
