"""Which questions are taken for one: ``python -m benchmarks.grouping DATA [--list]``.

Pairs of development questions on the same article. An answer at the same place is a sign that two
ask the same, no more: a place may answer two questions, and what is asked in other words is often
answered elsewhere too. So the pairs that are taken are listed to be read.
"""

import argparse
import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.dev_sets import DevQuestion, read_questions
from index.encoders import ModelSource
from index.grouping import ALIKE, may_be_one
from index.questions import read_question

THRESHOLDS = (0.7, 0.75, 0.8, ALIKE, 0.9, 0.95)


def main() -> None:
    """Print for each threshold how many pairs are taken, and how many share an answer's place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--list", action="store_true", help="print the pairs that are taken")
    arguments = parser.parse_args()
    questions = [one for one in read_questions(arguments.data) if one.places]
    encoder = ModelSource().load()
    vectors = np.array([encoder.embed_query(one.question) for one in questions])
    pairs = list(_pairs(questions))
    cosines = np.array([float(vectors[a] @ vectors[b]) for a, b in pairs])
    read = [read_question(one.question) for one in questions]
    checked = np.array([may_be_one(read[a], read[b]) for a, b in pairs])
    same = np.array([bool({*questions[a].places} & {*questions[b].places}) for a, b in pairs])
    print(f"{len(questions)} questions, {len(pairs)} pairs, {same.sum()} with a common place\n")
    print("| cosine | as near | of these with a common place | taken | of these likewise |")
    print("|---|---|---|---|---|")
    for least in THRESHOLDS:
        near = cosines >= least
        cells = [near.sum(), (near & same).sum(), (near & checked).sum()]
        print(f"| {least:.2f} | {' | '.join(map(str, cells))} | {(near & checked & same).sum()} |")
    if arguments.list:
        for at in np.flatnonzero((cosines >= ALIKE) & checked):
            one, other = pairs[at]
            print(f"{cosines[at]:.2f} | {questions[one].question} | {questions[other].question}")


def _pairs(questions: list[DevQuestion]) -> list[tuple[int, int]]:
    """The pairs of questions on the same article."""
    rows = defaultdict(list)
    for row, one in enumerate(questions):
        rows[one.article].append(row)
    return [pair for of_one in rows.values() for pair in itertools.combinations(of_one, 2)]


if __name__ == "__main__":
    main()
