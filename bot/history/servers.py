"""What admins and people chose, in the history's database, and which servers the bot is in."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bot.history.database import Database, Statement
from bot.history.rows import Values
from bot.history.stored import Link, ServerSettings

_SETTINGS = "SELECT * FROM servers"
_CHANGE = """
INSERT INTO servers (guild, answers, min_confidence, announcements, digest, history, language)
VALUES (:guild, :answers, :min_confidence, :announcements, :digest, :history, :language)
ON CONFLICT (guild) DO UPDATE SET answers = :answers, min_confidence = :min_confidence,
    announcements = :announcements, digest = :digest, history = :history, language = :language
"""
_ASK_CHANNELS = "SELECT channel, guild FROM ask_channels ORDER BY at, channel"
_CLEAR_ASK_CHANNELS = "DELETE FROM ask_channels WHERE guild = :guild"
_ADD_ASK_CHANNEL = """
INSERT INTO ask_channels (channel, guild, at) VALUES (:channel, :guild, :at)
ON CONFLICT (channel) DO UPDATE SET guild = :guild, at = :at
"""
_LINKS = "SELECT collection, guild, kind, target FROM links"
_LINK = """
INSERT INTO links (collection, guild, kind, target)
VALUES (:collection, :guild, :kind, :target) ON CONFLICT DO NOTHING
"""
_UNLINK = """
DELETE FROM links WHERE collection = :collection AND guild = :guild AND kind = :kind
    AND target = :target
"""
_CLAIMS = "SELECT collection, guild FROM claims"
_CLAIM = """
INSERT INTO claims (collection, guild) VALUES (:collection, :guild) ON CONFLICT DO NOTHING
"""
_CHOICES = "SELECT person, guild FROM choices ORDER BY person, guild"
_UNCHOOSE = "DELETE FROM choices WHERE person = :person"
_CHOOSE = """
INSERT INTO choices (person, guild) VALUES (:person, :guild) ON CONFLICT DO NOTHING
"""
_MEMBERSHIPS = "SELECT guild FROM memberships WHERE application = :application"
_JOINED = """
INSERT INTO memberships (application, guild) VALUES (:application, :guild) ON CONFLICT DO NOTHING
"""
_FORGET = (
    "DELETE FROM servers WHERE guild = :guild",
    "DELETE FROM ask_channels WHERE guild = :guild",
    "DELETE FROM links WHERE guild = :guild",
    "DELETE FROM choices WHERE guild = :guild",
    "DELETE FROM facts WHERE key = 'digest of ' || :guild",
    "DELETE FROM memberships WHERE guild = :guild",
    "UPDATE OR REPLACE claims SET guild = 0 WHERE guild = :guild",
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """All that is stored of servers; as ``bot.servers.Servers`` mirrors it."""

    settings: tuple[ServerSettings, ...]
    ask_channels: tuple[tuple[int, int], ...]
    links: tuple[Link, ...]
    claims: tuple[tuple[str, int], ...]
    choices: tuple[tuple[int, int], ...]


class ServerStore:
    """Reads and writes it. Each method is one transaction, and raises ``HistoryError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> Chosen:
        """All of it. Ask channels are pairs (channel, guild), oldest first."""
        run = self._database.run
        settings = [dict(row) for row in await run((_SETTINGS, {}))]
        return Chosen(
            settings=tuple(
                ServerSettings(**{**one, "history": bool(one["history"])}) for one in settings
            ),
            ask_channels=tuple((row[0], row[1]) for row in await run((_ASK_CHANNELS, {}))),
            links=tuple(Link(**dict(row)) for row in await run((_LINKS, {}))),
            claims=tuple((row[0], row[1]) for row in await run((_CLAIMS, {}))),
            choices=tuple((row[0], row[1]) for row in await run((_CHOICES, {}))),
        )

    async def change(self, settings: ServerSettings) -> None:
        """Keep the settings of a server, in place of those it had."""
        await self._database.run((_CHANGE, asdict(settings)))

    async def set_ask_channels(self, guild: int, channels: Iterable[int], at: float) -> None:
        """Let these be all channels of a server in which every question is answered."""
        added: list[Statement] = [
            (_ADD_ASK_CHANNEL, {"channel": one, "guild": guild, "at": at}) for one in channels
        ]
        await self._database.run((_CLEAR_ASK_CHANNELS, {"guild": guild}), *added)

    async def link(self, link: Link) -> None:
        """Show a collection in a place, and let that server link it from now on."""
        claim: Values = {"collection": link.collection, "guild": link.guild}
        await self._database.run((_LINK, asdict(link)), (_CLAIM, claim))

    async def unlink(self, link: Link) -> None:
        """Show it there no more."""
        await self._database.run((_UNLINK, asdict(link)))

    async def choose(self, person: int, guilds: Iterable[int]) -> None:
        """Let these be the servers that a person chose for direct messages."""
        chosen: list[Statement] = [(_CHOOSE, {"person": person, "guild": one}) for one in guilds]
        await self._database.run((_UNCHOOSE, {"person": person}), *chosen)

    async def joined(self, application: int, guilds: Iterable[int]) -> None:
        """Note that the bot of an application is in these servers."""
        notes: list[Statement] = [
            (_JOINED, {"application": application, "guild": one}) for one in guilds
        ]
        if notes:
            await self._database.run(*notes)

    async def memberships(self, application: int) -> frozenset[int]:
        """The servers that the bot was told to be in, and not that it left them."""
        rows = await self._database.run((_MEMBERSHIPS, {"application": application}))
        return frozenset(row[0] for row in rows)

    async def forget(self, guild: int) -> None:
        """Delete what is kept of a server. What it could link, no other can from then on."""
        await self._database.run(*((each, {"guild": guild}) for each in _FORGET))
