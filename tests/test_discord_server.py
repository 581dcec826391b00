"""The test server against the real client, and against requests no client would send."""

import asyncio
import contextlib
import io
import json
import re
import time
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
import discord
import discord.gateway
import discord.http
import pytest
import yarl
from discord import app_commands, ui

from tests.discord_server import (
    Call,
    Channel,
    DiscordServer,
    Flag,
    Guild,
    Intent,
    Message,
    NotOffered,
    Permission,
    User,
)

pytestmark = pytest.mark.asyncio

V2 = int(Flag.COMPONENTS_V2)
Json = dict[str, Any]


class Clock:
    """A clock that tests can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class More(ui.DynamicItem[ui.Button[ui.View]], template=r"more:(?P<row>\d+)"):
    def __init__(self, row: int) -> None:
        super().__init__(ui.Button(label="More", custom_id=f"more:{row}"))
        self.of = row

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(int(match["row"]))

    async def callback(self, interaction: discord.Interaction) -> Any:
        await interaction.response.send_message(f"Row {self.of}", ephemeral=True)


class Card(ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        row: ui.ActionRow[Any] = ui.ActionRow(More(7))
        self.add_item(ui.Container(ui.TextDisplay("A card"), row))


class Form(ui.Modal, title="Tell us"):
    words: ui.Label[Any] = ui.Label(text="Words", component=ui.TextInput(custom_id="words"))
    paper: ui.Label[Any] = ui.Label(
        text="Paper", component=ui.FileUpload(custom_id="paper", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.words.component, ui.TextInput)
        assert isinstance(self.paper.component, ui.FileUpload)
        sizes = [len(await file.read()) for file in self.paper.component.values]
        await interaction.response.send_message(f"{self.words.component.value} {sizes}")


class Asker(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Tell", custom_id="tell")
    async def tell(self, interaction: discord.Interaction, _: ui.Button[Self]) -> None:
        await interaction.response.send_modal(Form())

    @ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: ui.Button[Self]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="done", view=None)


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    @tree.command(description="Ask.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(interaction: discord.Interaction, question: str, private: bool = False) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await interaction.edit_original_response(content=f"You asked {question}")

    @ask.autocomplete("question")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}?", value=typed)]

    @tree.command(description="Show a card.")
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card(), ephemeral=True)

    @tree.command(description="Ask for words.")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Tell", view=Asker())

    @tree.command(description="Read a file.")
    async def read(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.send_message((await file.read()).decode())

    @tree.context_menu(name="Answer this")
    async def answer_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Re: {message.content}")

    settings = app_commands.Group(name="settings", description="Settings.")
    channels = app_commands.Group(name="ask-channel", description="Channels.", parent=settings)

    @channels.command(description="Add one.")
    async def add(interaction: discord.Interaction, channel: discord.TextChannel) -> None:
        await interaction.response.send_message(f"Added {channel.mention}")

    tree.add_command(settings)


class Bot(discord.AutoShardedClient):
    def __init__(self, more_intents: int = 0, **options: Any) -> None:
        intents = discord.Intents(guilds=True, messages=True)
        intents.value |= more_intents
        options.setdefault("allowed_mentions", discord.AllowedMentions.none())
        super().__init__(intents=intents, guild_ready_timeout=0.05, **options)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Message] = []
        self.events: list[str] = []
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(More)
        self.add_view(Asker())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """There is no hurry to spare the server from."""

    async def on_socket_event_type(self, name: str) -> None:
        self.events.append(name)

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)
        if self.user in message.mentions and message.author != self.user:
            await message.reply("Yes?", nonce=str(message.id))


@dataclass
class Scene:
    """A server with a guild, a channel, and a person in it."""

    server: DiscordServer
    guild: Guild
    channel: Channel
    ada: User
    raw: aiohttp.ClientSession
    bots: list[Bot] = field(default_factory=list)

    @property
    def bot(self) -> Bot:
        return self.bots[0]

    async def ask(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {self.server.token}"}
        options.setdefault("headers", headers)
        url = self.server.api_url + path
        async with self.raw.request(method, url, json=body, **options) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def post(self, body: Json) -> tuple[int, Any]:
        return await self.ask("POST", f"/channels/{self.channel.id}/messages", body)

    async def register(self, *commands: Json) -> tuple[int, Any]:
        path = f"/applications/{self.server.application_id}/commands"
        return await self.ask("PUT", path, list(commands))

    async def called(self) -> Call:
        await self.register({"name": "ask", "description": "Ask."})
        return await self.server.slash(self.ada, self.channel, "ask")

    async def callback(self, call: Call, body: Json, query: str = "") -> tuple[int, Any]:
        path = f"/interactions/{call.id}/{call.token}/callback{query}"
        return await self.ask("POST", path, body, headers={})

    async def hook(
        self, call: Call, method: str, rest: str = "", body: Any = None
    ) -> tuple[int, Any]:
        path = f"/webhooks/{self.server.application_id}/{call.token}{rest}"
        return await self.ask(method, path, body, headers={})


@contextlib.asynccontextmanager
async def scene(**options: Any) -> AsyncIterator[Scene]:
    async with DiscordServer(**options) as server, aiohttp.ClientSession() as raw:
        guild = server.add_guild("Rockets")
        channel = guild.add_channel("general")
        ada = server.add_user("ada")
        guild.join(ada)
        yield Scene(server, guild, channel, ada, raw)


@contextlib.asynccontextmanager
async def logging_in(server: DiscordServer, bot: Bot) -> AsyncIterator[asyncio.Task[None]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord.http.Route, "BASE", server.api_url)
        address = yarl.URL(server.gateway_url)
        patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", address)
        task = asyncio.create_task(bot.start(server.token))
        try:
            yield task
        finally:
            await bot.close()
            await asyncio.wait([task])


@contextlib.asynccontextmanager
async def played(bot: Bot | None = None, **options: Any) -> AsyncIterator[Scene]:
    bot = bot or Bot()
    async with scene(**options) as here, logging_in(here.server, bot):
        here.bots.append(bot)
        await here.server.ready()
        await bot.wait_until_ready()
        yield here


def problems(body: Json) -> set[str]:
    """The dotted paths at which a form is wrong."""

    def walk(tree: Mapping[str, Any], path: str) -> set[str]:
        here = {path.strip(".")} if "_errors" in tree else set()
        return here.union(*(walk(v, f"{path}.{k}") for k, v in tree.items() if k != "_errors"))

    assert (body["code"], body["message"]) == (50035, "Invalid Form Body")
    return walk(body["errors"], "")


# A real client


async def test_a_mention_is_answered_once_and_without_a_ping() -> None:
    async with played() as here:
        said = await here.server.say(here.ada, here.channel, f"hi {here.server.bot.mention}")
        reply = await here.server.next_message(here.channel, after=said)
        assert (reply.text, reply.reply_to) == ("Yes?", said)
        assert reply.payload["allowed_mentions"]["parse"] == []
        await here.server.until(lambda: len(here.bot.seen) == 2)
        assert here.bot.seen[1].nonce == str(said.id)
        assert here.bot.seen[1].reference
        assert here.bot.seen[1].author == here.bot.user


async def test_a_slash_command_is_deferred_and_then_answered() -> None:
    async with played() as here:
        asked: Json = {"question": "Why?", "private": True}
        call = await here.server.slash(here.ada, here.channel, "ask", asked)
        assert await call.acknowledged() == 5
        answer = await call.answered()
        assert (answer.text, answer.ephemeral, call.deferred) == ("You asked Why?", True, True)
        assert here.server.messages(here.channel) == []
        open_call = await here.server.slash(here.ada, here.channel, "ask", {"question": "Who?"})
        answer = await open_call.answered()
        assert here.server.messages(here.channel) == [answer]
        assert call.acknowledged_after is not None
        assert call.acknowledged_after < 3


async def test_a_direct_message_and_a_group_are_places_too() -> None:
    async with played() as here:
        direct = here.server.dm(here.ada)
        said = await here.server.say(here.ada, direct, "anyone?")
        await here.server.until(lambda: here.bot.seen)
        assert (here.bot.seen[0].content, here.bot.seen[0].guild) == ("anyone?", None)
        for place in (direct, here.server.group_dm(here.ada, here.server.add_user("bob"))):
            call = await here.server.slash(here.ada, place, "ask", {"question": "Why?"})
            assert (await call.answered()).text == "You asked Why?"
        assert direct.messages[said.id] is said


async def test_completions_come_while_a_person_types() -> None:
    async with played() as here:
        typed = {"question": "how"}
        got = await here.server.autocomplete(here.ada, here.channel, "ask", typed, "question")
        assert got == [{"name": "how?", "value": "how"}]


async def test_a_button_of_a_dynamic_item_works_on_an_ephemeral_card() -> None:
    async with played() as here:
        call = await here.server.slash(here.ada, here.channel, "card")
        message = await call.answered()
        assert (message.text, message.is_v2) == ("A card", True)
        button = message.button("More")
        click = await here.server.click(here.ada, message, button["custom_id"])
        assert (await click.answered()).text == "Row 7"
        with pytest.raises(NotOffered):
            await here.server.click(here.guild.owner, message, button["custom_id"])


async def test_a_modal_is_opened_filled_in_and_read() -> None:
    async with played() as here:
        boss = here.server.add_user("boss")
        here.guild.join(boss, permissions=Permission.MANAGE_GUILD)
        message = await (await here.server.slash(boss, here.channel, "form")).answered()
        click = await here.server.click(boss, message, "tell")
        assert await click.acknowledged() == 9
        assert click.modal
        assert click.modal["title"] == "Tell us"
        paper = here.server.attach("a.txt", b"12345")
        with pytest.raises(ValueError, match="characters"):
            await here.server.submit(boss, click, {"words": ""})
        done = await here.server.submit(boss, click, {"words": "Hello", "paper": [paper]})
        assert (await done.answered()).text == "Hello [5]"


async def test_a_click_may_edit_the_message_it_is_on() -> None:
    async with played() as here:
        owner = here.guild.owner
        message = await (await here.server.slash(owner, here.channel, "form")).answered()
        click = await here.server.click(owner, message, "later")
        await click.acknowledged()
        assert click.answers in ([], [message])
        assert await click.answered() is message
        assert click.answers == [message]
        assert (message.text, message.buttons, message.history[0]["content"]) == (
            "done",
            [],
            "Tell",
        )
        with pytest.raises(NotOffered):
            await here.server.click(owner, message, "later")


async def test_a_context_menu_carries_its_message_whole() -> None:
    async with played(intents_granted=0) as here:
        said = await here.server.say(here.guild.owner, here.channel, "unseen words")
        call = await here.server.message_command(here.ada, said, "Answer this")
        assert (await call.answered()).text == "Re: unseen words"
        await here.server.until(lambda: len(here.bot.seen) == 2)
        assert [message.content for message in here.bot.seen] == ["", "Re: unseen words"]


async def test_options_are_things_and_subcommands_have_spaces_in_their_names() -> None:
    async with played() as here:
        file = here.server.attach("a.txt", b"inside")
        call = await here.server.slash(here.ada, here.channel, "read", {"file": file})
        assert (await call.answered()).text == "inside"
        options = {"channel": here.channel}
        call = await here.server.slash(here.ada, here.channel, "settings ask-channel add", options)
        assert (await call.answered()).text == f"Added {here.channel.mention}"


async def test_a_command_is_offered_only_where_and_to_whom_it_is_meant() -> None:
    async with played() as here:
        server, direct = here.server, here.server.dm(here.ada)
        for place in (direct, here.channel):  # not in a direct channel; not to ada
            with pytest.raises(NotOffered):
                await server.slash(here.ada, place, "form")
        call = await server.slash(here.ada, here.channel, "form", override=True)
        assert await call.answered()
        with pytest.raises(NotOffered):
            await server.slash(here.ada, server.group_dm(here.ada), "card")
        with pytest.raises(KeyError):
            await server.slash(here.ada, here.channel, "nothing")
        with pytest.raises(ValueError, match="needs"):
            await server.slash(here.ada, here.channel, "ask")


async def test_a_user_brings_their_app_to_a_guild_without_the_bot() -> None:
    async with played() as here:
        guild = here.server.add_guild("Elsewhere", with_bot=False)
        place = guild.add_channel("hall")
        call = await here.server.slash(guild.owner, place, "ask", {"question": "Why?"})
        assert (await call.answered()).text == "You asked Why?"
        owners = call.payload["authorizing_integration_owners"]
        assert owners == {"1": str(guild.owner.id)}
        assert place.id not in {message.channel.id for message in here.bot.seen}


async def test_guilds_channels_and_threads_come_and_go_while_connected() -> None:
    async with played() as here:
        guild = here.server.add_guild("Later")
        forum = guild.add_forum("help")
        thread, first = await here.server.post(guild.owner, forum, "A title", "A body")
        assert thread.id == first.id
        await here.server.until(lambda: here.bot.seen)
        assert isinstance(here.bot.seen[0].channel, discord.Thread)
        assert here.bot.seen[0].channel.parent_id == forum.id
        here.server.remove_guild(guild)
        await here.server.until(lambda: here.bot.get_guild(guild.id) is None)


async def test_edits_and_deletions_reach_the_client() -> None:
    async with played() as here:
        said = await here.server.say(here.ada, here.channel, "one")
        await here.server.edit(said, "two")
        await here.server.delete(said)
        await here.server.until(lambda: "MESSAGE_DELETE" in here.bot.events)
        wanted = ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]
        assert [name for name in here.bot.events if name.startswith("MESSAGE")] == wanted


async def test_members_are_told_to_who_asks_for_them() -> None:
    async with played(Bot(Intent.GUILD_MEMBERS, chunk_guilds_at_startup=True)) as here:
        guild = here.bot.get_guild(here.guild.id)
        assert guild
        assert {member.id for member in guild.members} == set(here.guild.members)


# Connections that fail


@pytest.mark.parametrize("code", [4000, 1000])
async def test_a_closed_socket_is_resumed_and_what_was_missed_is_replayed(code: int) -> None:
    async with played() as here:
        await here.server.close_gateway(code)
        await here.server.say(here.ada, here.channel, "meanwhile")
        await here.server.until(lambda: here.bot.seen)
        assert (len(here.server.identifies), len(here.server.resumes)) == (1, 1)


async def test_op_7_is_answered_with_a_resume() -> None:
    async with played() as here:
        await here.server.send_op7()
        await here.server.until(lambda: here.server.resumes)
        await here.server.ready()
        assert len(here.server.identifies) == 1


async def test_op_9_makes_a_client_identify_anew() -> None:
    async with played() as here:
        await here.server.send_op9(resumable=False)
        await here.server.until(lambda: len(here.server.identifies) == 2)
        await here.server.ready()
        assert here.server.resumes == []


async def test_a_silent_gateway_is_left() -> None:
    async with scene() as here:
        here.server.gateway.heartbeat_interval = 100
        here.server.silent = True
        bot = Bot(heartbeat_timeout=0.2)
        async with logging_in(here.server, bot):
            await here.server.until(lambda: len(here.server.identifies) > 0)
            await here.server.until(lambda: here.server.resumes)


async def test_privileged_intents_must_be_granted() -> None:
    async with scene(intents_granted=0) as here:
        bot = Bot(Intent.MESSAGE_CONTENT)
        async with logging_in(here.server, bot) as task:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await task


async def test_a_wrong_token_is_refused_by_both_sides() -> None:
    async with scene() as here:
        bot = Bot()
        async with logging_in(here.server, bot) as task:
            here.server.rest._token = "another"
            with pytest.raises(discord.LoginFailure):
                await task
        assert await gateway_close(here, {"op": 2, "d": {"token": "wrong", "intents": 0}}) == 4004


async def test_content_is_only_for_those_who_may_read_it() -> None:
    async with played(Bot(Intent.MESSAGE_CONTENT)) as here:
        await here.server.say(here.ada, here.channel, "plain words")
        await here.server.until(lambda: here.bot.seen)
        assert here.bot.seen[0].content == "plain words"


async def test_without_the_intent_only_what_concerns_the_bot_is_readable() -> None:
    async with played() as here:
        server, channel, ada = here.server, here.channel, here.ada
        plain = await server.say(ada, channel, "secret")
        asked = await server.say(ada, channel, f"{server.bot.mention} open", reply_to=plain)
        mine = await server.next_message(channel, after=asked)
        await server.say(ada, channel, "pinged", reply_to=mine)
        await server.say(ada, channel, "unpinged", reply_to=mine, ping=False)
        await server.until(lambda: len(here.bot.seen) == 6)
        words = [m.content.partition(" ")[2] or m.content for m in here.bot.seen]
        assert sorted(words) == sorted(["", "open", "Yes?", "pinged", "Yes?", ""])
        quoted = here.bot.seen[1].reference
        assert quoted
        assert isinstance(quoted.resolved, discord.Message)
        assert quoted.resolved.content == ""


# Faults


async def test_failures_resets_and_delays_happen_as_often_as_ordered() -> None:
    async with scene() as here:
        faults, path = here.server.faults, f"/channels/{here.channel.id}"
        faults.fail("GET", r"^/channels/\d+$", 503, times=2)
        faults.slow("GET", r"^/channels/\d+$", 0.1)
        started = time.monotonic()
        assert [(await here.ask("GET", path))[0] for _ in range(3)] == [503, 503, 200]
        assert time.monotonic() - started >= 0.1
        faults.reset("POST", "/messages$", after_accepting=True)
        with pytest.raises(aiohttp.ClientError):
            await here.post({"content": "kept"})
        assert [message.text for message in here.server.messages(here.channel)] == ["kept"]
        assert here.server.requests[-1].status == 0


async def test_rate_limits_are_told_before_and_after_they_are_hit() -> None:
    clock = Clock()
    async with scene(clock=clock, limits=[("POST", "/messages$", 1, 5)]) as here:
        await here.register({"name": "Answer this", "type": 3})
        said = await here.server.say(here.ada, here.channel, "zero")
        assert (await here.post({"content": "one"}))[0] == 200
        status, body = await here.post({"content": "two"})
        assert (status, body["global"]) == (429, False)
        assert 4 < body["retry_after"] <= 5
        clock.ahead += 5
        assert (await here.post({"content": "three"}))[0] == 200
        here.server.limit_globally(60)
        status, body = await here.ask("GET", "/users/@me")
        assert (status, body["global"]) == (429, True)
        call = await here.server.message_command(here.ada, said, "Answer this")
        assert (await here.callback(call, {"type": 5}))[0] == 204  # no limit for interactions


async def test_a_client_waits_for_a_limit_to_pass() -> None:
    async with played() as here:
        here.server.limit("POST", "/messages$", 1, 0.3)
        channel = here.bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        await asyncio.gather(*(channel.send(str(n)) for n in range(3)))
        assert len(here.server.messages(here.channel)) == 3


# The gateway, raw


async def gateway_close(here: Scene, *payloads: Json, query: str = "?v=10") -> int | None:
    async with here.raw.ws_connect(here.server.gateway_url + query) as socket:
        for payload in payloads:
            await socket.send_json(payload)
        while (await socket.receive(timeout=5)).type != aiohttp.WSMsgType.CLOSE:
            pass
        return socket.close_code


async def test_what_is_wrong_on_the_gateway_closes_it_with_its_code() -> None:
    async with scene() as here:
        me: Json = {"token": here.server.token, "intents": 1}
        assert await gateway_close(here, {"op": 99, "d": {}}) == 4003
        assert await gateway_close(here, {"no": "op"}) == 4002
        assert await gateway_close(here, query="?v=6") == 4012
        assert await gateway_close(here, {"op": 2, "d": me}, {"op": 2, "d": me}) == 4005
        assert await gateway_close(here, {"op": 2, "d": me | {"shard": [2, 2]}}) == 4010
        assert await gateway_close(here, {"op": 2, "d": me | {"intents": 1 << 40}}) == 4013
        assert await gateway_close(here, *[{"op": 1, "d": None}] * 121) == 4008
        here.server.refuse_identify = 4014
        assert await gateway_close(here, {"op": 2, "d": me}) == 4014


async def test_a_compressed_socket_is_one_stream() -> None:
    async with scene() as here:
        url = here.server.gateway_url + "?v=10&encoding=json&compress=zlib-stream"
        inflate = zlib.decompressobj()
        async with here.raw.ws_connect(url) as socket:
            frames = [await socket.receive_bytes()]
            await socket.send_json({"op": 1, "d": None})
            frames.append(await socket.receive_bytes())
        assert all(frame.endswith(b"\0\0\xff\xff") for frame in frames)
        assert [json.loads(inflate.decompress(frame))["op"] for frame in frames] == [10, 11]


async def test_guilds_go_to_their_shards() -> None:
    async with scene(shards=2) as here:
        guilds = [here.server.add_guild(f"guild {n}") for n in range(6)]
        bot = Bot()
        async with logging_in(here.server, bot):
            await here.server.ready()
            await bot.wait_until_ready()
            assert [session.shard for session in here.server.sessions] == [(0, 2), (1, 2)]
            shards = {guild.id: guild.shard_id for guild in bot.guilds}
        assert all(shards[guild.id] == (guild.id >> 22) % 2 for guild in guilds)


# REST, raw


async def test_every_request_needs_the_token_and_is_recorded() -> None:
    async with scene() as here:
        for headers in ({}, {"Authorization": "Bot wrong"}, {"Authorization": here.server.token}):
            assert (await here.ask("GET", "/users/@me", headers=headers))[0] == 401
        status, me = await here.ask("GET", "/users/@me")
        assert (status, me["id"]) == (200, str(here.server.bot.id))
        assert (await here.ask("GET", "/nothing"))[0] == 404
        seen = [(r.method, r.path, r.status) for r in here.server.requests]
        assert seen[-2:] == [("GET", "/users/@me", 200), ("GET", "/nothing", 404)]


async def test_answers_are_plain_json_and_name_their_proxy() -> None:
    async with scene() as here, here.raw.get(here.server.api_url + "/gateway") as response:
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Via"]
        assert await response.json() == {"url": here.server.gateway_url}


async def test_the_application_tells_which_intents_it_was_granted() -> None:
    for granted, flag in ((0, 0), (int(Intent.MESSAGE_CONTENT), 1 << 19)):
        async with scene(intents_granted=granted) as here:
            for path in ("/applications/@me", "/oauth2/applications/@me"):
                assert (await here.ask("GET", path))[1]["flags"] == flag
    async with scene(shards=3) as here:
        body = (await here.ask("GET", "/gateway/bot"))[1]
        assert (body["shards"], body["session_start_limit"]["max_concurrency"]) == (3, 1)


async def test_the_application_is_of_one_person_or_of_a_team() -> None:
    async with scene() as here:
        path = "/oauth2/applications/@me"
        alone = (await here.ask("GET", path))[1]
        assert (alone["owner"]["id"], alone["team"]) == (str(here.server.owner.id), None)
        other = here.server.add_user("other")
        here.server.team.update({here.server.owner: "admin", other: "read_only"})
        team = (await here.ask("GET", path))[1]["team"]
        assert team["owner_user_id"] == str(here.server.owner.id)
        roles = [(one["user"]["id"], one["role"]) for one in team["members"]]
        assert roles == [(str(here.server.owner.id), "admin"), (str(other.id), "read_only")]


async def test_an_interaction_is_acknowledged_once_and_in_time() -> None:
    clock = Clock()
    async with scene(clock=clock) as here:
        call, late = await here.called(), await here.called()
        assert (await here.hook(call, "GET", "/messages/@original"))[1]["code"] == 10015
        assert (await here.hook(call, "POST", "", {"content": "?"}))[1]["code"] == 10015
        status, body = await here.callback(call, {"type": 5}, "?with_response=1")
        assert (status, body["interaction"]["id"]) == (200, str(call.id))
        assert body["resource"]["type"] == 5
        assert body["resource"]["message"]["flags"] == 128
        status, body = await here.callback(call, {"type": 5})
        assert (status, body["code"]) == (400, 40060)
        clock.ahead += 3.1
        status, body = await here.callback(late, {"type": 5})
        assert (status, body["code"]) == (404, 10062)
        call.token = "wrong"
        assert (await here.callback(late, {"type": 5}))[1]["code"] == 10062


async def test_a_token_lives_for_fifteen_minutes() -> None:
    clock = Clock()
    async with scene(clock=clock) as here:
        call = await here.called()
        assert (await here.callback(call, {"type": 5}))[0] == 204
        clock.ahead += 14 * 60
        assert (await here.hook(call, "GET", "/messages/@original"))[0] == 200
        clock.ahead += 2 * 60
        status, body = await here.hook(call, "GET", "/messages/@original")
        assert (status, body["code"]) == (401, 50027)


async def test_callbacks_are_of_types_that_fit_the_interaction() -> None:
    async with scene() as here:
        call = await here.called()
        for wrong in (1, 6, 7, 8, None, "5"):
            status, body = await here.callback(call, {"type": wrong, "data": {}})
            assert (status, problems(body)) == (400, {"type"})
        modal = {"custom_id": "m", "title": "M", "components": [label("a")]}
        assert (await here.callback(call, {"type": 9, "data": modal}))[0] == 204
        done = await here.server.submit(here.ada, call, {"a": "words"})
        for wrong in (6, 7, 9):
            assert problems((await here.callback(done, {"type": wrong, "data": modal}))[1]) == {
                "type"
            }
        assert (await here.callback(done, {"type": 4, "data": {"content": "ok"}}))[0] == 204


async def test_the_first_followup_fills_a_deferred_response_and_its_visibility_is_fixed() -> None:
    async with scene() as here:
        call = await here.called()
        await here.callback(call, {"type": 5, "data": {"flags": 64}})
        status, first = await here.hook(call, "POST", "?wait=true", {"content": "one", "flags": 0})
        assert (status, first["flags"]) == (200, 64)
        assert (await call.answered()).text == "one"
        assert (await here.hook(call, "POST", "", {"content": "two"}))[0] == 204
        assert [(m.text, m.ephemeral) for m in call.followups] == [("two", False)]
        path = f"/messages/{call.followups[0].id}"
        assert (await here.hook(call, "PATCH", path, {"content": "three"}))[1]["content"] == "three"
        assert (await here.hook(call, "DELETE", path))[0] == 204
        assert (await here.hook(call, "GET", path))[1]["code"] == 10008
        assert (await here.hook(call, "DELETE", "/messages/@original"))[0] == 204
        assert call.deleted
        assert here.server.messages(here.channel) == []


async def test_a_nonce_makes_a_message_only_once() -> None:
    clock = Clock()
    async with scene(clock=clock) as here:
        body = {"content": "once", "nonce": "7", "enforce_nonce": True}
        ids = [(await here.post(body))[1]["id"] for _ in range(3)]
        assert len(set(ids)) == len(here.server.messages(here.channel)) == 1
        assert (await here.post({"content": "again", "nonce": "7"}))[1]["id"] not in ids
        clock.ahead += 3600
        assert (await here.post(body))[1]["id"] not in ids


async def test_a_reply_needs_its_message() -> None:
    async with scene() as here:
        said = await here.server.say(here.ada, here.channel, "hello")
        reply: Json = {"content": "hi", "message_reference": {"message_id": str(said.id)}}
        assert (await here.post(reply))[1]["referenced_message"]["id"] == str(said.id)
        await here.server.delete(said)
        assert problems((await here.post(reply))[1]) == {"message_reference"}
        reply["message_reference"]["fail_if_not_exists"] = False
        assert (await here.post(reply))[0] == 200


async def test_what_is_unknown_or_forbidden_has_its_code() -> None:
    async with scene() as here:
        said = await here.server.say(here.ada, here.channel, "mine")
        channel, words = f"/channels/{here.channel.id}", {"content": "words"}

        async def code(method: str, path: str, body: Json | None = None) -> int:
            return int((await here.ask(method, path, body))[1]["code"])

        assert await code("GET", "/channels/1") == 10003
        assert await code("GET", f"{channel}/messages/1") == 10008
        assert await code("PATCH", f"{channel}/messages/{said.id}", words) == 50005
        assert await code("DELETE", f"{channel}/messages/{said.id}") == 50013
        assert (
            await code("POST", f"/channels/{here.guild.add_forum('f').id}/messages", words) == 50008
        )
        here.guild.deny(here.channel, Permission.SEND_MESSAGES)
        assert await code("POST", f"{channel}/messages", words) == 50013
        assert await code("POST", f"{channel}/typing") == 50013
        here.guild.deny(here.channel)
        assert await code("POST", f"{channel}/messages", words) == 50001
        here.guild.remove_channel(here.channel)
        assert await code("GET", channel) == 10003


async def test_threads_reactions_and_direct_channels_can_be_made() -> None:
    async with scene() as here:
        said = await here.server.say(here.ada, here.channel, "hello")
        path = f"/channels/{here.channel.id}/messages/{said.id}"
        status, thread = await here.ask("POST", f"{path}/threads", {"name": "About it"})
        assert (status, thread["id"], thread["parent_id"]) == (
            200,
            str(said.id),
            str(here.channel.id),
        )
        assert (await here.ask("POST", f"{path}/threads", {"name": "Again"}))[1]["code"] == 160004
        assert (await here.ask("PUT", f"{path}/reactions/👍/@me"))[0] == 204
        assert said.reactions == [(here.server.bot, "👍")]
        body = {"recipient_id": str(here.ada.id)}
        direct = (await here.ask("POST", "/users/@me/channels", body))[1]
        assert direct["id"] == str(here.server.dm(here.ada).id)


async def test_files_are_kept_and_their_sizes_limited() -> None:
    async with scene() as here:
        path = f"/channels/{here.channel.id}/messages"
        headers = {"Authorization": f"Bot {here.server.token}"}

        def form(size: int) -> aiohttp.FormData:
            data = aiohttp.FormData()
            note = {"attachments": [{"id": 0, "filename": "a.txt", "description": "A"}]}
            data.add_field("payload_json", json.dumps(note), content_type="application/json")
            data.add_field("files[0]", io.BytesIO(b"x" * size), filename="a.txt")
            return data

        status, message = await here.ask("POST", path, None, data=form(5), headers=headers)
        assert status == 200
        async with here.raw.get(message["attachments"][0]["url"]) as response:
            assert await response.read() == b"xxxxx"
        assert here.server.requested("POST", "/messages$")[-1].files == {"a.txt": b"xxxxx"}
        status, body = await here.ask(
            "POST", path, None, data=form((10 << 20) + 1), headers=headers
        )
        assert (status, body["code"]) == (413, 40005)


# Forms


def button(custom_id: str = "b", **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "B", "custom_id": custom_id} | more


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def text(content: str) -> Json:
    return {"type": 10, "content": content}


def select(**more: Any) -> Json:
    options = [{"label": "a", "value": "a"}, {"label": "b", "value": "b"}]
    return {"type": 3, "custom_id": "s", "options": options} | more


def chooser(kind: int, *defaults: tuple[str, str], most: int = 25, **more: Any) -> Json:
    chosen = [{"id": id, "type": sort} for id, sort in defaults]
    amounts = {"min_values": 0, "max_values": most}
    part = {"type": kind, "custom_id": "c", "default_values": chosen} | amounts | more
    return {"content": "x", "components": [row(part)]}


def label(custom_id: str, **more: Any) -> Json:
    part = {"type": 4, "custom_id": custom_id, "style": 1} | more
    return {"type": 18, "label": "L", "component": part}


def layout(*parts: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(parts)} | more


def section(*parts: Json, **more: Any) -> Json:
    return {"type": 9, "components": list(parts)} | more


def container(*parts: Json) -> Json:
    return {"type": 17, "components": list(parts)}


FINE: list[Json] = [
    {"content": "x" * 2000},
    {"embeds": [{"title": "x" * 256, "description": "y" * 4096}]},
    {"components": [row(*(button(str(n)) for n in range(5)))] * 1},
    {"content": "x", "components": [row(select())]},
    layout(text("x" * 4000)),
    layout(container(section(text("a"), accessory=button()), {"type": 14, "spacing": 2})),
    layout(*(text("x") for _ in range(40))),
    layout({"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}}]}),
    chooser(8, ("1", "channel"), ("2", "channel"), channel_types=[0, 5]),
    chooser(7, ("1", "user"), ("2", "role")),
    chooser(6),
]


@pytest.mark.parametrize("body", FINE)
async def test_what_discord_accepts_is_accepted(body: Json) -> None:
    async with scene() as here:
        status, message = await here.post(body)
        assert (status, message.get("errors")) == (200, None)


CHOSEN = "components.0.components.0.default_values"
WRONG: list[tuple[Json, str]] = [
    ({"content": "x" * 2001}, "content"),
    ({"content": 5}, "content"),
    ({"content": "x", "colour": 1}, "colour"),
    ({"content": "x", "nonce": "x" * 26}, "nonce"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "embeds.0.fields"),
    ({"embeds": [{"fields": [{"name": "a"}]}]}, "embeds.0.fields.0.value"),
    ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse"),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
    ),
    ({"content": "x", "attachments": [{"id": 0, "filename": "a"}]}, "attachments.0.id"),
    ({"components": [row(button())] * 6}, "components"),
    ({"components": [row(*(button(str(n)) for n in range(6)))]}, "components.0.components"),
    ({"components": [row(button(), button())]}, "components.0.components.1.custom_id"),
    ({"components": [row(button(), select())]}, "components.0.components"),
    ({"components": [button()]}, "components.0.type"),
    ({"components": [text("x")]}, "components.0.type"),
    ({"components": [row(button("x" * 101))]}, "components.0.components.0.custom_id"),
    ({"components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
    ({"components": [row(button(label=None))]}, "components.0.components.0"),
    ({"components": [row(button(url="https://a.b"))]}, "components.0.components.0"),
    ({"components": [row(button(style=5))]}, "components.0.components.0.url"),
    ({"components": [row(button(colour=5))]}, "components.0.components.0.colour"),
    ({"components": [row(select(options=[]))]}, "components.0.components.0.options"),
    ({"components": [row(select(max_values=3))]}, "components.0.components.0.max_values"),
    (
        {"components": [row(select(options=[{"label": "x" * 101, "value": "a"}]))]},
        "components.0.components.0.options.0.label",
    ),
    (
        {"components": [row(select(options=[{"label": "x", "value": str(n)} for n in range(26)]))]},
        "components.0.components.0.options",
    ),
    (layout(text("x"), content="beside"), "content"),
    (layout(text("x"), embeds=[{"title": "beside"}]), "embeds"),
    (layout(text("")), "components.0.content"),
    (layout(text("x" * 4001)), "components.0.content"),
    (layout(text("x" * 2001), text("x" * 2000)), "components"),
    (layout(container(*(row(button(str(n))) for n in range(20)))), "components"),
    (layout(section(text("a"))), "components.0.accessory"),
    (layout(section(accessory=button())), "components.0.components"),
    (layout(section(*[text("a")] * 4, accessory=button())), "components.0.components"),
    (layout(section(text("a"), accessory=text("a"))), "components.0.accessory.type"),
    (layout(container(container(text("x")))), "components.0.components.0.type"),
    (layout(button()), "components.0.type"),
    (layout({"type": 13, "file": {"url": "attachment://none"}}), "components.0.file.url"),
    (layout({"type": 14, "spacing": 3}), "components.0.spacing"),
    (layout(text("x") | {"id": 1}, text("x") | {"id": 1}), "components.1.id"),
    (chooser(8, ("1", "role")), f"{CHOSEN}.0.type"),
    (chooser(5, ("a", "user")), f"{CHOSEN}.0.id"),
    (chooser(6, ("1", "role"), ("1", "role")), CHOSEN),
    (chooser(6, ("1", "role"), ("2", "role"), most=1), CHOSEN),
    (chooser(8, options=[]), "components.0.components.0.options"),
    (chooser(8, channel_types=["text"]), "components.0.components.0.channel_types"),
]


@pytest.mark.parametrize(("body", "path"), WRONG)
async def test_what_discord_refuses_is_refused_where_it_is_wrong(body: Json, path: str) -> None:
    async with scene() as here:
        status, answer = await here.post(body)
        assert (status, path in problems(answer)) == (400, True), answer
        assert here.server.messages(here.channel) == []


async def test_a_message_says_something_also_after_an_edit() -> None:
    async with scene() as here:
        assert (await here.post({"content": ""}))[1]["code"] == 50006
        _, message = await here.post({"content": "words"})
        path = f"/channels/{here.channel.id}/messages/{message['id']}"
        assert (await here.ask("PATCH", path, {"content": ""}))[1]["code"] == 50006
        body = layout(text("new"))
        assert problems((await here.ask("PATCH", path, body))[1]) == {"content"}
        assert (await here.ask("PATCH", path, body | {"content": None}))[0] == 200
        assert problems((await here.ask("PATCH", path, {"content": "back"}))[1]) == {"content"}
        kept = here.server.messages(here.channel)[0]
        assert (kept.text, [old["content"] for old in kept.history]) == ("new", ["words"])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"title": "x" * 46}, "title"),
        ({"title": ""}, "title"),
        ({"custom_id": "x" * 101}, "custom_id"),
        ({"components": []}, "components"),
        ({"components": [label(str(n)) for n in range(6)]}, "components"),
        ({"components": [label("a", placeholder="x" * 101)]}, "components.0.component.placeholder"),
        ({"components": [label("a", value="x" * 4001)]}, "components.0.component.value"),
        ({"components": [label("a", max_length=4001)]}, "components.0.component.max_length"),
        ({"components": [label("a", label="own")]}, "components.0.component.label"),
        ({"components": [label("a") | {"label": "x" * 46}]}, "components.0.label"),
        ({"components": [label("a") | {"description": "x" * 101}]}, "components.0.description"),
        ({"components": [label("a", type=2)]}, "components.0.component.type"),
        ({"components": [label("a"), label("a")]}, "components"),
        ({"components": [button()]}, "components.0.type"),
        ({"size": 1}, "size"),
    ],
)
async def test_a_modal_keeps_to_its_limits(change: Json, path: str) -> None:
    async with scene() as here:
        modal = {"custom_id": "m", "title": "M", "components": [label("a")]} | change
        status, body = await here.callback(await here.called(), {"type": 9, "data": modal})
        assert (status, problems(body)) == (400, {f"data.{path}"})


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": "a", "value": "a"}] * 26,
        [{"name": "", "value": "a"}],
        [{"name": "x" * 101, "value": "a"}],
        [{"name": "a", "value": "x" * 101}],
        [{"name": "a"}],
    ],
)
async def test_completions_keep_to_their_limits(choices: list[Json]) -> None:
    async with scene() as here:
        option = {"type": 3, "name": "q", "description": "Q.", "autocomplete": True}
        await here.register({"name": "ask", "description": "Ask.", "options": [option]})
        typed = here.server.autocomplete(here.ada, here.channel, "ask", {"q": "x"}, "q")
        waiting = asyncio.create_task(typed)
        await asyncio.sleep(0)
        (call,) = here.server.calls
        status, body = await here.callback(call, {"type": 8, "data": {"choices": choices}})
        assert (status, len(problems(body))) == (400, 1)
        await here.callback(call, {"type": 8, "data": {"choices": []}})
        assert await waiting == []


def option(name: str = "o", kind: int = 3, **more: Any) -> Json:
    return {"type": kind, "name": name, "description": "O."} | more


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Ask"},
        {"name": "a b"},
        {"name": "x" * 33},
        {"description": ""},
        {"description": "x" * 101},
        {"colour": 1},
        {"contexts": [3]},
        {"options": [option(str(n)) for n in range(26)]},
        {"options": [option("a"), option("b", required=True)]},
        {"options": [option("a"), option("a")]},
        {"options": [option("a", 12)]},
        {"options": [option("a", 5, autocomplete=True)]},
        {"options": [option("a", 1), option("b", 3)]},
        {"options": [option("a", 1, options=[option("b", 1)])]},
        {"options": [option("a", 2, options=[option("b", 2)])]},
        {"options": [option("a", choices=[{"name": "a", "value": "a"}] * 26)]},
        {"options": [option("a", autocomplete=True, choices=[{"name": "a", "value": "a"}])]},
        {"options": [option(f"o{n}", description="x" * 100, name_localizations={"de": "y" * 32},
                            choices=[{"name": "x" * 100, "value": str(m)} for m in range(4)])
                     for n in range(20)]},
    ],
)  # fmt: skip
async def test_commands_are_registered_only_when_well_formed(change: Json) -> None:
    async with scene() as here:
        good: Json = {"name": "ask", "description": "Ask."}
        status, body = await here.register(good | change)
        assert status == 400
        assert problems(body)
        assert here.server.commands == []


async def test_commands_are_replaced_together_and_keep_their_ids() -> None:
    async with scene() as here:
        group = option("g", 2, options=[option("s", 1, options=[option("a", required=True)])])
        ask = {"name": "ask", "description": "Ask.", "default_member_permissions": 32}
        menu = {"name": "Answer this", "type": 3, "contexts": [0], "integration_types": [0, 1]}
        _, first = await here.register(ask, menu)
        _, second = await here.register(ask | {"options": [group]})
        assert second[0]["id"] == first[0]["id"]
        assert second[0]["default_member_permissions"] == "32"
        path = f"/applications/{here.server.application_id}"
        assert (await here.ask("GET", f"{path}/commands"))[1] == second
        await here.ask("PUT", f"{path}/guilds/{here.guild.id}/commands", [menu])
        assert here.server.guild_commands[here.guild.id][0]["name"] == "Answer this"
        many = [{"name": f"c{n}", "description": "C."} for n in range(101)]
        assert (await here.register(*many))[0] == 400
        assert (await here.ask("PUT", "/applications/1/commands", []))[1]["code"] == 50001


# People


async def test_mentions_are_read_as_discord_reads_them() -> None:
    async with scene() as here:
        role = here.guild.add_role("crew", mentionable=False)
        bob = here.server.add_user("bob")
        here.guild.join(bob)
        here.guild.everyone.permissions &= ~Permission.MENTION_EVERYONE
        words = f"@everyone {role.mention} {bob.mention} {bob.mention} <@5>"
        for person, loud in ((here.ada, False), (here.guild.owner, True)):
            found = (await here.server.say(person, here.channel, words)).mentions
            assert (found.users, bool(found.roles), found.everyone) == ((bob,), loud, loud)
        quiet: Json = {"content": words, "allowed_mentions": {"parse": []}}
        assert (await here.post(quiet))[1]["mentions"] == []


async def test_nobody_writes_where_they_may_not() -> None:
    async with scene() as here:
        with pytest.raises(NotOffered):
            await here.server.say(here.server.add_user("eve"), here.channel, "hello")
        here.guild.deny(here.channel, Permission.SEND_MESSAGES, here.guild.everyone)
        with pytest.raises(NotOffered):
            await here.server.say(here.ada, here.channel, "hello")
        said: Message = await here.server.say(here.guild.owner, here.channel, "hello")
        assert said.id > here.channel.id


async def test_a_person_may_close_their_direct_messages() -> None:
    async with scene() as here:
        direct = here.server.dm(here.ada)
        here.ada.accepts_dms = False
        status, body = await here.ask("POST", f"/channels/{direct.id}/messages", {"content": "hi"})
        assert (status, body["code"]) == (403, 50007)


async def test_a_client_looks_around_posts_in_a_forum_and_leaves() -> None:
    async with played() as here:
        forum = here.guild.add_forum("help")
        guild = await here.bot.fetch_guild(here.guild.id)
        assert {c.name for c in await guild.fetch_channels()} == {"general", "help"}
        assert (await guild.fetch_member(here.ada.id)).name == "ada"
        await here.server.until(lambda: here.bot.get_channel(forum.id))
        place = here.bot.get_channel(forum.id)
        assert isinstance(place, discord.ForumChannel)
        made = await place.create_thread(name="Question", content="Words")
        assert made.thread.id == made.message.id
        await made.thread.edit(archived=True)
        assert here.guild.channels[made.thread.id].archived
        assert [thread.id async for thread in place.archived_threads()] == [made.thread.id]
        await guild.leave()
        await here.server.until(lambda: here.bot.get_guild(guild.id) is None)
        assert not here.guild.has_bot


async def test_downloads_fail_on_order_too() -> None:
    async with scene() as here:
        file = here.server.attach("a b.txt", b"inside")
        here.server.faults.fail("GET", "^/cdn/", 404)
        for status in (404, 200):
            async with here.raw.get(file.url) as response:
                assert response.status == status
        assert [asked.status for asked in here.server.requested("GET", "/cdn/")] == [404, 200]


async def test_history_is_read_in_pages() -> None:
    async with played() as here:
        said = [await here.server.say(here.ada, here.channel, str(n)) for n in range(120)]
        channel = here.bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        assert [m.id async for m in channel.history(limit=None)] == [m.id for m in said[::-1]]
        after = discord.Object(said[9].id)
        found = [m.id async for m in channel.history(limit=None, after=after)]
        assert found == [m.id for m in said[10:]]


async def test_an_outage_is_not_a_removal() -> None:
    async with played() as here:
        here.server.outage(here.guild)
        await here.server.until(lambda: "GUILD_DELETE" in here.bot.events)
        guild = here.bot.get_guild(here.guild.id)
        assert guild
        assert guild.unavailable
        here.server.recover(here.guild)
        await here.server.until(lambda: not guild.unavailable)


async def test_reactions_and_deletions_at_once_are_told() -> None:
    more = Intent.GUILD_MESSAGE_REACTIONS
    async with played(Bot(more)) as here:
        said = [await here.server.say(here.ada, here.channel, word) for word in ("one", "two")]
        await here.server.react(here.ada, said[0], "👍")
        await here.server.delete_many(here.channel, said)
        await here.server.until(lambda: "MESSAGE_DELETE_BULK" in here.bot.events)
        assert "MESSAGE_REACTION_ADD" in here.bot.events
        assert here.server.messages(here.channel) == []


async def test_what_one_person_asked_for_alone_nobody_else_sees() -> None:
    async with played() as here:
        call = await here.server.slash(here.ada, here.channel, "card")
        await call.answered()
        await here.server.say(here.ada, here.channel, "public")
        await here.server.until(lambda: here.bot.seen)
        assert [message.content for message in here.bot.seen] == [""]
        path = f"/channels/{here.channel.id}/messages/{call.answers[0].id}"
        assert (await here.ask("GET", path))[1]["code"] == 10008


@pytest.mark.parametrize("status", [403, 503])
async def test_a_client_sees_a_failure_as_discord_would_send_it(status: int) -> None:
    async with played() as here:
        channel = here.bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        body = {"message": "Missing Permissions", "code": 50013}
        here.server.faults.fail("POST", "/messages$", status, json=body)
        with pytest.raises(discord.HTTPException) as caught:
            await channel.send("words")
        assert (caught.value.status, caught.value.code) == (status, 50013)
        here.server.faults.reset("POST", "/messages$")
        with pytest.raises((aiohttp.ClientError, OSError)):
            await channel.send("words")
        assert here.server.messages(here.channel) == []


async def test_a_request_is_recorded_whole_also_when_it_fails() -> None:
    async with scene() as here:
        here.server.faults.fail("POST", "/messages$", 500)
        assert (await here.post({"content": "lost"}))[0] == 500
        assert here.server.requests[-1].json == {"content": "lost"}
        headers = {"Authorization": f"Bot {here.server.token}", "Content-Type": "application/json"}
        path = f"/channels/{here.channel.id}/messages"
        status, body = await here.ask("POST", path, None, data=b"{", headers=headers)
        assert (status, body["code"]) == (400, 50109)


async def crash() -> None:
    async with scene() as here:
        here.server.registry.everywhere = [{}]
        assert (await here.register({"name": "ask", "description": "Ask."}))[0] == 500


async def test_a_fault_of_the_server_itself_fails_the_test() -> None:
    with pytest.raises(ExceptionGroup, match="test server itself"):
        await crash()


async def test_the_role_of_the_bot_is_known_as_such() -> None:
    async with played() as here:
        guild = here.bot.get_guild(here.guild.id)
        assert guild
        assert guild.self_role
        assert guild.me.roles == [guild.default_role, guild.self_role]


async def test_a_client_sends_edits_and_deletes_its_own_messages() -> None:
    async with played() as here:
        channel = here.bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)
        file = discord.File(io.BytesIO(b"inside"), "a.txt", description="A file")
        sent = await channel.send("one", file=file, embed=discord.Embed(title="T"), silent=True)
        kept = here.server.messages(here.channel)[0]
        assert (kept.text, kept.attachments[0].data) == ("one\nT", b"inside")
        await sent.edit(content="two", attachments=sent.attachments, suppress=True)
        assert (kept.text, [file.name for file in kept.attachments]) == ("two\nT", ["a.txt"])
        await sent.edit(content=None, embeds=[], attachments=[], view=Card())
        assert (kept.text, kept.is_v2, len(kept.history)) == ("A card", True, 2)
        await sent.add_reaction("👍")
        await sent.remove_reaction("👍", here.bot.user or sent.author)
        assert (await channel.fetch_message(sent.id)).id == sent.id
        thread = await sent.create_thread(name="About it")
        await thread.send("in it")
        await sent.delete()
        assert here.server.messages(here.channel) == []
        ada = await here.bot.fetch_user(here.ada.id)
        await ada.send("hello")
        assert [m.text for m in here.server.messages(here.server.dm(here.ada))] == ["hello"]


async def test_a_client_follows_up_in_every_way_an_interaction_allows() -> None:
    bot = Bot()

    @bot.tree.command(description="All of it.")
    async def all_of_it(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("first", ephemeral=True)
        more = await interaction.followup.send("second", wait=True)
        await more.edit(content="third")
        await interaction.edit_original_response(content="fourth")
        await (await interaction.followup.send("gone", wait=True)).delete()
        file = discord.File(io.BytesIO(b"inside"), "a.txt")
        await interaction.followup.send("fifth", file=file, ephemeral=True)

    async with played(bot) as here:
        call = await here.server.slash(here.ada, here.channel, "all_of_it")
        await here.server.until(lambda: len(call.followups) == 3)
        await here.server.until(lambda: call.followups[1].deleted)
        assert [(m.text, m.ephemeral) for m in call.answers] == [
            ("fourth", True),
            ("third", False),
            ("fifth", True),
        ]
