"""Fit the ranker and the confidence again, and write ``index/weights.json``.

    python -m benchmarks.fit_weights ../shared/data --readers FOLDER

FOLDER is where ``benchmarks/training/train.py`` worked. Every figure printed is of questions on
articles left out of the fit and of the reader's training, two articles at a time. The shipped
weights are then fitted on all. Takes some ten minutes on two cores.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.cases import Case, collect
from benchmarks.dev_sets import NATURAL, SEED, read_questions
from benchmarks.held_out import HeldOut, Stretch, figures
from benchmarks.training.articles import folds
from benchmarks.training.readers import trained_readers
from index.confidence import SIGNS, confidence, signs
from index.features import NAMES
from index.ranking import READ, Ranking, ranked
from index.weights import Weights, load_weights

NATURAL_WEIGHT = 2.0  # of a natural question in the ranker's loss; there are 4 SQuAD ones for each
SHRINKAGE = 1e-3
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


def fit_listwise(
    rows: Sequence[Vector], right: Sequence[NDArray[np.bool_]], weight: Vector
) -> Vector:
    """Weights that make the right rows of each group likely among its rows (softmax).

    ``rows``: float64 [n, k] of each group; ``weight``: float64 [groups].
    """
    table, gold = np.concatenate(rows), np.concatenate(right)
    scale = table.std(axis=0) + 1e-9
    lengths = np.array([len(one) for one in rows])
    starts = np.cumsum([0, *lengths[:-1]])
    weight = weight / weight.sum()
    scaled = (table - table.mean(axis=0)) / scale

    def loss(at: Vector) -> tuple[float, Vector]:
        score = scaled @ at
        raised = np.exp(score - np.repeat(np.maximum.reduceat(score, starts), lengths))
        all_, good = np.add.reduceat(raised, starts), np.add.reduceat(raised * gold, starts)
        pull = raised / np.repeat(all_, lengths) - raised * gold / np.repeat(good, lengths)
        value = float((weight * np.log(all_ / good)).sum() + SHRINKAGE * (at**2).sum())
        return value, scaled.T @ (pull * np.repeat(weight, lengths)) + 2 * SHRINKAGE * at

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B")
    weights: Vector = found.x / scale
    return weights


def fit_ranker(cases: Sequence[Case]) -> dict[str, float]:
    """What the features weigh, by name."""
    used = [case for case in cases if case.gold.any()]
    found = fit_listwise(
        [case.features.matrix for case in used], [case.gold for case in used], _counts(used)
    )
    return dict(zip(NAMES, found.tolist(), strict=True))


def fit_reading(cases: Sequence[Case], ranker: Weights) -> dict[str, float]:
    """What margin and relevance weigh beside the score of the features, by name."""
    rows, right, used = [], [], []
    for case in cases:
        scores = case.features.matrix @ ranker.rank_vector(NAMES)
        best = np.argsort(-scores, kind="stable")[:READ].tolist()
        gold = case.gold[best]
        readings = [one for one in case.readings.of(best) if one]
        if gold.any() and not gold.all() and readings:
            told = [one.evidence for one in readings]
            rows.append(np.column_stack([scores[best], np.array(told)]))
            right.append(gold)
            used.append(case)
    if not used:
        return {"margin": 0.0, "relevance": 0.0}
    score, margin, relevance = fit_listwise(rows, right, _counts(used)).tolist()
    return {"margin": margin / score, "relevance": relevance / score}


def _counts(cases: Sequence[Case]) -> Vector:
    return np.array([NATURAL_WEIGHT if case.dev.is_natural else 1.0 for case in cases])


def ranking_of(case: Case, weights: Weights) -> Ranking:
    """The case's candidates in order."""
    return ranked(case.features, case.readings, weights)


def signs_of(case: Case, weights: Weights) -> Vector:
    """The signs of the best candidate, in the order of SIGNS."""
    found = signs(case.snapshot, case.question, ranking_of(case, weights))
    return np.array([found[name] for name in SIGNS])


def is_right(case: Case, weights: Weights, *, most: int = 1) -> bool:
    """Whether one of the ``most`` best candidates holds the answer."""
    return bool(case.gold[list(ranking_of(case, weights).order[:most])].any())


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
    kinds = [
        (case.corpus, NATURAL if case.dev.is_natural else case.dev.group, bool(case.dev.answers))
        for case in cases
    ]
    counted = Counter(kinds)
    weight = np.array([share_of(*kind) / counted[kind] for kind in kinds])
    shares: Vector = weight / weight.sum()
    return shares


def share_of(corpus: str, group: str, answerable: bool) -> float:
    """The share of a kind of case in the confidence's loss."""
    return SHARES.get(f"{corpus}, {group}{'' if answerable else ', unanswerable'}", 0.0) or (
        SHARES.get(corpus, 0.0)
    )


def leave_out(cases: Sequence[Case], apart: Sequence[Sequence[str]]) -> list[HeldOut]:
    """Fit on all articles but those left out, and ask the questions on them, for each."""
    found = []
    for articles in apart:
        weights = fit([case for case in cases if case.dev.article not in (*articles, SEED)])
        for case in cases:
            if case.dev.article in articles:
                sureness = confidence(
                    dict(zip(SIGNS, signs_of(case, weights).tolist(), strict=True)),
                    weights.confidence,
                    weights.bias,
                )
                found.append(
                    HeldOut(
                        case,
                        is_right(case, weights),
                        is_right(case, weights, most=3),
                        sureness,
                        Stretch.of(case, ranking_of(case, weights)),
                    )
                )
    return found


def fit(cases: Sequence[Case]) -> Weights:
    """Everything but the thresholds."""
    whole = [case for case in cases if case.corpus == "whole"]
    weights = Weights(fit_ranker(whole), {}, 0.0, 0.0)
    weights = replace(weights, reading=fit_reading(whole, weights))
    asked = [c for c in cases if len(c.gold) and c.dev.article != SEED]
    rows = np.array([signs_of(case, weights) for case in asked])
    right = np.array([float(is_right(case, weights)) for case in asked])
    found, bias = fit_confidence(rows, right, confidence_weight(asked))
    return replace(weights, confidence=dict(zip(SIGNS, found.tolist(), strict=True)), bias=bias)


def read_ahead(cases: Sequence[Case], weights: Weights) -> None:
    """Have the readers read what will be asked for, two cases at a time."""

    def read(case: Case) -> None:
        scores = case.features.matrix @ weights.rank_vector(NAMES)
        case.readings.of(np.argsort(-scores, kind="stable")[: READ + 1].tolist())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(read, cases))


def main() -> None:
    """Fit, measure, write, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--readers", type=Path, required=True)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--bold", type=float, default=3.0)
    parser.add_argument("--out", type=Path, default=Path("index/weights.json"))
    arguments = parser.parse_args()
    articles = sorted({one.article for one in read_questions(arguments.data)} - {SEED})
    with TemporaryDirectory() as folder:
        readers = trained_readers(arguments.readers, articles, Path(folder))
        cases = collect(
            arguments.data, arguments.seeds, readers, exports=arguments.readers / "models"
        )
        read_ahead(cases, load_weights())
        table = figures(leave_out(cases, folds(articles)))
        weights = fit(cases)
    fitted = {
        "made by": "benchmarks/fit_weights.py",
        "ranker": _rounded(weights.ranker),
        "reading": _rounded(weights.reading),
        "confidence": _rounded(weights.confidence),
        "bias": round(weights.bias, 4),
        "threshold": arguments.threshold,
        "bold": arguments.bold,
        "figures on articles left out": table,
    }
    arguments.out.write_text(json.dumps(fitted, indent=2) + "\n", "utf-8")
    print(json.dumps(table, indent=2))


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(weight, 4) for name, weight in weights.items()}


if __name__ == "__main__":
    main()
