"""What admins chose for their servers, and people for their direct messages.

Mirrored in memory, so that reading it waits for nothing. What is not known to be shown in a place
is not shown there: where the history cannot be read, no collection is linked anywhere.
"""

import time
from collections.abc import Iterable

from bot.history.servers import ServerStore
from bot.history.store import History
from bot.history.stored import Link, ServerSettings
from bot.uploads import is_server_folder
from bot.vault import Vault

MOST_CHOSEN = 10
"""Servers that one person may choose for direct messages: each costs a request a question."""
NOBODY = 0
"""Stands for a server that is gone, where it had linked a collection."""


class Servers:
    """The servers' settings and links."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._settings: dict[int, ServerSettings] = {}
        self._ask_channels: dict[int, int] = {}
        self._links: dict[int, tuple[Link, ...]] = {}
        self._claims: set[tuple[str, int]] = set()
        self._choices: dict[int, tuple[int, ...]] = {}
        self.known = False
        """Whether what is stored was read; until then nothing is linked, and nothing can be."""

    @classmethod
    async def open(cls, vault: Vault) -> "Servers":
        """What is stored in ``vault``, now, and again should it be opened later."""
        servers = cls(vault)
        await vault.greet(servers._read)
        return servers

    async def _read(self, history: History) -> None:
        stored = await ServerStore(history.database).read()
        self._settings = {one.guild: one for one in stored.settings} | self._settings
        self._ask_channels = dict(stored.ask_channels) | self._ask_channels
        self._claims |= set(stored.claims)
        for link in stored.links:
            self._links[link.guild] = (*self._links.get(link.guild, ()), link)
        choices: dict[int, tuple[int, ...]] = {}
        for person, guild in stored.choices:
            choices[person] = (*choices.get(person, ()), guild)
        self._choices = choices | self._choices
        self.known = True

    def settings(self, guild: int | None) -> ServerSettings:
        """A server's settings; what is usual where none were made, and in direct messages."""
        return self._settings.get(guild or NOBODY) or ServerSettings(guild or NOBODY)

    def all_guilds(self) -> frozenset[int]:
        """The servers whose settings were changed."""
        return frozenset(self._settings)

    async def change(self, settings: ServerSettings) -> bool:
        """Let these be a server's settings; False where that holds until the restart only."""
        self._settings[settings.guild] = settings
        return await self._vault.done(lambda kept: _store(kept).change(settings))

    def ask_channels(self, guild: int) -> list[int]:
        """The channels of a server in which every question is answered."""
        return sorted(one for one, server in self._ask_channels.items() if server == guild)

    def is_ask_channel(self, guild: int, channel: int) -> bool:
        """Whether every question in a channel is answered."""
        return self._ask_channels.get(channel) == guild

    async def set_ask_channels(self, guild: int, channels: Iterable[int]) -> bool:
        """Let these be a server's ask channels; False where that holds until the restart only."""
        listed = list(channels)
        others = {one: server for one, server in self._ask_channels.items() if server != guild}
        self._ask_channels = others | dict.fromkeys(listed, guild)
        now = time.time()
        return await self._vault.done(
            lambda kept: _store(kept).set_ask_channels(guild, listed, now)
        )

    def links(self, guild: int) -> tuple[Link, ...]:
        """The links of a server."""
        return self._links.get(guild, ())

    def may_link(self, collection: str, guild: int) -> bool:
        """Whether a server's admins may link a collection: nobody else's, and no server's own."""
        is_claimed = any(name == collection for name, _ in self._claims)
        is_free = self.known and not is_claimed and not is_server_folder(collection)
        return is_free or self.has_claim(collection, guild)

    def has_claim(self, collection: str, guild: int) -> bool:
        """Whether it was linked in that server before, which its admins may do again."""
        return (collection, guild) in self._claims

    async def link(self, link: Link) -> bool:
        """Show a collection in a place; False where that could not be stored, and so is not so."""
        if not self.known:
            return False
        if link in self.links(link.guild):
            return True
        # From now on, or another server's admin could claim it while this is being stored.
        claim = (link.collection, link.guild)
        is_new = claim not in self._claims
        self._claims.add(claim)
        done = await self._vault.done(lambda kept: _store(kept).link(link))
        if done and link not in self.links(link.guild):
            self._links[link.guild] = (*self.links(link.guild), link)
        elif not done and is_new:
            self._claims.discard(claim)
        return done

    async def unlink(self, link: Link) -> bool:
        """Show it there no more; False where that holds until the restart only."""
        self._links[link.guild] = tuple(one for one in self.links(link.guild) if one != link)
        return await self._vault.done(lambda kept: _store(kept).unlink(link))

    def chosen(self, person: int) -> tuple[int, ...]:
        """The servers whose documents a person wants to ask in direct messages."""
        return self._choices.get(person, ())

    async def choose(self, person: int, guilds: Iterable[int]) -> bool:
        """Let these be the servers; False where that holds until the restart only."""
        chosen = tuple(sorted(set(guilds)))[:MOST_CHOSEN]
        self._choices.pop(person, None)
        if chosen:
            self._choices[person] = chosen
        return await self._vault.done(lambda kept: _store(kept).choose(person, chosen))

    def forget_person(self, person: int) -> None:
        """Know nothing more of a person; what is stored of them is deleted elsewhere."""
        self._choices.pop(person, None)

    async def forget_guild(self, guild: int) -> None:
        """Delete what is kept of a server."""
        self._settings.pop(guild, None)
        self._links.pop(guild, None)
        self._ask_channels = {
            one: server for one, server in self._ask_channels.items() if server != guild
        }
        self._claims = {(name, NOBODY if one == guild else one) for name, one in self._claims}
        left = {
            person: tuple(one for one in chosen if one != guild)
            for person, chosen in self._choices.items()
        }
        self._choices = {person: chosen for person, chosen in left.items() if chosen}
        await self._vault.done(lambda kept: _store(kept).forget(guild))

    async def joined(self, application: int, guilds: Iterable[int]) -> None:
        """Note that the bot of an application is in these servers."""
        listed = list(guilds)
        await self._vault.done(lambda kept: _store(kept).joined(application, listed))

    async def memberships(self, application: int) -> frozenset[int]:
        """The servers that the bot was in when it last ran, and those it joined since."""
        return await self._vault.tried(
            lambda kept: _store(kept).memberships(application), frozenset()
        )


def _store(history: History) -> ServerStore:
    return ServerStore(history.database)
