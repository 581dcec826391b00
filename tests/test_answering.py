import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering import (
    MOST_CITATIONS,
    Finding,
    allowed_documents,
    citation_of,
    cite_passage,
    find,
    rank_passages,
)
from index.confidence import SIGNS
from index.features import NAMES, describe
from index.records import Citation, Document, Span
from index.weights import Weights, load_weights
from tests.corpora import (
    candidates_of,
    corpora,
    document,
    found_in,
    questions,
    snapshot_of,
    word_weights,
)

unhurried = settings(deadline=None, max_examples=100)

TALKS = (
    "Talks\n\nThe group meets every six months in Alaska. Its chair is Ada Lovelace.\n\n"
    "It was founded in 2019 by Grace Hopper. Its members are 30 companies."
)
BREAD = "Bread\n\nBread is baked daily. It keeps for a week."


def assert_sound(citation: Citation, document: Document) -> None:
    text = document.text
    assert citation.document == document.id
    assert citation.title == document.title
    assert text[citation.start : citation.end] == citation.quote
    assert citation.start <= citation.answer_start < citation.answer_end <= citation.end
    assert text[citation.answer_start : citation.answer_end] == citation.answer
    first, last = citation.lines
    lines = text.split("\n")
    around = "\n".join(lines[first - 1 : last])
    assert citation.quote in around
    assert 1 <= first <= last <= len(lines)
    assert all((lines[first - 1], lines[last - 1]))
    assert citation.section is None or citation.section in text
    assert citation.quote == citation.quote.strip() != ""


@unhurried
@given(corpora, questions)
def test_every_citation_quotes_its_document_verbatim(texts: dict[str, str], question: str) -> None:
    snapshot = snapshot_of(texts)
    found = found_in(snapshot, question)
    documents = {one.id: one for one in snapshot.documents}
    for citation in found.citations:
        assert_sound(citation, documents[citation.document])
    assert [citation.n for citation in found.citations] == [1, 2, 3][: len(found.citations)]
    spans = {(one.document, one.start, one.end) for one in found.citations}
    assert len(spans) == len(found.citations)
    assert len(found.citations) == min(MOST_CITATIONS, len(snapshot.sentences))
    assert 0 <= found.confidence <= 1


@unhurried
@given(corpora)
def test_every_passage_can_be_cited_whole(texts: dict[str, str]) -> None:
    snapshot = snapshot_of(texts)
    for row, passage in enumerate(snapshot.passages):
        citation = cite_passage(snapshot, row, n=1)
        assert_sound(citation, snapshot.documents[passage["document"]])
        assert citation.is_whole


def test_nothing_to_cite_is_sure_of_nothing() -> None:
    assert found_in(snapshot_of({}), "where is it?") == Finding((), 0.0)


@pytest.mark.parametrize(
    ("question", "quote", "answer"),
    [
        (
            "how often does the group meet?",
            "The group meets every six months in Alaska.",
            "every six months",
        ),
        ("when was it founded?", "It was founded in 2019 by Grace Hopper.", "2019"),
        ("bread is baked", "Bread is baked daily.", "Bread is baked daily."),
    ],
)
def test_the_best_sentence_is_quoted_with_the_stretch_that_answers(
    question: str, quote: str, answer: str
) -> None:
    best = found_in(snapshot_of({"talks.txt": TALKS, "bread.txt": BREAD}), question).citations[0]
    assert best.quote == quote
    assert answer in best.answer
    assert best.is_whole == (answer == quote)


def test_lines_and_sections_are_those_of_the_document() -> None:
    text = "# Rules\r\n\r\n## Meetings\r\n\r\nThe group meets\r\nevery six months.\r\n"
    found = found_in(snapshot_of({"a.md": text}), "how often does the group meet?")
    (citation,) = found.citations
    assert citation.lines == (5, 6)
    assert (citation.title, citation.section) == ("Rules", "Meetings")
    assert citation.quote == "The group meets\r\nevery six months."
    assert citation.answer == "every six months"


def test_twins_are_both_cited() -> None:
    found = found_in(snapshot_of({"a.txt": BREAD, "b.txt": BREAD}), "bread is baked")
    assert {one.document for one in found.citations[:2]} == {"a.txt", "b.txt"}


def test_the_only_sentence_there_is_can_be_cited() -> None:
    found = found_in(snapshot_of({"a.txt": "Bread is baked daily."}), "xyzzy?")
    assert [one.quote for one in found.citations] == ["Bread is baked daily."]


@pytest.mark.parametrize(
    ("span", "answer"),
    [
        (Span(-1, 4), Span(0, 4)),
        (Span(0, 99), Span(0, 4)),
        (Span(0, 4), Span(2, 2)),
        (Span(0, 4), Span(2, 5)),
        (Span(2, 4), Span(1, 3)),
        (Span(4, 4), Span(4, 4)),
        (Span(4, 2), Span(2, 4)),
    ],
)
def test_a_span_out_of_its_text_cannot_be_cited(span: Span, answer: Span) -> None:
    with pytest.raises(ValueError, match=r"cannot be cited from a\.txt"):
        citation_of(document("Some words."), span, n=1, section=None, answer=answer)


def test_pages_are_told_where_there_are_some() -> None:
    paged = Document(
        id="a", title="a", text="One. Two. Three.", sha256="", size=16, page_starts=(0, 5, 10)
    )
    spans = [Span(0, 4), Span(5, 9), Span(10, 16)]
    pages = [citation_of(paged, one, n=1, section=None, answer=one).page for one in spans]
    assert pages == [1, 2, 3]


@unhurried
@given(corpora, questions)
def test_a_passage_is_as_good_as_its_best_sentence(texts: dict[str, str], question: str) -> None:
    snapshot = snapshot_of(texts)
    read, candidates = candidates_of(snapshot, question)
    ranked = rank_passages(snapshot, read, candidates, word_weights())
    assert len({passage for passage, _ in ranked}) == len(ranked)
    assert ranked == sorted(ranked, key=lambda one: (-one[1], one[0]))
    features = describe(snapshot, read, candidates)
    scores = features.matrix @ word_weights().rank_vector(NAMES)
    owners = snapshot.sentences["passage"][features.sentences]
    assert {passage for passage, _ in ranked} == set(owners.tolist())
    for passage, score in ranked:
        assert score == scores[owners == passage].max()


@given(
    st.lists(st.sampled_from(["a.txt", "x/b.txt", "y/c.txt", "y/z/d.txt"]), unique=True),
    st.one_of(st.none(), st.frozensets(st.sampled_from(["", "x", "y", "z"]))),
    st.one_of(st.none(), st.sampled_from(["a.txt", "y/c.txt", "gone.txt"])),
)
def test_a_document_is_allowed_by_collection_and_by_name(
    ids: list[str], collections: frozenset[str] | None, named: str | None
) -> None:
    snapshot = snapshot_of(dict.fromkeys(ids, "Some words."))
    allowed = allowed_documents(snapshot, collections=collections, document=named)
    if allowed is None:
        assert collections is None
        assert named is None
        return
    for one, seen in zip(snapshot.documents, allowed.tolist(), strict=True):
        right = collections is None or one.collection in collections
        assert seen == (right and named in (None, one.id))


# Weights


def test_the_shipped_weights_weigh_every_feature_and_every_sign() -> None:
    weights = load_weights()
    assert set(weights.ranker) == set(NAMES)
    assert set(weights.confidence) == set(SIGNS)
    assert 0 < weights.threshold < 1
    numbers = [*weights.ranker.values(), *weights.confidence.values(), weights.bias]
    assert np.isfinite(numbers).all()


def test_weights_are_put_in_the_order_asked_for() -> None:
    weights = Weights(ranker={"a": 1.0, "b": 2.0}, confidence={}, bias=0.0, threshold=0.5)
    assert weights.rank_vector(["b", "a"]).tolist() == [2.0, 1.0]
    with pytest.raises(KeyError):
        weights.rank_vector(["c"])


@unhurried
@given(corpora, questions)
def test_the_shipped_weights_answer_anything_with_a_share(
    texts: dict[str, str], question: str
) -> None:
    snapshot = snapshot_of(texts)
    read, candidates = candidates_of(snapshot, question)
    found = find(snapshot, read, candidates, load_weights())
    assert 0 <= found.confidence <= 1
    assert bool(found.citations) == bool(len(snapshot.sentences))
