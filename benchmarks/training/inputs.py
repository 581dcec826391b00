"""Extracts as tensors: what the reader is given, and what it should answer."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from index.bundled_reader import MOST_TOKENS
from index.models import bundled_folder
from index.pairing import CONTEXT_PIECES, QUESTION_PIECES

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
    """One extract in word pieces; ``targets`` are pairs of first and last piece, in ``ids``."""

    ids: list[int]
    types: list[int]
    offsets: list[tuple[int, int]]
    first: int
    targets: list[tuple[int, int]]
    is_answer: bool


class Inputs:
    """Turns questions and extracts into word pieces, as ``index`` does it when it answers."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = self._tokenizer.encode("").ids  # all that is put around nothing

    def encode(self, question: str, example: Example) -> Encoded:
        """The row ``[CLS] question [SEP] context [SEP] sentence [SEP]``, the sentence of type 1."""
        asked = self._ids(question)[:QUESTION_PIECES]
        context = self._ids(example.context)[-CONTEXT_PIECES:] if example.context else []
        head = [self._cls, *asked, self._sep, *context, self._sep]
        found = self._tokenizer.encode(example.sentence, add_special_tokens=False)
        room = MOST_TOKENS - len(head) - 1
        ids, offsets = found.ids[:room], found.offsets[:room]
        targets = [
            (len(head) + place[0], len(head) + place[1])
            for span in example.spans
            if (place := _pieces(offsets, span))
        ]
        return Encoded(
            ids=[*head, *ids, self._sep],
            types=[0] * len(head) + [1] * (len(ids) + 1),
            offsets=list(offsets),
            first=len(head),
            targets=targets,
            is_answer=example.is_answer,
        )

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found


def _pieces(offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> tuple[int, int] | None:
    inside = [at for at, (start, end) in enumerate(offsets) if start < span[1] and end > span[0]]
    return (inside[0], inside[-1]) if inside else None


@dataclass(frozen=True)
class Batch:
    """Some groups as tensors; ``edges`` tells which rows belong to which group."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    may_hold: torch.Tensor
    rows: list[Encoded]
    edges: list[int]


def batch_of(groups: Sequence[Sequence[Encoded]]) -> Batch:
    """Padded tensors [rows, tokens]; ``may_hold`` marks the sentence's pieces and the first.

    Both numbers are rounded up, with rows that are empty behind the others: for each new shape
    torch makes new code, which takes longer than the padding.
    """
    rows = [row for group in groups for row in group]
    longest = max(len(row.ids) for row in rows)
    shape = (-(-len(rows) // _ROWS) * _ROWS, -(-longest // _TOKENS) * _TOKENS)
    ids, types = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    mask, may_hold = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.bool)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = torch.tensor(row.ids)
        types[at, : len(row.ids)] = torch.tensor(row.types)
        mask[at, : len(row.ids)] = 1
        may_hold[at, row.first : row.first + len(row.offsets)] = True
        may_hold[at, 0] = True
    edges = [0]
    for group in groups:
        edges.append(edges[-1] + len(group))
    return Batch(ids, mask, types, may_hold, rows, edges)


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
