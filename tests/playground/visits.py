"""A place to visit in tests: the page over a bot that counts words, without a model."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bots import TOKEN, Running, bot
from tests.corpora import SETTLED
from tests.discord_server import DiscordServer
from tests.places import OPEN_TEXTS, Place
from tests.playground.scene import Scene, arrange, furnish, settle
from tests.playground.site import Playground


@dataclass(frozen=True)
class Ground:
    """A playground that runs, in this process."""

    discord: DiscordServer
    scene: Scene
    page: Playground
    running: Running


@asynccontextmanager
async def playground(
    folder: Path, texts: dict[str, str] | None = None, *, copied: Path | None = None
) -> AsyncIterator[Ground]:
    """Run it over ``texts``, or the documents in the folder ``copied``, and the scene's own."""
    place = Place(folder)
    async with DiscordServer(token=TOKEN) as discord:
        scene = settle(discord)
        place.write({} if copied else OPEN_TEXTS if texts is None else texts)
        furnish(place.seeds, scene, copied=copied)
        for path in place.seeds.rglob("*.txt"):
            os.utime(path, (SETTLED, SETTLED))
        place.library().refresh()
        async with (
            Playground(scene) as page,
            bot(discord, place, reads_messages=True) as running,
        ):
            await arrange(running.backend.memory, scene)
            yield Ground(discord, scene, page, running)
