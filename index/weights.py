"""The fitted numbers: how features are weighed, and how a score becomes a confidence.

They stand in ``weights.json`` beside this module; ``benchmarks/fit_weights.py`` writes it, with the
figures it measured.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from index.reading import Reading

FILE = "weights.json"


@dataclass(frozen=True)
class Weights:
    """A linear ranker and a logistic confidence.

    Attributes:
        ranker: weight of each feature of a candidate, by name.
        confidence: weight of each sign of an answer, by name.
        bias: of the confidence.
        threshold: the confidence from which on an answer is shown by default.
        reading: what the margin and the relevance of a reading add to the ranker's score, by name.
        bold: the least margin of a reading whose stretch is shown as the answer.
    """

    ranker: Mapping[str, float]
    confidence: Mapping[str, float]
    bias: float
    threshold: float
    reading: Mapping[str, float] = field(default_factory=dict)
    bold: float = math.inf

    def of_reading(self, reading: Reading) -> float:
        """What a reading adds to its candidate's score."""
        margin, relevance = reading.evidence
        weights = self.reading
        return weights.get("margin", 0.0) * margin + weights.get("relevance", 0.0) * relevance

    def rank_vector(self, names: Sequence[str]) -> NDArray[np.float64]:
        """The ranker's weights in the order of ``names``: float64 [names]."""
        return np.array([self.ranker[name] for name in names], np.float64)


def load_weights() -> Weights:
    """The weights shipped with the library."""
    found = json.loads(files("index").joinpath(FILE).read_text("utf-8"))
    return Weights(
        ranker=found["ranker"],
        confidence=found["confidence"],
        bias=found["bias"],
        threshold=found["threshold"],
        reading=found["reading"],
        bold=found["bold"],
    )
