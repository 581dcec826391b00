"""A sentence that refers to the one before is quoted with it, and only then."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.aging import judge
from index.answering import cite, quote_of, quotes_of
from index.fates import GONE, Changed, Fate
from index.library import Library
from index.predecessors import MOST_CHARACTERS, refers_back, with_predecessor
from index.records import Answer, Citation, Span
from index.shelf import Shelf
from tests.corpora import found_in, snapshot_of

FOUNDED = "Ada Tremaine founded the bakery near the harbour."
LEFT = "In 1994 she left it to the city."
BREAD = "Bread is baked daily from wheat, water, salt and yeast."
STORY = f"{FOUNDED} {LEFT} {BREAD}"


@pytest.mark.parametrize(
    "sentence",
    [
        "He led it until 1994.",
        "they meet in Bonn",
        "Their chair is Ada.",
        "This led to a strike.",
        "However, it failed.",
        "In March 1994 he left.",
        "Recently, this changed.",
        "As a result, they left.",
        "Its chair is Ada Lovelace.",
        "It was founded to bake bread.",
        "In 1990 he left it to the city.",
        "Those rules were changed.",
    ],
)
def test_words_that_stand_for_something_refer_back(sentence: str) -> None:
    assert refers_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "…",
        "The group meets every six months.",
        "Ada said that she would leave.",
        "When the group meets, it votes.",
        "In the harbour it is cold.",
        "It is known that bread rises.",
        "It was not clear whether the bakery would stay.",
        "It takes two hours to bake.",
        "Those who come late stand.",
        "Such as bread.",
        "Italy is warm.",
        "Er leitete die Gruppe.",
    ],
)
def test_what_names_what_it_means_does_not(sentence: str) -> None:
    assert not refers_back(sentence)


def quotes(text: str, id: str = "a.txt") -> list[str]:
    snapshot = snapshot_of({id: text})
    body = snapshot.documents[0].body
    spans = [quote_of(snapshot, row) for row in range(len(snapshot.sentences))]
    return [body[one.start : one.end] for one in spans]


def test_both_are_quoted() -> None:
    assert quotes(STORY) == [FOUNDED, f"{FOUNDED} {LEFT}", BREAD]


def test_lines_may_be_broken_between_them() -> None:
    assert quotes(f"{FOUNDED}\n{LEFT}")[1] == f"{FOUNDED}\n{LEFT}"


@pytest.mark.parametrize("apart", ["\n\n", "\n\n- ", "\n\n# Then\n\n", "\n \n"])
def test_a_new_paragraph_begins_anew(apart: str) -> None:
    assert quotes(f"{FOUNDED}{apart}{LEFT}", "a.md")[-1] == LEFT


def test_items_of_a_list_are_quoted_alone() -> None:
    assert quotes(f"- {FOUNDED}\n- {LEFT}\n", "a.md")[-1] == LEFT


@pytest.mark.parametrize(("letters", "is_quoted"), [(500, True), (MOST_CHARACTERS, False)])
def test_a_long_sentence_before_is_left_out(letters: int, is_quoted: bool) -> None:
    before, text = Span(0, letters), f"{'a' * (letters - 1)}. {LEFT}"
    sentence = Span(letters + 1, len(text))
    found = with_predecessor(text, before, sentence)
    assert found == (Span(0, len(text)) if is_quoted else sentence)


def test_other_languages_are_quoted_sentence_by_sentence() -> None:
    german = (
        "Die Bäckerei am Hafen wurde von Ada Tremaine gegründet und hat jeden Tag geöffnet. "
        "Such und Rettung sind die Aufgaben der Wasserwacht, die neben der Bäckerei wohnt."
    )
    snapshot = snapshot_of({"a.txt": german})
    assert snapshot.documents[0].language == "de"
    assert quotes(german)[-1].startswith("Such und")


pieces = st.sampled_from(["He went. ", "Ada came. ", "It is. ", "\n", "\n\n", "- ", "who. ", " "])


@given(st.lists(pieces, max_size=30).map("".join), st.integers(0, 100), st.integers(0, 100))
def test_a_quote_is_the_sentence_or_begins_with_the_one_before(
    text: str, first: int, second: int
) -> None:
    places = sorted({min(first, len(text)), min(second, len(text))})
    before, sentence = Span(0, places[0]), Span(places[-1], len(text))
    found = with_predecessor(text, before, sentence)
    assert found in (sentence, Span(before.start, sentence.end))
    assert found == sentence or found.end - found.start <= MOST_CHARACTERS
    assert with_predecessor(text, None, sentence) == sentence


def test_what_is_shown_already_is_not_shown_again() -> None:
    snapshot = snapshot_of({"a.txt": STORY})
    shown = found_in(snapshot, "who founded the bakery near the harbour?").citations
    assert shown[0].quote == FOUNDED
    others = [one.quote for one in shown[1:]]
    assert LEFT in others
    assert not any(FOUNDED in one for one in others)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder: Path = tmp_path_factory.mktemp("predecessors")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "bakery.md").write_text(f"# The bakery\n\n{STORY}\n", "utf-8")
    library = Library.open(seeds=folder / "seeds", data=folder / "data")
    library.refresh()
    found = library.ask("in what year did she leave it to the city?")
    assert isinstance(found, Answer)
    return found


def test_the_answer_stands_in_the_sentence_that_was_found(result: Answer) -> None:
    first = result.citations[0]
    assert first.quote == f"{FOUNDED} {LEFT}"
    assert result.answer == "1994"
    text = f"# The bakery\n\n{STORY}\n"
    assert text[first.start : first.end] == first.quote
    assert text[first.answer_start : first.answer_end] == "1994"
    assert first.lines == (3, 3)


def fate_of(text: str) -> Fate:
    return judge(cited(), Shelf(snapshot_of({"a.txt": text}))).fate


def cited() -> Citation:
    """The second sentence of the story, quoted with the first."""
    snapshot = snapshot_of({"a.txt": STORY})
    return cite(snapshot, 1, n=1, quote=quote_of(snapshot, 1), answer=None)


def test_where_only_what_led_up_to_it_is_left_it_is_gone() -> None:
    assert cited().quote == f"{FOUNDED} {LEFT}"
    assert fate_of(f"{FOUNDED} {BREAD}") == GONE


def test_where_it_is_said_otherwise_it_is_changed() -> None:
    now = fate_of(STORY.replace("1994", "1996"))
    assert isinstance(now, Changed)
    assert now.citation.quote == f"{FOUNDED} In 1996 she left it to the city."


def test_what_may_be_quoted_is_both_and_each_alone() -> None:
    snapshot = snapshot_of({"a.txt": STORY})
    found = {STORY[one.start : one.end] for at in range(3) for one in quotes_of(snapshot, at)}
    assert found == {FOUNDED, LEFT, f"{FOUNDED} {LEFT}", BREAD}
