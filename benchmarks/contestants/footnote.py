"""Footnote itself, through its library, with the model that it brings along."""

import shutil
from pathlib import Path
from statistics import fmean

from benchmarks.dev_sets import read_questions
from benchmarks.score import ask_all
from index.library import Library
from index.records import Answer

_ARTICLES = ("squad", "natural")


class Footnote:
    """A library over ``seeds`` and ``data`` in one folder."""

    def __init__(self, folder: Path, model: Path, threads: int) -> None:
        """The model is its own, and it decides on its threads by the cores that it is given."""
        self._seeds = folder / "seeds"
        self._library = Library.open(seeds=self._seeds, data=folder / "data")

    def load(self) -> None:
        """Load the model by indexing a line of text: it is loaded when it is first needed."""
        self._seeds.mkdir(parents=True, exist_ok=True)
        (self._seeds / "first.txt").write_text("The first document is a single sentence.\n")
        self._library.refresh()
        self._library.ask("What is the first document?")
        (self._seeds / "first.txt").unlink()

    def build(self, documents: Path) -> None:
        """Index copies of the documents."""
        for path in Path(documents).glob("*.txt"):
            shutil.copy(path, self._seeds)
        self._library.refresh()

    def refresh(self) -> None:
        """Bring the index up to date."""
        self._library.refresh()

    def open(self) -> None:
        """Load the index and the model."""
        self._library.warm_up()

    def ask(self, question: str) -> str:
        """The finished answer; what comes nearest where that is withheld."""
        found = self._library.ask(question)
        return found.answer if isinstance(found, Answer) else ""

    def counts(self) -> dict[str, int]:
        """How many passages and sentences there are, and how many numbers a vector has."""
        snapshot = self._library._state.serve().snapshot
        return {
            "passages": len(snapshot.passages),
            "sentences": len(snapshot.sentences),
            "dimension": snapshot.passage_vectors.dimension,
        }

    def score(self, data: str) -> dict[str, float]:
        """How often the first quote, and one of three, holds the answer; how sure it was."""
        asked = [one for one in read_questions(Path(data)) if one.group in _ARTICLES]
        scored = ask_all(self._library, asked)
        with_answer = [one for one in scored if one.question.answers]
        return {
            "hit@1": fmean(one.hits[:1] == (True,) for one in with_answer),
            "hit@3": fmean(any(one.hits) for one in with_answer),
            "confidence": fmean(one.confidence for one in scored),
        }


make = Footnote
