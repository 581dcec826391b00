"""Figures of a benchmark become rows: ratios, bars, verdicts, percentiles, Markdown."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.verdicts import HEADING, Bar, Row, markdown, missing, percentile, shown

FINITE = st.floats(-1e6, 1e6)


def row(ours: tuple[float, ...], reference: tuple[float, ...] = (), bar: Bar | None = None) -> Row:
    return Row("cold", "s", "1", ours, reference, bar)


def test_a_ratio_is_taken_within_a_round_so_that_a_slow_round_slows_both() -> None:
    measured = row((1.0, 10.0, 1.0), (2.0, 20.0, 2.0))
    assert measured.ratios() == (0.5, 0.5, 0.5)
    assert measured.cells()[6] == "0.500–0.500"


def test_rounds_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        row((1.0, 2.0), (1.0,)).ratios()


@pytest.mark.parametrize(
    ("ours", "bar", "verdict"),
    [
        ((0.9, 1.0, 9.0), Bar(1.0), "reached"),
        ((0.9, 1.01, 1.02), Bar(1.0), "**missed**"),
        ((1.8, 1.8, 1.8), Bar(1.8, at_least=True), "reached"),
        ((1.9, 1.7, 1.7), Bar(1.8, at_least=True), "**missed**"),
        ((5.0, 5.0, 5.0), None, "—"),
    ],
)
def test_the_median_of_the_ratios_is_held_against_the_bar(
    ours: tuple[float, ...], bar: Bar | None, verdict: str
) -> None:
    assert row(ours, (1.0, 1.0, 1.0), bar).verdict() == verdict


@pytest.mark.parametrize("bar", [Bar(1.0), Bar(1.0, at_least=True)])
def test_a_reference_of_nothing_reaches_no_bar(bar: Bar) -> None:
    measured = row((1.0,), (0.0,), bar)
    assert math.isnan(measured.ratios()[0])
    assert measured.verdict() == "**missed**"
    assert measured.cells()[5] == "—"


def test_without_a_reference_the_bar_is_for_our_own_figure() -> None:
    measured = row((0.2, 0.4, 0.3), bar=Bar(0.3))
    assert measured.verdict() == "reached"
    assert measured.cells() == ("cold", "s", "1", "0.300", "—", "—", "—", "≤ 0.3", "reached")


def test_a_row_shows_medians_ratio_spread_bar_and_verdict() -> None:
    measured = row((1.0, 2.0, 3.0), (4.0, 4.0, 4.0), Bar(0.4))
    assert measured.cells() == (
        "cold", "s", "1", "2.00", "4.00", "0.500", "0.250–0.750", "≤ 0.4", "**missed**",
    )  # fmt: skip
    assert len(measured.cells()) == len(missing("cold", "1", "no reader")) == len(HEADING)


def test_what_was_not_measured_says_why_and_keeps_its_bar() -> None:
    assert missing("with a reader", "2", "none is bundled", Bar(2.0))[-2:] == (
        "≤ 2",
        "not measured: none is bundled",
    )


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.5, 50), (0.501, 51), (0.95, 95), (0.99, 99), (1.0, 100)]
)
def test_percentiles_of_a_hundred_are_its_values_in_order(share: float, expected: int) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == expected


@given(st.lists(FINITE, min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) * (1 - 1e-9)
    assert sum(value < found for value in values) < share * len(values)


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"), (0.03125, "0.0312"), (0.5, "0.500"), (4.7, "4.70"), (47.04, "47.0"),
        (470.4, "470"), (1934.2, "1934"), (-4.7, "-4.70"), (math.nan, "—"), (math.inf, "—"),
    ],
)  # fmt: skip
def test_numbers_show_three_digits(value: float, text: str) -> None:
    assert shown(value) == text


@given(st.floats(1e-6, 1e6))
def test_a_shown_number_is_right_to_a_hundredth(value: float) -> None:
    assert float(shown(value)) == pytest.approx(value, rel=0.006)


def test_a_cell_can_neither_end_itself_nor_its_line() -> None:
    assert (
        markdown(("a", "b"), [("x|y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x¦y | one two |"
    )
