"""What every encoder promises: nothing is cut silently, and vectors have length one."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.models import ModelIdentity
from index.records import Span
from index.roles import ENCODER

_LEAST_LENGTH: Final = 1e-6


def unfit(identity: ModelIdentity, why: str, *, setting: str = ENCODER.setting) -> EncoderError:
    """What to tell a person whose model cannot be used; ``why`` goes on after its name."""
    return EncoderError(f"The model {identity.name} {why}. Mend it, or choose another {setting}.")


def refuse_long(
    texts: Sequence[str], *, pieces: Callable[[str], Sequence[object]], most: int
) -> None:
    """Raise ValueError if a text has more than ``most`` word pieces, which would be cut."""
    long = sum(len(pieces(text)) > most for text in texts)
    if long:
        raise ValueError(f"{long} texts have more than {most} word pieces.")


def checked(
    vectors: NDArray[np.float32], *, dimension: int, identity: ModelIdentity
) -> NDArray[np.float32]:
    """The same vectors, float32 [n, dimension].

    Raises:
        EncoderError: they are not that, or not of length one.
    """
    lengths = np.linalg.norm(vectors, axis=-1)
    if vectors.shape[1:] != (dimension,) or not np.allclose(lengths, 1, atol=1e-3):
        raise unfit(identity, f"gives something else than unit vectors of {dimension} numbers")
    return vectors


def of_parts(
    tokens: NDArray[np.float32],
    places: Sequence[tuple[int, int]],
    parts: Sequence[Span],
    whole: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The vectors of parts of a text: the mean of their word pieces, float32 [parts, d], unit.

    ``tokens``: float32 [t, d], what the model makes of each word piece of the text. ``places``:
    where each stands in it, half-open; empty for one that was put around it. One that stands in a
    part only in part counts. ``whole``: the text's own vector, which a part without any has too.

    Günther et al. 2024, "Late Chunking: Contextual Chunk Embeddings Using Long-Context Embedding
    Models".
    """
    starts, ends = np.array(places, np.int64).reshape(-1, 2).T
    rows = np.empty((len(parts), tokens.shape[1]), np.float32)
    for row, part in enumerate(parts):
        inside = (starts < ends) & (starts < part.end) & (ends > part.start)
        mean = tokens[inside].mean(axis=0) if inside.any() else whole
        length = np.linalg.norm(mean)
        rows[row] = mean / length if length > _LEAST_LENGTH else whole
    return rows
