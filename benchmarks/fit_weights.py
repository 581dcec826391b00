"""Fit the ranker and the confidence again, and write ``index/weights.json``.

    python -m benchmarks.fit_weights ../shared/data

Every figure printed is of questions on articles left out of the fit, one article at a time. The
shipped weights are then fitted on all. Takes some minutes on two cores.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.cases import Case, collect
from benchmarks.dev_sets import SEED
from index.confidence import SIGNS, signs
from index.features import NAMES

NATURAL_WEIGHT = 8.0  # of a natural question in the ranker's loss; there are 15 SQuAD ones for each
SHRINKAGE = 1e-3
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)
SHARES = {
    "whole, squad": 0.5,
    "whole, squad, unanswerable": 0.5,
    "whole, natural": 0.8,
    "whole, natural, unanswerable": 0.2,
    "page": 0.5,
    "without": 0.5,
    "page, foreign": 0.5,
    "seed, foreign": 0.25,
}
"""What each kind of case counts for the confidence, however many there are. SQuAD's unanswerable
questions are made to deceive; they count as much as its answerable ones, not more."""

Vector = NDArray[np.float64]


def fit_ranker(cases: Sequence[Case]) -> Vector:
    """Weights that make the gold sentences likely among the candidates (listwise softmax)."""
    used = [case for case in cases if case.gold.any()]
    rows = np.concatenate([case.features.matrix for case in used])
    right = np.concatenate([case.gold for case in used])
    scale = rows.std(axis=0) + 1e-9
    lengths = np.array([len(case.gold) for case in used])
    starts = np.cumsum([0, *lengths[:-1]])
    weight = np.array([NATURAL_WEIGHT if c.dev.group == "natural" else 1.0 for c in used])
    weight /= weight.sum()
    scaled = (rows - rows.mean(axis=0)) / scale

    def loss(at: Vector) -> tuple[float, Vector]:
        score = scaled @ at
        raised = np.exp(score - np.repeat(np.maximum.reduceat(score, starts), lengths))
        all_, good = np.add.reduceat(raised, starts), np.add.reduceat(raised * right, starts)
        pull = raised / np.repeat(all_, lengths) - raised * right / np.repeat(good, lengths)
        value = float((weight * np.log(all_ / good)).sum() + SHRINKAGE * (at**2).sum())
        return value, scaled.T @ (pull * np.repeat(weight, lengths)) + 2 * SHRINKAGE * at

    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B")
    weights: Vector = found.x / scale
    return weights


def signs_of(case: Case, ranker: Vector) -> Vector:
    """The signs of the best candidate, in the order of SIGNS."""
    scores = case.features.matrix @ ranker
    found = signs(case.snapshot, case.question, case.features, scores)
    return np.array([found[name] for name in SIGNS])


def is_right(case: Case, ranker: Vector, *, most: int = 1) -> bool:
    """Whether one of the ``most`` best candidates holds the answer."""
    order = np.argsort(-(case.features.matrix @ ranker), kind="stable")[:most]
    return bool(case.gold[order].any())


def fit_confidence(
    rows: NDArray[np.float64], right: Vector, weight: Vector
) -> tuple[Vector, float]:
    """Logistic regression, lightly shrunk: weights and bias."""
    centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled, sign = (rows - centre) / scale, 2 * right - 1

    def loss(at: Vector) -> tuple[float, Vector]:
        margin = sign * (scaled @ at[:-1] + at[-1])
        pull = -weight * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        value = float((weight * np.logaddexp(0, -margin)).sum() + SHRINKAGE * (at[:-1] ** 2).sum())
        gradient = np.append(scaled.T @ pull + 2 * SHRINKAGE * at[:-1], pull.sum())
        return value, gradient

    found = minimize(loss, np.zeros(len(SIGNS) + 1), jac=True, method="L-BFGS-B").x
    weights: Vector = found[:-1] / scale
    return weights, float(found[-1] - weights @ centre)


def confidence_weight(cases: Sequence[Case]) -> Vector:
    """What each case counts: each kind has its share, whatever its number."""
    kinds = [(case.corpus, case.dev.group, bool(case.dev.answers)) for case in cases]
    counted = Counter(kinds)
    weight = np.array([share_of(*kind) / counted[kind] for kind in kinds])
    shares: Vector = weight / weight.sum()
    return shares


def share_of(corpus: str, group: str, answerable: bool) -> float:
    """The share of a kind of case in the confidence's loss."""
    return SHARES.get(f"{corpus}, {group}{'' if answerable else ', unanswerable'}", 0.0) or (
        SHARES.get(corpus, 0.0)
    )


@dataclass(frozen=True)
class HeldOut:
    """What was found for the cases of articles left out of the fit."""

    case: Case
    first: bool
    third: bool
    confidence: float


def leave_one_out(cases: Sequence[Case], articles: Sequence[str]) -> list[HeldOut]:
    """Fit on all articles but one, and ask the questions on that one, for each."""
    found = []
    for article in articles:
        rest = [case for case in cases if case.dev.article not in (article, SEED)]
        ranker, weights, bias = fit(rest)
        for case in cases:
            if case.dev.article == article:
                logit = float(signs_of(case, ranker) @ weights + bias)
                found.append(
                    HeldOut(
                        case,
                        is_right(case, ranker),
                        is_right(case, ranker, most=3),
                        float(1 / (1 + np.exp(-logit))),
                    )
                )
    return found


def fit(cases: Sequence[Case]) -> tuple[Vector, Vector, float]:
    """Ranker, confidence weights and bias."""
    ranker = fit_ranker([case for case in cases if case.corpus == "whole"])
    asked = [c for c in cases if len(c.gold) and c.dev.article != SEED]
    rows = np.array([signs_of(case, ranker) for case in asked])
    right = np.array([float(is_right(case, ranker)) for case in asked])
    weights, bias = fit_confidence(rows, right, confidence_weight(asked))
    return ranker, weights, bias


def figures(found: Sequence[HeldOut]) -> dict[str, object]:
    """The table of figures, by set and threshold."""
    table: dict[str, object] = {}
    for group in ("squad", "natural"):
        own = [o for o in found if o.case.dev.group == group and o.case.corpus == "whole"]
        asked = [one for one in own if one.case.dev.answers]
        table[f"{group} hit@1"] = _share([one.first for one in asked])
        table[f"{group} hit@3"] = _share([one.third for one in asked])
        table[f"{group} calibration error"] = _calibration_error(own)
    table["at threshold"] = {str(at): _at(found, at) for at in THRESHOLDS}
    return table


def _at(found: Sequence[HeldOut], threshold: float) -> dict[str, float]:
    row: dict[str, float] = {}
    for group in ("squad", "natural"):
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


def main() -> None:
    """Fit, measure, write, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--out", type=Path, default=Path("index/weights.json"))
    arguments = parser.parse_args()
    cases = collect(arguments.data, arguments.seeds)
    articles = sorted({case.dev.article for case in cases} - {SEED})
    table = figures(leave_one_out(cases, articles))
    ranker, weights, bias = fit(cases)
    fitted = {
        "made by": "benchmarks/fit_weights.py",
        "ranker": dict(zip(NAMES, ranker.round(4).tolist(), strict=True)),
        "confidence": dict(zip(SIGNS, weights.round(4).tolist(), strict=True)),
        "bias": round(bias, 4),
        "threshold": arguments.threshold,
        "figures on articles left out": table,
    }
    arguments.out.write_text(json.dumps(fitted, indent=2) + "\n", "utf-8")
    print(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()
