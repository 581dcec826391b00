"""A gateway session: outlives its sockets, and remembers what it has sent."""

import json
from dataclasses import dataclass, field

from tests.discord_server.events import Event
from tests.discord_server.json_types import Json
from tests.discord_server.link import Link


@dataclass(eq=False)
class Session:
    """What one shard of a client hears, numbered, whether or not it is connected just now."""

    id: str
    shard: tuple[int, int]
    intents: int
    identify: Json
    link: Link | None = None
    complete: bool = False
    _sent: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sequence(self) -> int:
        """The number of the last event."""
        return len(self._sent)

    @property
    def connected(self) -> bool:
        """Whether a socket is open."""
        return self.link is not None and not self.link.socket.closed

    @property
    def ready(self) -> bool:
        """Whether the client has been sent READY and its guilds."""
        return self.complete and self.link is not None and self.connected and self.link.idle

    def wants(self, event: Event) -> bool:
        """Whether the event is of this shard, and asked for."""
        number, count = self.shard
        return (event.guild_id >> 22) % count == number and (
            not event.intents or bool(event.intents & self.intents)
        )

    def dispatch(self, name: str, data: Json) -> None:
        """Number an event, remember it, and send it if there is a socket."""
        number = self.sequence + 1
        text = json.dumps({"op": 0, "d": data, "t": name, "s": number})
        self._sent.append((number, text))
        if self.link and self.connected:
            self.link.put(text)

    def replay(self, after: int) -> None:
        """Send again what came after this number."""
        assert self.link
        for number, text in self._sent:
            if number > after:
                self.link.put(text)
