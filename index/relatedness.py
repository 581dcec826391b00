"""Whether a line has to do with a text at all, told by its words alone."""

import math
from collections import Counter
from collections.abc import Iterable

from index.records import Span
from index.terms import terms

FEWEST_TELLING_TERMS = 4
"""A line of fewer terms ("Installation") tells too little to be judged by them."""

_RELATED_SHARE = 0.25


class Relatedness:
    """Judges lines against the paragraphs of one text."""

    def __init__(self, text: str, paragraphs: Iterable[Span]) -> None:
        """Count in how many of ``paragraphs``, spans of ``text``, each term occurs."""
        self._text = text
        found = [set(self._terms(paragraph)) for paragraph in paragraphs]
        self._counts = Counter(term for paragraph in found for term in paragraph)
        self._total = len(found)

    def is_foreign(self, line: Span, *, fewest: int = FEWEST_TELLING_TERMS) -> bool:
        """Whether a line is about something else.

        That is so when its terms, weighted by how telling they are in this text (the idf of BM25
        over its paragraphs), hardly occur in the paragraphs at all. A line of fewer than
        ``fewest`` terms is not, nor is one with a number in it: dates and chapters head text that
        does not repeat them.
        """
        found = set(self._terms(line))
        numbered = any(map(str.isdigit, self._text[line.start : line.end]))
        if numbered or len(found) < fewest:
            return False
        known = sum(self._weight(term) for term in found if self._counts[term])
        return known <= _RELATED_SHARE * sum(map(self._weight, found))

    def _terms(self, span: Span) -> list[str]:
        return terms(self._text[span.start : span.end])

    def _weight(self, term: str) -> float:
        count = self._counts[term]
        return math.log1p((self._total - count + 0.5) / (count + 0.5))
