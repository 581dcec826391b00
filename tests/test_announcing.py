"""That documents have changed, told of those that may be seen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcing import announcement
from bot.layout import MOST_COMPONENTS, MOST_TEXT, count_components, count_text
from bot.visibility import ALL_MAY_SEE, Scope
from bot.words import ENGLISH
from index.records import RefreshReport
from tests.bots import LANGUAGES as TONGUES

NOTHING = RefreshReport("000002", (), (), (), (), (), passages=1, seconds=0.1)

paths = st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=4).map("/".join)
ids = st.lists(paths, max_size=30, unique=True).map(tuple)
reports = st.builds(replace, st.just(NOTHING), added=ids, changed=ids, removed=ids)


def told(report: RefreshReport, scope: Scope = ALL_MAY_SEE, **titles: str) -> str:
    named = {id.replace("_", "."): title for id, title in titles.items()}
    reply = announcement(report, scope, named, ENGLISH)
    return "" if reply is None else "\n".join(reply.texts())


def test_what_is_new_changed_and_gone_is_named_by_title_and_path() -> None:
    report = replace(NOTHING, added=("a.txt",), changed=("b.txt", "c.txt"), removed=("d.txt",))
    assert told(report, a_txt="First", b_txt="Second *one*").splitlines() == [
        "**The documents have changed**",
        "🆕 **New**",
        "- First · `a.txt`",
        "✏️ **Changed**",
        r"- Second \*one\* · `b.txt`",
        "- `c.txt`",
        "🗑️ **Removed**",
        "- `d.txt`",
    ]


def test_kinds_of_which_there_is_nothing_are_not_named() -> None:
    said = told(replace(NOTHING, removed=("d.txt",)))
    assert "Removed" in said
    assert "New" not in said
    assert "Changed" not in said


@pytest.mark.parametrize(
    ("scope", "named"),
    [
        ({""}, ["open"]),
        ({"", "news"}, ["open", "news"]),
        ({"", "server-1"}, ["open", "own"]),
        ({"server-2"}, []),
        (set(), []),
    ],
)
def test_only_what_may_be_seen_is_named(scope: set[str], named: list[str]) -> None:
    every = ("open.txt", "news/news.txt", "news/deep/er.txt", "server-1/own.txt", "newsy/x.txt")
    for kind in ("added", "changed", "removed"):
        report = replace(NOTHING, **{kind: every})  # type: ignore[arg-type]
        said = told(report, frozenset(scope))
        listed = [line for line in said.splitlines() if line.startswith("- ")]
        words = {"open": "open.txt", "news": "news/news.txt", "own": "server-1/own.txt"}
        assert all(any(words[one] in line for line in listed) for one in named)
        assert len(listed) == len(named) + ("news" in named)
        assert "newsy" not in said
        assert bool(said) == bool(named)


def test_nothing_to_see_is_not_told() -> None:
    assert announcement(NOTHING, ALL_MAY_SEE, {}, ENGLISH) is None
    hidden = replace(NOTHING, added=("news/a.txt",), unchanged=("b.txt",))
    assert announcement(hidden, ALL_MAY_SEE, {}, ENGLISH) is None


def test_ten_of_a_kind_are_named_and_the_others_counted() -> None:
    said = told(replace(NOTHING, added=tuple(f"t{n:02}.txt" for n in range(13))))
    assert "`t09.txt`" in said
    assert "t10" not in said
    assert "and 3 more" in said
    assert "more" not in told(replace(NOTHING, added=tuple(f"t{n:02}.txt" for n in range(10))))


@given(reports, st.text(max_size=300), st.booleans())
def test_every_announcement_is_within_what_discord_takes(
    report: RefreshReport, title: str, titled: bool
) -> None:
    every = {*report.added, *report.changed, *report.removed}
    scope = frozenset(id.partition("/")[0] if "/" in id else "" for id in every)
    titles = dict.fromkeys(every, title) if titled else {}
    reply = announcement(report, scope | ALL_MAY_SEE, titles, ENGLISH)
    assert (reply is None) == (not every)
    if reply is not None:
        assert count_components(reply) <= MOST_COMPONENTS
        assert count_text(reply) <= MOST_TEXT


@pytest.mark.parametrize("language", TONGUES.spoken)
@pytest.mark.parametrize("letter", ["x", "*", "`", "𝔸", "_"])
def test_the_longest_announcement_is_within_what_discord_takes(letter: str, language: str) -> None:
    ids = tuple(f"{n:02}{letter * 120}.txt" for n in range(40))
    report = replace(NOTHING, added=ids, changed=ids, removed=ids)
    words = TONGUES.words(language)
    reply = announcement(report, ALL_MAY_SEE, dict.fromkeys(ids, letter * 300), words)
    assert reply is not None
    assert count_text(reply) <= MOST_TEXT
    assert all("30" in text.splitlines()[-1] for text in list(reply.texts())[1:])
