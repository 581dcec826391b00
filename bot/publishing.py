"""What may publish a generation is done in turn, on a thread, and whoever listens is told of it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from bot.worker import in_thread
from index.records import RefreshReport

Tell: TypeAlias = Callable[..., object]
"""Calls what it is given, with arguments, in the event loop; from another thread."""

Listener: TypeAlias = Callable[[RefreshReport], None]

_BRIEF = 0.0005  # seconds


class Publishing:
    """One at a time: indexing, and rolling back."""

    def __init__(self, current: Callable[[], Awaitable[str | None]]) -> None:
        """``current`` tells the name of the generation on disk."""
        self._current = current
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[RefreshReport]] = set()
        self._listeners: list[Listener] = []

    async def do(self, work: Callable[[Tell], RefreshReport]) -> RefreshReport:
        """Do it once all before are done; it goes on though nobody waits for it any more."""
        task = asyncio.create_task(self._in_turn(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _in_turn(self, work: Callable[[Tell], RefreshReport]) -> RefreshReport:
        async with self._turn:
            before = await self._current()
            with brief_turns():
                done = await in_thread(work)
        if before not in (None, done.generation):
            for listener in self._listeners:
                listener(done)
        return done

    def listen(self, listener: Listener) -> None:
        """Call it in the event loop whenever a generation has followed another."""
        self._listeners.append(listener)

    def unlisten(self, listener: Listener) -> None:
        """Call it no more; nothing where it is not called."""
        if listener in self._listeners:
            self._listeners.remove(listener)


@contextmanager
def brief_turns() -> Iterator[None]:
    """Let no thread have Python for itself for long meanwhile, where others want it.

    The model lets go of Python at each of its many steps. At the usual turns of 5 ms, a question
    waited at each for the thread that indexes, and took 400 ms instead of 30.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, _BRIEF))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
