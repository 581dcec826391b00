"""Figures of two systems, measured in turns, as rows of a table with bars and verdicts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEADING = ("figure", "unit", "cores", "Footnote", "reference", "ratio", "spread", "bar", "verdict")


@dataclass(frozen=True, slots=True)
class Bar:
    """What a ratio has to reach: at most, or at least, so much."""

    value: float
    at_least: bool = False

    def reached(self, ratio: float) -> bool:
        """Whether ``ratio`` is on the right side; one that is no number is on none."""
        return ratio >= self.value if self.at_least else ratio <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what each round gave.

    Attributes:
        ours, reference: one number a round; the rounds of both were measured in turns. Without a
            reference the bar is one for our own figure.
        bar: None where no bar was set.
    """

    name: str
    unit: str
    cores: str
    ours: tuple[float, ...]
    reference: tuple[float, ...] = ()
    bar: Bar | None = None

    def ratios(self) -> tuple[float, ...]:
        """Ours to the reference, round by round: what slows a round slows both."""
        if not self.reference:
            return self.ours
        pairs = zip(self.ours, self.reference, strict=True)
        return tuple(one / other if other else math.nan for one, other in pairs)

    def verdict(self) -> str:
        """Whether the median of the ratios reaches the bar."""
        if self.bar is None:
            return "—"
        return "reached" if self.bar.reached(median(self.ratios())) else "**missed**"

    def cells(self) -> tuple[str, ...]:
        """The row, as ``HEADING`` names its cells."""
        ratios = self.ratios() if self.reference else ()
        return (
            self.name,
            self.unit,
            self.cores,
            shown(median(self.ours)),
            shown(median(self.reference)) if self.reference else "—",
            shown(median(ratios)) if ratios else "—",
            f"{shown(min(ratios))}–{shown(max(ratios))}" if len(ratios) > 1 else "—",
            str(self.bar) if self.bar else "—",
            self.verdict(),
        )


def missing(name: str, cores: str, why: str, bar: Bar | None = None) -> tuple[str, ...]:
    """The cells of a figure that was not measured, with the reason for a verdict."""
    return (name, "—", cores, "—", "—", "—", "—", str(bar) if bar else "—", f"not measured: {why}")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (over 0, to 1) of ``values`` do not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("There is no percentile of nothing.")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def shown(value: float) -> str:
    """Three digits, or all before the point where there are more: ``0.0312``, ``4.70``, ``1934``.

    >>> shown(0.03125), shown(4.7), shown(1934.2)
    ('0.0312', '4.70', '1934')
    """
    if not math.isfinite(value):
        return "—"
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else math.floor(_exponent(value)) + 1
    return f"{value:.{max(0, 3 - whole)}f}"


def _exponent(value: float) -> float:
    return math.log10(abs(value)) if value else 0.0


def markdown(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown. A bar within a cell would end it, so it is written otherwise."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(
        f"| {' | '.join(' '.join(cell.split()).replace('|', '¦') for cell in line)} |"
        for line in lines
    )
