"""Follow-ups: how often the first quote is right, and whole questions that are left alone.

    python -m benchmarks.following ../shared/data

Asks the dialogues of ``follow_ups.jsonl`` of the development articles, each turn after the one
before it: as typed; made whole from the question before alone, and from its answer too; and as
somebody asks it who says it whole. Then asks every development question after a random other: how
many are changed, and how many of those are answered otherwise than before.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from benchmarks.dev_sets import read_questions
from benchmarks.score import library_of
from index.following import complete
from index.judging import normalised
from index.library import Library
from index.previous import Previous
from index.records import Abstained, Answer, Citation

DIALOGUES = Path(__file__).with_name("follow_ups.jsonl")


@dataclass(frozen=True)
class Turn:
    """A turn of a dialogue: what is typed, the same said whole, and words of a right quote."""

    dialogue: str
    document: str
    question: str
    whole: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What came of a turn: how it was understood, and whether it was answered, and rightly."""

    turn: Turn
    understood: str
    answered: bool
    right: bool


Way = Callable[[Turn, Answer | Abstained], str]
"""How a follow-up is understood, given what came of the turn before."""

WAYS: dict[str, Way] = {
    "as typed": lambda turn, _: turn.question,
    "question only": lambda turn, before: complete(turn.question, Previous(before.question)),
    "question and answer": lambda turn, before: complete(turn.question, Previous.of(before)),
    "by hand": lambda turn, _: turn.whole,
}


def read_dialogues(path: Path = DIALOGUES) -> list[list[Turn]]:
    """The dialogues, each with its turns in order; the first is whole."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    turns = [Turn(**{**row, "answers": tuple(row["answers"])}) for row in rows]
    return [list(some) for _, some in groupby(turns, key=lambda turn: turn.dialogue)]


def hold(library: Library, dialogue: Sequence[Turn], way: Way) -> Iterator[Asked]:
    """Ask the turns one after the other; tells of those that follow up another."""
    before: Answer | Abstained | None = None
    for turn in dialogue:
        question = turn.question if before is None else way(turn, before)
        result = library.ask(question)
        if before is not None:
            right = any(_is_right(turn, one) for one in _quotes(result)[:1])
            yield Asked(turn, question, isinstance(result, Answer), right)
        before = result


def _quotes(result: Answer | Abstained) -> tuple[Citation, ...]:
    return result.citations if isinstance(result, Answer) else result.nearest


def _is_right(turn: Turn, cited: Citation) -> bool:
    text = f" {normalised(cited.quote)} "
    held = any(f" {normalised(answer)} " in text for answer in turn.answers)
    return held and cited.document == turn.document


def report(name: str, asked: Sequence[Asked]) -> None:
    """One line of figures."""
    right = sum(one.right for one in asked)
    shown = [one for one in asked if one.answered]
    shown_right = sum(one.right for one in shown)
    print(
        f"{name}: first quote right {right} of {len(asked)} ({right / len(asked):.3f}); "
        f"answered {len(shown)}, of these right {shown_right}"
    )


def changed(questions: Sequence[str], *, seed: int) -> list[tuple[str, str, str]]:
    """Those changed of ``questions``, each after another: what was before, typed, understood."""
    others = np.random.default_rng(seed).permutation(np.array(questions, object)).tolist()
    pairs = zip(questions, others, strict=True)
    told = ((other, one, complete(one, Previous(other))) for one, other in pairs if one != other)
    return [(other, one, whole) for other, one, whole in told if whole != one]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how follow-ups are understood.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", action="store_true", help="print every turn, and every change")
    arguments = parser.parse_args()
    articles = sorted((arguments.data / "squad-dev" / "documents").glob("*.txt"))
    asked = list(dict.fromkeys(one.question for one in read_questions(arguments.data)))
    with library_of(articles) as library:
        for name, way in WAYS.items():
            found = [one for some in read_dialogues() for one in hold(library, some, way)]
            report(name, found)
            for one in found if arguments.show else ():
                sign = "+" if one.right else "-"
                print(f"  {sign} {one.turn.dialogue}: {one.turn.question} → {one.understood}")
        altered = changed(asked, seed=0)
        otherwise = sum(_first(library, one) != _first(library, made) for _, one, made in altered)
    print(f"whole questions changed: {len(altered)} of {len(asked)}; {otherwise} quote otherwise")
    for before, typed, made in altered if arguments.show else ():
        print(f"  {typed} → {made} [{before}]")


def _first(library: Library, question: str) -> tuple[str, int] | None:
    """Where the first quote stands."""
    return next(((one.document, one.start) for one in _quotes(library.ask(question))), None)


if __name__ == "__main__":
    main()
