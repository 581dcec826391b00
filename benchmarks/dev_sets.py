"""The development question sets as the fitting and scoring scripts read them.

They stay outside the repository; every script takes their folder as its first argument. Beside this
module lie questions of our own on the same articles, ``natural.jsonl``, which tells only where in
the articles the answers stand.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.judging import normalised
from index.parsing import parse
from index.records import Document
from index.snapshot import Snapshot

SEED = "seed"
NATURAL = "natural"
OURS = "ours"

_OURS = Path(__file__).with_name("natural.jsonl")


@dataclass(frozen=True)
class DevQuestion:
    """A question, the set it is from, and the article it is about (``SEED`` for the seed file)."""

    group: str
    article: str
    question: str
    answers: tuple[str, ...]
    document: str | None
    places: tuple[int, ...]

    @property
    def is_natural(self) -> bool:
        """Whether it was written without seeing the text, as people type."""
        return self.group in (NATURAL, OURS)


def read_documents(folder: Path) -> list[Document]:
    """Every text file of a folder, sorted by name."""
    return [parse(path.read_bytes(), id=path.name) for path in sorted(folder.glob("*.txt"))]


def read_questions(data: Path) -> list[DevQuestion]:
    """SQuAD's, the natural and the seed file's questions, in that order."""
    return [
        *_read(data / "squad-dev" / "questions.jsonl", "squad"),
        *_read(data / "natural-dev.jsonl", NATURAL),
        *_read(data / "seed-questions.jsonl", SEED),
    ]


def read_fitted(data: Path) -> list[DevQuestion]:
    """The same and our own: what weights are fitted to. The reader learnt from the former."""
    return [*read_questions(data), *read_ours(data)]


def read_ours(data: Path) -> list[DevQuestion]:
    """Our own questions on the articles in ``data``, which have their answers."""
    folder = data / "squad-dev" / "documents"
    texts = {one.id: one.text for one in read_documents(folder)}
    return [_ours(json.loads(line), texts) for line in _OURS.read_text("utf-8").splitlines()]


def _ours(row: Mapping[str, Any], texts: Mapping[str, str]) -> DevQuestion:
    article, spans = row["article"], row["spans"]
    return DevQuestion(
        group=OURS,
        article=article,
        question=row["question"],
        answers=tuple(dict.fromkeys(texts[article][start:end] for start, end in spans)),
        document=article if spans else None,
        places=tuple(start for start, _ in spans),
    )


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
