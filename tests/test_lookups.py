"""What is looked up and re-indexed, as Discord messages: within the limits, harmless, discreet."""

import re
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.escaping import units
from bot.excerpt import Excerpt, excerpt
from bot.inert import inert
from bot.layout import Press, Reply, Text
from bot.lookups import (
    Status,
    context_reply,
    documents_reply,
    duration,
    help_reply,
    hits_reply,
    lines_reply,
    status_reply,
)
from bot.paging import Sheet, packed, sheet, turning
from bot.reindexing import (
    STAGES,
    cancelled_reply,
    changes_reply,
    elsewhere_reply,
    failure_reply,
    progress_reply,
    removal_reply,
    report_reply,
)
from bot.surroundings import page_around
from bot.visibility import Scope
from bot.words import ENGLISH, Words
from index.records import (
    Changes,
    Citation,
    Document,
    DocumentEntry,
    Hit,
    RefreshReport,
    Skipped,
    Span,
)
from tests.test_rendering import (
    ACTIVE,
    LANGUAGES,
    active,
    assert_within_limits,
    citations,
    documents,
    shown,
    tongues,
    wild,
)

HERE = frozenset({"", "server-7"})
DIRECT = frozenset({""})
CODE_OR_ESCAPE = re.compile(r"`[^`]+`|\\[^0-9A-Za-z\s]")  # as Discord reads: from left to right
ROW = "abcdefghij123456"
WHEN = "2026-08-01T12:30:00+00:00"

rows = st.sampled_from(["", ROW])
numbers = st.integers(-3, 30) | st.sampled_from([-(10**6), 10**6])
long = st.tuples(wild, st.integers(1, 40)).map(lambda one: one[0] * one[1])
ids = st.tuples(st.sampled_from(["", "a/", "server-7/", "server-8/"]), long).map("".join)
cited = citations().filter(lambda one: bool(one.title.strip()))
hits = st.lists(st.builds(Hit, cited, st.floats(0, 1)), max_size=6)
entries = st.builds(
    DocumentEntry,
    ids.filter(str.strip),
    long.filter(str.strip),
    st.just(""),
    st.just(1),
    st.integers(0, 10**7),
    st.just(WHEN),
)


def document(text: str, *, id: str = "a.txt", title: str = "A") -> Document:
    return Document(id, title, text, "", 0)


def excerpts(text: str, **named: str) -> Excerpt:
    return excerpt(document(text, **named))


def assert_inert(reply: Reply) -> None:
    """Nothing in the reply is active but what is ours: bold, code, small print and quotes."""
    for text in reply.texts():
        for line in text.split("\n"):
            bare = re.sub(r"^(?:### |-# |> )", "", CODE_OR_ESCAPE.sub("\0", line))
            bare = re.sub(r"\*\*(.+?)\*\*", "\0\\1\0", bare)
            bare = re.sub(r"^[\d.,]+(?= |\u202f)", "", bare)  # a number of ours
            bare = re.sub(r"^\0[+~−](?=[^\0]*\d[^\0]*\0)", "\0", bare)
            found = ACTIVE.search(bare)
            assert found is None, (line, found)


def assert_fit(reply: Reply) -> None:
    assert_within_limits(reply)
    assert_inert(reply)


# Passages

LONG = Citation(
    1, "d" * 200, "t" * 200, 0, 490, (99_998, 99_999), 9_999, "q" * 490, 0, 490, section="s" * 200
)


@given(long, hits, numbers, rows, tongues)
def test_passages_are_harmless(
    query: str, found: list[Hit], page: int, row: str, words: Words
) -> None:
    assert_inert(hits_reply(query, found, page, row=row, words=words))


@given(long, hits, numbers, rows)
@example("q", [Hit(LONG, 1.0)] * 6, 0, ROW)
@example("q" * 300, [Hit(LONG, 1.0)] * 6, 0, ROW)
def test_passages_keep_discords_limits(query: str, found: list[Hit], page: int, row: str) -> None:
    for words in LANGUAGES.spoken.values():
        assert_within_limits(hits_reply(query, found, page, row=row, words=words))


def test_passages_are_quoted_and_sourced_five_to_a_page() -> None:
    cited = [Citation(n, "a.txt", "A", 0, 9, (n, n), None, "They meet", 0, 9) for n in range(1, 8)]
    found = [Hit(one, 1.0) for one in cited]
    first, second = (
        list(hits_reply("w*o", found, n, row=ROW, words=ENGLISH).texts()) for n in (0, 1)
    )
    assert first[0] == second[0] == r"**Passages for** w\*o"
    assert first[1] == "> They meet\n-# 1 · A · `a.txt` · line 1"
    assert [text.split(" · ")[-1] for text in first[1:-1]] == [f"line {n}" for n in range(1, 6)]
    assert [text.split(" · ")[-1] for text in second[1:-1]] == ["line 6", "line 7"]
    assert (first[-1], second[-1]) == ("-# Page 1 of 2", "-# Page 2 of 2")


def test_where_nothing_matches_that_is_said() -> None:
    assert list(hits_reply("x", [], 0, row=ROW, words=ENGLISH).texts()) == [
        "**Passages for** x",
        "Nothing matches.",
    ]


# Documents


@given(st.lists(entries, max_size=25), numbers, tongues)
def test_the_list_of_documents_is_harmless(
    found: list[DocumentEntry], page: int, words: Words
) -> None:
    assert_inert(documents_reply(found, page, words=words))


@given(st.lists(entries, max_size=25), numbers)
@example([DocumentEntry("😀" * 120, "😀" * 80, "", 1, 10**7, WHEN)] * 11, 0)
@example([DocumentEntry("`" * 120, "*" * 80, "", 1, 10**7, WHEN)] * 11, 0)
def test_the_list_of_documents_keeps_discords_limits(found: list[DocumentEntry], page: int) -> None:
    for words in LANGUAGES.spoken.values():
        assert_within_limits(documents_reply(found, page, words=words))


def test_documents_are_listed_ten_to_a_page() -> None:
    found = [DocumentEntry(f"{n}.txt", f"No {n}", "", 1, n, WHEN) for n in range(12)]
    head, *listed, foot = documents_reply(found, 1, words=ENGLISH).texts()
    assert head == "**12 documents**"
    assert listed[0] == "**No 10** · `10.txt`\n-# 10 passages · indexed 2026-08-01 12:30 UTC"
    assert len(listed) == 2
    assert foot == "-# Page 2 of 2"
    assert list(documents_reply([], 0, words=ENGLISH).texts()) == [
        "There are no documents here yet."
    ]


# Lines


@given(documents, long, ids, numbers, rows, tongues)
def test_lines_are_harmless(
    text: str, title: str, id: str, page: int, row: str, words: Words
) -> None:
    found = excerpt(document(text, id=id, title=title.strip() or "A"), (2, 999), words=words)
    assert_inert(lines_reply(found, page, row=row, words=words))


@given(documents, long, ids, st.integers(1, 99), numbers, rows)
@example("word\n" * 900, "A", "i" * 900, 999, 0, ROW)
def test_lines_keep_discords_limits(
    text: str, title: str, id: str, last: int, page: int, row: str
) -> None:
    for words in LANGUAGES.spoken.values():
        found = excerpt(
            document(text, id=id or "x", title=title.strip() or "A"), (1, last), words=words
        )
        assert_within_limits(lines_reply(found, page, row=row, words=words))


def pages_of(found: Excerpt) -> list[str]:
    """The body of every page of lines."""
    first = lines_reply(found, 0, row=ROW, words=ENGLISH)
    told = [text for text in first.texts() if text.startswith("-# ")]
    pages = re.search(r"Page 1 of (\d+)$", told[-1]) if told else None
    count = int(pages[1]) if pages else 1
    return [list(lines_reply(found, n, row=ROW, words=ENGLISH).texts())[1] for n in range(count)]


@given(documents, st.integers(1, 5))
def test_the_pages_of_lines_hold_every_line_once_and_in_order(text: str, first: int) -> None:
    found = excerpt(document(text), (first, 10**6))
    expected = [line.rstrip("\r\n") for line in found.split()]
    read: list[list[str]] = []
    for line in "\n".join(pages_of(found)).split("\n"):
        numbered = re.fullmatch(r"`(\d+)` ?(.*)", line, re.DOTALL)
        if numbered and int(numbered[1]) == found.lines[0] + len(read):
            read.append([numbered[2]])
        elif read:
            read[-1].append(line)
    got = ["".join(map(shown, parts)).rstrip() for parts in read]
    blank = [re.sub(r"\s", "", one) for one in got]  # white space may be lost between pieces
    assert blank == [re.sub(r"\s", "", inert(one)) for one in expected]


def test_lines_are_numbered_as_in_the_document() -> None:
    found = excerpt(document("One.\n\n# Three\nFour.\n"), (2, 3))
    head, body = lines_reply(found, 0, row=ROW, words=ENGLISH).texts()
    assert head == "**A** · `a.txt`"
    assert body == "`2`\n`3` \\# Three"


def test_it_is_said_that_there_are_fewer_lines() -> None:
    found = excerpt(document("One.\nTwo."), (2, 9))
    assert list(lines_reply(found, 0, row=ROW, words=ENGLISH).texts())[1:] == [
        "`2` Two.",
        "-# a.txt has 2 lines; showing 2-2.",
    ]


# Around a quote


@given(documents.filter(str.strip), cited, st.integers(-9, 9), st.data())
def test_context_keeps_discords_limits_and_is_harmless(
    text: str, citation: Citation, number: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    page = page_around(text, Span(start, end), number)
    press = Press("context", ROW, (0, number))
    for words in LANGUAGES.spoken.values():
        assert_fit(context_reply(citation, page, (1, 10**6), press, words=words))


def test_context_is_turned_from_the_page_shown() -> None:
    text = "\n\n".join(f"Paragraph {n}. {'word ' * 60}" for n in range(40))
    cited = Citation(1, "a.txt", "A", 0, 9, (1, 1), None, "They meet", 0, 9)
    page = page_around(text, Span(6000, 6010), 1)
    reply = context_reply(cited, page, (3, 9), Press("context", ROW, (2, 1)), words=ENGLISH)
    assert next(reply.texts()) == "**A** · `a.txt` · lines 3-9"
    assert [one.press.numbers for one in reply.buttons()] == [(2, 0), (2, 2)]
    assert [one.disabled for one in reply.buttons()] == [False, False]


# Pages


@given(st.lists(st.integers(), max_size=40), numbers, st.integers(1, 9))
def test_a_page_beyond_the_ends_is_the_page_at_that_end(
    items: list[int], number: int, size: int
) -> None:
    shown_items, at = sheet(items, number, size=size)
    assert 0 <= at.number < at.count
    assert sheet(items, at.number, size=size) == (shown_items, at)
    assert at.number == min(max(number, 0), at.count - 1)
    everything = [one for n in range(at.count) for one in sheet(items, n, size=size)[0]]
    assert everything == items


@given(st.lists(long, max_size=20), st.integers(1, 500))
def test_packed_pages_hold_every_text_once_and_in_order(texts: list[str], room: int) -> None:
    pages = packed(texts, room=room)
    assert [text for page in pages for text in page] == texts
    assert len(pages) >= 1
    for page in pages:
        assert len(page) <= 1 or sum(units(text) + 1 for text in page) <= room
    for page, following in pairwise(pages):
        assert sum(units(text) + 1 for text in [*page, following[0]]) > room


@pytest.mark.parametrize(
    ("at", "numbers", "disabled"),
    [
        (Sheet(0, 3), [-1, 1], [True, False]),
        (Sheet(1, 3), [0, 2], [False, False]),
        (Sheet(2, 3), [1, 3], [False, True]),
    ],
)
def test_pages_are_turned_by_buttons(at: Sheet, numbers: list[int], disabled: list[bool]) -> None:
    buttons = [*Reply(tuple(turning("hits", ROW, at, ENGLISH)), 0).buttons()]
    assert [one.press for one in buttons] == [Press("hits", ROW, (n,)) for n in numbers]
    assert [one.disabled for one in buttons] == disabled


def test_there_are_no_buttons_where_there_is_nothing_to_turn_or_nothing_kept() -> None:
    assert turning("hits", ROW, Sheet(0, 1), ENGLISH) == []
    assert turning("hits", "", Sheet(0, 3), ENGLISH) == []


# The state of things

statuses = st.builds(
    Status,
    generation=st.none() | st.just("000001"),
    documents=st.integers(0, 10**7),
    passages=st.integers(0, 10**7),
    model=wild.map(lambda one: one * 10),
    median=st.none() | st.floats(0, 100),
    slowest=st.none() | st.floats(0, 100),
    uptime=st.floats(0, 10**9),
    shard=st.just("1 of 1"),
    trouble=st.none() | wild.map(lambda one: one * 4),
)


@given(statuses, tongues)
def test_the_status_keeps_discords_limits_and_is_harmless(status: Status, words: Words) -> None:
    assert_fit(status_reply(status, words=words))


@given(st.integers(1, 5000))
def test_trouble_as_long_as_may_be_keeps_discords_limits(length: int) -> None:
    status = Status(None, 0, 0, "m", None, None, 0.0, "0", trouble="_" * length)
    assert_within_limits(status_reply(status, words=ENGLISH))


def test_the_status_tells_how_the_bot_is() -> None:
    (text,) = status_reply(
        Status("000002", 3, 1, "m", 0.02, 12.0, 90.0, "0 of 1"), words=ENGLISH
    ).texts()
    assert text == (
        "**Index** generation 000002\n**Documents** 3 with 1 passage\n**Model** m\n"
        "**Answers take** 20 ms, 99 of 100 at most 12.0 s\n**Up for** 1 min · shard 0 of 1"
    )


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (18_720, "5 h 12 min"),
        (86_399, "23 h 59 min"),
        (183_600, "2 d 3 h"),
    ],
)
def test_a_time_is_told_as_a_person_would(seconds: float, told: str) -> None:
    assert duration(seconds, words=ENGLISH) == told


def test_help_names_each_command_and_keeps_discords_limits() -> None:
    commands = [(f"</command{n}:{10**18 + n}>", "d" * 80) for n in range(20)]
    for words in LANGUAGES.spoken.values():
        reply = help_reply("<@123456789012345678>", commands, words=words)
        assert_within_limits(reply)
        assert all(name in "".join(reply.texts()) for name, _ in commands)


# Re-indexing


@dataclass(frozen=True)
class Step:
    stage: str
    done: int
    total: int


def changes_of(
    ids: tuple[str, ...], skipped: tuple[Skipped, ...] = (), *, unchanged: tuple[str, ...] = ()
) -> Changes:
    return Changes(ids, ids, ids, unchanged, skipped)


def report_of(changes: Changes) -> RefreshReport:
    return RefreshReport(
        "000002",
        changes.added,
        changes.changed,
        changes.removed,
        changes.unchanged,
        changes.skipped,
        1,
        0.5,
    )


some_ids = st.lists(ids, max_size=12).map(tuple)
changes_found = st.builds(
    Changes,
    some_ids,
    some_ids,
    some_ids,
    some_ids,
    st.lists(st.builds(Skipped, ids, long), max_size=12).map(tuple),
)
scopes = st.sampled_from([DIRECT, HERE, frozenset({"", "a", "server-8"})])
MANY = tuple(f"{n}{'folder' * 40}.txt" for n in range(8))
MOST = changes_of(MANY, tuple(Skipped(id, "r" * 200) for id in MANY))


@given(changes_found, scopes, tongues)
def test_what_would_change_and_what_came_of_it_are_harmless(
    changes: Changes, scope: Scope, words: Words
) -> None:
    assert_inert(changes_reply(changes, scope, words=words))
    assert_inert(report_reply(report_of(changes), scope, words=words))


@given(changes_found, scopes, tongues)
@example(MOST, DIRECT, LANGUAGES.words("de"))
@example(MOST, DIRECT, LANGUAGES.words("fr"))
def test_what_would_change_keeps_discords_limits(
    changes: Changes, scope: Scope, words: Words
) -> None:
    assert_within_limits(changes_reply(changes, scope, words=words))


@given(changes_found, scopes, tongues)
@example(MOST, DIRECT, LANGUAGES.words("de"))
@example(MOST, DIRECT, LANGUAGES.words("fr"))
def test_what_came_of_it_keeps_discords_limits(
    changes: Changes, scope: Scope, words: Words
) -> None:
    first = "**Stored** `a.txt`."
    assert_within_limits(report_reply(report_of(changes), scope, first=first, words=words))


@given(changes_found, changes_found)
def test_a_server_is_told_nothing_of_anothers_documents(seen: Changes, hidden: Changes) -> None:
    def of_others(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"server-8/{id}" for id in ids)

    def mine(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id for id in ids if not id.startswith("server-8/"))

    def both(own: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
        return (*of_others(other), *mine(own))

    def left_out(changes: Changes) -> dict[str, Skipped]:
        return {one.document: one for one in changes.skipped}

    alone = Changes(
        mine(seen.added),
        mine(seen.changed),
        mine(seen.removed),
        mine(seen.unchanged),
        tuple(left_out(seen)[id] for id in mine(tuple(left_out(seen)))),
    )
    together = Changes(
        both(seen.added, hidden.added),
        both(seen.changed, hidden.changed),
        both(seen.removed, hidden.removed),
        both(seen.unchanged, hidden.unchanged),
        (
            *(Skipped(f"server-8/{one.document}", one.reason) for one in hidden.skipped),
            *alone.skipped,
        ),
    )
    for scope in (HERE, DIRECT):
        assert changes_reply(together, scope, words=ENGLISH) == changes_reply(
            alone, scope, words=ENGLISH
        )
        assert report_reply(report_of(together), scope, words=ENGLISH) == report_reply(
            report_of(alone), scope, words=ENGLISH
        )


@pytest.mark.parametrize("scope", [HERE, DIRECT])
def test_a_server_is_told_nothing_of_anothers_folder_that_cannot_be_read(scope: Scope) -> None:
    changes = Changes((), (), (), (), (Skipped("server-8", "There is no permission to read it."),))
    for reply in (
        changes_reply(changes, scope, words=ENGLISH),
        report_reply(report_of(changes), scope, words=ENGLISH),
    ):
        assert "server-8" not in "".join(reply.texts())
        assert "left out" not in "".join(reply.texts())


def test_what_would_change_is_named_and_counted() -> None:
    many = tuple(f"{n}.txt" for n in range(10))
    changes = Changes(many, ("server-7/a.txt",), (), ("b.txt",), (Skipped("x.pdf", "No parser."),))
    question, lines, skips = changes_reply(changes, HERE, words=ENGLISH).texts()
    assert question == "**Re-index the documents?**"
    assert lines.split("\n") == [
        f"**+10 added**: {', '.join(f'`{n}.txt`' for n in range(6))} and 4 more",
        "**~1 changed**: `server-7/a.txt`",
        "-# 1 document unchanged",
    ]
    assert skips == "⚠️ **1 file left out**\n`x.pdf`: No parser."
    assert "Nothing differs." in "".join(
        changes_reply(Changes((), (), (), ()), HERE, words=ENGLISH).texts()
    )


@given(
    st.builds(
        Step,
        st.sampled_from(STAGES),
        st.integers(0, 10**9),
        st.integers(-1, 10**9),
    )
    | st.none(),
    tongues,
)
def test_progress_keeps_discords_limits_and_is_harmless(
    progress: Step | None, words: Words
) -> None:
    assert_fit(progress_reply(progress, words=words))
    assert_fit(progress_reply(progress, left=5000.0, words=words))


@pytest.mark.parametrize(
    ("done", "bar"), [(0, "░" * 20), (5, "█" * 10 + "░" * 10), (10, "█" * 20), (11, "█" * 20)]
)
def test_progress_is_a_bar(done: int, bar: str) -> None:
    (text,) = progress_reply(Step("embedding", done, 10), words=ENGLISH).texts()
    assert text.endswith(f"`{bar}` {min(done, 10) * 10}%")  # and how many, no server is told


def test_progress_tells_how_long_it_still_takes_where_that_is_known() -> None:
    (text,) = progress_reply(Step("embedding", 5, 10), left=190.0, words=ENGLISH).texts()
    assert text.endswith("50%\n-# About 3 min left in this step")


@given(ids, long, rows, tongues)
def test_a_removal_keeps_discords_limits_and_is_harmless(
    id: str, title: str, row: str, words: Words
) -> None:
    assert_fit(removal_reply(id.strip() or "x", title.strip() or "A", row, words=words))
    assert_fit(cancelled_reply(words=words))
    assert_fit(elsewhere_reply(words=words))
    assert_fit(failure_reply("Why.", first="**Removed** `a.txt`.", words=words))


def test_what_is_hostile_is_seen_by_these_tests() -> None:
    for markup in ("@everyone", "<@1>", "a\n# h", "https://x.org", "**+1** [a](b)"):
        with pytest.raises(AssertionError):
            assert_inert(Reply((Text(markup),), 0))
    assert active("@everyone") is not None
