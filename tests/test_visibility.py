"""Which collections may be seen from where, worked out from links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.history.stored import Link
from bot.uploads import server_folder
from bot.visibility import ALL_MAY_SEE, audience, collection_of, collections_of, scope
from index.records import Abstained, Answer, Citation

HERE, ELSEWHERE = 1, 2
CHANNEL, ROOM, STAFF, GUESTS = 10, 11, 20, 21

ids = st.integers(1, 12)
links = st.lists(
    st.builds(
        Link,
        collection=st.sampled_from(["minutes", "plans", "", "server-1", "server-2", "server-3"]),
        guild=ids,
        kind=st.sampled_from(["server", "channel", "role"]),
        target=ids,
    ),
    max_size=12,
)
some = st.lists(ids, max_size=4)


@pytest.mark.parametrize(
    ("link", "channels", "roles", "seen"),
    [
        (Link("minutes", HERE, "server", HERE), [CHANNEL], [HERE], True),
        (Link("minutes", HERE, "channel", CHANNEL), [CHANNEL], [HERE], True),
        (Link("minutes", HERE, "channel", ROOM), [CHANNEL, ROOM], [HERE], True),  # a thread in it
        (Link("minutes", HERE, "channel", ROOM), [CHANNEL], [HERE], False),
        (Link("minutes", HERE, "channel", CHANNEL), [], [HERE], False),
        (Link("minutes", HERE, "role", STAFF), [CHANNEL], [HERE, STAFF], True),
        (Link("minutes", HERE, "role", STAFF), [CHANNEL], [HERE, GUESTS], False),
        (Link("minutes", HERE, "role", HERE), [CHANNEL], [HERE], True),  # @everyone
        (Link("minutes", ELSEWHERE, "server", ELSEWHERE), [CHANNEL], [HERE], False),
        (Link("minutes", ELSEWHERE, "channel", CHANNEL), [CHANNEL], [HERE], False),
        (Link("minutes", ELSEWHERE, "role", STAFF), [CHANNEL], [HERE, STAFF], False),
        (Link("minutes", HERE, "server", ELSEWHERE), [CHANNEL], [HERE], False),
        (Link("minutes", HERE, "role", CHANNEL), [CHANNEL], [HERE], False),
    ],
)
def test_a_collection_is_seen_where_it_is_linked(
    link: Link, channels: list[int], roles: list[int], seen: bool
) -> None:
    found = scope(HERE, channels, roles=roles, links=[link])
    assert found == {"", "server-1"} | ({"minutes"} if seen else set())


@given(ids, some, some, links)
def test_everybody_sees_what_all_there_see_and_what_is_the_servers_own(
    guild: int, channels: list[int], roles: list[int], linked: list[Link]
) -> None:
    everyone = audience(guild, channels, linked)
    assert ALL_MAY_SEE | {server_folder(guild)} <= everyone
    assert everyone <= scope(guild, channels, roles=[guild, *roles], links=linked)


@given(ids, some, some, links)
def test_links_of_other_servers_count_for_nothing(
    guild: int, channels: list[int], roles: list[int], linked: list[Link]
) -> None:
    own = [link for link in linked if link.guild == guild]
    assert scope(guild, channels, roles=roles, links=linked) == scope(
        guild, channels, roles=roles, links=own
    )


@given(ids, some, some, links)
def test_no_link_shows_another_servers_own_folder(
    guild: int, channels: list[int], roles: list[int], linked: list[Link]
) -> None:
    found = scope(guild, channels, roles=roles, links=linked)
    assert not {server_folder(n) for n in range(1, 13) if n != guild} & found


@pytest.mark.parametrize(
    ("document", "collection"),
    [
        ("a.txt", ""),
        ("minutes/a.txt", "minutes"),
        ("minutes/2024/a.txt", "minutes"),
        ("server-1/a.txt", "server-1"),
        ("server-1", "server-1"),  # the folder itself, which could not be read
        ("minutes", ""),
        ("", ""),
    ],
)
def test_a_document_is_of_its_first_folder(document: str, collection: str) -> None:
    assert collection_of(document) == collection


def test_a_result_quotes_the_collections_of_its_citations() -> None:
    cited = tuple(
        Citation(n, id, "T", 0, 1, (1, 1), None, "x", 0, 1)
        for n, id in enumerate(("a.txt", "plans/b.txt", "plans/c.txt"), start=1)
    )
    assert collections_of(Answer("q", "x", 0.9, cited, "1", 0.1)) == {"", "plans"}
    assert collections_of(Abstained("q", 0.1, cited[1:], "1", 0.1)) == {"plans"}
    assert collections_of(Abstained("q", 0.1, (), "1", 0.1)) == frozenset()
