"""Questions that ask the same, in other words."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.questions import Question

ALIKE = 0.85
"""Cosine from which on two questions may be one.

Not by itself: of the 166 pairs of development questions on one article that are so near (with the
bundled model) only 30 have an answer at the same place. ``may_be_one`` lets 24 of the 166 through,
of which 21 ask the same when read (``python -m benchmarks.grouping DATA --list``). Rewordings in
which several words change are left apart.
"""

_CONTRASTS = frozenset(
    (
        *("after", "again", "before", "except", "first", "last", "least", "less", "more", "most"),
        *("never", "next", "no", "not", "only", "other", "previous", "second", "since", "third"),
        *("until", "without"),
    )
)
"""Words that make another question of the same words; stems and vectors hardly see them."""


def grouped(
    questions: Sequence[Question], embed: Callable[[str], NDArray[np.float32]]
) -> list[list[int]]:
    """The same as ``group``, of vectors made by ``embed``, which gives unit rows, float32 [d]."""
    if not questions:
        return []
    return group(np.stack([embed(one.text) for one in questions]), questions)


def group(vectors: NDArray[np.float32], questions: Sequence[Question]) -> list[list[int]]:
    """The rows of questions that ask the same, each group and all groups in the order given.

    A question joins the group with the nearest first question of those that it may be one with;
    else it begins a group of its own. The same words are always in one group.

    Args:
        vectors: unit rows, float32 [n, d].
        questions: what the rows stand for, n of them.
    """
    groups: list[list[int]] = []
    firsts = np.empty_like(vectors)  # of each group the vector of its first question
    joined: dict[str, int] = {}
    for row, question in enumerate(questions):
        near = firsts[: len(groups)] @ vectors[row]
        alike = np.flatnonzero(near >= ALIKE)
        fitting = (
            int(at)
            for at in alike[np.argsort(-near[alike], kind="stable")]
            if may_be_one(questions[groups[at][0]], question)
        )
        # What was asked before in these words stays with that, though another first be nearer now.
        at = joined.setdefault(question.text.casefold(), next(fitting, len(groups)))
        if at == len(groups):
            firsts[at] = vectors[row]
            groups.append([])
        groups[at].append(row)
    return groups


def may_be_one(one: Question, other: Question) -> bool:
    """Whether two questions differ in nothing that makes another question.

    They ask for the same kind of answer, name the same numbers, have the same words of contrast,
    and at most one word of content has no like in the other.
    """
    if (one.kind, one.numerals) != (other.kind, other.numerals):
        return False
    if _contrasts(one) != _contrasts(other):
        return False
    return len({*one.content} ^ {*other.content}) <= 1


def _contrasts(question: Question) -> frozenset[str]:
    return _CONTRASTS.intersection(question.text.casefold().split())
