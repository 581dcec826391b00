"""Extracts as tensors: what the reader is given, and what it should answer."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from index.bundled_reader import bundled_layout
from index.pairing import CONTEXT, SENTENCE, Places
from index.reading import Extract

_ROWS = 12
_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that a question is read with.

    Attributes:
        context: what stands before it: title, section, the sentence before.
        spans: the stretches that answer, in characters of the sentence, any of which is right.
        is_answer: whether the sentence answers; it may without a stretch that could be told.
    """

    context: str
    sentence: str
    is_answer: bool
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A question and sentences that compete for it."""

    question: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One extract in word pieces.

    Attributes:
        parts: which of ``index.pairing``'s three parts each is of.
        readable: the place of its sentence's first word piece, and the one behind its last.
        targets: the stretches that answer, as places of their first and their last word piece.
    """

    ids: Sequence[int]
    parts: Sequence[int]
    readable: tuple[int, int]
    targets: list[tuple[int, int]]
    is_answer: bool


class Inputs:
    """Turns questions and examples into word pieces, as ``index`` does it when it answers."""

    def __init__(self) -> None:
        self._layout = bundled_layout()

    def encode(self, question: str, example: Example) -> Encoded:
        """The row that the reader would be given."""
        (laid,) = self._layout.lay(question, [Extract(example.context, example.sentence)])
        (readable,) = np.nonzero(laid.places[:, 1] > laid.places[:, 0])
        found = (_pieces(laid.places, readable, span) for span in example.spans)
        return Encoded(
            ids=laid.tokens.ids,
            parts=laid.tokens.type_ids,
            readable=(int(readable[0]), int(readable[-1]) + 1) if len(readable) else (0, 0),
            targets=[place for place in found if place],
            is_answer=example.is_answer,
        )


def _pieces(
    places: Places, readable: NDArray[np.intp], span: tuple[int, int]
) -> tuple[int, int] | None:
    inside = readable[(places[readable, 0] < span[1]) & (places[readable, 1] > span[0])]
    return (int(inside[0]), int(inside[-1])) if len(inside) else None


@dataclass(frozen=True)
class Batch:
    """Some groups as tensors, [rows, tokens].

    Attributes:
        types: the network's own: 1 is the sentence.
        mask: what there is.
        context: what the upper layers do not read.
        may_hold: where a stretch may begin or end, or stand for none.
        edges: which rows belong to which group: from each to the next.
    """

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    context: torch.Tensor
    may_hold: torch.Tensor
    rows: list[Encoded]
    edges: list[int]


def batch_of(groups: Sequence[Sequence[Encoded]]) -> Batch:
    """Padded tensors.

    Both numbers are rounded up, with rows that are empty behind the others: for each new shape
    torch makes new code, which takes longer than the padding.
    """
    rows = [row for group in groups for row in group]
    longest = max(len(row.ids) for row in rows)
    shape = (-(-len(rows) // _ROWS) * _ROWS, -(-longest // _TOKENS) * _TOKENS)
    ids, parts = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    mask, may_hold = torch.zeros(shape, dtype=torch.bool), torch.zeros(shape, dtype=torch.bool)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = torch.tensor(row.ids)
        parts[at, : len(row.ids)] = torch.tensor(row.parts)
        mask[at, : len(row.ids)] = True
        may_hold[at, slice(*row.readable)] = True
        may_hold[at, 0] = True
    edges = [0]
    for group in groups:
        edges.append(edges[-1] + len(group))
    return Batch(ids, (parts == SENTENCE).long(), mask, parts == CONTEXT, may_hold, rows, edges)


def in_batches(
    groups: Sequence[Sequence[Encoded]], *, rows: int, seed: int
) -> Iterator[list[Sequence[Encoded]]]:
    """Shuffled batches of groups of similar length, of about ``rows`` extracts each."""
    dice = random.Random(seed)  # noqa: S311 - an order, not a secret
    lengths = [max(len(row.ids) for row in group) + dice.random() * 8 for group in groups]
    order = sorted(range(len(groups)), key=lambda at: lengths[at])
    batches: list[list[Sequence[Encoded]]] = [[]]
    held = 0
    for at in order:
        if batches[-1] and held + len(groups[at]) > rows:
            batches.append([])
            held = 0
        batches[-1].append(groups[at])
        held += len(groups[at])
    dice.shuffle(batches)
    yield from batches
