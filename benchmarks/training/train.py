"""Train the reader.

    python -m benchmarks.training.train DATA --work FOLDER [--heads 8 --inner 768 --teacher LARGER]

DATA is a folder of development sets as ``benchmarks/dev_sets.py`` reads them, with ``qamr/`` in it.
First on QAMR, once. Then on the articles' questions: four times without two of the eight, to be
measured on those (``benchmarks/fit_weights.py`` takes what these read), and once on all, which is
what is shipped. FOLDER gets ``qamr.pt``, ``fold0.pt`` … and ``all.pt``; what is there already is
not made again. With ``--teacher``, a folder that such a run filled, each stage is drawn from and
taught by that one's of the same name, so that a network never learns from one that saw what it must
not see. Each run takes about an hour on two cores with matrix units.
"""

import argparse
import gc
import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import torch
from torch import nn

from benchmarks.cases import Asker
from benchmarks.dev_sets import SEED, read_documents, read_questions
from benchmarks.training.articles import Rivals, folds, groups, rivals
from benchmarks.training.distilling import distance, drawn_from
from benchmarks.training.inputs import Batch, Encoded, Group, Inputs, batch_of, in_batches
from benchmarks.training.network import HEADS, INNER, Outputs, ReaderNetwork, Shape, loss_of
from benchmarks.training.qamr import qamr_groups
from benchmarks.training.readers import trained_network
from benchmarks.training.thesaurus import Thesaurus
from index.encoders import ModelSource
from index.weights import load_weights

ROWS_OF_QAMR: Final = 48
ROWS_OF_ARTICLES: Final = 36
RATE_OF_QAMR: Final = 1.5e-4
RATE_OF_ARTICLES: Final = 1e-4
EPOCHS_OF_ARTICLES: Final = 2
GROUPS_TO_DRAW_BY: Final = 1_000
_WARMING: Final = 0.06
_LEAST: Final = 0.02
_DECAY: Final = 0.01
_LONGEST_STEP: Final = 1.0

Epoch = Callable[[int], Iterator[Group]]


def fit(
    network: ReaderNetwork,
    epoch: Epoch,
    inputs: Inputs,
    *,
    epochs: int,
    rows: int,
    rate: float,
    teacher: ReaderNetwork | None = None,
) -> None:
    """Train in place: AdamW, the rate rising and then falling in straight lines, in bfloat16."""
    batches: list[list[Sequence[Encoded]]] = []
    for number in range(epochs):
        encoded = [encoded_group(inputs, group) for group in epoch(number)]
        batches += in_batches(encoded, rows=rows, seed=number)
    gc.collect()
    gc.freeze()  # millions of small objects, which would be gone through again and again
    optimizer, schedule = _optimizer(network, rate=rate, steps=len(batches))
    network.train()
    started = time.monotonic()
    for step, batch in enumerate(batches, 1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = _loss(network, teacher, batch_of(batch))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), _LONGEST_STEP)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"{step} of {len(batches)}, {time.monotonic() - started:.0f} s", flush=True)
    network.eval()
    gc.unfreeze()


def encoded_group(inputs: Inputs, group: Group) -> list[Encoded]:
    """A group in word pieces."""
    return [inputs.encode(group.question, one) for one in group.examples]


def _loss(network: ReaderNetwork, teacher: ReaderNetwork | None, batch: Batch) -> torch.Tensor:
    said: Outputs = network(batch)
    loss = loss_of(said, batch)
    if teacher is None:
        return loss
    with torch.no_grad():
        taught: Outputs = teacher(batch)
    return loss + distance(taught, said, batch)


def _optimizer(
    network: nn.Module, *, rate: float, steps: int
) -> tuple[torch.optim.AdamW, torch.optim.lr_scheduler.LambdaLR]:
    trained = [one for one in network.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [one for one in trained if one.ndim > 1], "weight_decay": _DECAY},
            {"params": [one for one in trained if one.ndim < 2], "weight_decay": 0.0},
        ],
        lr=rate,
    )
    warming = max(1, int(steps * _WARMING))

    def share(step: int) -> float:
        if step < warming:
            return (step + 1) / warming
        return max(_LEAST, (steps - step) / max(1, steps - warming))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)


class Training:
    """The stages, each kept in a file."""

    def __init__(
        self, data: Path, work: Path, *, shape: Shape, threads: int, teacher: Path | None
    ) -> None:
        self._data, self._work, self._shape, self._threads = data, work, shape, threads
        self._teacher = teacher
        self._inputs, self._thesaurus = Inputs(), Thesaurus()

    def run(self) -> None:
        """All of them."""
        self._work.mkdir(parents=True, exist_ok=True)
        self._stage("qamr", None, self._qamr, epochs=1, rows=ROWS_OF_QAMR, rate=RATE_OF_QAMR)
        found = self._rivals()
        left_out = folds(sorted({one.dev.article for one in found}))
        named = [(f"fold{number}", apart) for number, apart in enumerate(left_out)]
        for name, apart in [*named, ("all", ())]:
            kept = [one for one in found if one.dev.article not in apart]
            self._stage(
                name,
                "qamr",
                partial(self._of_articles, kept),
                epochs=EPOCHS_OF_ARTICLES,
                rows=ROWS_OF_ARTICLES,
                rate=RATE_OF_ARTICLES,
            )

    def _stage(
        self, name: str, before: str | None, epoch: Epoch, *, epochs: int, rows: int, rate: float
    ) -> None:
        file = self._work / f"{name}.pt"
        if file.exists():
            return  # it was made before
        print(name, flush=True)
        torch.manual_seed(0)
        torch.set_num_threads(self._threads)  # whoever loads an encoder with torch leaves it one
        teacher = trained_network(self._teacher / f"{name}.pt") if self._teacher else None
        if before:
            network = trained_network(self._work / f"{before}.pt")
        elif teacher:
            network = drawn_from(teacher, self._shape, self._batches(epoch))
        else:
            network = ReaderNetwork(self._shape)
        fit(network, epoch, self._inputs, epochs=epochs, rows=rows, rate=rate, teacher=teacher)
        torch.save(network.state_dict(), file)

    def _batches(self, epoch: Epoch) -> list[Batch]:
        found = itertools.islice(epoch(0), GROUPS_TO_DRAW_BY)
        encoded = [encoded_group(self._inputs, group) for group in found]
        return [batch_of(one) for one in in_batches(encoded, rows=ROWS_OF_QAMR, seed=0)]

    def _of_articles(self, kept: Sequence[Rivals], number: int) -> Iterator[Group]:
        return groups(kept, self._thesaurus, seed=number)

    def _qamr(self, number: int) -> Iterator[Group]:
        return qamr_groups(self._data / "qamr", self._thesaurus, dice=random.Random(number))  # noqa: S311

    def _rivals(self) -> list[Rivals]:
        asker = Asker(ModelSource(exports=self._work / "models").load())
        whole = asker.build(read_documents(self._data / "squad-dev" / "documents"))
        asked = [one for one in read_questions(self._data) if one.group != SEED]
        return rivals(asker.cases(whole, "whole", asked), load_weights())


def main() -> None:
    """Read the arguments, and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=HEADS)
    parser.add_argument("--inner", type=int, default=INNER)
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    Training(
        arguments.data,
        arguments.work,
        shape=Shape(arguments.layers, arguments.heads, arguments.inner),
        threads=arguments.threads,
        teacher=arguments.teacher,
    ).run()


if __name__ == "__main__":
    main()
