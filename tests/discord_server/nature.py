"""What all parts of the little world share: time, ids, and what happens."""

import time
from collections.abc import Callable

from tests.discord_server.events import Events
from tests.discord_server.snowflakes import Snowflakes, timestamp


class Nature:
    """Time runs as ``clock`` does, from the moment of the start, so that tests can jump."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._started = time.time() - clock()
        self._snowflakes = Snowflakes(self.now)
        self.events = Events()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._started + self.clock()

    def stamp(self) -> str:
        """The present moment as Discord writes it."""
        return timestamp(self.now())

    def new_id(self) -> int:
        """A new snowflake."""
        return self._snowflakes.next()
