"""Score the shipped library on the development sets, as people and tests use it.

    python -m benchmarks.score ../shared/data

Prints, for each set: hit@1 and hit@3 with an answer forced; what is answered at the default
threshold; how often a question is answered once the article it is about has been taken away; and
checks every citation of every question against its document's text. In-sample for SQuAD's and the
natural questions: the weights were fitted on them (``index/weights.json`` has the held-out
figures).
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dev_sets import SEED, DevQuestion, read_questions
from index.judging import normalised
from index.library import Library
from index.records import Abstained, Answer, Citation


@dataclass(frozen=True)
class Scored:
    """One question's outcome: where the gold stood among the citations, and how sure it was."""

    question: DevQuestion
    hits: tuple[bool, ...]
    confidence: float


@contextmanager
def library_of(files: Sequence[Path]) -> Iterator[Library]:
    """A library over copies of ``files``, indexed; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for file in files:
            shutil.copy(file, seeds / file.name)
        library = Library.open(seeds=seeds, data=Path(folder) / "data")
        library.refresh()
        yield library


def ask_all(library: Library, questions: Sequence[DevQuestion]) -> list[Scored]:
    """Ask each with an answer forced, and check what it cites."""
    texts = {entry.id: library.document(entry.id).text for entry in library.documents()}
    return [_score(library, texts, question) for question in questions]


def _score(library: Library, texts: Mapping[str, str], question: DevQuestion) -> Scored:
    outcome = library.ask(question.question, min_confidence=0)
    citations = outcome.citations if isinstance(outcome, Answer) else outcome.nearest
    _check(texts, outcome, citations)
    hits = tuple(is_gold(question, citation) for citation in citations)
    return Scored(question, hits, outcome.confidence)


def passage_hits(library: Library, questions: Sequence[DevQuestion]) -> float:
    """The share of answerable questions whose answer is in one of the five best passages."""
    asked = [one for one in questions if one.answers]
    found = [
        any(is_gold(one, hit.citation) for hit in library.search(one.question, limit=5))
        for one in asked
    ]
    return sum(found) / len(asked)


def _check(
    texts: Mapping[str, str], outcome: Answer | Abstained, citations: Sequence[Citation]
) -> None:
    """Every quote, and the answer, stands in its document at the place that is told."""
    for cited in citations:
        if texts[cited.document][cited.start : cited.end] != cited.quote:
            raise SystemExit(f"{cited} is not what its document says.")
    if isinstance(outcome, Answer):
        first = citations[0]
        stretch = texts[first.document][first.answer_start : first.answer_end]
        if stretch != outcome.answer:
            raise SystemExit(f"{outcome.answer!r} is not what its document says.")


def is_gold(question: DevQuestion, cited: Citation) -> bool:
    """Whether a citation holds the answer where the set says it is."""
    if cited.document != question.document:
        return False
    if question.places:
        return any(cited.start <= place < cited.end for place in question.places)
    text = f" {normalised(cited.quote)} "
    return any(f" {normalised(answer)} " in text for answer in question.answers)


def report(name: str, scored: Sequence[Scored], threshold: float) -> None:
    """One line of figures for a set."""
    asked = [one for one in scored if one.question.answers]
    rest = [one for one in scored if not one.question.answers]
    shown = [one for one in asked if one.confidence >= threshold]
    first = sum(one.hits[:1] == (True,) for one in asked)
    any_ = sum(any(one.hits) for one in asked)
    right = sum(one.hits[:1] == (True,) for one in shown)
    false = sum(one.confidence >= threshold for one in rest)
    print(
        f"{name}: hit@1 {first / len(asked):.3f} hit@3 {any_ / len(asked):.3f} of {len(asked)}; "
        f"answered {len(shown)}, of these right {right}; "
        f"of {len(rest)} unanswerable answered {false}"
    )


def main() -> None:
    """Score everything and print it."""
    parser = argparse.ArgumentParser(description="Score the shipped library.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    arguments = parser.parse_args()
    questions = read_questions(arguments.data)
    articles = sorted((arguments.data / "squad-dev" / "documents").glob("*.txt"))
    with library_of(sorted(arguments.seeds.glob("*.txt"))) as library:
        of_seed = [one for one in questions if one.group == SEED]
        report("seed", ask_all(library, of_seed), library.threshold)
    with library_of(articles) as library:
        for group in ("squad", "natural"):
            asked = [one for one in questions if one.group == group]
            report(group, ask_all(library, asked), library.threshold)
            print(f"{group}: passage hit@5 {passage_hits(library, asked):.3f}")
        threshold = library.threshold
    foreign = [one for article in articles for one in _without(article, articles, questions)]
    answered = sum(one.confidence >= threshold for one in foreign)
    print(f"article taken away: answered {answered} of {len(foreign)}")


def _without(
    article: Path, articles: Sequence[Path], questions: Sequence[DevQuestion]
) -> list[Scored]:
    about = [one for one in questions if one.article == article.name and one.group != SEED]
    with library_of([path for path in articles if path != article]) as library:
        return ask_all(library, about)


if __name__ == "__main__":
    main()
