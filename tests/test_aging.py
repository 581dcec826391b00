"""What became of a quote: judged by the documents as they are, and always as it was given first."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given

from index.aging import ELSEWHERE, SAME_SECTION, judge, judge_all, likeness, locate
from index.answering import citation_of
from index.fates import GONE, KEPT, Changed, Fate, Judged, Moved
from index.records import Citation, Span
from index.shelf import Shelf
from tests.corpora import corpora, document, found_in, paragraphs, snapshot_of, stories

MEETS = "The group meets every six months."
TALKS = f"Talks\n\n{MEETS} Its chair is Ada Lovelace."
ASKED = "how often does the group meet?"
INDEXED = "2021-03-11T00:00:00+00:00"  # when all documents of these tests are
LATER = "2022-01-01T00:00:00+00:00"


def cited(text: str = TALKS, quote: str = MEETS, id: str = "talks.txt") -> Citation:
    """The first citation of a question, as an answer gives it."""
    return next(
        one for one in found_in(snapshot_of({id: text}), ASKED).citations if one.quote == quote
    )


def shelf_of(texts: Mapping[str, str], collections: frozenset[str] | None = None) -> Shelf:
    return Shelf(snapshot_of(texts), collections)


def fate(texts: Mapping[str, str], **others: object) -> Fate:
    return judge(cited(), shelf_of(texts), **others).fate  # type: ignore[arg-type]


def every_sentence(texts: Mapping[str, str]) -> list[Citation]:
    shelf = shelf_of(texts)
    found = []
    for id in texts:
        there = shelf.document(id)
        assert there is not None
        for at, section in shelf.quotes(id):
            found.append(citation_of(there, at, n=1, section=section, answer=at))
    return found


def holds(now: Citation, shelf: Shelf) -> bool:
    """Whether a citation quotes its document word for word, from the place it names."""
    there = shelf.document(now.document)
    assert there is not None
    assert now.lines == there.lines(now.start, now.end)
    assert now.page == there.page(now.start)
    assert now.sha256 == there.sha256
    assert now.start <= now.answer_start < now.answer_end <= now.end
    return there.text[now.start : now.end] == now.quote


# Whatever the documents


@given(corpora)
def test_where_nothing_changed_every_quote_is_kept(texts: dict[str, str]) -> None:
    shelf = shelf_of(texts)
    for one in every_sentence(texts):
        there = shelf.document(one.document)
        assert there is not None
        assert judge(one, shelf) == Judged(one.document, there.sha256, KEPT)


@given(stories, paragraphs)
def test_what_is_written_above_moves_every_quote_and_loses_none(text: str, above: str) -> None:
    quotes = every_sentence({"a.txt": text})
    shelf = shelf_of({"a.txt": f"{above}\n\n{text}"})
    for one in quotes:
        found = judge(one, shelf).fate
        # What stands there twice may be found where the other stood.
        assert isinstance(found, Moved) or f"{above}\n\n{text}".count(one.quote) > 1
        if isinstance(found, Moved):
            assert holds(found.citation, shelf)
            assert found.citation.quote == one.quote
            assert found.citation.answer == one.answer


@given(corpora, corpora)
def test_whatever_became_of_a_quote_what_is_shown_stands_word_for_word(
    before: dict[str, str], after: dict[str, str]
) -> None:
    shelf = shelf_of(after)
    for one in every_sentence(before):
        found = judge(one, shelf)
        there = shelf.document(found.document)
        assert found.sha256 == (there.sha256 if there else "")
        if isinstance(found.fate, Moved | Changed):
            assert holds(found.fate.citation, shelf)
        if isinstance(found.fate, Moved):
            assert found.fate.citation.quote.split() == one.quote.split()
        if isinstance(found.fate, Changed):
            assert found.fate.citation.document == one.document
            assert likeness(one.quote, found.fate.citation.quote) >= SAME_SECTION
        if found.fate == KEPT:
            assert there is not None
            assert there.text[one.start : one.end] == one.quote


@given(corpora, corpora, corpora)
def test_a_quote_that_comes_back_is_kept_whatever_was_found_between(
    before: dict[str, str], between: dict[str, str], after: dict[str, str]
) -> None:
    for one in every_sentence(before):
        found = judge(one, shelf_of(between)).fate
        found = judge(one, shelf_of(after), before=found).fate
        assert judge(one, shelf_of(before), before=found).fate == KEPT


@given(corpora, corpora)
def test_nothing_of_a_document_that_may_not_be_seen_is_told(
    before: dict[str, str], after: dict[str, str]
) -> None:
    hidden, shelf = shelf_of(after, frozenset({"news"})), shelf_of(after)
    for one in every_sentence(before):
        earlier = judge(one, shelf).fate
        found = judge(one, hidden, before=earlier)
        if isinstance(found.fate, Moved | Changed):
            assert found.fate.citation.document.startswith("news/")
        if not one.document.startswith("news/"):
            assert found.fate == GONE or isinstance(found.fate, Moved)


# Moved


@pytest.mark.parametrize(
    ("text", "quote", "start", "found"),
    [
        ("It costs 50 euros.", "It costs 5", 0, None),
        ("a cat catalogue", "cat", 6, 2),
        ("猫。猫が好き。", "猫が好き。", 0, 2),
        ("One two\nthree.", "two three.", 0, 4),
        ("One two\n\n  three.", "One two three.", 0, 0),
        ("One twothree.", "two three", 0, None),
        ("x", "", 0, None),
    ],
)
def test_a_quote_is_found_whole_wherever_its_lines_are_broken(
    text: str, quote: str, start: int, found: int | None
) -> None:
    at = locate(text, quote, start)
    assert (at and at.start) == found


def test_a_paragraph_broken_anew_is_quoted_as_it_stands_now() -> None:
    shelf = shelf_of({"talks.txt": TALKS.replace("every six", "every\nsix")})
    found = judge(cited(), shelf).fate
    assert isinstance(found, Moved)
    assert holds(found.citation, shelf)
    assert found.citation.answer == "every\nsix months"
    assert found.citation.lines == (3, 4)


def test_a_document_of_another_name_is_found_by_its_bytes_or_if_it_came_since() -> None:
    copy = f"Copy\n\n{MEETS}"
    named: list[tuple[dict[str, str], str, str | None]] = [
        ({"b.txt": TALKS}, LATER, "b.txt"),
        ({"b.txt": copy}, INDEXED, "b.txt"),
        ({"b.txt": copy}, LATER, None),
        ({"a.txt": copy, "b.txt": TALKS}, INDEXED, "b.txt"),
        ({"a.txt": copy, "z/talks.txt": copy}, INDEXED, "z/talks.txt"),
    ]
    for texts, since, id in named:
        found = fate(texts, since=since)
        assert (found.citation.document if isinstance(found, Moved) else None) == id, texts


def test_an_old_copy_is_not_taken_for_what_a_changed_document_says() -> None:
    texts = {"talks.txt": TALKS.replace("six months", "year"), "archive.txt": TALKS}
    assert isinstance(fate(texts), Changed)


def test_a_quote_stays_where_it_was_found_while_it_stands_there() -> None:
    there = {"one/a.txt": f"A\n\n{MEETS}", "two/b.txt": f"B\n\n{MEETS}"}
    found = judge(cited(), shelf_of({"two/b.txt": there["two/b.txt"]}))
    assert judge(cited(), shelf_of(there), before=found.fate) == found


# Changed


@pytest.mark.parametrize(
    "now",
    [
        "The group meets every year.",
        "The group meets every three months.",
        "The working group meets every six months.",
        "The group meets every six months, online.",
    ],
)
def test_a_sentence_that_was_reworded_is_known_again(now: str) -> None:
    shelf = shelf_of({"talks.txt": TALKS.replace(MEETS, now)})
    found = judge(cited(), shelf).fate
    assert isinstance(found, Changed)
    assert found.citation.quote == now
    assert found.citation.is_whole


@pytest.mark.parametrize(
    "now", ["", "It is long.", "Its chair is Grace Hopper.", "Bread is baked every six months."]
)
def test_another_sentence_is_not_taken_for_it(now: str) -> None:
    assert fate({"talks.txt": TALKS.replace(MEETS, now)}) == GONE


def test_under_another_heading_a_sentence_must_be_more_alike() -> None:
    now = "The group meets every three weeks."
    assert SAME_SECTION <= likeness(MEETS, now) < ELSEWHERE
    there = f"Talks\n\nIts chair is Ada Lovelace.\n\nPlans\n\n{now} It is so."
    assert fate({"talks.txt": there}) == GONE
    assert fate({"talks.txt": there.replace("Plans\n\n", "")}) != GONE


def test_what_was_quoted_beside_it_is_not_what_it_became() -> None:
    text = "Fees\n\nAdults pay 12 dollars a month. Children pay 6 dollars a month."
    quotes = every_sentence({"fees.txt": text})
    assert [one.quote for one in quotes][1] == "Children pay 6 dollars a month."
    shelf = shelf_of({"fees.txt": "Fees\n\nChildren pay 6 dollars a month. It is so."})
    assert isinstance(judge(quotes[0], shelf).fate, Changed)  # alone, that cannot be known
    found = [one.fate for one in judge_all(quotes, shelf)]
    assert found[0] == GONE
    assert isinstance(found[1], Moved)


def test_what_it_became_stays_that_while_it_stands_though_another_is_more_alike() -> None:
    yearly = TALKS.replace("six months", "year")
    before = fate({"talks.txt": yearly})
    both = {"talks.txt": yearly.replace("Its", "The group meets every six weeks. Its")}
    first, again = fate(both), fate(both, before=before)
    assert isinstance(first, Changed)
    assert isinstance(again, Changed)
    assert first.citation.quote != again.citation.quote
    assert again.citation.quote == "The group meets every year."


def test_a_word_or_two_is_not_looked_for_elsewhere() -> None:
    quote = citation_of(document("Yes.", "a.txt"), Span(0, 4), n=1, section=None, answer=Span(0, 4))
    assert judge(quote, shelf_of({"b.txt": "It is.\n\nYes."})).fate == GONE


@given(paragraphs, paragraphs)
def test_sentences_are_as_alike_one_way_as_the_other(one: str, other: str) -> None:
    assume(one != other)
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 1 == likeness(one, one)
