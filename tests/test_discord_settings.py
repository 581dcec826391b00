"""Settings over a real socket: shown, chosen, forged, and as they are after a restart."""

import pytest

from bot.history.stored import ServerSettings
from index.records import Answer
from tests.bots import Running, Town, actions, bot, settle
from tests.choosing import choose, chosen, forge, selects, told
from tests.discord_server import Channel, Kind, Message, NotOffered, Permission
from tests.places import ASKED, Place
from tests.test_discord_buttons import placed
from tests.test_discord_messages import assert_answers, assert_nothing_pings

LISTS = ["setask", "setanswers", "setsure", "setnews", "setdigest", "setkeep", "setlanguage"]
UNSURE = "who chairs talks?"
ACTIONS = [*LISTS, "settings", "forget"]


async def opened(town: Town) -> Message:
    """The panel, as the admin gets it."""
    return await town.slash("settings", town.admin)


def stored(running: Running, town: Town) -> ServerSettings:
    return running.backend.servers.settings(town.guild.id)


async def changed(town: Town, panel: Message, action: str, *values: Channel | str) -> str:
    """Choose, and wait for the panel to say so; what it says."""
    await (await choose(town, panel, action, *values)).answered()
    return panel.text


@pytest.mark.parametrize(
    ("action", "value", "setting", "becomes"),
    [
        ("setanswers", "thread", "answers", "thread"),
        ("setsure", "90", "min_confidence", 0.9),
        ("setsure", "20", "min_confidence", 0.2),
        ("setlanguage", "de", "language", "de"),
        ("setlanguage", "zh-CN", "language", "zh-CN"),
    ],
)
async def test_what_is_chosen_is_stored_and_shown_and_can_be_undone(
    town: Town, public: Place, action: str, value: str, setting: str, becomes: object
) -> None:
    async with bot(town.discord, public) as running:
        panel = await opened(town)
        assert panel.ephemeral
        usual = chosen(panel, action)
        await changed(town, panel, action, value)
        assert "✅" in panel.text
        assert chosen(panel, action) == [value]
        assert getattr(stored(running, town), setting) == becomes
    async with bot(town.discord, public) as running:
        assert getattr(stored(running, town), setting) == becomes
        await changed(town, panel, action, *usual)  # in a message from before the restart
        assert chosen(panel, action) == usual
        assert stored(running, town) == ServerSettings(town.guild.id)
    assert_nothing_pings(town.discord)


@pytest.mark.parametrize(
    ("action", "setting"), [("setnews", "announcements"), ("setdigest", "digest")]
)
async def test_a_channel_is_chosen_and_taken_back(
    town: Town, public: Place, action: str, setting: str
) -> None:
    news = town.guild.add_channel("news", kind=Kind.NEWS)
    async with bot(town.discord, public) as running:
        panel = await opened(town)
        for channel in (town.channel, news):
            await changed(town, panel, action, channel)
            assert chosen(panel, action) == [str(channel.id)]
            assert getattr(stored(running, town), setting) == channel.id
    async with bot(town.discord, public) as running:
        assert chosen(await opened(town), action) == [str(news.id)]
        await changed(town, panel, action)
        assert chosen(panel, action) == []
        assert stored(running, town) == ServerSettings(town.guild.id)


async def test_ask_channels_are_chosen_and_answer_every_question(town: Town, public: Place) -> None:
    forum, side = town.guild.add_forum("help"), town.guild.add_channel("side")
    async with bot(town.discord, public, reads_messages=True) as running:
        panel = await opened(town)
        assert "⚠️" not in await changed(town, panel, "setask", town.channel, forum)
        assert sorted(chosen(panel, "setask")) == sorted([str(town.channel.id), str(forum.id)])
        asked = await town.discord.say(town.ada, town.channel, ASKED)
        assert_answers(await town.discord.next_message(town.channel, after=asked))
        await changed(town, panel, "setask", side)
        assert running.backend.servers.ask_channels(town.guild.id) == [side.id]
        await changed(town, panel, "setask")
        assert running.backend.servers.ask_channels(town.guild.id) == []


async def test_without_the_message_content_the_panel_says_how_to_get_it(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public):
        told_ = await changed(town, await opened(town), "setask", town.channel)
        assert "Message Content Intent" in told_
        assert "`FOOTNOTE_MESSAGE_CONTENT=on`" in told_


async def test_twenty_five_ask_channels_are_chosen_and_no_more(town: Town, public: Place) -> None:
    channels = [town.guild.add_channel(f"c{n}") for n in range(26)]
    async with bot(town.discord, public, reads_messages=True) as running:
        panel = await opened(town)
        await changed(town, panel, "setask", *channels[:25])
        assert len(chosen(panel, "setask")) == 25
        over = [str(one.id) for one in channels]
        refusal = await told(await forge(town, "fn:setask:-", over))
        assert "cannot be chosen" in refusal.text
        assert len(running.backend.servers.ask_channels(town.guild.id)) == 25
        every = [one.id for one in channels]
        await running.backend.servers.set_ask_channels(town.guild.id, every)  # of another version
        panel = await opened(town)
        assert len(chosen(panel, "setask")) == 25
        assert "There are 26." in panel.text


async def test_channels_in_which_the_bot_may_not_write_are_named(town: Town, public: Place) -> None:
    mute = town.guild.add_channel("mute")
    town.guild.deny(mute, Permission.SEND_MESSAGES)
    async with bot(town.discord, public, reads_messages=True):
        panel = await opened(town)
        for action in ("setnews", "setdigest", "setask"):
            assert f"may not write in <#{mute.id}>" in await changed(town, panel, action, mute)
            assert "may not write" not in await changed(town, panel, action, town.channel)


async def test_where_it_may_start_no_threads_that_is_said(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        panel = await opened(town)
        assert "may not create threads" not in await changed(town, panel, "setanswers", "thread")
    for role in town.guild.roles.values():
        town.guild.change_role(role, role.permissions & ~Permission.CREATE_PUBLIC_THREADS)
    async with bot(town.discord, public):
        assert "may not create threads" in await changed(town, panel, "setanswers", "thread")


async def test_a_server_that_wants_surer_answers_gets_none_that_is_not(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        answer = await town.ask(UNSURE)
        kept = await placed(running, answer)
        assert isinstance(kept.result, Answer)
        assert 0.2 < kept.result.confidence < 0.9
        panel = await opened(town)
        await changed(town, panel, "setsure", "90")
        assert "wish" in actions(await town.ask(UNSURE))
        assert "wish" in actions(await town.slash("ask", question=UNSURE))
        assert_answers(await town.ask(ASKED))
        await changed(town, panel, "setsure", "20")
        assert "good" in actions(await town.ask(UNSURE))


async def test_settings_are_those_of_one_server(town: Town, public: Place) -> None:
    other = settle(town.discord, "Other")
    async with bot(town.discord, public) as running:
        await changed(town, await opened(town), "setsure", "90")
        await changed(other, await opened(other), "setanswers", "thread")
        assert stored(running, town) == ServerSettings(town.guild.id, min_confidence=0.9)
        assert stored(running, other) == ServerSettings(other.guild.id, answers="thread")


async def test_of_two_admins_at_once_each_changes_what_they_chose(
    town: Town, public: Place
) -> None:
    owner = town.guild.owner
    async with bot(town.discord, public) as running:
        panels = [await opened(town), await town.slash("settings", owner)]
        calls = [
            await choose(town, panels[0], "setsure", "80"),
            await choose(town, panels[1], "setanswers", "thread", who=owner),
            await choose(town, panels[0], "setnews", town.channel),
            await choose(town, panels[1], "setlanguage", "fr", who=owner),
        ]
        for call in calls:
            await call.answered()
        assert stored(running, town) == ServerSettings(
            town.guild.id,
            answers="thread",
            min_confidence=0.8,
            announcements=town.channel.id,
            language="fr",
        )


async def test_what_cannot_be_stored_holds_until_the_restart_and_is_said_to(
    town: Town, public: Place
) -> None:
    (public.data / "history.sqlite").mkdir(parents=True)
    async with bot(town.discord, public, reads_messages=True) as running:
        panel = await opened(town)
        for action, value in (
            ("setsure", "90"),
            ("setask", town.channel),
            ("setnews", town.channel),
        ):
            assert "could not be stored" in await changed(town, panel, action, value)
        assert chosen(panel, "setsure") == ["90"]
        assert stored(running, town).min_confidence == 0.9


# In the wrong hands


async def test_only_those_who_manage_the_server_see_its_settings(town: Town, public: Place) -> None:
    async with bot(town.discord, public):
        with pytest.raises(NotOffered):
            await town.slash("settings", town.ada)
        with pytest.raises(NotOffered):
            await town.discord.slash(town.admin, town.discord.dm(town.admin), "settings")
        call = await town.discord.slash(town.ada, town.channel, "settings", override=True)
        refusal = await call.answered()
        assert refusal.ephemeral
        assert "Only those who may manage" in refusal.text
        assert selects(refusal) == {}


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_choice_of_somebody_without_the_right_is_refused(
    town: Town, public: Place, action: str
) -> None:
    values = {"setask": str(town.channel.id), "setnews": str(town.channel.id), "setdigest": "1"}
    plain = {"setanswers": "thread", "setsure": "90", "setkeep": "off", "setlanguage": "de"}
    async with bot(town.discord, public) as running:
        answer = await town.ask(ASKED)
        value = [v for k, v in (values | plain).items() if k == action]
        call = await forge(town, f"fn:{action}:-", value, who=town.ada)
        assert "Only those who may manage" in (await told(call)).text
        assert stored(running, town) == ServerSettings(town.guild.id)
        assert running.backend.servers.ask_channels(town.guild.id) == []
        assert await placed(running, answer)


@pytest.mark.parametrize("action", ACTIONS)
async def test_nothing_is_set_in_direct_messages(town: Town, public: Place, action: str) -> None:
    async with bot(town.discord, public) as running:
        channel = town.discord.dm(town.admin)
        call = await forge(town, f"fn:{action}:-", ["1"], channel=channel)
        assert "in a server" in (await told(call)).text
        assert running.backend.servers.all_guilds() == frozenset()


NOT_OFFERED = [
    ("setanswers", ["shout"]),
    ("setanswers", []),
    ("setanswers", ["reply", "thread"]),
    ("setsure", ["95"]),
    ("setsure", ["0.5"]),
    ("setsure", ["-1"]),
    ("setsure", ["nan"]),
    ("setsure", []),
    ("setkeep", ["maybe"]),
    ("setkeep", ["on", "off"]),
    ("setlanguage", ["tlh"]),
    ("setlanguage", ["de'; DROP TABLE servers"]),
    ("setlanguage", []),
    ("setnews", ["@everyone"]),
    ("setnews", ["-5"]),
    ("setnews", ["٣"]),
    ("setnews", ["9" * 100]),
    ("setdigest", ["", ""]),
    ("setask", ["everywhere"]),
    ("setask", ["1"]),
]


@pytest.mark.parametrize(("action", "values"), NOT_OFFERED)
async def test_a_value_that_was_not_offered_is_refused(
    town: Town, public: Place, action: str, values: list[str]
) -> None:
    async with bot(town.discord, public) as running:
        refusal = await told(await forge(town, f"fn:{action}:-", values))
        assert "again" in refusal.text or "cannot be chosen" in refusal.text
        assert "error" not in refusal.text
        assert stored(running, town) == ServerSettings(town.guild.id)
        assert running.backend.servers.ask_channels(town.guild.id) == []


@pytest.mark.parametrize("action", ["setnews", "setdigest", "setask"])
async def test_a_channel_that_cannot_be_chosen_is_refused(
    town: Town, public: Place, action: str
) -> None:
    other = settle(town.discord, "Other")
    kinds = (Kind.CATEGORY, Kind.VOICE)
    wrong = [town.guild.add_channel(kind.name.lower(), kind=kind) for kind in kinds]
    wrong += [other.channel, town.channel.add_thread("thread", town.ada)]
    if action != "setask":
        wrong.append(town.guild.add_forum("forum"))
    async with bot(town.discord, public) as running:
        for channel in wrong:
            call = await forge(town, f"fn:{action}:-", [str(channel.id)])
            assert "cannot be chosen" in (await told(call)).text, channel
        both = [str(town.channel.id), str(other.channel.id)]
        assert "cannot" in (await told(await forge(town, f"fn:{action}:-", both))).text
        for one in (town, other):
            assert stored(running, one) == ServerSettings(one.guild.id)
            assert running.backend.servers.ask_channels(one.guild.id) == []


@pytest.mark.parametrize(
    "custom_id",
    ["fn:", "fn:setsure", "fn:setSure:-", "fn:setsure:-:1:2:3:4", "fn:setsure:;", "fn:set:-"],
)
async def test_a_list_of_unknown_make_is_answered_kindly(
    town: Town, public: Place, custom_id: str
) -> None:
    async with bot(town.discord, public) as running:
        assert "again" in (await told(await forge(town, custom_id, ["90"]))).text
        assert running.backend.servers.all_guilds() == frozenset()


async def test_rights_that_were_lost_since_are_lost_for_an_open_panel(
    town: Town, public: Place
) -> None:
    async with bot(town.discord, public) as running:
        panel = await opened(town)
        for role in list(town.guild.members[town.admin.id].roles):
            town.guild.take(town.admin, role)
        call = await choose(town, panel, "setsure", "90")
        assert "Only those who may manage" in (await told(call)).text
        assert stored(running, town) == ServerSettings(town.guild.id)


async def test_the_panel_can_be_looked_at_again(town: Town, public: Place) -> None:
    async with bot(town.discord, public) as running:
        panel = await opened(town)
        await running.backend.servers.change(ServerSettings(town.guild.id, min_confidence=0.3))
        await changed(town, panel, "setkeep", "off")
        assert actions(panel) == ["forget", "settings"]
        back = await town.press(panel, "settings", town.admin)
        await back.answered()
        assert actions(panel) == []
        assert chosen(panel, "setsure") == ["30"]
        assert stored(running, town).history
