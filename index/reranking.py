"""What every reranker promises: how well texts answer a question, each read together with it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.models import ModelIdentity


class Reranker(Protocol):
    """A loaded reranker: a cross-encoder."""

    @property
    def identity(self) -> ModelIdentity:
        """Which reranker it is."""
        ...

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """A logit for each text, in the order given: float32 [n]. Larger is better.

        Logits of different rerankers do not compare. What is longer than it reads is cut at its
        end.

        Raises:
            EncoderError: the model answers something else than a number for each text.
        """
        ...
