"""Which servers' documents are asked in direct messages, as a message to choose in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directs import SharedServer, chosen_reply, servers_reply
from bot.escaping import units
from bot.layout import (
    MOST_COMPONENTS,
    MOST_OPTIONS,
    MOST_TEXT,
    Choose,
    Reply,
    count_components,
    count_text,
)
from bot.servers import MOST_CHOSEN
from bot.words import ENGLISH, Words
from tests.bots import LANGUAGES as TONGUES

ids = st.integers(1, 2**63 - 1)
servers = st.lists(
    st.builds(SharedServer, ids, st.text(max_size=120)), max_size=40, unique_by=lambda one: one.id
)


def shown(*names: str, chosen: tuple[int, ...] = ()) -> Reply:
    shared = [SharedServer(number, name) for number, name in enumerate(names, start=1)]
    return servers_reply(shared, chosen, most=MOST_CHOSEN, words=ENGLISH)


def list_of(reply: Reply) -> Choose | None:
    return next((one for one in reply.blocks if isinstance(one, Choose)), None)


def test_servers_are_offered_by_name_the_chosen_first() -> None:
    found = list_of(shown("Zoo", "alps", "Berlin", chosen=(1,)))
    assert found is not None
    assert [(one.value, one.label, one.chosen) for one in found.options] == [
        ("1", "Zoo", True),
        ("2", "alps", False),
        ("3", "Berlin", False),
    ]
    assert (found.least, found.most) == (0, 3)


def test_where_no_server_is_shared_there_is_nothing_to_choose() -> None:
    reply = shown()
    assert list_of(reply) is None
    assert "no server that we share" in "\n".join(reply.texts())


@pytest.mark.parametrize("name", ["", " ", "\n\n", "\u202e", "\x00"])
def test_a_server_whose_name_shows_nothing_can_be_chosen(name: str) -> None:
    found = list_of(shown(name))
    assert found is not None
    assert found.options[0].label.strip()


@given(servers, st.lists(ids, max_size=12), st.sampled_from([*TONGUES.spoken.values()]))
def test_the_list_is_within_what_discord_takes(
    shared: list[SharedServer], others: list[int], words: Words
) -> None:
    chosen = [*others, *(one.id for one in shared[::3])][:MOST_CHOSEN]
    reply = servers_reply(shared, chosen, most=MOST_CHOSEN, words=words)
    assert count_components(reply) <= MOST_COMPONENTS
    assert count_text(reply) <= MOST_TEXT
    found = list_of(reply)
    assert (found is None) == (not shared)
    if found is None:
        return
    assert 1 <= len(found.options) <= MOST_OPTIONS
    assert (
        sum(one.chosen for one in found.options)
        <= found.most
        <= min(MOST_CHOSEN, len(found.options))
    )
    assert all(0 < units(one.label) <= 100 for one in found.options)
    assert {one.value for one in found.options if one.chosen} == {
        str(one.id) for one in shared if one.id in chosen
    }
    assert len(found.placeholder) <= 150


@pytest.mark.parametrize(
    ("names", "lasting", "told"),
    [
        (["Zoo", r"\*Alps\*"], True, r"the documents of: Zoo, \*Alps\*"),
        ([], True, "only the documents that are for all"),
        (["Zoo"], False, "could not be stored"),
    ],
)
def test_what_was_chosen_is_said(names: list[str], lasting: bool, told: str) -> None:
    said = "\n".join(chosen_reply(names, lasting=lasting, words=ENGLISH).texts())
    assert told in said
    assert ("could not be stored" in said) is not lasting


@given(st.lists(st.text(max_size=100), max_size=MOST_CHOSEN), st.booleans())
def test_what_is_said_is_within_what_discord_takes(names: list[str], lasting: bool) -> None:
    reply = chosen_reply(names, lasting=lasting, words=ENGLISH)
    assert count_components(reply) <= MOST_COMPONENTS
    assert count_text(reply) <= MOST_TEXT
