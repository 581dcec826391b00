"""Spelling put right against the words of the corpus itself."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.terms import terms

_SHORTEST = 5
_TIMES_AS_FREQUENT = 10
"""How much more frequent a word farther off must be to cast doubt on the nearest."""

_QUESTION_WORDS = ("often", "frequently", "where", "which", "when", "many", "much", "does")
_WORD = re.compile(r"[^\W\d_]+")


class Speller:
    """Mends words that are no words. Immutable; safe to use from several threads."""

    def __init__(self, counts: Mapping[str, int], *, is_word: Callable[[str], bool]) -> None:
        """Take the corpus' words with how often they occur.

        ``is_word`` tells of a word that the corpus lacks whether it is a common one all the same.
        """
        self._counts = counts
        usual = dict.fromkeys(_QUESTION_WORDS, max(counts.values(), default=1))
        self._choices = {word: n for word, n in counts.items() if word.isalpha()} | usual
        self._words = [word for word in self._choices if len(word) >= _SHORTEST or word in usual]
        self._stems = frozenset(terms(" ".join(self._choices)))
        self._is_word = is_word

    def mend(self, question: str) -> str:
        """The question with its misspelt words replaced; all else stays as it is.

        A word counts as misspelt when the corpus lacks it and no common word is spelt so. It
        becomes the one word of the corpus that begins with the same letter and is one slip away (a
        letter missing, added, changed, or two swapped: optimal string alignment). Where another is
        as near, or two slips away but far more frequent, the word stays: a wrong guess is worse
        than none.
        """
        return _WORD.sub(lambda match: self._mend_word(match[0]), question)

    def _mend_word(self, word: str) -> str:
        folded = word.lower()
        known = folded in self._choices or self._stems.issuperset(terms(folded))
        if len(folded) < _SHORTEST - 1 or known or self._is_word(folded):
            return word
        return self._meant(folded) or word

    def _meant(self, folded: str) -> str | None:
        """The one word that was surely meant."""
        found = process.extract(
            folded, self._words, scorer=OSA.distance, score_cutoff=2, limit=None
        )
        near = [word for word, slips, _ in found if slips == 1 and word[0] == folded[0]]
        far = max((self._choices[word] for word, slips, _ in found if slips == 2), default=0)
        stems = {tuple(terms(word)) or (word,) for word in near}
        if len(stems) != 1:
            return None
        best = max(near, key=lambda word: self._choices[word])
        return best if far < _TIMES_AS_FREQUENT * self._choices[best] else None
