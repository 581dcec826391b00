"""The development articles' questions with the sentences that compete for them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.cases import Case
from benchmarks.dev_sets import DevQuestion
from benchmarks.training.inputs import Example, Group
from benchmarks.training.thesaurus import Thesaurus
from index.features import NAMES
from index.ranking import extract
from index.snapshot import Snapshot
from index.weights import Weights

NATURAL_TIMES: Final = 4
"""How often a natural question is read an epoch, each time with other sentences."""
FOLDS: Final = 4
_WRONG: Final = 4  # sentences that do not answer, for each question
_AMONG: Final = 12  # of the best candidates they are drawn from
_RIGHT: Final = 2
_UNANSWERED: Final = 2
_ALONE: Final = 0.15  # of sentences that are read without the one before
_REWORDED: Final = 0.5  # of questions


@dataclass(frozen=True, slots=True)
class Rivals:
    """A question, sentences that answer it, and those that look most as if they did."""

    dev: DevQuestion
    question: str
    right: tuple[Example, ...]
    wrong: tuple[Example, ...]


def rivals(cases: Sequence[Case], weights: Weights) -> list[Rivals]:
    """Of questions asked of all articles; those whose answer is no candidate are left out."""
    return [
        _rivals(case, weights)
        for case in cases
        if case.corpus == "whole" and (case.gold.any() or not case.dev.answers)
    ]


def _rivals(case: Case, weights: Weights) -> Rivals:
    order = np.argsort(-(case.features.matrix @ weights.rank_vector(NAMES)), kind="stable")
    rows = case.features.sentences
    wrong = [int(rows[at]) for at in order.tolist() if not case.gold[at]][:_AMONG]
    right = [int(rows[at]) for at in np.flatnonzero(case.gold).tolist()]
    return Rivals(
        dev=case.dev,
        question=case.question.text,
        right=tuple(_example(case.snapshot, row, case.dev) for row in right),
        wrong=tuple(_example(case.snapshot, row, None) for row in wrong),
    )


def _example(snapshot: Snapshot, row: int, answered: DevQuestion | None) -> Example:
    read = extract(snapshot, row)
    spans = answer_spans(snapshot, row, answered) if answered else ()
    return Example(read.context, read.sentence, answered is not None, spans)


def answer_spans(
    snapshot: Snapshot, row: int, question: DevQuestion
) -> tuple[tuple[int, int], ...]:
    """Where acceptable answers stand in a sentence, in its characters; shortest first."""
    document = snapshot.document_of(row)
    start, end = int(snapshot.sentences["start"][row]), int(snapshot.sentences["end"][row])
    found = {
        (at - start, at + len(answer) - start)
        for at in question.places
        if start <= at < end
        for answer in question.answers
        if document.text[at : at + len(answer)].lower() == answer.lower()
        and at + len(answer) <= end
    }
    return tuple(sorted(found, key=lambda span: (span[1] - span[0], span)))


def groups(found: Sequence[Rivals], thesaurus: Thesaurus, *, seed: int) -> Iterator[Group]:
    """One epoch: sentences drawn, some contexts left out, some questions reworded."""
    dice = random.Random(seed)  # noqa: S311 - a draw, not a secret
    for one in found:
        for _ in range(NATURAL_TIMES if one.dev.is_natural else 1):
            yield _group(one, thesaurus, dice)


def _group(one: Rivals, thesaurus: Thesaurus, dice: random.Random) -> Group:
    right = _drawn(one.right, _RIGHT, dice)
    wrong = _drawn(one.wrong, _WRONG if right else _UNANSWERED, dice)
    reworded = bool(right) and dice.random() < _REWORDED  # what answers nothing stays as it is
    question = thesaurus.reworded(one.question, dice) if reworded else one.question
    return Group(question, tuple(_alone(example, dice) for example in (*right, *wrong)))


def _drawn(found: Sequence[Example], most: int, dice: random.Random) -> list[Example]:
    return dice.sample(list(found), min(most, len(found)))


def _alone(example: Example, dice: random.Random) -> Example:
    if dice.random() >= _ALONE:
        return example
    return Example("", example.sentence, example.is_answer, example.spans)


def folds(articles: Sequence[str]) -> list[tuple[str, ...]]:
    """The articles in pairs, each left out once."""
    return [tuple(articles[number::FOLDS]) for number in range(FOLDS)]
