"""A small network taught by a large one: its layers, its spans and its relevance."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from benchmarks.training.inputs import Batch
from benchmarks.training.network import (
    FAR,
    SIZE_OF_HEAD,
    Outputs,
    ReaderNetwork,
    Shape,
    loss_of,
    narrow,
)

SOFTNESS: Final = 2.0
"""The temperature at which spans are compared (Hinton, Vinyals and Dean 2015, "Distilling the
Knowledge in a Neural Network"), which gives stretches that the teacher nearly took some weight."""


@dataclass(frozen=True)
class Weighing:
    """What each part counts, beside the loss on what is right."""

    layers: float = 1.0
    spans: float = 1.0
    relevance: float = 0.1


def drawn_from(teacher: ReaderNetwork, shape: Shape, batches: Sequence[Batch]) -> ReaderNetwork:
    """A network of the teacher's layers, evenly taken, with the heads and neurons that count most.

    What counts is told by ``batches`` of what the teacher learnt from.
    """
    kept = taught_by(len(teacher.bert.encoder.layer), shape.layers)
    drawn = copy.deepcopy(teacher)
    drawn.context_layers = shape.context_layers
    counts = _what_counts(drawn, batches)
    layers = drawn.bert.encoder.layer
    for layer, (heads, inner) in zip(layers, counts, strict=True):
        narrow(layer, _most(heads, shape.heads), _most(inner, shape.inner))
    student = ReaderNetwork(shape)
    for own, at in zip(student.bert.encoder.layer, kept, strict=True):
        own.load_state_dict(layers[at].state_dict())
    rest = {name: one for name, one in drawn.state_dict().items() if ".encoder.layer." not in name}
    student.load_state_dict(rest, strict=False)
    return student


def _what_counts(
    network: ReaderNetwork, batches: Sequence[Batch]
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """For each layer what its heads and its neurons count.

    By how much the loss would change without one, to first order: what it gives times the slope of
    the loss there, summed over an extract, then its size over all extracts (Michel, Levy and Neubig
    2019, "Are Sixteen Heads Really Better than One?").
    """
    given: list[torch.Tensor] = []

    def keep(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        inputs[0].retain_grad()
        given.append(inputs[0])

    layers = network.bert.encoder.layer
    watched = [one for layer in layers for one in (layer.attention.output, layer.output)]
    handles = [one.dense.register_forward_pre_hook(keep) for one in watched]
    counts: list[Any] = [0.0] * len(watched)
    for batch in batches:
        given.clear()
        network.zero_grad()
        loss_of(network(batch), batch).backward()  # type: ignore[no-untyped-call]
        for at, one in enumerate(given):
            slope = torch.zeros_like(one) if one.grad is None else one.grad
            slopes = (one.detach() * slope).sum(1)
            by_head = at % 2 == 0
            if by_head:
                slopes = slopes.reshape(len(slopes), -1, SIZE_OF_HEAD).sum(-1)
            counts[at] = counts[at] + slopes.abs().sum(0)
    for handle in handles:
        handle.remove()
    return list(zip(counts[::2], counts[1::2], strict=True))


def _most(counts: torch.Tensor, number: int) -> torch.Tensor:
    """The places of so many that count most, in their order."""
    return counts.topk(number).indices.sort().values


def taught_by(teacher: int, student: int) -> list[int]:
    """For each of the student's layers the teacher's layer whose output it is to give."""
    return [round((at + 1) * teacher / student) - 1 for at in range(student)]


def distance(
    teacher: Outputs, student: Outputs, batch: Batch, weighing: Weighing = Weighing()
) -> torch.Tensor:
    """How far the student is from the teacher, over the rows of a batch."""
    return (
        weighing.layers * _of_layers(teacher, student, batch)
        + weighing.spans * _of_spans(teacher, student, batch)
        + weighing.relevance * _of_relevance(teacher, student, batch)
    )


def _of_layers(teacher: Outputs, student: Outputs, batch: Batch) -> torch.Tensor:
    """The mean square over layers and what each reads (Jiao et al. 2020, "TinyBERT")."""
    places = taught_by(len(teacher.layers), len(student.layers))
    real = batch.mask & ~batch.context
    apart = [
        functional.mse_loss(own[real].float(), teacher.layers[of][real].float())
        for own, of in zip(student.layers, places, strict=True)
    ]
    return torch.stack(apart).mean()


def _of_spans(teacher: Outputs, student: Outputs, batch: Batch) -> torch.Tensor:
    """The divergence of first and last piece, as soft as ``SOFTNESS`` makes them."""
    rows = slice(len(batch.rows))
    hidden = ~batch.may_hold[rows, :, None]
    own, taught = (
        functional.log_softmax(one.spans[rows].masked_fill(hidden, FAR) / SOFTNESS, dim=1)
        for one in (student, teacher)
    )
    apart = functional.kl_div(own, taught, reduction="sum", log_target=True)
    return apart * SOFTNESS**2 / (2 * len(batch.rows))


def _of_relevance(teacher: Outputs, student: Outputs, batch: Batch) -> torch.Tensor:
    rows = slice(len(batch.rows))
    return functional.mse_loss(student.relevance[rows], teacher.relevance[rows])
