"""Trained readers, as the one that is shipped reads: by article, for fair figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import torch

from benchmarks.training.articles import folds
from benchmarks.training.export import exported, in_eight_bits
from benchmarks.training.network import SIZE_OF_HEAD, ReaderNetwork, Shape
from index.bundled_reader import opened
from index.models import ModelIdentity
from index.reading import Reader

_LAYERS: Final = "bert.encoder.layer."


def trained_readers(trained: Path, articles: Sequence[str], folder: Path) -> Mapping[str, Reader]:
    """For each article a reader that never saw it.

    ``trained`` is where they were trained; ``folder`` takes their networks.
    """
    found: dict[str, Reader] = {}
    for number, apart in enumerate(folds(articles)):
        reader = trained_reader(trained / f"fold{number}.pt", folder)
        found |= dict.fromkeys(apart, reader)
    return found


def trained_reader(state: Path, folder: Path) -> Reader:
    """A reader as it would be shipped."""
    path = folder / f"{state.stem}.onnx"
    path.write_bytes(in_eight_bits(exported(trained_network(state))))
    return opened(path, ModelIdentity(state.stem, ""))


def trained_network(state: Path) -> ReaderNetwork:
    """The network of a file of weights."""
    weights = torch.load(state, weights_only=True)
    network = ReaderNetwork(shape_of(weights))
    network.load_state_dict(weights)
    return network.eval()


def shape_of(weights: Mapping[str, torch.Tensor]) -> Shape:
    """The shape of the network whose weights they are."""
    layers = {name.split(".")[3] for name in weights if name.startswith(_LAYERS)}
    return Shape(
        layers=len(layers),
        heads=len(weights[f"{_LAYERS}0.attention.self.query.weight"]) // SIZE_OF_HEAD,
        inner=len(weights[f"{_LAYERS}0.intermediate.dense.weight"]),
    )
