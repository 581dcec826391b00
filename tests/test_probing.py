from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.probing import PROBES, difference
from tests.words import WordEncoder


class Plain(WordEncoder):
    """Words are pieces, and a text is read whole."""

    most_pieces = 4000


class Shifted(Plain):
    def pieces(self, text: str) -> list[tuple[int, int]]:
        return [(start, end + (text == PROBES[-1])) for start, end in super().pieces(text)]


class Narrow(Plain):
    most_pieces = 3999


class Forgetful(Plain):
    def embed_query(self, text: str) -> NDArray[np.float32]:
        return super().embed_query(text[:2000])


class Jumbled(Plain):
    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().embed_passages(texts)[::-1]


class Vague(Plain):
    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = super().embed_query(text) + np.float32(0.001)
        return vector / np.linalg.norm(vector)


class Broken(Plain):
    def embed_query(self, text: str) -> NDArray[np.float32]:
        return super().embed_query(text) * np.float32("nan" if text == "bread" else 1)


def test_twins_differ_in_nothing() -> None:
    assert difference(Plain(), Plain()) is None


@pytest.mark.parametrize(
    ("export", "told"),
    [
        (Shifted, "takes '0 1 2"),
        (Narrow, "pieces are"),
        (Forgetful, "cosine"),
        (Jumbled, "cosine"),
        (Vague, "cosine"),
        (Broken, "cosine"),
    ],
)
def test_any_difference_is_told(export: type[Plain], told: str) -> None:
    assert told in (difference(Plain(), export()) or "")
