"""Spelling put right against the words of the corpus itself."""

import re
from collections.abc import Callable, Mapping
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.stemming import is_unspaced
from index.terms import stems, terms, words

_SHORTEST = 5
_TIMES_AS_FREQUENT = 10
"""How much more frequent a word farther off must be to cast doubt on the nearest."""

_QUESTION_WORDS = ("often", "frequently", "where", "which", "when", "many", "much", "does")
_MOST_UNKNOWN = 12
"""Words of a question; one with more is in another language, or made to keep us busy."""

_INFLECTIONS = frozenset(
    {
        "",
        *re.findall(
            r"\w+",
            "s es d ed ing e er ers or ors est ly y ies ied ier al ally ion ions ation ations"
            " ment ments",
        ),
    }
)
"""What may follow the stem of a word of the corpus in another word that is one for that reason."""

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")


class Speller:
    """Mends words that are no words. Immutable; safe to use from several threads."""

    def __init__(self, counts: Mapping[str, int], *, is_word: Callable[[str], bool]) -> None:
        """Take the corpus' words, folded as ``words`` does, with how often they occur.

        ``is_word`` tells of a word that the corpus lacks whether it is a common one all the same.
        """
        usual = dict.fromkeys(_QUESTION_WORDS, max(counts.values(), default=1))
        self._choices = {word: n for word, n in counts.items() if word.isalpha()} | usual
        self._words = [word for word in self._choices if len(word) >= _SHORTEST or word in usual]
        self._stems = frozenset(stems(list(self._choices)))
        self._is_word = is_word

    def mend(self, question: str, *, is_seen: Callable[[str], bool] = lambda word: True) -> str:
        """The question with its misspelt words replaced; all else stays as it is.

        Words of the corpus that are not ``is_seen`` count for nothing, as if it lacked them.

        A word counts as misspelt when the corpus lacks it and no common word is spelt so. It
        becomes the one word of the corpus that begins with the same letter and is one slip away (a
        letter missing, added, changed, or two swapped: optimal string alignment), with a capital
        if it had one. Where another is as near, or two slips away but far more frequent, the word
        stays: a wrong guess is worse than none. So does all of a question of too many such words,
        and what is written without spaces between words.
        """
        words = set(_WORD.findall(question))
        unknown = {word for word in words if self._is_unknown(word, is_seen)}
        if len(unknown) > _MOST_UNKNOWN:
            return question
        meant = {
            word: _in_case_of(word, self._meant(_folded(word), is_seen) or word) for word in unknown
        }
        return _WORD.sub(lambda match: meant.get(match[0], match[0]), question)

    def _is_unknown(self, word: str, is_seen: Callable[[str], bool]) -> bool:
        folded = _folded(word)
        if len(folded) < _SHORTEST - 1 or folded in _QUESTION_WORDS or is_unspaced(folded):
            return False
        known = folded in self._choices or self._is_inflected(folded)
        return not ((known and is_seen(folded)) or self._is_word(folded))

    def _is_inflected(self, folded: str) -> bool:
        """Whether it is a form of a word of the corpus; "presidant" is none of "presides"."""
        found = terms(folded)
        if len(found) != 1:
            return self._stems.issuperset(found)
        equal = (one == other for one, other in zip(found[0], folded, strict=False))
        shared = sum(takewhile(bool, equal))
        return found[0] in self._stems and folded[shared:] in _INFLECTIONS

    def _meant(self, folded: str, is_seen: Callable[[str], bool]) -> str | None:
        """The one word that was surely meant."""
        near_ones = process.extract(
            folded, self._words, scorer=OSA.distance, score_cutoff=2, limit=None
        )
        found = [one for one in near_ones if one[0] in _QUESTION_WORDS or is_seen(one[0])]
        near = [word for word, slips, _ in found if slips == 1 and word[0] == folded[0]]
        far = max((self._choices[word] for word, slips, _ in found if slips == 2), default=0)
        stems = {tuple(terms(word)) or (word,) for word in near}
        if len(stems) != 1:
            return None
        best = max(near, key=lambda word: self._choices[word])
        return best if far < _TIMES_AS_FREQUENT * self._choices[best] else None


def _folded(word: str) -> str:
    """The word as the corpus' words are counted: in lower case, without accents."""
    return "".join(words(word))


def _in_case_of(typed: str, word: str) -> str:
    """``word`` with capitals where ``typed`` has them: on all letters, the first, or none."""
    if typed == word or not typed[0].isupper():
        return word
    return word.upper() if typed.isupper() else word.capitalize()
