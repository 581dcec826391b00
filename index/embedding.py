"""What every encoder promises: nothing is cut silently, and vectors have length one."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.models import ModelIdentity
from index.roles import ENCODER


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
