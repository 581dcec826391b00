"""What the documents say of commands is what there is."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from bot import advice
from bot.history.schema import VERSION, migration
from bot.layout import read_press
from tests.bots import Town, actions, bot
from tests.discord_server.json_types import Json
from tests.places import ASKED, Place

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "discord.md").read_text("utf-8")


def names(commands: list[Json], before: str = "") -> set[str]:
    """Each command as it is typed, or as it stands in a menu."""
    found: set[str] = set()
    for command in commands:
        own = f"{before}{command['name']}"
        inner = [one for one in command.get("options", ()) if one["type"] in (1, 2)]
        if inner:
            found |= names(inner, f"{own} ")
        else:
            found.add(own if command["type"] == 3 and not before else f"/{own}")
    return found


async def test_every_command_stands_in_the_readme_and_with_an_example_in_the_guide(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        there = names(town.discord.commands)
    assert len(there) >= 13
    rows = re.findall(r"^\| (?:`(/[^`]+)`|\*([^*]+)\*) \|", README, re.MULTILINE)
    assert {command or menu for command, menu in rows} == there
    for name in there:
        examples = re.findall(rf"`{re.escape(name)}(?: \w+: [^`]+)?` \|$", GUIDE, re.MULTILINE)
        assert examples or f"*{name}*" in GUIDE, name


async def test_every_button_stands_in_the_guide(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        for answer in (
            await town.ask(ASKED),
            await town.slash("ask", question=ASKED, private=True),
            await town.ask("what does a rocket cost in Alaska?"),
        ):
            assert actions(answer)
            for button in answer.buttons:
                assert read_press(button["custom_id"])
                label = button.get("label") or button["emoji"]["name"]
                assert re.search(rf"^\|[^|]*{label}[^|]*\|", GUIDE, re.MULTILINE), label


def test_the_guide_gives_the_invite_link_and_the_switches() -> None:
    assert advice.link("APPLICATION_ID") in GUIDE
    for word in ("Message Content Intent", "FOOTNOTE_MESSAGE_CONTENT=on", advice.PORTAL):
        assert word in GUIDE


def test_every_table_of_the_history_stands_in_the_privacy_note() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        for version in range(1, VERSION + 1):
            database.executescript(migration(version))
        made = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    told = re.findall(r"^\| `(\w+)` \|", PRIVACY, re.MULTILINE)
    assert {name for (name,) in made} == {*told}


async def test_every_setting_of_the_panel_stands_in_the_guide(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        panel = await town.slash("settings", town.admin)
    named = re.findall(r"^\*\*([^*]+)\*\* ·", panel.text, re.MULTILINE)
    assert len(named) == 7
    for name in named:
        assert f"| {name} |" in GUIDE
