"""The development question sets as the fitting and scoring scripts read them.

They stay outside the repository; every script takes their folder as its first argument.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.judging import normalised
from index.parsing import parse
from index.records import Document
from index.snapshot import Snapshot

SEED = "seed"


@dataclass(frozen=True)
class DevQuestion:
    """A question, the set it is from, and the article it is about (``SEED`` for the seed file)."""

    group: str
    article: str
    question: str
    answers: tuple[str, ...]
    document: str | None
    places: tuple[int, ...]


def read_documents(folder: Path) -> list[Document]:
    """Every text file of a folder, sorted by name."""
    return [parse(path.read_bytes(), id=path.name) for path in sorted(folder.glob("*.txt"))]


def read_questions(data: Path) -> list[DevQuestion]:
    """SQuAD's, the natural and the seed file's questions, in that order."""
    return [
        *_read(data / "squad-dev" / "questions.jsonl", "squad"),
        *_read(data / "natural-dev.jsonl", "natural"),
        *_read(data / "seed-questions.jsonl", SEED),
    ]


def _read(path: Path, group: str) -> Iterator[DevQuestion]:
    article = ""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        # An unanswerable question names no document; SQuAD's file is grouped by article.
        article = SEED if group == SEED else row.get("topic") or row["document"] or article
        at = row.get("answer_at", [])
        yield DevQuestion(
            group=group,
            article=article,
            question=row["question"],
            answers=tuple(row["answers"]),
            document=row["document"],
            places=tuple(at if isinstance(at, list) else [at]),
        )


def gold(snapshot: Snapshot, question: DevQuestion, sentences: Sequence[int]) -> list[bool]:
    """Which of ``sentences`` hold an answer: by its place where that is told, else by its words."""
    return [_is_gold(snapshot, question, int(row)) for row in sentences]


def _is_gold(snapshot: Snapshot, question: DevQuestion, row: int) -> bool:
    document = snapshot.document_of(row)
    if not question.answers or document.id != question.document:
        return False
    start, end = int(snapshot.sentences["start"][row]), int(snapshot.sentences["end"][row])
    if question.places:
        return any(start <= place < end for place in question.places)
    text = f" {normalised(document.text[start:end])} "
    return any(f" {normalised(answer)} " in text for answer in question.answers)
