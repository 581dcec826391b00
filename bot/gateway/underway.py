"""What is being answered, so that the process does not end in the middle of it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Underway:
    """Counts pieces of work that have begun and not ended."""

    def __init__(self) -> None:
        self._ids: Counter[int] = Counter()

    def begin(self, id: int) -> None:
        """Work on the message or interaction of that id begins."""
        self._ids[id] += 1

    def end(self, id: int) -> None:
        """It ends."""
        self._ids -= Counter({id: 1})  # and nothing where it had not begun

    @contextmanager
    def work(self, id: int) -> Iterator[None]:
        """Work on it while inside."""
        self.begin(id)
        try:
            yield
        finally:
            self.end(id)

    async def until_done(self, patience: float) -> None:
        """Wait until nothing is underway, at most ``patience`` seconds."""
        until = asyncio.get_running_loop().time() + patience
        while self._ids and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.02)
