"""A question and a text as one row of word pieces: what a network reads that compares the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.feeding import Row, Tokens
from index.reading import Extract

Places: TypeAlias = NDArray[np.int32]

QUESTION, SENTENCE, CONTEXT = 0, 1, 2
"""The parts of a row of three, as its tokens' types tell them."""

QUESTION_PIECES: Final = 48
"""Word pieces of a question that are read; hardly any has more."""
CONTEXT_PIECES: Final = 24
"""Of what stands before a sentence. Reading 48 took an eighth longer and found no more."""

_QUESTIONS_KEPT: Final = 32  # in word pieces, as each is laid out once for each extract


class Pieces(Tokens, Protocol):
    """What a tokenizer makes of a text, or of two."""

    @property
    def offsets(self) -> Sequence[tuple[int, int]]:
        """Where each word piece stands in its text, half-open, in characters."""
        ...

    @property
    def sequence_ids(self) -> Sequence[int | None]:
        """Which text each is of, 0 or 1; None for what was put around them."""
        ...


class Tokenizer(Protocol):
    """A tokenizer that neither cuts nor pads."""

    def encode(
        self, sequence: str, pair: str | None = None, *, add_special_tokens: bool = True
    ) -> Pieces:
        """One text, or two as a row, with what the model wants around them if asked."""
        ...


@dataclass(frozen=True, slots=True)
class Laid:
    """An extract and a question, laid out in word pieces.

    Attributes:
        tokens: the row.
        places: where each of its word pieces stands in the sentence, half-open, in characters:
            int32 [tokens, 2]; both are 0 for one that is not of the sentence.
        none_at: the word piece that stands for "no answer here".
    """

    tokens: Tokens
    places: Places
    none_at: int


class Layout(Protocol):
    """How a reader wants to be given what it reads."""

    def lay(self, question: str, extracts: Sequence[Extract]) -> list[Laid]:
        """The rows of a question with each extract, in the order given."""
        ...


class ThreeParts:
    """``[CLS] question [SEP] context [SEP] sentence [SEP]``, the parts told by types.

    The layout of our own reader. What ends the context is of the question's type: a context that is
    empty leaves two ``[SEP]`` side by side, and so does one that upper layers do not read.
    """

    def __init__(self, tokenizer: Tokenizer, *, most_tokens: int, first: int, between: int) -> None:
        """``first`` and ``between`` are the word pieces ``[CLS]`` and ``[SEP]``."""
        self._tokenizer = tokenizer
        self._most = most_tokens
        self._first = first
        self._between = between
        self._asked = lru_cache(_QUESTIONS_KEPT)(self._question)

    def lay(self, question: str, extracts: Sequence[Extract]) -> list[Laid]:
        """The rows; of a context the last word pieces are read, of the others the first."""
        asked = self._asked(question)
        return [self._laid(asked, extract) for extract in extracts]

    def _laid(self, asked: Sequence[int], extract: Extract) -> Laid:
        context = self._pieces(_last_words(extract.context)).ids[-CONTEXT_PIECES:]
        head = [self._first, *asked, self._between, *context, self._between]
        sentence = self._pieces(extract.sentence)
        room = self._most - len(head) - 1
        ids = sentence.ids[:room]
        parts = [QUESTION] * (len(asked) + 2) + [CONTEXT] * len(context)
        parts += [QUESTION] + [SENTENCE] * (len(ids) + 1)
        row = Row([*head, *ids, self._between], parts)
        places = np.zeros((len(row.ids), 2), np.int32)
        places[len(head) : len(head) + len(ids)] = np.reshape(sentence.offsets[:room], (-1, 2))
        return Laid(row, places, none_at=0)

    def _question(self, question: str) -> Sequence[int]:
        return self._pieces(question).ids[:QUESTION_PIECES]

    def _pieces(self, text: str) -> Pieces:
        return self._tokenizer.encode(text, add_special_tokens=False)


def _last_words(context: str) -> str:
    """As many as can be read, if each were one word piece: more need not be taken apart."""
    return " ".join(context.split()[-CONTEXT_PIECES:])


class TwoParts:
    """A model's own form of a pair: the question, and context and sentence as one text.

    ``first`` is the word piece that such a model points to where there is no answer, if it has
    one; else what comes first stands for that.
    """

    def __init__(self, tokenizer: Tokenizer, *, most_tokens: int, first: int | None) -> None:
        self._tokenizer = tokenizer
        self._most = most_tokens
        self._first = first

    def lay(self, question: str, extracts: Sequence[Extract]) -> list[Laid]:
        """The rows; of a context the last words are read, of the others the first."""
        asked = cut(self._tokenizer, question, QUESTION_PIECES)
        return [self._laid(asked, extract) for extract in extracts]

    def _laid(self, asked: str, extract: Extract) -> Laid:
        context = extract.context.strip()
        before = f"{context} " if context else ""
        pieces = self._tokenizer.encode(asked, before + extract.sentence)
        if (over := len(pieces.ids) - self._most) > 0 and before:
            before = self._shortened(before, over)
            pieces = self._tokenizer.encode(asked, before + extract.sentence)
        if len(pieces.ids) > self._most:
            before = ""
            pieces = cut_pair(self._tokenizer, asked, extract.sentence, self._most)
        places = _places_after(len(before), pieces, extract.sentence)
        return Laid(pieces, places, none_at=self._none_at(pieces))

    def _shortened(self, before: str, over: int) -> str:
        """The context without so many word pieces at its beginning, and whole words only."""
        offsets = self._tokenizer.encode(before, add_special_tokens=False).offsets
        if over >= len(offsets):
            return ""
        rest = before[offsets[over][0] :]
        return rest if before[offsets[over][0] - 1].isspace() else rest.partition(" ")[2]

    def _none_at(self, pieces: Pieces) -> int:
        ids = list(pieces.ids)
        return ids.index(self._first) if self._first in ids else 0


def _places_after(length: int, pieces: Pieces, sentence: str) -> Places:
    """Where word pieces stand in the sentence that follows ``length`` characters of context.

    Some tokenizers count the space before a word to it: that is taken away.
    """
    places = np.zeros((len(pieces.ids), 2), np.int32)
    for at, (of, (start, end)) in enumerate(zip(pieces.sequence_ids, pieces.offsets, strict=True)):
        start = max(start - length, 0)
        held = sentence[start : end - length] if of == 1 and end > length else ""
        if held.strip():
            start += len(held) - len(held.lstrip())
            places[at] = (start, start + len(held.strip()))
    return places


def cut(tokenizer: Tokenizer, text: str, most: int) -> str:
    """The beginning of ``text`` that has at most ``most`` word pieces."""
    while len(offsets := tokenizer.encode(text, add_special_tokens=False).offsets) > most:
        shorter = text[: offsets[most - 1][1]] if most > 0 else ""
        text = shorter if len(shorter) < len(text) else text[:-1]
    return text


def cut_pair(tokenizer: Tokenizer, question: str, text: str, most: int) -> Pieces:
    """A row of at most ``most`` word pieces, for which the end of ``text`` is left out."""
    pieces = tokenizer.encode(question, text)
    while (over := len(pieces.ids) - most) > 0 and text:
        alone = len(tokenizer.encode(text, add_special_tokens=False).ids)
        shorter = cut(tokenizer, text, max(0, alone - over))
        text = shorter if len(shorter) < len(text) else text[:-1]
        pieces = tokenizer.encode(question, text)
    return pieces
