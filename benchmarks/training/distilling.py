"""A small network taught by a large one: its layers, its spans and its relevance."""

from dataclasses import dataclass
from typing import Final

import torch
from torch.nn import functional

from benchmarks.training.inputs import Batch
from benchmarks.training.network import FAR, Outputs, ReaderNetwork

SOFTNESS: Final = 2.0
"""The temperature at which spans are compared (Hinton, Vinyals and Dean 2015, "Distilling the
Knowledge in a Neural Network"), which gives stretches that the teacher nearly took some weight."""


@dataclass(frozen=True)
class Weighing:
    """What each part counts, beside the loss on what is right."""

    layers: float = 1.0
    spans: float = 1.0
    relevance: float = 0.1


def drawn_from(teacher: ReaderNetwork, *, layers: int) -> ReaderNetwork:
    """A network with so many of the teacher's layers, evenly taken, the last among them."""
    student = ReaderNetwork(layers=layers)
    found = teacher.state_dict()
    for at, of in enumerate(taught_by(len(teacher.bert.encoder.layer), layers)):
        student.bert.encoder.layer[at].load_state_dict(teacher.bert.encoder.layer[of].state_dict())
    rest = {name: one for name, one in found.items() if ".encoder.layer." not in name}
    student.load_state_dict(rest, strict=False)
    return student


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
    """The mean square, over layers, tokens and width (Jiao et al. 2020, "TinyBERT")."""
    places = taught_by(len(teacher.layers), len(student.layers))
    real = batch.mask.bool()
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
