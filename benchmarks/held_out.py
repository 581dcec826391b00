"""What was found for questions on articles left out of a fit, in figures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.cases import Case
from benchmarks.dev_sets import NATURAL, OURS
from index.judging import agreement
from index.ranking import Ranking
from index.spans import find_span

GROUPS = ("squad", NATURAL, OURS)
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.36, 0.37, 0.38, 0.39, 0.4, 0.45, 0.5, 0.6, 0.7)
BOLD = (-100.0, -2.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Margins; with the first, whatever the reader finds is set in bold."""


@dataclass(frozen=True)
class Stretch:
    """The stretches of the first quote: the one that was read, and the one told by its form.

    Each with whether it is an acceptable answer, its F1 with the nearest one, and whether one of
    the two holds the other.
    """

    margin: float
    read: tuple[bool, float, bool]
    formed: tuple[bool, float, bool] | None

    @classmethod
    def of(cls, case: Case, ranking: Ranking) -> "Stretch":
        """Of the best candidate, if there is a reader."""
        best = ranking.order[0]
        (reading,) = ranking.readings.of([best])
        sentence = case.snapshot.sentence_text(int(case.features.sentences[best]))
        span = find_span(case.question, sentence)
        answers = case.dev.answers
        read = sentence[reading.start : reading.end] if reading else ""
        return cls(
            margin=reading.margin if reading else -math.inf,
            read=agreement(read, answers),
            formed=agreement(sentence[span.start : span.end], answers) if span else None,
        )

    def shown(self, bold: float) -> tuple[bool, float, bool] | None:
        """What is set in bold where that takes a margin of ``bold``."""
        return self.read if self.margin >= bold else self.formed


@dataclass(frozen=True)
class HeldOut:
    """What was found for the cases of articles left out of the fit."""

    case: Case
    first: bool
    third: bool
    confidence: float
    stretch: "Stretch"


def figures(found: Sequence[HeldOut]) -> dict[str, object]:
    """The table of figures, by set and threshold."""
    table: dict[str, object] = {}
    for group in GROUPS:
        own = [o for o in found if o.case.dev.group == group and o.case.corpus == "whole"]
        asked = [one for one in own if one.case.dev.answers]
        table[f"{group} hit@1"] = _share([one.first for one in asked])
        table[f"{group} hit@3"] = _share([one.third for one in asked])
        table[f"{group} calibration error"] = _calibration_error(own)
        table[f"{group} bold"] = {str(at): _bold(asked, at) for at in BOLD}
    table["at threshold"] = {str(at): _at(found, at) for at in THRESHOLDS}
    return table


def _at(found: Sequence[HeldOut], threshold: float) -> dict[str, float]:
    row: dict[str, float] = {}
    for group in GROUPS:
        own = [o for o in found if o.case.dev.group == group and o.case.corpus == "whole"]
        asked = [one for one in own if one.case.dev.answers]
        shown = [one for one in asked if one.confidence >= threshold]
        row[f"{group} answered"] = len(shown) / len(asked)
        row[f"{group} right of answered"] = _share([one.first for one in shown])
        rest = [one for one in own if not one.case.dev.answers]
        row[f"{group} unanswerable answered"] = _share([o.confidence >= threshold for o in rest])
    for corpus in ("without", "page", "page, foreign", "seed, foreign"):
        answered = [one.confidence >= threshold for one in found if one.case.corpus == corpus]
        row[f"{corpus} answered"] = _share(answered)
    return {name: round(value, 4) for name, value in row.items()}


def _bold(asked: Sequence[HeldOut], least: float) -> dict[str, float]:
    """How often a stretch is set in bold, and how good it is then."""
    shown = [told for one in asked if (told := one.stretch.shown(least))]
    return {
        "share": round(len(shown) / len(asked), 4),
        "right": _share([right for _, _, right in shown]),
        "F1": round(sum(f1 for _, f1, _ in shown) / max(1, len(shown)), 4),
        "F1 of all": round(sum(f1 for _, f1, _ in shown) / len(asked), 4),
    }


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / max(1, len(found)), 4)


def _calibration_error(found: Sequence[HeldOut], bins: int = 10) -> float:
    """Mean over bins of equal mass of |confidence - share right|."""
    ordered = sorted(found, key=lambda one: one.confidence)
    parts = [part for part in np.array_split(np.arange(len(ordered)), bins) if len(part)]
    gaps = [
        abs(float(np.mean([ordered[at].confidence - ordered[at].first for at in part])))
        for part in parts
    ]
    return round(float(np.mean(gaps)), 4)
