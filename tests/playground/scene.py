"""The little world of the playground: two servers, two people, and documents not all may see."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.history.stored import Link
from bot.memory import Memory
from bot.uploads import server_folder
from tests.discord_server import Channel, DiscordServer, Guild, Overwrite, Permission, Role, User

STAFF_FOLDER = "staff"
MINUTES = """Orchard minutes

The orchard club met on the second of May. The cider press was repaired by Maria Keller.

The gate of the orchard is locked at nine in the evening. The key hangs behind the honey shelf.

The harvest festival takes place on the third Saturday of September.
"""
ROTA = """Staff rota

The alarm code of the barn is changed every Monday by Tom Finch.

On Sundays the farm shop is closed, and the animals are fed at seven.
"""


@dataclass(frozen=True)
class Scene:
    """Who and what there is: the second server has neither documents of its own nor a Staff."""

    discord: DiscordServer
    orchard: Guild
    books: Guild
    general: Channel
    ask: Channel
    staff_room: Channel
    reading: Channel
    staff: Role
    grace: User
    linus: User

    @property
    def people(self) -> tuple[User, ...]:
        """Those whom one can be: one who manages the servers, and one who does not."""
        return (self.grace, self.linus)

    @property
    def guilds(self) -> tuple[Guild, ...]:
        """Both servers."""
        return (self.orchard, self.books)


def settle(discord: DiscordServer) -> Scene:
    """Make the servers and their people, before the bot comes."""
    grace, linus = discord.add_user("grace"), discord.add_user("linus")
    orchard, books = discord.add_guild("Orchard Club"), discord.add_guild("Book Circle")
    staff = orchard.add_role("Staff")
    for guild in (orchard, books):
        _hand_over(guild, grace)
        guild.join(linus)
    orchard.give(grace, staff)
    see = Permission.VIEW_CHANNEL
    closed: list[Overwrite | tuple[User | Role, int, int]] = [
        (orchard.everyone, 0, see),
        (staff, see, 0),
        (discord.bot, see, 0),
    ]
    return Scene(
        discord=discord,
        orchard=orchard,
        books=books,
        general=orchard.add_channel("general"),
        ask=orchard.add_channel("ask-the-documents"),
        staff_room=orchard.add_channel("staff-room", closed),
        reading=books.add_channel("reading-room"),
        staff=staff,
        grace=grace,
        linus=linus,
    )


def furnish(seeds: Path, scene: Scene, *, copied: Path | None = None) -> None:
    """Fill the folder ``seeds``: what is for all, the first server's own, and what is for Staff."""
    if copied:
        shutil.copytree(copied, seeds, dirs_exist_ok=True)
    own = {server_folder(scene.orchard.id): ("orchard-minutes.txt", MINUTES)}
    for folder, (name, text) in (own | {STAFF_FOLDER: ("staff-rota.txt", ROTA)}).items():
        (seeds / folder).mkdir(parents=True, exist_ok=True)
        (seeds / folder / name).write_text(text, "utf-8")


async def arrange(memory: Memory, scene: Scene) -> None:
    """What an admin of the first server has chosen: an ask channel, and a folder for Staff."""
    guild = scene.orchard.id
    await memory.servers.set_ask_channels(guild, [scene.ask.id])
    await memory.servers.link(Link(STAFF_FOLDER, guild, "role", scene.staff.id))


def _hand_over(guild: Guild, owner: User) -> None:
    """Let somebody own a server."""
    former = guild.owner
    guild.join(owner)
    guild.owner = owner
    guild.leave(former)
