"""How often documents are said to disagree: ``python -m benchmarks.disagreeing DATA``.

Every development question is asked of all articles, and those on the pairs of
``benchmarks.pairs`` of their two documents. All that is said to disagree in the articles is
printed, to be read: they are not known to contradict themselves. So is each pair judged wrongly.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cases import Asker
from benchmarks.dev_sets import SEED, read_documents, read_questions
from benchmarks.pairs import AGREEMENTS, CONFLICTS
from benchmarks.score import library_of
from index.disagreeing import disagreeing
from index.encoding import ModelSource, SentenceEncoder
from index.features import NAMES
from index.library import Library
from index.models import ModelIdentity
from index.records import Answer
from index.weights import load_weights


class _Loaded:
    """A model that is loaded once for many libraries."""

    def __init__(self) -> None:
        self._source = ModelSource()
        self._encoder = self._source.load()

    def identify(self) -> ModelIdentity:
        return self._source.identify()

    def load(self) -> SentenceEncoder:
        return self._encoder


def disagreements(library: Library, questions: Sequence[str]) -> Iterator[Answer]:
    """The answers in which documents are said to disagree."""
    for question in questions:
        found = library.ask(question)
        if isinstance(found, Answer) and found.claims:
            yield found


def pair_answer(source: _Loaded, question: str, texts: Sequence[str]) -> Answer | None:
    """What two documents are said to disagree on, if they are."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for name, text in zip(("a.txt", "b.txt"), texts, strict=True):
            title, _, body = text.partition(" | ")
            (seeds / name).write_text(f"{title}\n\n{body}\n", "utf-8")
        library = Library(
            seeds=seeds, data=Path(folder) / "data", source=source, weights=load_weights()
        )
        library.refresh()
        return next(disagreements(library, [question]), None)


def _print_answer(found: Answer) -> None:
    print(f"? {found.question} ({found.confidence:.2f})")
    for cited in found.citations[: len(found.claims)]:
        print(f"    {cited.answer} | {cited.document}: {' '.join(cited.quote.split())}")


def _on_articles(data: Path) -> None:
    articles = sorted((data / "squad-dev" / "documents").glob("*.txt"))
    every = [one for one in read_questions(data) if one.group != SEED]
    with library_of(articles) as library:
        for group in ("squad", "natural"):
            for kind, wanted in (("answerable", True), ("unanswerable", False)):
                asked = [
                    one.question
                    for one in every
                    if one.group == group and bool(one.answers) == wanted
                ]
                found = list(disagreements(library, asked))
                print(f"{group}, {kind}: {len(found)} of {len(asked)} said to disagree")
                for one in found:
                    _print_answer(one)


def _print_cost(data: Path, source: _Loaded) -> None:
    """How long it takes to look, whether or not there is anything to be found."""
    asker = Asker(source.load())
    snapshot = asker.build(read_documents(data / "squad-dev" / "documents"))
    questions = [one for one in read_questions(data) if one.group != SEED]
    ranker = load_weights().rank_vector(NAMES)
    spent: list[float] = []
    for case in asker.cases(snapshot, "whole", questions):
        scores = case.features.matrix @ ranker
        began = time.perf_counter()
        disagreeing(snapshot, case.question, case.features, scores, is_sure=lambda at: True)
        spent.append(time.perf_counter() - began)
    spent.sort()
    mean, slow = sum(spent) / len(spent), spent[int(0.99 * len(spent))]
    print(f"looking took {1e3 * mean:.2f} ms in the mean, {1e3 * slow:.2f} ms in 1 of 100 at least")


def _on_pairs(source: _Loaded) -> None:
    for name, pairs, wanted in (("conflicts", CONFLICTS, True), ("agreements", AGREEMENTS, False)):
        told = 0
        for question, *texts in pairs:
            found = pair_answer(source, question, texts)
            told += found is not None
            if (found is not None) != wanted:
                print(f"{'missed' if wanted else 'FALSE'}: {question}")
        print(f"{name}: {told} of {len(pairs)} said to disagree")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    arguments = parser.parse_args()
    source = _Loaded()
    _on_pairs(source)
    _on_articles(arguments.data)
    _print_cost(arguments.data, source)


if __name__ == "__main__":
    main()
