"""Candidates, what is known of them, and how sure that makes: on hand-made vectors and texts."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.confidence import SIGNS, confidence, signs
from index.features import NAMES, Features, describe
from index.lexical import Lexicon
from index.meaning import Meaning
from index.questions import read_question
from index.ranking import Readings, rank, ranked
from index.retrieving import Candidates, retrieve
from index.snapshot import KEY, PASSAGE, SENTENCE, Snapshot
from index.terms import terms
from index.vectors import VectorIndex
from tests.corpora import (
    candidates_of,
    corpora,
    document,
    questions,
    snapshot_of,
    word_weights,
)

unhurried = settings(deadline=None, max_examples=60)

CODED = 0.005
"""What cosines in the plane are off by at most, since vectors are kept in steps of 1 / 128."""

Said = tuple[str, float]  # a sentence, and the angle of its vector


def at(*degrees: float) -> NDArray[np.float32]:
    """Unit vectors in the plane; their cosine with ``at(0)[0]`` is that of their angle."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


EAST = at(0)[0]


def made(*passages: tuple[float, Sequence[Said]]) -> Snapshot:
    """A document for each passage, which comes with the angle of its vector and its sentences."""
    texts = [" ".join(text for text, _ in said) for _, said in passages]
    rows: list[tuple[int, ...]] = []
    sentences: list[tuple[int, int, int]] = []
    for row, (_, said) in enumerate(passages):
        first, offset = len(sentences), 0
        for text, _ in said:
            sentences.append((row, offset, offset + len(text)))
            offset += len(text) + 1
        rows.append((row, 0, offset - 1, first, len(sentences), -1, -1))
    words = [terms(text) for _, said in passages for text, _ in said]
    return Snapshot(
        documents=tuple(document(text, f"{n:03}.txt") for n, text in enumerate(texts)),
        indexed_at=("",) * len(texts),
        passages=np.array(rows, PASSAGE),
        sentences=np.array(sentences, SENTENCE),
        passage_keys=np.zeros(len(rows), KEY),
        sentence_keys=np.zeros(len(sentences), KEY),
        passage_vectors=VectorIndex.build(at(*(angle for angle, _ in passages))),
        sentence_vectors=VectorIndex.build(
            at(*(angle for _, said in passages for _, angle in said))
        ),
        lexicon=Lexicon.build(words, [(row[3], row[4], []) for row in rows]),
        words={},
    )


def asked(
    snapshot: Snapshot, question: str, *, allowed: NDArray[np.bool_] | None = None
) -> Candidates:
    query = snapshot.lexicon.query(terms(question))
    return retrieve(snapshot, EAST, query, allowed=allowed)


def features_of(snapshot: Snapshot, question: str) -> Features:
    return describe(snapshot, read_question(question), asked(snapshot, question))


def signs_of(snapshot: Snapshot, question: str) -> dict[str, float]:
    features, read = features_of(snapshot, question), read_question(question)
    readings = Readings(snapshot, read, features.sentences, None)
    weights = replace(word_weights(), ranker=dict.fromkeys(NAMES, 0.0) | {"cosine_sentence": 1.0})
    return signs(snapshot, read, ranked(features, readings, weights))


def cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


# Retrieval


def test_dense_evidence_is_the_mean_of_three_cosines() -> None:
    snapshot = made((60, [("One.", 0), ("Two.", 90)]), (90, [("Three.", 45)]))
    window = 1 / math.sqrt(2)  # of 0 and 90 degrees together
    expected = [(cos(60) + window + 1) / 3, (cos(90) + 2 * cos(45)) / 3]
    found = Meaning.of(snapshot, EAST, np.array([0, 1]))
    assert found.dense.tolist() == pytest.approx(expected, abs=CODED)


def test_a_passage_without_words_in_common_has_its_dense_evidence_only() -> None:
    snapshot = made((0, [("Nothing alike.", 0)]), (60, [("Bread is baked.", 60)]))
    found = asked(snapshot, "rocket")
    assert found.passages.tolist() == [0, 1]
    assert found.scores.tolist() == pytest.approx([0.6, 0.6 * cos(60)], abs=CODED)


def test_the_best_passage_by_words_gets_their_whole_share() -> None:
    snapshot = made((0, [("Nothing alike.", 0)]), (60, [("Bread is baked.", 60)]))
    found = asked(snapshot, "bread")
    assert dict(zip(found.passages.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(
        {0: 0.6, 1: 0.6 * cos(60) + 0.4}, abs=CODED
    )
    assert found.passages.tolist() == [1, 0]


def test_passages_of_equal_score_come_in_their_own_order() -> None:
    found = asked(made(*[(30, [("Bread.", 30)])] * 5), "bread")
    assert found.passages.tolist() == [0, 1, 2, 3, 4]
    assert len(set(found.scores.tolist())) == 1


def test_candidates_are_the_sentences_of_ten_passages_and_the_ten_nearest() -> None:
    # Passages get worse from the first to the last; in each of the last ten, one sentence is near.
    far = [(n, [("One.", 80), ("Two.", 80)]) for n in range(30)]
    near = [(89, [("One.", 5), ("Two.", 180 - n)]) for n in range(10)]
    snapshot = made(*far, *near)
    found = asked(snapshot, "bread")
    first_of_near = [60 + 2 * n for n in range(10)]
    of_best = {row for passage in found.passages[:10] for row in (2 * passage, 2 * passage + 1)}
    assert set(found.sentences.tolist()) == of_best | set(first_of_near)
    assert found.sentences.tolist() == sorted(set(found.sentences.tolist()))


def test_as_many_passages_are_candidates_as_are_asked_for() -> None:
    snapshot = made(*[(n, [("One.", 80), ("Two.", 80)]) for n in range(30)])
    found = retrieve(snapshot, EAST, snapshot.lexicon.query([]), passages=25)
    wanted = {row for passage in found.passages[:25] for row in (2 * passage, 2 * passage + 1)}
    assert wanted <= set(found.sentences.tolist())
    assert len(found.passages) == 30


def test_a_passage_is_found_by_its_words_alone() -> None:
    # A hundred passages that are nearer in meaning, and the one that says it.
    snapshot = made(*[(0, [("Nothing alike.", 0)])] * 100, (179, [("Bread is baked.", 179)]))
    assert 100 in asked(snapshot, "bread").passages


def test_a_passage_is_found_by_one_of_its_sentences() -> None:
    odd = (179, [("One.", 0), ("Two.", 179)])
    snapshot = made(*[(90, [("Nothing alike.", 90)])] * 100, odd)
    assert 100 in asked(snapshot, "bread").passages


def test_the_pool_is_bounded() -> None:
    snapshot = made(*[(n / 2, [(f"Bread {n} is baked.", 90 - n / 3)]) for n in range(200)])
    assert 50 <= len(asked(snapshot, "bread").passages) <= 150


@pytest.mark.parametrize("question", ["bread", "rocket", ""])
def test_an_empty_index_has_no_candidates(question: str) -> None:
    snapshot = snapshot_of({})
    query = np.eye(snapshot.passage_vectors.dimension, dtype=np.float32)[0]
    found = retrieve(snapshot, query, snapshot.lexicon.query(terms(question)))
    assert len(found.passages) == len(found.scores) == len(found.sentences) == 0
    features = describe(snapshot, read_question("bread"), found)
    assert features.matrix.shape == (0, len(NAMES))


def test_where_nothing_is_allowed_there_are_no_candidates() -> None:
    snapshot = made((0, [("Bread is baked.", 0)]), (0, [("Bread keeps.", 0)]))
    found = asked(snapshot, "bread", allowed=np.array([False, False]))
    assert len(found.passages) == len(found.sentences) == 0


def test_where_all_is_allowed_nothing_changes() -> None:
    snapshot = made((0, [("Bread is baked.", 0)]), (50, [("Bread keeps.", 70)]))
    free, allowed = asked(snapshot, "bread"), asked(snapshot, "bread", allowed=np.array([True] * 2))
    assert free.passages.tolist() == allowed.passages.tolist()
    assert free.scores.tolist() == allowed.scores.tolist()
    assert free.sentences.tolist() == allowed.sentences.tolist()


@unhurried
@given(corpora, questions, st.data())
def test_only_what_is_allowed_is_found(
    texts: dict[str, str], question: str, data: st.DataObject
) -> None:
    snapshot = snapshot_of(texts)
    count = len(texts)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), np.bool_)
    read, free = candidates_of(snapshot, question)
    found = retrieve(snapshot, free.query, free.terms, allowed=allowed)
    assert allowed[snapshot.passages["document"][found.passages]].all()
    assert allowed[snapshot.sentence_documents[found.sentences]].all()
    assert len(found.sentences) or not allowed[snapshot.sentence_documents].any()
    assert np.isfinite(describe(snapshot, read, found).matrix).all()


@unhurried
@given(corpora, questions)
def test_every_candidate_stands_in_a_passage_that_was_looked_at(
    texts: dict[str, str], question: str
) -> None:
    snapshot = snapshot_of(texts)
    _, found = candidates_of(snapshot, question)
    assert set(snapshot.sentences["passage"][found.sentences]) <= set(found.passages)
    assert found.meaning.passages.tolist() == sorted(found.passages)


# Features


@unhurried
@given(corpora, questions)
def test_features_are_finite_and_shares_are_shares(texts: dict[str, str], question: str) -> None:
    snapshot = snapshot_of(texts)
    features = describe(snapshot, *candidates_of(snapshot, question))
    assert features.matrix.shape == (len(features.sentences), len(NAMES))
    assert features.matrix.dtype == np.float64
    assert np.isfinite(features.matrix).all()
    for name in NAMES:
        column = features.column(name)
        if name.startswith(("coverage_", "unseen_coverage_", "phrase", "defines")):
            assert ((column >= 0) & (column <= 1 + 1e-9)).all()
        if name.startswith("cosine_"):
            assert (np.abs(column) <= 1.01).all()  # eight bits may lengthen a vector
        if name in ("kind_missing", "refers_back", "short"):
            assert set(column.tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize(
    "question",
    [
        "why",
        "the the the",
        "¿",
        "東京の天気は",
        "a" * 1990,
        "bread " * 300,
        "1 2 3 4 5",
        "Who? " * 99,
    ],
)
def test_no_question_makes_a_feature_that_is_no_number(question: str) -> None:
    snapshot = snapshot_of({"a.txt": "Bread\n\nBread is baked daily. It keeps for 3 days."})
    features = describe(snapshot, *candidates_of(snapshot, f"{question} x"))
    assert len(features.sentences) == 2
    assert np.isfinite(features.matrix).all()


def test_cosines_are_of_the_sentence_its_pair_and_its_passage() -> None:
    features = features_of(made((60, [("One.", 0), ("Two.", 90)])), "bread")
    assert features.column("cosine_sentence").tolist() == pytest.approx([1, 0], abs=CODED)
    # The first has no sentence before it; the second is (0, 1) with 0.6 of (1, 0).
    pair = 0.6 / math.sqrt(1.36)
    assert features.column("cosine_pair").tolist() == pytest.approx([1, pair], abs=CODED)
    assert features.column("cosine_passage").tolist() == pytest.approx([0.5, 0.5], abs=CODED)


@unhurried
@given(corpora, questions)
def test_cosines_are_to_the_bit_those_of_the_candidates_passages_alone(
    texts: dict[str, str], question: str
) -> None:
    snapshot = snapshot_of(texts)
    read, found = candidates_of(snapshot, question)
    owners = snapshot.sentences["passage"][found.sentences]
    alone = Meaning.of(snapshot, found.query, np.unique(owners))
    at, where = np.searchsorted(alone.sentences.rows, found.sentences), alone.places(owners)
    features = describe(snapshot, read, found)
    for name, column in {
        "cosine_sentence": alone.sentences.alone[at],
        "cosine_pair": alone.sentences.pairs[at],
        "cosine_passage": alone.whole[where],
        "dense_passage": alone.dense[where],
    }.items():
        assert features.column(name).tolist() == column.tolist()


def test_coverage_widens_from_the_sentence_to_its_passage() -> None:
    said = [("Bread is baked.", 0), ("It keeps.", 0), ("It cools.", 0), ("Rockets fly.", 0)]
    features = features_of(made((0, said)), "bread and rockets")
    half = pytest.approx(0.5)  # both terms stand in the one passage and weigh the same
    assert features.column("coverage_sentence").tolist() == [half, 0, 0, half]
    assert features.column("coverage_window").tolist() == [half, half, half, half]
    assert features.column("coverage_passage").tolist() == [pytest.approx(1)] * 4


def test_a_title_covers_for_the_passage_but_for_no_sentence() -> None:
    snapshot = snapshot_of({"a.txt": "Bread\n\nIt is baked. It is sold."})
    features = describe(snapshot, *candidates_of(snapshot, "bread"))
    assert features.column("coverage_passage").tolist() == [1, 1]
    assert features.column("coverage_sentence").tolist() == [0, 0]


def test_bm25_of_a_sentence_is_that_worked_out_by_hand() -> None:
    # Three terms and one, so two on average. Bread stands in the one passage there is:
    # idf = ln(1 + 0.5/1.5), which does not matter, as it is all that is asked for.
    snapshot = made((0, [("Bread bakers sell bread.", 0), ("Cake.", 0)]))
    features = features_of(snapshot, "bread")
    length = 4 / 2.5
    expected = 2 / (2 + 1.2 * (0.5 + 0.5 * length))
    assert features.column("bm25_sentence").tolist() == pytest.approx([expected, 0])


def test_neighbouring_words_of_the_question_make_a_phrase() -> None:
    said = [("Working groups meet.", 0), ("Groups are working.", 0), ("Cake.", 0)]
    features = features_of(made((0, said)), "the working groups?")
    assert features.column("phrase").tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("question", "sentence", "share"),
    [
        ("what is bread?", "Bread is a baked thing.", 1),
        ("what is bread?", "Bakers eat bread.", 0),
        ("what is bread?", "A loaf is made of bread.", 0),
        ("who is Ada?", "Ada was a mathematician.", 1),
        ("when was bread made?", "Bread is a baked thing.", 0),
    ],
)
def test_a_definition_names_its_subject_before_its_verb(
    question: str, sentence: str, share: float
) -> None:
    features = features_of(made((0, [(sentence, 0)])), question)
    assert features.column("defines").tolist() == [pytest.approx(share)]


def test_what_holds_nothing_of_the_kind_asked_for_is_told() -> None:
    said = [("The group meets every six months.", 0), ("The group meets in Alaska.", 0)]
    features = features_of(made((0, said)), "how often does the group meet?")
    assert features.column("kind_missing").tolist() == [0, 1]
    features = features_of(made((0, said)), "why does the group meet?")
    assert features.column("kind_missing").tolist() == [0, 0]


def test_length_is_told_in_terms() -> None:
    said = [("Yes.", 0), ("They sell rye bread, wheat bread and cake daily.", 0)]
    features = features_of(made((0, said)), "bread")
    counts = [len(terms(text)) for text, _ in said]
    assert features.column("length").tolist() == pytest.approx(np.log1p(counts).tolist())
    assert features.column("short").tolist() == [1, 0]
    assert features.column("refers_back").tolist() == [0, 1]


@pytest.mark.parametrize(
    ("question", "unseen"), [("bread", 0), ("bread xyzzy", 0.75), ("xyzzy", 1)]
)
def test_meaning_counts_for_more_where_words_do_not_match(question: str, unseen: float) -> None:
    features = features_of(made((40, [("Bread is baked.", 20), ("Bread is sold.", 70)])), question)
    covered = features.column("coverage_sentence")
    share = 1 - covered.max()
    assert share == pytest.approx(unseen, abs=0.1)
    for name in ("cosine_pair", "cosine_passage", "coverage_sentence"):
        expected = (share * features.column(name)).tolist()
        assert features.column(f"unseen_{name}").tolist() == pytest.approx(expected)


# Confidence


REPORT = made(
    (10, [("It rained in 2018.", 40), ("In 2019 the Talks began in Alaska.", 30), ("So.", 10),
          ("They cost 5,000 dollars.", 20), ("By 2021 Ada Lovelace left.", 50)]),
)  # fmt: skip
"""The sentence nearest to every question here is "So."; the ones beside it are its surroundings."""


@pytest.mark.parametrize(
    ("question", "numerals", "years"),
    [
        ("what began in 2019?", 0, 0),
        ("what began in 2018?", 1, 1),  # in the passage, but not beside the quote
        ("what cost 5000 in 2019?", 0, 0),
        ("what cost 5,000 in 2020?", 0.5, 1),
        ("what cost 777?", 1, 0),
        ("what began?", 0, 0),
    ],
)
def test_a_number_that_is_asked_for_and_not_there_is_missed(
    question: str, numerals: float, years: float
) -> None:
    found = signs_of(REPORT, question)
    assert (found["numerals_missing"], found["years_missing"]) == (numerals, years)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("when did the Talks begin?", 0),
        ("did Ada Lovelace leave?", 0),
        ("did Ada Byron leave?", 0.5),
        ("did Grace leave?", 1),
        ("did she leave?", 0),
        ("DID GRACE LEAVE?", 0),  # who shouts names nobody
    ],
)
def test_a_name_that_is_asked_for_and_not_there_is_missed(question: str, missing: float) -> None:
    assert signs_of(REPORT, question)["names_missing"] == missing


def test_words_that_the_corpus_lacks_are_told_by_their_weight() -> None:
    assert signs_of(REPORT, "the talks?")["unknown_terms"] == 0
    assert 0.5 < signs_of(REPORT, "the talks of xyzzy?")["unknown_terms"] < 1
    assert signs_of(REPORT, "the xyzzy?")["unknown_terms"] == 1
    assert signs_of(REPORT, "why?")["unknown_terms"] == 1


def test_the_lead_is_over_the_next_candidate() -> None:
    found = signs_of(REPORT, "what began?")
    assert found["score"] == pytest.approx(cos(10), abs=CODED)
    assert found["lead"] == pytest.approx(cos(10) - cos(20), abs=CODED)
    assert signs_of(made((0, [("So.", 0)])), "what began?")["lead"] == 0


@unhurried
@given(corpora, questions)
def test_all_signs_are_told_and_are_numbers(texts: dict[str, str], question: str) -> None:
    snapshot = snapshot_of(texts)
    read, found = candidates_of(snapshot, question)
    if len(found.sentences):
        told = signs(snapshot, read, rank(snapshot, read, found, word_weights()))
        assert set(SIGNS) <= set(told)
        assert all(math.isfinite(value) for value in told.values())


@given(
    st.fixed_dictionaries({name: st.floats(allow_nan=False, width=32) for name in SIGNS}),
    st.floats(-1e6, 1e6),
)
def test_confidence_is_a_share(told: dict[str, float], bias: float) -> None:
    assert 0 <= confidence(told, dict.fromkeys(SIGNS, 0.5), bias) <= 1


def test_confidence_is_logistic() -> None:
    told, weights = dict.fromkeys(SIGNS, 0.0) | {"score": 2.0}, dict.fromkeys(SIGNS, 1.0)
    assert confidence(told, weights, -2.0) == 0.5
    assert confidence(told, weights, 0.0) == pytest.approx(1 / (1 + math.exp(-2)))
