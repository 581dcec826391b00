"""Commands in the languages of those who look for them, and who is spoken to in which."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.catalogues import LANGUAGES, Languages, language_of
from bot.gateway.client import FootnoteClient
from bot.gateway.tongues import Tongues
from bot.gateway.translating import (
    MOST_DESCRIPTION,
    MOST_NAME,
    CatalogueTranslator,
    command_name,
    payload_of,
    serialised,
)
from bot.memory import Memory
from bot.words import Words
from tests.bots import TOKEN, Town, bot
from tests.places import Place

SPOKEN = Languages.load()
LOCALES = {one.value for one in discord.Locale if language_of(one.value) != "en"}

Form = dict[str, Any]


def test_five_locales_and_one_more_are_spoken_beside_english() -> None:
    assert {"de", "fr", "es-ES", "es-419", "zh-CN", "zh-TW"} == LOCALES


@pytest.fixture
async def tree(town: Town, indexed: Place) -> AsyncIterator[app_commands.CommandTree[Any]]:
    """All commands of the bot, translated."""
    async with bot(town.discord, indexed) as running:
        client = FootnoteClient(running.backend)
        await client.tree.set_translator(CatalogueTranslator(SPOKEN))
        yield client.tree
        await client.tree.set_translator(None)


def levels(payload: list[Form]) -> list[list[Form]]:
    """The commands that stand beside each other, by kind; then those below each."""
    options = [one.get("options", []) for one in payload]
    below = [[one for one in each if one["type"] in (1, 2)] for each in options]
    kinds = {one["type"] for one in payload}
    beside = [[one for one in payload if one["type"] == kind] for kind in kinds]
    return beside + [level for each in below if each for level in levels(each)]


async def test_every_command_is_called_and_described_in_every_language(
    tree: app_commands.CommandTree[Any],
) -> None:
    commands = [one for level in levels(await payload_of(tree)) for one in level]
    assert len(commands) >= 15
    for command in commands:
        names = command["name_localizations"]
        assert names.keys() == LOCALES, command["name"]
        assert all(1 <= len(name) <= MOST_NAME for name in names.values())
        if command["type"] != discord.AppCommandType.message.value or "description" in command:
            told = command["description_localizations"]
            assert told.keys() == LOCALES, command["name"]
            assert all(1 <= len(one) <= MOST_DESCRIPTION for one in told.values())
            assert all(one != command["description"] for one in told.values())


async def test_no_two_commands_beside_each_other_are_called_the_same_in_a_language(
    tree: app_commands.CommandTree[Any],
) -> None:
    for level in levels(await payload_of(tree)):
        for locale in LOCALES:
            called = Counter(one["name_localizations"][locale] for one in level)
            assert max(called.values()) == 1, called


async def test_options_are_described_in_every_language_and_called_as_they_are(
    tree: app_commands.CommandTree[Any],
) -> None:
    commands = [one for level in levels(await payload_of(tree)) for one in level]
    options = [one for command in commands for one in command.get("options", [])]
    described = [one for one in options if one["type"] not in (1, 2)]
    assert len(described) >= 8
    for option in described:
        assert not option.get("name_localizations")
        assert option["description_localizations"].keys() == LOCALES, option["name"]


async def test_discord_takes_the_translated_commands(
    tree: app_commands.CommandTree[Any], town: Town
) -> None:
    async with _logged_in(town) as client:
        payload: Any = await payload_of(tree)
        taken = await client.http.bulk_upsert_global_commands(
            client.application_id or 0, payload=payload
        )
    assert len(taken) == len(payload)


async def test_what_discord_is_told_differs_once_a_translation_does(
    tree: app_commands.CommandTree[Any],
) -> None:
    before = await serialised(tree)
    assert await serialised(tree) == before
    silent = Languages({"en": SPOKEN.words("en"), "de": SPOKEN.words("de")})
    await tree.set_translator(CatalogueTranslator(silent))
    without = await serialised(tree)
    await tree.set_translator(None)
    assert len({before, without, await serialised(tree)}) == 3


@dataclass(frozen=True, slots=True)
class OneName(Words):
    """A language in which every command is called the same."""

    called: str = ""

    def name(self, command: str) -> str:
        return self.called


@pytest.mark.parametrize(
    ("called", "as_command", "in_menu"),
    [
        ("suchen", True, True),
        ("réindexer", True, True),
        ("更新索引", True, True),
        ("Suchen", False, True),
        ("neu indexieren", False, True),
        ("a/b", False, True),
        ("", False, False),
        ("x" * 33, False, False),
    ],
)
def test_a_name_that_discord_would_not_take_stays_english(
    called: str, as_command: bool, in_menu: bool
) -> None:
    words = OneName("de", called=called)
    assert command_name("search", words) == (called if as_command else None)
    assert command_name("Search", words, is_menu=True) == (called if in_menu else None)


# Who is spoken to in which language


class Parrot(discord.AutoShardedClient):
    """Says in which languages it would speak: to the person, to all there, below a message."""

    def __init__(self, tongues: Tongues) -> None:
        wanted = discord.Intents.none()
        wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
        super().__init__(intents=wanted, max_messages=None)
        self._tongues = tongues
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="tongue", description="Which language")(self.tongue)

    async def tongue(self, interaction: discord.Interaction) -> None:
        tongues = self._tongues
        private, public = (tongues.words_for(interaction, private=one) for one in (True, False))
        told = (private, public, tongues.words_in(interaction.guild))
        await interaction.response.send_message(" ".join(one.language for one in told))

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            await message.reply(self._tongues.words_below(message).language)

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await self.tree.sync()


@asynccontextmanager
async def _logged_in(town: Town) -> AsyncIterator[discord.Client]:
    Route.BASE = town.discord.api_url
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(TOKEN)
        yield client


@asynccontextmanager
async def parrot(town: Town, place: Place) -> AsyncIterator[tuple[Memory, Tongues]]:
    memory = await Memory.open(place.data / "history.sqlite")
    tongues = Tongues(SPOKEN, memory.servers)
    Route.BASE = town.discord.api_url
    client = Parrot(tongues)
    running = asyncio.create_task(client.start(TOKEN))
    try:
        await asyncio.wait_for(town.discord.ready(), 10)
        yield memory, tongues
    finally:
        await client.close()
        await asyncio.gather(running, return_exceptions=True)
        await memory.close()


async def test_a_person_is_spoken_to_in_their_language_and_all_in_the_servers(
    town: Town, place: Place
) -> None:
    town.ada.locale, town.guild.locale = "fr", "de"
    async with parrot(town, place) as (memory, _):
        assert (await town.slash("tongue")).content == "fr de de"
        assert (await town.ask("a question")).content == "de"
        settings = memory.servers.settings(town.guild.id)
        await memory.servers.change(replace(settings, language="zh-CN"))
        assert (await town.slash("tongue")).content == "fr zh-CN zh-CN"
        assert (await town.ask("a question")).content == "zh-CN"
        await memory.servers.change(replace(settings, language="en"))
        assert (await town.slash("tongue")).content == "fr en en"


async def test_where_nothing_is_known_english_is_spoken(town: Town, place: Place) -> None:
    town.ada.locale = "ja"
    async with parrot(town, place):
        assert (await town.slash("tongue")).content == "en en en"


async def test_direct_messages_are_in_the_language_of_the_last_command(
    town: Town, place: Place
) -> None:
    town.ada.locale = "es-419"
    direct = town.discord.dm(town.ada)
    async with parrot(town, place) as (_, tongues):

        async def answered() -> str:
            asked = await town.discord.say(town.ada, direct, "a question")
            return (await town.discord.next_message(direct, after=asked)).content

        assert await answered() == "en"
        call = await town.discord.slash(town.ada, direct, "tongue", {})
        assert (await call.answered()).content == "es es en"
        assert await answered() == "es"
        tongues.forget(town.ada.id)
        assert await answered() == "en"


def test_each_language_calls_itself_by_its_own_name() -> None:
    assert LANGUAGES.keys() == SPOKEN.spoken.keys()
    assert len({*LANGUAGES.values()}) == 5
