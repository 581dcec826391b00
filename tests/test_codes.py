"""Vectors in eight bits a number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.codes import Codes, quantised, steps_of


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(
        np.float32
    )
    return scaled


def decoded(codes: Codes) -> NDArray[np.float32]:
    return codes.decoded(np.arange(len(codes)))


vectors = st.builds(
    lambda seed, dimension, peak: unit(
        np.random.default_rng(seed).standard_normal((7, dimension)) + peak * np.eye(7, dimension)
    ),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 2, 32, 384, 768, 1024, 4096]),
    st.sampled_from([0, 3, 30, 3000]),
)


@given(vectors)
def test_each_number_is_off_by_half_a_step_at_most(rows: NDArray[np.float32]) -> None:
    codes = quantised(rows)
    steps = np.ldexp(1 / steps_of(rows.shape[1]), codes.doublings)
    assert (np.abs(decoded(codes) - rows) <= steps[:, np.newaxis] / 2 + 1e-6).all()


@given(vectors)
def test_steps_are_doubled_only_where_they_must_be(rows: NDArray[np.float32]) -> None:
    codes = quantised(rows)
    largest = np.abs(codes.values.astype(int) - 128).max(axis=1)
    assert (largest <= 127).all()
    assert (largest[codes.doublings > 0] >= 63).all()


@given(vectors)
def test_a_code_does_not_depend_on_its_neighbours(rows: NDArray[np.float32]) -> None:
    whole, last = quantised(rows), quantised(rows[-1:])
    assert whole.values[-1].tolist() == last.values[0].tolist()
    assert whole.doublings[-1] == last.doublings[0]


@pytest.mark.parametrize(("dimension", "steps"), [(1, 128), (32, 128), (384, 512), (1024, 512)])
def test_steps_suit_the_dimension(dimension: int, steps: int) -> None:
    assert steps_of(dimension) == steps


def test_no_vectors_have_no_codes() -> None:
    codes = quantised(np.empty((0, 384), np.float32))
    assert (len(codes), codes.dimension, decoded(codes).shape) == (0, 384, (0, 384))
