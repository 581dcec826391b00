"""A bot that does at once what it does only after a while, or when Discord has been quiet."""

from functools import partial

import pytest

from bot.gateway import client, running
from bot.gateway.backend import Backend
from bot.gateway.client import FootnoteClient
from bot.gateway.digests import Digests
from tests.bots import Running
from tests.discord_server.events import until

PACE = 0.02
"""Seconds between two looks at the calendar."""


class PromptClient(FootnoteClient):
    """Is ready as soon as it knows of its servers; discord.py waits two seconds for more."""

    def __init__(self, backend: Backend, *, api_url: str | None = None) -> None:
        super().__init__(backend, api_url=api_url)
        self._connection.guild_ready_timeout = 0.05


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Let bots be ready at once, and look at the calendar all the time."""
    patch.setattr(running, "FootnoteClient", PromptClient)
    patch.setattr(client, "Digests", partial(Digests, pace=PACE))


async def online(running: Running) -> None:
    """Wait until it does what it does by itself."""
    await until(lambda: any(told.startswith("Logged in") for told in running.told), 10)
