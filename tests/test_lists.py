"""An introduction is quoted with its list: whole, verbatim, and no further."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aging import cited_markup
from bot.inert import lined
from bot.quoting import quote_markup
from bot.words import ENGLISH
from index.aging import judge
from index.answering import quote_of
from index.fates import Changed, Fate, Gone, Moved
from index.library import Library
from index.lists import MOST_CHARACTERS, lines_of, with_list
from index.records import Answer, Span
from index.shelf import Shelf
from tests.corpora import snapshot_of

CLUB = """# The club

The following organisations are members:

- The Rowing Union. It is old.
- Bakers of the Bay,
  who came last
- Friends of the Lighthouse

Nobody else is.
"""
MEMBERS = CLUB.partition("\n\n")[2]


def quoted(text: str, *, name: str = "a.md", sentence: int = 0) -> str:
    snapshot = snapshot_of({name: text})
    span = quote_of(snapshot, sentence)
    return snapshot.document_of(sentence).text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (MEMBERS, MEMBERS.removesuffix("\n\nNobody else is.\n")),
        ("Bring these\n- bread\n- water\n", "Bring these\n- bread\n- water"),
        ("Bring these:\n1. bread\na) water\n\nGo.", "Bring these:\n1. bread\na) water"),
        ("Bring these:\n\n• bread\n\n• water\n\n# Then", "Bring these:\n\n• bread\n\n• water"),
        ("Bring bread.\n\n- water\n- salt\n", "Bring bread."),
        ("Ada said:\n\nBring bread.", "Ada said:"),
        ("Bring these: bread.\n\n- water", "Bring these: bread."),
    ],
)  # fmt: skip
def test_an_introduction_is_quoted_to_the_end_of_its_list(text: str, quote: str) -> None:
    assert quoted(text, name="a.txt") == quote


def test_a_list_is_told_in_other_scripts_too() -> None:
    text = "所有参加会议的人都需要带上这些东西：\n\n- 面包\n- 水"
    assert quoted(f"# 会议\n\n{text}\n\n结束。\n") == text


@pytest.mark.parametrize("sentence", [1, 2, 3])
def test_an_item_is_quoted_alone(sentence: int) -> None:
    text = "Bring these:\n- bread from here\n- water: it is\n  cold\n- salt"
    assert "\n-" not in quoted(text, name="a.txt", sentence=sentence)


def test_of_a_long_list_the_first_items_are_quoted_whole() -> None:
    items = [f"- item {number} is {'very ' * 10}long" for number in range(40)]
    quote = quoted("\n".join(["Bring these:", *items, "", "The end."]), name="a.txt")
    assert len(quote) <= MOST_CHARACTERS
    assert len(quote) > MOST_CHARACTERS - len(items[0]) - 10
    assert quote.split("\n")[1:] == items[: quote.count("\n")]


pieces = st.sampled_from(
    ["Bring:", "These include", "- ", "* ", "1. ", "\n", "\n\n", "bread", " water", ".", "  ", "> "]
)


@settings(deadline=None)
@given(st.lists(pieces, min_size=1, max_size=40).map("".join))
def test_a_quote_begins_with_its_sentence_and_ends_with_one(text: str) -> None:
    sentences = [Span(*found.span()) for found in re.finditer(r"[^\n.:]*\w[^\n.:]*[.:]?", text)]
    for at, one in enumerate(sentences):
        found = with_list(text, one, sentences[at + 1 :])
        assert found.start == one.start
        assert found.end in [other.end for other in sentences[at:]]
        assert found.end == one.end or found.end - found.start <= MOST_CHARACTERS


@given(st.lists(pieces, max_size=40).map("".join))
def test_lines_lose_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(lines_of(text)).split()) == "".join(text.split())


def test_lines_are_told_at_once_however_far_words_stand_apart() -> None:
    text = f"These:{' ' * 200_000}\n- bread{' ' * 200_000}water"  # quadratic, it would take minutes
    assert len(lines_of(text)) == 2


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder: Path = tmp_path_factory.mktemp("lists")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "club.md").write_text(CLUB, "utf-8")
    library = Library.open(seeds=folder / "seeds", data=folder / "data")
    library.refresh()
    found = library.ask("which organisations are members?")
    assert isinstance(found, Answer)
    return found


def test_who_asks_for_what_is_listed_is_given_the_list(result: Answer) -> None:
    first, *others = result.citations
    assert first.quote == CLUB[first.start : first.end]
    assert first.quote.startswith("The following organisations")
    assert first.quote.endswith("Friends of the Lighthouse")
    assert first.lines == (3, 8)
    assert result.answer == first.quote  # what was read of the introduction is no answer
    for other in others:
        assert not first.start <= other.start < first.end


def test_a_list_is_shown_as_one(result: Answer) -> None:
    quote = result.citations[0].quote
    shown = ["The following organisations are members:", "- The Rowing Union. It is old.",
             "- Bakers of the Bay, who came last", "- Friends of the Lighthouse"]  # fmt: skip
    assert lined(quote).split("\n") == shown
    marked = quote_markup(result.citations[0], room=2_000).split("\n")
    assert [line.removeprefix("> ").replace("\\", "") for line in marked] == shown
    cut = quote_markup(result.citations[0], room=80)
    assert len(cut) <= 80
    assert cut.endswith("…")


def test_a_list_that_is_gone_is_struck_line_by_line(result: Answer) -> None:
    markup = cited_markup(result.citations[0], Gone(), room=900, words=ENGLISH)
    *lines, _ = markup.split("\n")
    assert len(lines) == 4
    assert all(re.fullmatch(r"> ~~.+~~", line) for line in lines)


def fate_of(result: Answer, text: str) -> Fate:
    shelf = Shelf(snapshot_of({"club.md": text}))
    return judge(result.citations[0], shelf).fate


def test_a_list_ages_as_one(result: Answer) -> None:
    assert isinstance(fate_of(result, f"# News\n\nNone.\n\n{CLUB}"), Moved)
    assert isinstance(fate_of(result, "# The club\n\nThere are no members any more.\n"), Gone)
    changed = fate_of(result, CLUB.replace("The Rowing Union", "The Sailing Union"))
    assert isinstance(changed, Changed)
    assert changed.citation.quote == result.citations[0].quote.replace("Rowing", "Sailing")
