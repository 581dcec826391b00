"""The settings of a server as one message, within what Discord takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues import LANGUAGES
from bot.history.stored import ServerSettings
from bot.layout import (
    MOST_COMPONENTS,
    MOST_ID,
    MOST_OPTIONS,
    MOST_TEXT,
    Choose,
    ChooseChannels,
    Press,
    Reply,
    count_components,
    count_text,
    read_press,
)
from bot.settings_panel import (
    UNSET,
    Panel,
    offered_confidence,
    offered_language,
    panel_reply,
)
from bot.words import ENGLISH, Words
from tests.bots import LANGUAGES as TONGUES

ACTIONS = ["setask", "setanswers", "setsure", "setnews", "setdigest", "setkeep", "setlanguage"]

ids = st.integers(1, 2**63 - 1)
settings = st.builds(
    ServerSettings,
    guild=ids,
    answers=st.sampled_from(["reply", "thread"]),
    min_confidence=st.none() | st.floats(0, 1),
    announcements=st.none() | ids,
    digest=st.none() | ids,
    history=st.booleans(),
    language=st.none() | st.sampled_from([*LANGUAGES]) | st.just("tlh"),
)
panels = st.builds(
    Panel,
    settings=settings,
    ask_channels=st.lists(ids, max_size=60, unique=True),
    retention_days=st.integers(1, 10_000),
    notes=st.lists(st.text(min_size=1, max_size=700), max_size=3).map(tuple),
    deletes=st.booleans(),
)


def panel(
    settings: ServerSettings | None = None, *ask_channels: int, deletes: bool = False
) -> Reply:
    made = Panel(settings or ServerSettings(1), ask_channels, 30, deletes=deletes)
    return panel_reply(made, ENGLISH)


def lists(reply: Reply) -> dict[str, Choose | ChooseChannels]:
    found = [one for one in reply.blocks if isinstance(one, Choose | ChooseChannels)]
    return {one.press.action: one for one in found}


def now(reply: Reply, action: str) -> list[str]:
    """The labels of what is chosen, or the ids of channels."""
    block = lists(reply)[action]
    if isinstance(block, ChooseChannels):
        return [str(one) for one in block.chosen]
    return [one.label for one in block.options if one.chosen]


@given(panels, st.sampled_from([*TONGUES.spoken.values()]))
def test_every_panel_is_within_what_discord_takes(made: Panel, words: Words) -> None:
    reply = panel_reply(made, words)
    assert count_components(reply) <= MOST_COMPONENTS
    assert count_text(reply) <= MOST_TEXT
    for block in lists(reply).values():
        assert len(block.press.id) <= MOST_ID
        assert read_press(block.press.id) == block.press
        assert len(block.placeholder) <= 150
        if isinstance(block, ChooseChannels):
            assert len(block.chosen) <= block.most <= MOST_OPTIONS
        else:
            assert 1 <= len(block.options) <= MOST_OPTIONS
            assert len({one.value for one in block.options}) == len(block.options)
            assert all(0 < len(one.label) <= 100 for one in block.options)


@given(panels)
def test_every_panel_shows_each_setting_once_as_it_is(made: Panel) -> None:
    reply = panel_reply(made, ENGLISH)
    assert list(lists(reply)) == ACTIONS
    for action in ("setanswers", "setsure", "setkeep"):
        assert len(now(reply, action)) == 1
    stands = made.settings
    assert now(reply, "setnews") == [str(one) for one in [stands.announcements] if one]
    assert now(reply, "setdigest") == [str(one) for one in [stands.digest] if one]
    assert now(reply, "setask") == [str(one) for one in made.ask_channels[:MOST_OPTIONS]]


@pytest.mark.parametrize(
    ("settings", "action", "shown"),
    [
        (ServerSettings(1), "setanswers", ["In the channel, as a reply"]),
        (ServerSettings(1, answers="thread"), "setanswers", ["In a thread of their own"]),
        (ServerSettings(1), "setsure", ["As sure as I usually must be"]),
        (ServerSettings(1, min_confidence=0.7), "setsure", ["At least 70%"]),
        (ServerSettings(1, min_confidence=0.55), "setsure", ["At least 55%"]),
        (ServerSettings(1), "setkeep", ["Questions are kept for 30 days"]),
        (ServerSettings(1, history=False), "setkeep", ["Questions are not kept"]),
        (ServerSettings(1), "setlanguage", ["As this server is set at Discord"]),
        (ServerSettings(1, language="de"), "setlanguage", ["Deutsch"]),
        (ServerSettings(1, language="zh-CN"), "setlanguage", ["简体中文"]),
    ],
)
def test_a_setting_is_shown_as_it_is(
    settings: ServerSettings, action: str, shown: list[str]
) -> None:
    assert now(panel(settings), action) == shown


def test_ask_channels_that_cannot_all_be_shown_are_counted() -> None:
    few, many = panel(None, *range(1, 26)), panel(None, *range(1, 27))
    assert not any("There are" in text for text in few.texts())
    assert any("There are 26." in text for text in many.texts())


def test_the_buttons_to_delete_are_there_only_to_confirm_it() -> None:
    assert list(panel().buttons()) == []
    delete, keep = panel(deletes=True).buttons()
    assert (delete.press.action, delete.style) == ("forget", "danger")
    assert keep.press == Press("settings", UNSET)


@given(panels)
def test_what_is_offered_can_be_chosen_and_means_what_it_says(made: Panel) -> None:
    found = lists(panel_reply(made, ENGLISH))
    confidences, languages = found["setsure"], found["setlanguage"]
    assert isinstance(confidences, Choose)
    assert isinstance(languages, Choose)
    for one in languages.options:
        assert offered_language(one.value) == (None if one.value == UNSET else one.value)
    for one in confidences.options:
        if not one.chosen and one.value != UNSET:
            assert one.label == f"At least {offered_confidence(one.value):.0%}"
    assert offered_confidence(UNSET) is None


@given(
    st.text(max_size=20) | st.sampled_from(["0", "100", "-20", "20.0", " 20", "２０", "nan", ""])
)
def test_a_confidence_that_was_not_offered_is_none(value: str) -> None:
    offered = {"-", *(str(one) for one in range(20, 100, 10))}
    if value not in offered:
        with pytest.raises(ValueError, match=r"^"):
            offered_confidence(value)


@given(st.text(max_size=20) | st.sampled_from(["EN", "de-DE", "zh", "", "en "]))
def test_a_language_that_was_not_offered_is_none(value: str) -> None:
    if value not in {UNSET, *LANGUAGES}:
        with pytest.raises(ValueError, match=r"^"):
            offered_language(value)
