"""What happens in the world, for whoever listens: the gateway, and those who wait."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.discord_server.json_types import Json


@dataclass(frozen=True)
class Event:
    """Something to dispatch: to the shard of ``guild_id`` (0: direct), if intents ask for it.

    ``payload`` is given the intents of the session, for what it may read depends on them.
    """

    name: str
    guild_id: int
    intents: int
    payload: Callable[[int], Json]


class Events:
    """Passes events on, and wakes those who wait for something to become true."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], None]] = []

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Have ``listener`` called with every event from now on."""
        self._listeners.append(listener)

    def emit(self, name: str, guild_id: int, intents: int, data: Json) -> None:
        """Tell an event that is the same for every session."""
        self.tell(Event(name, guild_id, intents, lambda _: data))

    def tell(self, event: Event) -> None:
        """Tell an event."""
        for listener in self._listeners:
            listener(event)


async def until(predicate: Callable[[], object], timeout: float = 10) -> None:
    """Wait until ``predicate`` holds; TimeoutError names it when it does not in time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout
    while not predicate():
        if loop.time() > end:
            raise TimeoutError(f"not within {timeout} s: {predicate}")
        await asyncio.sleep(0.005)
