"""Question-Answer Meaning Representations as questions on single sentences.

Michael, Stanovsky, He, Dagan and Zettlemoyer (2018); the files' columns are told in
``read_questions``. The sentences are tokenised; they are written again as people write them.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.training.inputs import Example, Group
from benchmarks.training.thesaurus import Thesaurus
from index.records import Span

_WRITTEN: Final = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}",
    "``": '"', "''": '"',
}  # fmt: skip
_NO_SPACE_BEFORE: Final = re.compile(r"[,.;:?!%)\]}]|'(?:s|re|ve|ll|d|m|t)?|n't|\.\.\.", re.I)
_NO_SPACE_AFTER: Final = frozenset("([{$£€#")
_NEAREST: Final = 10  # sentences by tf-idf, of which one is read as not answering
_AT_ONCE: Final = 2_000
_OF_THE_ARTICLE: Final = 0.35  # of those that do not answer, drawn from the same article instead
_IN_CONTEXT: Final = 0.4  # of sentences, read behind another of their article
_REWORDED: Final = 0.3  # of questions
_MOST_SKIPPED: Final = 2  # tokens within an answer that the answer leaves out


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as people write it, and where its tokens stand in that."""

    id: str
    text: str
    tokens: tuple[Span, ...]

    @property
    def article(self) -> str:
        """The article that it is from."""
        return ":".join(self.id.split(":")[:3])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its sentence, and the stretch of it that answers."""

    question: str
    sentence: Sentence
    answer: Span


def read_sentences(folder: Path) -> dict[str, Sentence]:
    """All sentences of ``wiki-sentences.tsv``, by id."""
    lines = (folder / "wiki-sentences.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {row[0]: written(row[0], row[1].split()) for row in rows if len(row) == 2}


def written(id: str, tokens: Sequence[str]) -> Sentence:
    """A sentence of its tokens, joined as people write.

    >>> written("a", ["He", "said", "``", "no", "''", "."]).text
    'He said "no".'
    """
    text, spans, is_open, glued = "", [], False, True
    for piece in tokens:
        shown = _WRITTEN.get(piece, piece)
        opens = piece == "``" or (piece == '"' and not is_open)
        closes = shown == '"' and not opens
        if not (glued or closes or _NO_SPACE_BEFORE.fullmatch(shown)):
            text += " "
        spans.append(Span(len(text), len(text) + len(shown)))
        text += shown
        if shown == '"':
            is_open = opens
        glued = opens or shown in _NO_SPACE_AFTER
    return Sentence(id, text, tuple(spans))


def read_questions(folder: Path, sentences: Mapping[str, Sentence]) -> Iterator[Asked]:
    """The questions that neither of their two validators found invalid.

    Columns: sentence id, target words, worker, index, target, question, the answer's tokens, and
    what two validators said ("worker:Invalid", or tokens). An answer is the stretch from its first
    token to its last, if that takes in at most two others.
    """
    for name in ("dev.tsv", "test.tsv"):
        for line in (folder / name).read_text("utf-8").splitlines():
            row = line.split("\t")
            if len(row) == 9 and row[0] in sentences and not any("Invalid" in v for v in row[7:]):
                yield from _asked(row[5], row[6], sentences[row[0]])


def _asked(question: str, tokens: str, sentence: Sentence) -> Iterator[Asked]:
    places = sorted(map(int, tokens.split()))
    if not places or places[-1] >= len(sentence.tokens):
        return
    if places[-1] - places[0] + 1 - len(places) <= _MOST_SKIPPED:
        answer = Span(sentence.tokens[places[0]].start, sentence.tokens[places[-1]].end)
        yield Asked(question, sentence, answer)


def qamr_groups(folder: Path, thesaurus: Thesaurus, dice: random.Random) -> Iterator[Group]:
    """Each question with its sentence and one that does not answer, though it looks like it."""
    sentences = read_sentences(folder)
    answers: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for one in read_questions(folder, sentences):
        answers[one.question, one.sentence.id].add((one.answer.start, one.answer.end))
    others = _Others(sentences, dice)
    keys = list(answers)
    for at in range(0, len(keys), _AT_ONCE):
        part = keys[at : at + _AT_ONCE]
        nearest = others.nearest([question for question, _ in part])
        for (question, id), near in zip(part, nearest, strict=True):
            right = Example(
                others.context(id), sentences[id].text, True, tuple(answers[question, id])
            )
            wrong = others.wrong(id, near)
            reworded = dice.random() < _REWORDED
            asked = thesaurus.reworded(question, dice) if reworded else question
            yield Group(
                asked, (right, Example(others.context(wrong), sentences[wrong].text, False))
            )


class _Others:
    """Sentences beside the one that a question was asked of."""

    def __init__(self, sentences: Mapping[str, Sentence], dice: random.Random) -> None:
        self._sentences, self._dice, self._ids = sentences, dice, list(sentences)
        self._together: dict[str, list[str]] = defaultdict(list)
        for id, sentence in sentences.items():
            self._together[sentence.article].append(id)
        self._counted = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))
        self._weights = self._counted.fit_transform([one.text for one in sentences.values()])

    def nearest(self, questions: Sequence[str]) -> list[list[str]]:
        """Ids of the sentences that share most with each question, in no order."""
        found = (self._counted.transform(questions) @ self._weights.T).toarray()
        best = np.argpartition(-found, _NEAREST, axis=1)[:, :_NEAREST]
        return [[self._ids[at] for at in row] for row in best.tolist()]

    def wrong(self, id: str, near: Sequence[str]) -> str:
        """One that does not answer what was asked of ``id``."""
        own = self._others_of(id)
        if own and self._dice.random() < _OF_THE_ARTICLE:
            return self._dice.choice(own)
        return self._dice.choice([one for one in near if one != id])

    def context(self, id: str) -> str:
        """Another sentence of its article, or nothing."""
        own = self._others_of(id)
        is_read = bool(own) and self._dice.random() < _IN_CONTEXT
        return self._sentences[self._dice.choice(own)].text if is_read else ""

    def _others_of(self, id: str) -> list[str]:
        return [one for one in self._together[self._sentences[id].article] if one != id]
