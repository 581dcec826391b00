"""The lexical side of an index: the terms of every sentence, and BM25 over passages.

BM25 (Robertson & Zaragoza 2009, in Lucene's form) is worked out when asking, from how often each
passage holds a term: so an index can grow by a document without a look at the others. The terms of
each sentence are kept beside it, so that a question's coverage by a candidate can be told exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.lexicon_checks import Arrays, check
from index.ragged import Ragged, edges_of

K1 = 1.2
B = 0.75
FLOOR = 0.5
"""Added to every weight: in a corpus of a few passages the idf of what they are about is near zero,
and any other word of the question would decide alone. Measured: docs/answers.md."""

Forms = Mapping[str, Sequence[str]]
_NO_FORMS: Final[Forms] = MappingProxyType({})

ARRAYS: Final[Mapping[str, np.dtype[Any]]] = MappingProxyType(
    {
        "terms": np.dtype("<i4"),  # of all sentences, one behind the other
        "offsets": np.dtype("<i8"),  # where each sentence's begin, and where the last one's end
        "context_terms": np.dtype("<i4"),  # of the titles and headings of all passages
        "context_offsets": np.dtype("<i8"),
        "postings": np.dtype("<i4"),  # the passages that hold each term, ascending
        "frequencies": np.dtype("<i4"),  # how often each of them does
        "posting_offsets": np.dtype("<i8"),
    }
)
"""The one-dimensional arrays that make a lexicon, beside its vocabulary."""


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The distinct terms of a question as the index knows them.

    Attributes:
        terms: in the question's order.
        rows: int32 [t], each term's row in the vocabulary, -1 where the corpus lacks it.
        weights: float64 [t], ``FLOOR`` and the idf of each, that of an unseen term where the corpus
            lacks it.
        forms: of each term the rows that its word is counted as, ``rows`` first: more than one
            where documents are in several languages, none where the corpus lacks it.
    """

    terms: tuple[str, ...]
    rows: NDArray[np.int32]
    weights: NDArray[np.float64]
    forms: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> float:
        """The weight of the whole question; 0 if it has no terms."""
        return float(self.weights.sum())

    def settled(self, texts: Ragged) -> Ragged:
        """Texts of rows in which each form of a term is the one that is in ``rows``."""
        others = {other: first for first, *rest in filter(None, self.forms) for other in rest}
        if not others:
            return texts
        values = texts.values.copy()
        for other, first in others.items():
            values[texts.values == other] = first
        return Ragged(values, texts.offsets)


class Lexicon:
    """Immutable terms and BM25 scores of one corpus. Safe to read from several threads.

    Attributes:
        vocabulary: its terms; a term's place is its row.
        arrays: what it is made of, by the names in ``ARRAYS``.
        sentence_texts: the terms of each sentence, as rows, in reading order.
        context_texts: those of each passage's title and headings.
        passages: how many passages there are.
    """

    def __init__(self, vocabulary: Sequence[str], arrays: Arrays) -> None:
        """Wrap what ``vocabulary`` and ``arrays`` of another lexicon gave.

        Raises:
            ValueError: they do not belong together.
        """
        check(vocabulary, arrays)
        self.vocabulary = tuple(vocabulary)
        self.arrays = arrays
        self._rows = {term: row for row, term in enumerate(self.vocabulary)}
        self.sentence_texts = _ragged(arrays, "terms", "offsets")
        self.context_texts = _ragged(arrays, "context_terms", "context_offsets")
        self._postings = np.asarray(arrays["postings"], np.int32)
        self._frequencies = np.asarray(arrays["frequencies"], np.int32)
        self._edges = np.asarray(arrays["posting_offsets"], np.int64)
        self.passages = len(self.context_texts)
        self._norms = _norms(self._postings, self._frequencies, self.passages)

    @classmethod
    def build(
        cls, sentences: Sequence[Sequence[str]], passages: Sequence[tuple[int, int, Sequence[str]]]
    ) -> "Lexicon":
        """A lexicon over ``sentences``, each as its terms in reading order.

        A passage is a half-open range of sentences and the terms of its title and headings, which
        count for BM25 as if they stood in it. Passages part the sentences among themselves, in
        order.
        """
        contexts = [context for _, _, context in passages]
        found = {term for texts in (sentences, contexts) for text in texts for term in text}
        vocabulary = sorted(found)
        rows = {term: row for row, term in enumerate(vocabulary)}
        return cls._assembled(
            vocabulary,
            _numbered(sentences, rows),
            _numbered(contexts, rows),
            np.array([first for first, _, _ in passages], np.int64),
        )

    @classmethod
    def merged(
        cls,
        one: "Lexicon",
        other: "Lexicon",
        *,
        sentences: NDArray[np.int64],
        passages: NDArray[np.int64],
        firsts: NDArray[np.int64],
    ) -> "Lexicon":
        """What ``build`` would give for some of the sentences and passages of two lexicons.

        Args:
            one: its rows come first.
            other: its rows count on from those of ``one``.
            sentences: int64 [s], which ones, in their new order.
            passages: int64 [p], likewise.
            firsts: int64 [p], the first of the new sentences of each new passage.
        """
        union = sorted({*one.vocabulary, *other.vocabulary})
        rows = {term: row for row, term in enumerate(union)}
        numbers = [
            np.array([rows[term] for term in lexicon.vocabulary], np.int32)
            for lexicon in (one, other)
        ]
        texts = _joined(one.sentence_texts, other.sentence_texts, numbers).take(sentences)
        contexts = _joined(one.context_texts, other.context_texts, numbers).take(passages)
        used = np.zeros(len(union), np.bool_)
        used[texts.values] = used[contexts.values] = True
        renumbered = (np.cumsum(used) - 1).astype(np.int32)
        return cls._assembled(
            [term for term, is_used in zip(union, used.tolist(), strict=True) if is_used],
            Ragged(renumbered[texts.values], texts.offsets),
            Ragged(renumbered[contexts.values], contexts.offsets),
            firsts,
        )

    @classmethod
    def _assembled(
        cls,
        vocabulary: Sequence[str],
        sentences: Ragged,
        contexts: Ragged,
        firsts: NDArray[np.int64],
    ) -> "Lexicon":
        """With the postings worked out from the terms of sentences and contexts."""
        count = len(contexts)
        owners = np.searchsorted(firsts, np.arange(len(sentences)), side="right") - 1
        passages = np.concatenate(
            [np.repeat(owners, sentences.lengths), np.repeat(np.arange(count), contexts.lengths)]
        )
        numbers = np.concatenate([sentences.values, contexts.values]).astype(np.int64)
        held, frequencies = np.unique(numbers * max(1, count) + passages, return_counts=True)
        arrays: dict[str, NDArray[Any]] = {
            "terms": sentences.values,
            "offsets": sentences.offsets,
            "context_terms": contexts.values,
            "context_offsets": contexts.offsets,
            "postings": held % max(1, count),
            "frequencies": frequencies,
            "posting_offsets": edges_of(
                np.bincount(held // max(1, count), minlength=len(vocabulary))
            ),
        }
        return cls(vocabulary, {name: arrays[name].astype(of) for name, of in ARRAYS.items()})

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return len(self.sentence_texts)

    def query(self, terms: Sequence[str], forms: Forms = _NO_FORMS) -> QueryTerms:
        """The distinct ones of ``terms``, with their rows and weights.

        ``forms`` are other terms that the word of a term is counted as in some documents. All of
        them together are one term. One whose rows are all an earlier term's is that term.
        """
        found: dict[str, tuple[int, ...]] = {}
        taken: set[int] = set()
        for term in dict.fromkeys(terms):
            known = [self._rows[one] for one in (term, *forms.get(term, ())) if one in self._rows]
            if known and taken.issuperset(known):
                continue
            found[term] = tuple(row for row in dict.fromkeys(known) if row not in taken)
            taken.update(known)
        rows = np.array([held[0] if held else -1 for held in found.values()], np.int32)
        weights = FLOOR + self._idf(tuple(found.values()))
        return QueryTerms(tuple(found), rows, weights, tuple(found.values()))

    def _held(self, rows: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The passages that hold a term in any of its forms, ascending, and how often each does."""
        spans = [slice(self._edges[row], self._edges[row + 1]) for row in rows]
        if len(spans) == 1:
            return self._postings[spans[0]], self._frequencies[spans[0]]
        none = np.empty(0, np.int32)
        passages, places = np.unique(
            np.concatenate([none, *(self._postings[one] for one in spans)]), return_inverse=True
        )
        counts = np.zeros(len(passages), np.int32)
        np.add.at(counts, places, np.concatenate([none, *(self._frequencies[s] for s in spans)]))
        return passages, counts

    def _idf(self, forms: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """Of terms in their forms, by the number of passages that hold them."""
        counts = np.array([len(self._held(rows)[0]) for rows in forms], np.float64)
        idf: NDArray[np.float64] = np.log1p((self.passages - counts + 0.5) / (counts + 0.5))
        return idf

    def occurs(self, term: str, among: NDArray[np.bool_]) -> bool:
        """Whether a term stands in one of the passages of ``among``, bool [passages]."""
        row = self._rows.get(term)
        if row is None:
            return False
        return bool(among[self._postings[self._edges[row] : self._edges[row + 1]]].any())

    def score_passages(self, query: QueryTerms) -> NDArray[np.float32]:
        """BM25 of every passage over the weight of the whole question: float32 [n], in 0..1.

        The whole question counts, terms the corpus lacks included, so that scores of different
        questions compare.
        """
        scores = np.zeros(self.passages, np.float32)
        known = tuple(filter(None, query.forms))
        for rows, idf in zip(known, self._idf(known).astype(np.float32), strict=True):
            passages, counts = self._held(rows)
            frequencies = counts.astype(np.float32)
            scores[passages] += idf * frequencies / (frequencies + self._norms[passages])
        return scores / np.float32(query.total or 1.0)

    def sentence_terms(self, row: int) -> NDArray[np.int32]:
        """The terms of one sentence, as rows of the vocabulary, in reading order."""
        texts = self.sentence_texts
        return texts.values[texts.offsets[row] : texts.offsets[row + 1]]

    @property
    def mean_length(self) -> float:
        """How many terms a sentence has on average."""
        return len(self.sentence_texts.values) / max(1, self.sentences)


def _ragged(arrays: Arrays, values: str, offsets: str) -> Ragged:
    return Ragged(np.asarray(arrays[values], np.int32), np.asarray(arrays[offsets], np.int64))


def _numbered(texts: Sequence[Sequence[str]], rows: Mapping[str, int]) -> Ragged:
    values = np.array([rows[term] for text in texts for term in text], np.int32)
    return Ragged(values, edges_of(np.array([len(text) for text in texts], np.int64)))


def _joined(one: Ragged, other: Ragged, numbers: Sequence[NDArray[np.int32]]) -> Ragged:
    """The terms of two lexicons, one behind the other, by their rows in a common vocabulary."""
    parts = [
        Ragged(of[texts.values], texts.offsets)
        for texts, of in zip((one, other), numbers, strict=True)
    ]
    return parts[0].followed_by(parts[1])


def _norms(
    postings: NDArray[np.int32], frequencies: NDArray[np.int32], passages: int
) -> NDArray[np.float32]:
    """What BM25 adds to a frequency in each passage, the larger the longer it is: float32 [p]."""
    lengths = np.bincount(postings, weights=frequencies, minlength=passages)
    mean = lengths.mean() if lengths.any() else 1.0
    norms: NDArray[np.float32] = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
    return norms
