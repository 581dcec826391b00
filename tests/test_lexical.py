import math
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import ARRAYS, FLOOR, K1, B, Lexicon

# Two passages of one sentence each; the second stands under a heading of one term.
CATS = Lexicon.build(
    [["cat", "sat"], ["cat", "cat", "dog"]], [(0, 1, []), (1, 2, ["pets"])]
)  # fmt: skip

words = st.sampled_from(["cat", "dog", "sat", "mat", "pets"])
sentence_lists = st.lists(st.lists(words, max_size=6), max_size=8)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[list[str]], list[tuple[int, int, list[str]]]]:
    """Sentences, and passages that part them among themselves."""
    sentences = draw(sentence_lists)
    cuts = draw(st.sets(st.integers(1, max(1, len(sentences) - 1))))
    edges = sorted({0, len(sentences), *(cut for cut in cuts if cut < len(sentences))})
    headings = draw(st.lists(st.lists(words, max_size=2), min_size=len(edges), max_size=len(edges)))
    return sentences, [(*edge, headings[at]) for at, edge in enumerate(pairwise(edges))]


def score(lexicon: Lexicon, terms: Sequence[str]) -> list[float]:
    found: list[float] = lexicon.score_passages(lexicon.query(terms)).tolist()
    return found


def test_scores_are_those_worked_out_by_hand() -> None:
    # Two passages of 2 and 4 terms, 3 on average. idf(cat) = ln(1 + 0.5/2.5) = ln 1.2, as both
    # have it; idf(dog) = ln(1 + 1.5/1.5) = ln 2.
    # First: cat 1 / (1 + 1.2 * (0.25 + 0.75 * 2/3)) = 1 / 1.9.
    # Second: cat 2 / (2 + 1.2 * (0.25 + 0.75 * 4/3)) = 2 / 3.5; dog 1 / (1 + 1.5) = 0.4.
    total = 0.5 + math.log(1.2) + 0.5 + math.log(2)
    first = math.log(1.2) / 1.9 / total
    second = (math.log(1.2) * 2 / 3.5 + math.log(2) * 0.4) / total
    assert (first, second) == pytest.approx((0.05116, 0.20338), abs=1e-5)
    assert score(CATS, ["cat", "dog"]) == pytest.approx([first, second], rel=1e-6)


def test_a_term_weighs_its_idf_and_the_floor() -> None:
    query = CATS.query(["cat", "dog", "yak"])
    unseen = math.log(1 + 2.5 / 0.5)
    expected = [FLOOR + math.log(1.2), FLOOR + math.log(2), FLOOR + unseen]
    assert query.weights.tolist() == pytest.approx(expected)
    assert query.total == pytest.approx(sum(expected))


def test_a_question_has_each_term_once_in_its_own_order() -> None:
    query = CATS.query(["dog", "yak", "cat", "dog", "yak"])
    assert query.terms == ("dog", "yak", "cat")
    assert query.rows.tolist() == [CATS.vocabulary.index("dog"), -1, CATS.vocabulary.index("cat")]


def test_a_term_that_the_corpus_lacks_makes_all_passages_worse() -> None:
    alone, beside = score(CATS, ["dog"]), score(CATS, ["dog", "yak"])
    assert alone[0] == beside[0] == 0
    assert alone[1] > beside[1] > 0


def test_a_heading_counts_for_its_passage_and_for_no_sentence() -> None:
    assert score(CATS, ["pets"])[1] > score(CATS, ["pets"])[0] == 0
    assert CATS.vocabulary == ("cat", "dog", "pets", "sat")
    assert [CATS.sentence_terms(row).tolist() for row in (0, 1)] == [[0, 3], [0, 0, 1]]
    assert CATS.mean_length == 2.5


def test_a_question_without_terms_scores_nothing() -> None:
    query = CATS.query([])
    assert not query.terms
    assert query.total == 0
    assert query.rows.dtype == np.int32
    assert score(CATS, []) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("sentences", "passages"),
    [
        ([], []),
        ([[]], [(0, 1, [])]),
        ([[], []], [(0, 1, []), (1, 2, [])]),
        ([[]], [(0, 1, ["pets"])]),
    ],
)
def test_a_corpus_without_words_scores_nothing(
    sentences: list[list[str]], passages: list[tuple[int, int, list[str]]]
) -> None:
    lexicon = Lexicon.build(sentences, passages)
    assert (lexicon.sentences, lexicon.passages) == (len(sentences), len(passages))
    assert score(lexicon, ["cat"]) == [0.0] * len(passages)
    assert lexicon.query(["cat"]).total > 0
    assert lexicon.mean_length == 0


@given(corpora(), st.lists(st.one_of(words, st.just("yak")), max_size=5))
def test_scores_are_those_of_the_formula(
    corpus: tuple[list[list[str]], list[tuple[int, int, list[str]]]], asked: list[str]
) -> None:
    sentences, passages = corpus
    lexicon = Lexicon.build(sentences, passages)
    texts = [[*chain(*sentences[first:last]), *heading] for first, last, heading in passages]
    assert score(lexicon, asked) == pytest.approx(reference(texts, asked), rel=1e-5, abs=1e-7)
    assert all(0 <= one <= 1 for one in score(lexicon, asked))


def reference(texts: list[list[str]], asked: list[str]) -> list[float]:
    """BM25 in Lucene's form as the textbook has it, over the weight of the question."""
    mean = sum(map(len, texts)) / max(1, len(texts))

    def idf(term: str) -> float:
        having = sum(term in text for text in texts)
        return math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))

    def saturation(term: str, text: list[str]) -> float:
        count = text.count(term)
        return count / (count + K1 * (1 - B + B * len(text) / mean)) if count else 0.0

    total = sum(FLOOR + idf(term) for term in set(asked)) or 1.0
    return [
        sum(idf(term) * saturation(term, text) for term in set(asked)) / total for text in texts
    ]


@given(corpora())
def test_a_lexicon_is_made_again_from_its_arrays(
    corpus: tuple[list[list[str]], list[tuple[int, int, list[str]]]],
) -> None:
    built = Lexicon.build(*corpus)
    again = Lexicon(built.vocabulary, built.arrays)
    assert {name: array.dtype for name, array in built.arrays.items()} == ARRAYS
    assert score(again, ["cat", "mat"]) == score(built, ["cat", "mat"])
    assert [again.sentence_terms(row).tolist() for row in range(again.sentences)] == [
        [again.vocabulary.index(word) for word in sentence] for sentence in corpus[0]
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("terms", [0, 1, 0, 0, 9]),
        ("terms", [0, 1, 0, 0, -1]),
        ("terms", [0, 1]),
        ("offsets", []),
        ("offsets", [0, 2]),
        ("offsets", [1, 2, 5]),
        ("offsets", [0, 6, 5]),
        ("context_terms", [4]),
        ("context_terms", []),
        ("context_offsets", []),
        ("context_offsets", [0, 1]),
        ("context_offsets", [0, 1, 0]),
        ("postings", [0, 1, 1, 1, 2]),
        ("postings", [0, 1, 1, 1]),
        ("postings", [0, 1, 1, 1, -1]),
        ("frequencies", [1, 2, 1, 1]),
        ("frequencies", [1, 3, 0, 1, 1]),
        ("frequencies", [1, 3, 1, 1, 1]),
        ("posting_offsets", [0, 2, 3, 5]),
        ("posting_offsets", [0, 2, 1, 4, 5]),
        ("posting_offsets", [0, 2, 3, 4, 4]),
    ],
)
def test_arrays_of_another_lexicon_are_refused(name: str, values: list[float]) -> None:
    arrays = dict(CATS.arrays) | {name: np.array(values, ARRAYS[name])}
    with pytest.raises(ValueError, match="another lexicon"):
        Lexicon(CATS.vocabulary, arrays)


@pytest.mark.parametrize("vocabulary", [["cat"], ["cat", "cat", "pets", "sat"]])
def test_another_vocabulary_is_refused(vocabulary: list[str]) -> None:
    with pytest.raises(ValueError, match="another lexicon"):
        Lexicon(vocabulary, CATS.arrays)


forms_of = {"cat": ("kot", "pets"), "sat": ("mat",)}


@given(corpora(), st.lists(words, max_size=5))
def test_forms_of_a_word_count_as_that_word_does_where_it_is_written_in_one_form(
    corpus: tuple[list[list[str]], list[tuple[int, int, list[str]]]], asked: list[str]
) -> None:
    one = {form: term for term, forms in forms_of.items() for form in forms}
    sentences, passages = corpus
    settled = Lexicon.build(
        [[one.get(word, word) for word in text] for text in sentences],
        [(first, last, [one.get(word, word) for word in text]) for first, last, text in passages],
    )
    question = [one.get(word, word) for word in asked]
    query = Lexicon.build(sentences, passages).query(question, forms_of)
    wanted = settled.query(question)
    assert query.terms == wanted.terms
    assert query.weights.tolist() == wanted.weights.tolist()
    scores = Lexicon.build(sentences, passages).score_passages(query)
    assert scores.tolist() == settled.score_passages(wanted).tolist()


def test_a_form_that_two_words_have_is_the_first_ones() -> None:
    lexicon = Lexicon.build([["cat", "dog", "mat", "sat"]], [(0, 1, [])])
    query = lexicon.query(["cat", "dog"], {"cat": ["sat"], "dog": ["sat", "mat"]})
    held = [[lexicon.vocabulary[row] for row in rows] for rows in query.forms]
    assert held == [["cat", "sat"], ["dog", "mat"]]
