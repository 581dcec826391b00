"""Asks the fifty questions beside this file: ``python -m benchmarks.languages --among DIR``.

The ten documents that they are about lie beside it too. They were written for this, and most words
of the questions are inflected otherwise than in the sentence that answers. ``--among`` is a folder
of documents in English that are indexed with them; ``--show`` names each question that fails.
"""

import argparse
import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.library import Library
from index.records import Abstained, Citation

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and how the sentence begins that answers it."""

    language: str
    question: str
    document: str
    sentence: str

    def is_answered_by(self, citation: Citation) -> bool:
        """Whether a quote holds that sentence."""
        return citation.document == self.document and self.sentence in citation.quote


def questions() -> Iterator[Asked]:
    """Those beside this file."""
    with (HERE / "questions.jsonl").open(encoding="utf-8") as lines:
        yield from (Asked(**json.loads(line)) for line in lines)


def main() -> None:
    """Print for each language how often the sentence comes first, or among three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--among", type=Path, help="a folder of English documents")
    parser.add_argument("--data", type=Path, help="a folder for the index, which is kept")
    parser.add_argument("--show", action="store_true", help="name each question that fails")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        shutil.copytree(HERE / "documents", seeds)
        if arguments.among:
            shutil.copytree(arguments.among, seeds / "english")
        library = Library.open(seeds=seeds, data=arguments.data or Path(folder) / "data")
        library.refresh()
        found = score(library, shows=arguments.show)
    print("| language | questions | hit@1 | hit@3 | answered |\n|---|---|---|---|---|")
    for language, rows in found.items():
        sums = " | ".join(str(sum(column)) for column in zip(*rows, strict=True))
        print(f"| {language} | {len(rows)} | {sums} |")


def score(library: Library, *, shows: bool) -> dict[str, list[tuple[bool, bool, bool]]]:
    """Of each question by its language: first, among three, and not withheld."""
    found = defaultdict(list)
    for asked in questions():
        outcome = library.ask(asked.question)
        is_withheld = isinstance(outcome, Abstained)
        quotes = outcome.nearest if isinstance(outcome, Abstained) else outcome.citations
        hits = [asked.is_answered_by(one) for one in quotes]
        found[asked.language].append((hits[:1] == [True], any(hits), not is_withheld))
        if shows and hits[:1] != [True]:
            print(f"{asked.question} -> {quotes[0].quote if quotes else 'nothing'}")
    return found


if __name__ == "__main__":
    main()
