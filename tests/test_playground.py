"""The playground's page and JSON, without a browser: who may ask, and what each person is given."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.discord_server import Channel, User
from tests.places import ASKED
from tests.playground.offered import offered
from tests.playground.site import ACTS, PAGE
from tests.playground.visits import Ground, playground

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Tab:
    """Requests as somebody's page sends them."""

    ground: Ground
    session: aiohttp.ClientSession

    async def get(self, path: str, person: User, **query: str) -> Any:
        url, search = self.ground.page.url + f"api/{path}", {"person": str(person.id), **query}
        async with self.session.get(url, params=search) as response:
            return await response.json() if response.ok else response.status

    async def act(self, what: str, person: User, /, **given: Any) -> Any:
        url, who = self.ground.page.url + f"api/{what}", {"person": str(person.id)}
        headers = {"Origin": self.ground.page.origin}
        async with self.session.post(url, params=who, json=given, headers=headers) as response:
            body = await response.json() if response.status in (200, 400) else {}
            return body | {"status": response.status}

    async def messages(self, person: User, channel: Channel) -> list[Any]:
        return list(await self.get("messages", person, channel=str(channel.id)))

    async def eventually(self, person: User, channel: Channel, text: str) -> Any:
        """The first message with a text, once there is one."""
        for _ in range(400):
            for message in await self.messages(person, channel):
                if text in json.dumps(message["components"], ensure_ascii=False):
                    return message
            await asyncio.sleep(0.02)
        raise AssertionError(f"nobody said {text!r}")


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    async with playground(tmp_path) as ground, aiohttp.ClientSession() as session:
        yield Tab(ground, session)


FOREIGN: list[tuple[Mapping[str, str], int]] = [
    ({}, 200),
    ({"Origin": "https://example.com"}, 403),
    ({"Origin": "null"}, 403),
    ({"Host": "example.com"}, 403),
    ({"Host": "localhost:{port}"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "none"}, 200),
]


@pytest.mark.parametrize(("headers", "status"), FOREIGN)
async def test_only_the_page_itself_is_served(
    tab: Tab, headers: Mapping[str, str], status: int
) -> None:
    port = tab.ground.page.origin.rpartition(":")[2]
    sent = {key: value.format(port=port) for key, value in headers.items()}
    for path in ("", "api/world", "api/events", "main.js"):
        async with tab.session.get(tab.ground.page.url + path, headers=sent) as response:
            assert response.status == status


async def test_nothing_is_done_for_a_request_that_names_no_page(tab: Tab) -> None:
    url = f"{tab.ground.page.url}api/say"
    given = {"channel": str(tab.ground.scene.general.id), "text": "hello"}
    other = {"Origin": "https://example.com"}
    for headers in ({}, other):
        async with tab.session.post(url, json=given, headers=headers) as response:
            assert response.status == 403
    assert tab.ground.discord.messages(tab.ground.scene.general) == []


async def test_nothing_is_found_without_the_key(tab: Tab) -> None:
    for path in ("/", "/api/world", "/wrong/", "/wrong/api/world", "/index.html"):
        async with tab.session.get(tab.ground.page.origin + path) as response:
            assert response.status == 404
            assert "Footnote" not in await response.text()


async def test_the_page_runs_its_own_files_alone_and_in_no_frame(tab: Tab) -> None:
    async with tab.session.get(tab.ground.page.url) as response:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert response.headers["X-Frame-Options"] == "DENY"
        assert "http" not in await response.text()
    for path in PAGE.iterdir():
        assert "innerHTML" not in path.read_text("utf-8"), path
        assert "eval(" not in path.read_text("utf-8"), path


async def test_a_question_is_answered_for_all_to_see(tab: Tab) -> None:
    scene = tab.ground.scene
    text = f"<@{tab.ground.discord.bot.id}> {ASKED}"
    await tab.act("say", scene.linus, channel=str(scene.general.id), text=text)
    for person in scene.people:
        answer = await tab.eventually(person, scene.general, "every six months")
        assert (answer["author"]["name"], answer["reply"]["author"]) == ("Footnote", "Linus")
        assert not answer["ephemeral"]


async def test_an_ephemeral_answer_is_for_one_person_and_can_be_dismissed(tab: Tab) -> None:
    grace, linus = tab.ground.scene.people
    here = tab.ground.scene.general
    await tab.act("slash", linus, channel=str(here.id), name="search", options={"query": "group"})
    answer = await tab.eventually(linus, here, "six months")
    assert (answer["ephemeral"], answer["used"]["command"]) == (True, "/search")
    assert await tab.messages(grace, here) == []
    what = {"channel": str(here.id), "message": answer["id"]}
    assert (await tab.act("dismiss", grace, **what))["status"] == 400
    assert (await tab.act("dismiss", linus, **what))["status"] == 200
    assert await tab.messages(linus, here) == []


async def test_what_a_server_has_for_itself_is_not_seen_in_the_other(tab: Tab) -> None:
    scene = tab.ground.scene
    options = {"query": "who repaired the cider press"}
    for channel in (scene.general, scene.reading):
        given = {"channel": str(channel.id), "name": "search", "options": options}
        await tab.act("slash", scene.linus, **given)
    await tab.eventually(scene.linus, scene.general, "Maria Keller")
    await tab.eventually(scene.linus, scene.reading, "")
    assert "Maria" not in json.dumps(await tab.messages(scene.linus, scene.reading))


async def test_what_is_for_staff_is_shown_to_staff_alone(tab: Tab) -> None:
    scene = tab.ground.scene
    for person in scene.people:
        given = {"name": "search", "options": {"query": "alarm code of the barn"}}
        await tab.act("slash", person, channel=str(scene.general.id), **given)
    await tab.eventually(scene.grace, scene.general, "Tom Finch")
    await tab.eventually(scene.linus, scene.general, "")
    assert "Tom Finch" not in json.dumps(await tab.messages(scene.linus, scene.general))


async def test_nobody_reaches_into_a_channel_they_do_not_see(tab: Tab) -> None:
    scene = tab.ground.scene
    secret = await tab.ground.discord.say(scene.grace, scene.staff_room, "the code is 1234")
    place = {"channel": str(scene.staff_room.id)}
    assert await tab.get("messages", scene.linus, **place) == 404
    assert await tab.get("commands", scene.linus, **place) == 404
    world = json.dumps(await tab.get("world", scene.linus))
    assert str(scene.staff_room.id) not in world
    for name, more in (
        ("say", {"text": "hello"}),
        ("slash", {"name": "help"}),
        ("complete", {"name": "ask", "focused": "question"}),
        ("menu", {"name": "Answer this", "message": str(secret.id)}),
        ("click", {"custom_id": "fn:help:", "message": str(secret.id)}),
        ("delete", {"message": str(secret.id)}),
    ):
        assert (await tab.act(name, scene.linus, **place, **more))["status"] == 400
    assert tab.ground.discord.messages(scene.staff_room) == [secret]


async def test_only_ones_own_messages_can_be_changed(tab: Tab) -> None:
    scene, discord = tab.ground.scene, tab.ground.discord
    message = await discord.say(scene.grace, scene.general, "mine")
    place = {"channel": str(scene.general.id), "message": str(message.id)}
    assert (await tab.act("edit", scene.linus, **place, text="yours"))["status"] == 400
    assert (await tab.act("delete", scene.linus, **place))["status"] == 400
    assert (await tab.act("edit", scene.grace, **place, text="still mine"))["status"] == 200
    assert message.content == "still mine"
    assert (await tab.act("delete", scene.grace, **place))["status"] == 200
    assert discord.messages(scene.general) == []


async def test_commands_are_offered_as_discord_offers_them(tab: Tab) -> None:
    discord, scene = tab.ground.discord, tab.ground.scene
    admin = {one["name"] for one in offered(discord, scene.grace, scene.general)}
    member = {one["name"] for one in offered(discord, scene.linus, scene.general)}
    direct = {one["name"] for one in offered(discord, scene.linus, discord.dm(scene.linus))}
    assert {"ask", "search", "settings", "collection link", "Answer this"} <= admin
    assert "ask" in member
    assert not {"settings", "collection link", "reindex"} & (member | direct)


async def test_commands_are_told_in_the_language_of_the_person(tab: Tab) -> None:
    discord, scene = tab.ground.discord, tab.ground.scene
    english = offered(discord, scene.linus, scene.general)
    assert (await tab.act("speak", scene.linus, locale="tlh"))["status"] == 400
    for locale in ("de", "fr", "es-ES", "zh-CN"):
        assert (await tab.act("speak", scene.linus, locale=locale))["status"] == 200
        told = offered(discord, scene.linus, scene.general)
        assert {one["name"] for one in told} == {one["name"] for one in english}
        descriptions = [
            {one["description"] for one in set_ if one["description"]} for set_ in (told, english)
        ]
        assert not descriptions[0] & descriptions[1]
    assert scene.linus.locale == "zh-CN"


async def test_options_become_what_discord_sends(tab: Tab) -> None:
    scene = tab.ground.scene
    given = {"collection": "staff", "channel": str(scene.general.id)}
    place = {"channel": str(scene.general.id)}
    outcome = await tab.act("slash", scene.grace, name="collection link", options=given, **place)
    call = tab.ground.discord.calls.find(int(outcome["call"]))
    assert call
    assert str(scene.general.id) in call.payload["data"]["resolved"]["channels"]
    wrong = {"collection": "staff", "channel": "1"}
    refused = await tab.act("slash", scene.grace, name="collection link", options=wrong, **place)
    assert refused["status"] == 400


@pytest.mark.parametrize("name", sorted(ACTS))
async def test_nonsense_is_refused_with_a_reason(tab: Tab, name: str) -> None:
    url, headers = f"{tab.ground.page.url}api/{name}", {"Origin": tab.ground.page.origin}
    wrong: list[Any] = [[], {}, {"channel": "x"}, {"channel": "1", "message": "2", "call": "3"}]
    for given in wrong:
        async with tab.session.post(url, json=given, headers=headers) as response:
            assert response.status == 400
            assert (await response.json())["error"]


async def test_news_reach_those_who_may_see_them(tab: Tab) -> None:
    scene = tab.ground.scene

    async def hear(person: User) -> list[Any]:
        heard = []
        url, who = f"{tab.ground.page.url}api/events", {"person": str(person.id)}
        async with tab.session.get(url, params=who) as response:
            async for line in response.content:
                if line.startswith(b"data:"):
                    heard.append(json.loads(line[5:]))
                if "the end" in str(heard[-1:]):
                    return heard
        return heard

    listening = [asyncio.create_task(hear(person)) for person in scene.people]
    await asyncio.sleep(0.2)
    place = {"channel": str(scene.general.id)}
    await tab.act("slash", scene.grace, name="help", **place)
    await tab.ground.discord.say(scene.grace, scene.staff_room, "among us")
    await tab.ground.discord.say(scene.grace, scene.general, "the end")
    graces, linuses = [json.dumps(heard) for heard in await asyncio.gather(*listening)]
    for secret in ("used", "among us"):
        assert secret in graces
    assert "among us" not in linuses
    assert '"ephemeral": true' in graces
    assert '"ephemeral": true' not in linuses


async def test_a_file_that_is_no_picture_is_saved_and_not_shown(tab: Tab) -> None:
    discord = tab.ground.discord
    for name, shown in (("a.html", "attachment"), ("a.svg", "attachment"), ("a.png", "inline")):
        file = discord.attach(name, b"<script>alert(1)</script>")
        url = tab.ground.page.url + file.path.removeprefix("/")
        async with tab.session.get(url) as response:
            assert response.headers["Content-Disposition"] == shown
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.content_type == (
                "image/png" if shown == "inline" else "application/octet-stream"
            )


async def test_it_starts_and_stops_with_one_command() -> None:
    command = (sys.executable, "-m", "tests.playground", "--no-open")
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    lines: list[str] = []
    while not any("Ready to answer from" in line for line in lines):
        lines.append((await asyncio.wait_for(process.stdout.readline(), 90)).decode())
        assert lines[-1], lines
    process.send_signal(signal.SIGTERM)
    rest = (await asyncio.wait_for(process.stdout.read(), 30)).decode()
    assert await process.wait() == 0
    told = "".join(lines) + rest
    assert "http://127.0.0.1:" in told
    assert "Ready to answer from 3 documents." in told
    assert "WARNING" not in told
