"""Indexing lets questions go first: they share one model."""

import threading
import time
from collections.abc import Callable

from bot.worker import StoppedError

_LONGEST_PAUSE = 2.0  # seconds that a step of indexing lets questions go first
_GENEROSITY = 3  # times as long as the step before took; else a thousand small ones took an hour
_GLANCE = 0.005


class Courtesy:
    """The pauses of one indexing."""

    def __init__(self, is_busy: Callable[[], bool], stopping: threading.Event) -> None:
        """``is_busy`` tells whether questions wait; ``stopping`` ends the indexing."""
        self._is_busy = is_busy
        self._stopping = stopping
        self._went_on = time.monotonic()

    def step(self) -> None:
        """Between two steps: wait while questions are answered.

        Not for long, or documents would never be indexed where questions never cease.

        Raises:
            StoppedError: it is to end.
        """
        now = time.monotonic()
        until = now + min(_GENEROSITY * (now - self._went_on), _LONGEST_PAUSE)
        while self._is_busy() and time.monotonic() < until and not self._stopping.is_set():
            time.sleep(_GLANCE)
        self._went_on = time.monotonic()
        if self._stopping.is_set():
            raise StoppedError("Indexing was stopped; nothing is left half done.")
