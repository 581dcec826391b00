"""Fit the ranker and the confidence again, and write ``index/weights.json``.

    python -m benchmarks.fit_weights ../shared/data

Every figure printed is of questions on articles left out of the fit, one article at a time. The
shipped weights are then fitted on all. Takes some minutes on two cores.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.dev_sets import SEED, DevQuestion, gold, read_documents, read_questions
from index.confidence import SIGNS, signs
from index.encoding import ModelSource, SentenceEncoder
from index.features import NAMES, Features, describe
from index.indexing import build, prepare
from index.lexical import QueryTerms
from index.questions import Question, read_question
from index.records import Document
from index.retrieving import retrieve
from index.snapshot import Snapshot
from index.spelling import Speller

NATURAL_WEIGHT = 8.0  # of a natural question in the ranker's loss; there are 15 SQuAD ones for each
SHRINKAGE = 1e-3
THRESHOLDS = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A question asked of one snapshot. ``foreign``: its article is not in there."""

    dev: DevQuestion
    foreign: bool
    snapshot: Snapshot
    question: Question
    terms: QueryTerms
    features: Features
    gold: NDArray[np.bool_]


class Asker:
    """Asks questions of snapshots up to their features."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._embed = cache(encoder.embed_query)

    def build(self, documents: Sequence[Document], before: Snapshot | None = None) -> Snapshot:
        """The snapshot of ``documents``; vectors that ``before`` holds are not made again."""
        prepared = [prepare(one, encoder=self._encoder, now="") for one in documents]
        return build(prepared, encoder=self._encoder, before=before)

    def cases(
        self, snapshot: Snapshot, questions: Sequence[DevQuestion], *, foreign: bool
    ) -> list[Case]:
        """Each question asked of ``snapshot``."""
        speller = Speller(snapshot.words, is_word=self._encoder.is_one_piece)
        return [self._case(snapshot, speller, one, foreign) for one in questions]

    def _case(self, snapshot: Snapshot, speller: Speller, dev: DevQuestion, foreign: bool) -> Case:
        question = read_question(dev.question, mended=speller.mend(dev.question))
        terms = snapshot.lexicon.query(question.terms)
        found = retrieve(snapshot, self._embed(question.text), terms)
        features = describe(snapshot, question, found)
        right = gold(snapshot, dev, features.sentences.tolist())
        return Case(dev, foreign, snapshot, question, terms, features, np.array(right, np.bool_))


def collect(data: Path, seeds: Path) -> list[Case]:
    """Each question of its own documents; of the same without its article; of the seed file."""
    asker = Asker(ModelSource().load())
    documents, questions = read_documents(data / "squad-dev" / "documents"), read_questions(data)
    whole, seed = asker.build(documents), asker.build(read_documents(seeds))
    on_articles = [one for one in questions if one.group != SEED]
    cases = asker.cases(whole, on_articles, foreign=False)
    cases += asker.cases(seed, [one for one in questions if one.group == SEED], foreign=False)
    cases += asker.cases(seed, on_articles[::5], foreign=True)
    for document in documents:
        rest = asker.build([one for one in documents if one is not document], before=whole)
        about = [one for one in on_articles if one.article == document.id]
        cases += asker.cases(rest, about, foreign=True)
        print(f"{len(cases)} cases", file=sys.stderr, flush=True)
    return cases


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
    found = signs(case.snapshot, case.question, case.terms, case.features, scores)
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
    """What each case counts: natural questions as much as SQuAD's together, foreign ones half."""
    share = {("natural", False): 1.0, ("squad", False): 1.0, ("natural", True): 0.25}
    kinds = [(case.dev.group, case.foreign) for case in cases]
    weight = np.array([share.get(kind, 0.25) / kinds.count(kind) for kind in kinds])
    shares: Vector = weight / weight.sum()
    return shares


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
    ranker = fit_ranker([case for case in cases if not case.foreign])
    asked = [case for case in cases if len(case.gold)]
    rows = np.array([signs_of(case, ranker) for case in asked])
    right = np.array([float(is_right(case, ranker)) for case in asked])
    weights, bias = fit_confidence(rows, right, confidence_weight(asked))
    return ranker, weights, bias


def figures(found: Sequence[HeldOut]) -> dict[str, object]:
    """The table of figures, by set and threshold."""
    table: dict[str, object] = {}
    for group in ("squad", "natural"):
        own = [one for one in found if one.case.dev.group == group and not one.case.foreign]
        asked = [one for one in own if one.case.dev.answers]
        table[f"{group} hit@1"] = _share([one.first for one in asked])
        table[f"{group} hit@3"] = _share([one.third for one in asked])
        table[f"{group} calibration error"] = _calibration_error(own)
    table["at threshold"] = {str(at): _at(found, at) for at in THRESHOLDS}
    return table


def _at(found: Sequence[HeldOut], threshold: float) -> dict[str, float]:
    row: dict[str, float] = {}
    for group in ("squad", "natural"):
        own = [one for one in found if one.case.dev.group == group and not one.case.foreign]
        asked = [one for one in own if one.case.dev.answers]
        shown = [one for one in asked if one.confidence >= threshold]
        row[f"{group} answered"] = len(shown) / len(asked)
        row[f"{group} right of answered"] = _share([one.first for one in shown])
        rest = [one for one in own if not one.case.dev.answers]
        row[f"{group} unanswerable answered"] = _share([o.confidence >= threshold for o in rest])
    foreign = [one for one in found if one.case.foreign]
    row["foreign answered"] = _share([one.confidence >= threshold for one in foreign])
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
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--out", type=Path, default=Path("index/weights.json"))
    arguments = parser.parse_args()
    cases = collect(arguments.data, arguments.seeds)
    articles = sorted({case.dev.article for case in cases} - {SEED})
    table = figures(leave_one_out(cases, articles))
    ranker, weights, bias = fit([case for case in cases if case.dev.article != SEED])
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
