"""Many servers, each with documents that only some may see, and what was shown of them to whom."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.gateway.backend import Backend
from bot.history.stored import Link
from tests.discord_server import (
    Channel,
    DiscordServer,
    Guild,
    Message,
    Permission,
    Role,
    User,
)
from tests.places import Place

ASKED = "what is the password of the orchard?"
PUBLIC = "kanari00public"
_CANARY = re.compile(r"kanari\d\d[a-z]+")


@dataclass(frozen=True, eq=False)
class City:
    """A server: a member without a role, one of the staff, and an admin; a channel and a room.

    Its documents: its own upload, a folder linked in the server, one in the room, one for the
    staff, and one that is linked nowhere. Each says the same, with a canary of its own.
    """

    number: int
    guild: Guild
    general: Channel
    room: Channel
    staff: Role
    member: User
    insider: User
    admin: User

    @property
    def people(self) -> tuple[User, ...]:
        return self.member, self.insider, self.admin

    def folder(self, kind: str) -> str:
        return f"server-{self.guild.id}" if kind == "own" else f"{kind}-of-{self.number:02}"

    def canary(self, kind: str) -> str:
        return f"kanari{self.number:02}{kind}"

    def texts(self) -> dict[str, str | bytes]:
        kinds = ("own", "team", "room", "role", "bare")
        return {self.document(one): _text(self.canary(one)) for one in kinds}

    def document(self, kind: str) -> str:
        return f"{self.folder(kind)}/{self.canary(kind)}.txt"

    def links(self) -> Iterator[Link]:
        guild = self.guild.id
        yield Link(self.folder("team"), guild, "server", guild)
        yield Link(self.folder("room"), guild, "channel", self.room.id)
        yield Link(self.folder("role"), guild, "role", self.staff.id)

    @property
    def gap(self) -> str:
        """What is asked here in public, and not answered."""
        return f"what colour has {self.canary('gap')}?"

    @property
    def secret(self) -> str:
        """What the member asks here in private, and is not answered."""
        return f"how heavy is {self.canary('secret')}?"

    def audience(self, channel: Channel) -> frozenset[str]:
        """The canaries that all who read a channel may see."""
        place = channel.parent or channel
        seen = {PUBLIC, self.canary("own"), self.canary("team"), self.canary("gap")}
        return frozenset(seen | {self.canary("room")} if place is self.room else seen)

    def scope(self, person: User, channel: Channel) -> frozenset[str]:
        """The canaries that a person may see there."""
        member = self.guild.members.get(person.id)
        holds = member is not None and self.staff in member.roles
        asked = {self.canary("secret")} if person is self.member else set()
        return self.audience(channel) | asked | ({self.canary("role")} if holds else set())


def found(cities: int, discord: DiscordServer) -> list[City]:
    return [_city(number, discord) for number in range(1, cities + 1)]


def _city(number: int, discord: DiscordServer) -> City:
    guild = discord.add_guild(f"City {number}")
    staff = guild.add_role("Staff")
    names = ("member", "insider", "admin")
    member, insider, admin = (discord.add_user(f"{name}{number}") for name in names)
    guild.join(member)
    guild.join(insider, roles=[staff])
    guild.join(admin, permissions=Permission.MANAGE_GUILD)
    general, room = guild.add_channel("general"), guild.add_channel("room")
    return City(number, guild, general, room, staff, member, insider, admin)


def write(
    place: Place, cities: Iterable[City], more: Mapping[str, str | bytes] = MappingProxyType({})
) -> None:
    texts: dict[str, str | bytes] = {f"{PUBLIC}.txt": _text(PUBLIC), **more}
    for city in cities:
        texts |= city.texts()
    place.write(texts)


async def link(backend: Backend, cities: Iterable[City]) -> None:
    for city in cities:
        for one in city.links():
            assert await backend.servers.link(one)


def _text(canary: str) -> str:
    return f"Orchard {canary}\n\nThe password of the orchard is {canary}. Nobody else knows it.\n"


def canaries(shown: object) -> frozenset[str]:
    """The canaries in anything that can be written down."""
    text = shown if isinstance(shown, str) else json.dumps(shown, default=str)
    return frozenset(_CANARY.findall(text))


@dataclass
class Watch:
    """Reads whatever the bot says, and holds it against what may be seen by whom it reaches."""

    discord: DiscordServer
    cities: dict[int, City]
    direct: dict[int, frozenset[str]] = field(default_factory=dict)
    """What people may see in direct messages, by their ids; of others, what is for all."""
    leaks: list[str] = field(default_factory=list)
    shown: set[tuple[int, str]] = field(default_factory=set)
    _read: dict[int, int] = field(default_factory=dict)

    def look(self) -> None:
        """Look at all that was said since the last look."""
        for call in self.discord.calls:
            city = self._city(call.channel)
            own = city.scope(call.user, call.channel) if city else self._in_direct(call.user)
            if call.callback_type is not None and self._read.setdefault(id(call), 0) == 0:
                self._read[id(call)] = 1
                self._hold(city, call, own, [call.choices, call.modal])
            for message in filter(None, (call.message, *call.followups)):
                allowed = city.audience(call.channel) if city and not message.ephemeral else own
                self._hold(city, call, allowed, self._news(message))
        for city in self.cities.values():
            for channel in [*city.guild.channels.values()]:
                for message in channel.messages.values():
                    if message.author is self.discord.bot:
                        self._hold(city, message, city.audience(channel), self._news(message))
            for person in city.people:
                for message in self.discord.messages(self.discord.dm(person)):
                    if message.author is self.discord.bot:
                        own = self._in_direct(person)
                        self._hold(None, message, own, self._news(message))

    def shown_in(self, city: City) -> frozenset[str]:
        """The canaries that were shown in a city's server, to anybody."""
        return frozenset(canary for number, canary in self.shown if number == city.number)

    def _in_direct(self, person: User) -> frozenset[str]:
        return self.direct.get(person.id, frozenset({PUBLIC}))

    def _news(self, message: Message) -> list[object]:
        """What a message says that was not read before; it may have been edited since."""
        versions = [*message.history, message.payload]
        fresh = versions[self._read.get(id(message), 0) :]
        self._read[id(message)] = len(versions)
        files = [file.data.decode("utf-8", "replace") for file in message.attachments]
        return [*fresh, files] if fresh else []

    def _hold(
        self, city: City | None, where: object, allowed: frozenset[str], shown: object
    ) -> None:
        there = canaries(shown)
        self.shown |= {(city.number if city else 0, one) for one in there}
        if over := there - allowed:
            self.leaks.append(f"{where!r}: {sorted(over)}")

    def _city(self, channel: Channel) -> City | None:
        return self.cities.get(channel.guild.id) if channel.guild else None
