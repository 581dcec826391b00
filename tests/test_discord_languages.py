"""In which language somebody is spoken to: their own, or their server's; documents as they are."""

from dataclasses import replace

import pytest

from bot.catalogues import LANGUAGES
from tests.bots import Town, actions, bot, press_of
from tests.discord_server import Call
from tests.places import ASKED, Place
from tests.test_discord_messages import assert_nothing_pings

UNANSWERED = "what does a rocket cost in Alaska?"
ABSTAINS = {
    "en-US": "The documents don't say.",
    "de": "die Dokumente nichts",
    "fr": "Les documents",
    "es-ES": "Los documentos",
    "es-419": "Los documentos",
    "zh-CN": "文档",
    "tlh": "The documents don't say.",
}
QUOTE = "> The group meets **every six months**."
SOURCE = "`talks.txt`"


@pytest.mark.parametrize("locale", ABSTAINS)
async def test_what_one_person_sees_is_in_their_language(
    town: Town, public: Place, locale: str
) -> None:
    town.ada.locale = locale
    async with bot(town.discord, public):
        told = await town.slash("ask", question=UNANSWERED, private=True)
        assert ABSTAINS[locale] in told.text
        answer = await town.slash("ask", question=ASKED, private=True)
        assert QUOTE in answer.text
        assert SOURCE in answer.text
    assert_nothing_pings(town.discord)


async def test_what_all_can_read_is_in_the_servers_language(town: Town, public: Place) -> None:
    town.ada.locale = "fr"
    town.guild.locale = "de"
    async with bot(town.discord, public) as running:
        for told in (await town.ask(UNANSWERED), await town.slash("ask", question=UNANSWERED)):
            assert ABSTAINS["de"] in told.text
        servers = running.backend.servers
        await servers.change(replace(servers.settings(town.guild.id), language="zh-CN"))
        for told in (await town.ask(UNANSWERED), await town.slash("ask", question=UNANSWERED)):
            assert ABSTAINS["zh-CN"] in told.text
        answer = await town.ask(ASKED)
        assert QUOTE in answer.text
        context = await (await town.press(answer, "context")).answered()
        assert "Zeile" not in context.text
        assert "ligne" in context.text  # only Ada sees that


async def test_errors_and_forms_are_in_the_persons_language(town: Town, public: Place) -> None:
    town.ada.locale = town.admin.locale = "de"
    async with bot(town.discord, public):
        missing = await town.slash("show", document="nothing.txt")
        assert "gibt es hier nicht" in missing.text
        long = await town.slash("ask", question="x" * 5000)
        assert "Zeichen" in long.text
        answer = await town.ask(ASKED)
        call: Call = await town.press(answer, "bad")
        await call.acknowledged()
        assert call.modal
        assert call.modal["title"] == "Was hast du erwartet?"
        refused = await (
            await town.discord.slash(town.ada, town.channel, "reindex", {}, override=True)
        ).answered()
        assert "manage" not in refused.text
        file = town.discord.attach("picture.png", b"\x89PNG")
        told = await town.slash("upload", town.admin, file=file)
        assert "werden nicht gelesen" in told.text


async def test_direct_messages_are_in_the_language_last_heard(town: Town, public: Place) -> None:
    town.ada.locale = "es-ES"
    channel = town.discord.dm(town.ada)

    async def told() -> str:
        asked = await town.discord.say(town.ada, channel, UNANSWERED)
        return (await town.discord.next_message(channel, after=asked)).text

    async with bot(town.discord, public):
        assert ABSTAINS["en-US"] in await told()  # a message does not tell a language
        await (await town.discord.slash(town.ada, channel, "help", {})).answered()
        assert ABSTAINS["es-ES"] in await told()


async def test_commands_are_registered_in_every_language(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        commands = {one["name"]: one for one in town.discord.commands}
    locales = {"de", "fr", "es-ES", "es-419", "zh-CN"}
    for name, command in commands.items():
        assert locales <= command["name_localizations"].keys(), name
        if command["type"] == 1:
            assert locales <= command["description_localizations"].keys(), name
    assert commands["upload"]["name_localizations"]["de"] == "hochladen"
    assert commands["gaps"]["description_localizations"]["fr"]
    for locale in locales:
        called = [one["name_localizations"][locale] for one in commands.values()]
        assert len({*called}) == len(called)


@pytest.mark.parametrize("code", LANGUAGES)
async def test_every_reply_is_taken_by_discord_in_every_language(
    town: Town, public: Place, code: str
) -> None:
    """The test server holds Discord's limits: a reply that breaks one is never shown."""
    town.ada.locale = town.admin.locale = town.guild.locale = code
    async with bot(town.discord, public):
        answer = await town.slash("ask", question=ASKED, private=True)
        await (await town.press(answer, "context")).answered()
        await (await town.press(answer, "share")).answered()
        unanswered = await town.ask(UNANSWERED)
        await (await town.press(unanswered, "wish")).answered()
        for name in ("documents", "status", "help", "privacy", "servers"):
            assert (await town.slash(name)).text
        assert (await town.slash("search", query="group")).text
        assert (await town.slash("show", document="talks.txt")).text
        for name in ("reindex", "settings", "gaps", "collection list"):
            assert (await town.slash(name, town.admin)).text
        assert (await town.slash("collection link", town.admin, collection="nothing")).text
        account = await town.slash("privacy")
        erase = await (await town.press(account, "erase")).answered()
        assert "erased" in actions(erase)
        done = await town.discord.click(town.ada, erase, press_of(erase, "erased"))
        assert "✅" in (await done.answered()).text
    assert not [one for one in town.discord.requests if one.status == 400]
