"""Indexing killed at any moment: what is asked afterwards is one whole state of the documents."""

import hashlib
import itertools
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from index.generation import GenerationStore
from index.manifests import digests_of
from index.snapshot import read_documents
from tests.killing import Killer, killer
from tests.places import BREAD, Place, answered
from tests.writers import epub, page, pdf, table, word

KILLS = 200
FORMATS: dict[str, Callable[[str, str], bytes]] = {
    "tea.txt": lambda title, text: f"{title}\n\n{text}".encode(),
    "tea.md": lambda title, text: f"# {title}\n\n{text}\n\n- green\n- black\n".encode(),
    "tea.csv": lambda title, text: table([["Name", "Price"], [title, text]]),
    "tea.docx": lambda title, text: word([f"# {title}", text]),
    "tea.pdf": lambda title, text: pdf([[f"# {title}", text]]),
    "tea.html": lambda title, text: page(f"<h1>{title}</h1><p>{text}</p>", title=title),
    "tea.epub": lambda title, text: epub({"a.xhtml": f"<p>{text}</p>"}, title=title),
}
ORDER = [one for name in list(FORMATS)[2:] for one in ("tea.txt", "tea.md", "tea.txt", name)]
"""The formats in which the same is told, in turn; most take a process of its own to be read."""


@dataclass(frozen=True)
class State:
    """What the seeds folder holds at one time; each number has facts that no other has."""

    n: int

    @cached_property  # some formats hold the time they were written at
    def files(self) -> dict[str, str | bytes]:
        name = ORDER[self.n % len(ORDER)]
        return {
            "bread.txt": BREAD,
            "talks.txt": f"Talks\n\nThe group meets every {self.n} months. Its chair is Ada.",
            f"news/{self.n}.md": f"# Rockets\n\nThe rocket lands in harbour {self.n}.",
            name: FORMATS[name]("Tea", f"The tea of Lisbon costs {self.n} euros."),
            **({"bad.pdf": b"%%PDF-1.7 %d" % self.n} if self.has_bad_file else {}),
        }

    @property
    def has_bad_file(self) -> bool:
        return self.n % len(ORDER) % 4 == 3

    def digests(self) -> dict[str, str]:
        return {
            id: hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()
            for id, text in self.files.items()
            if id != "bad.pdf"
        }

    @property
    def facts(self) -> dict[str, str]:
        return {
            "how often does the group meet?": f"every {self.n} months",
            "where does the rocket land?": f"harbour {self.n}.",
            "how much does the tea of Lisbon cost?": f"costs {self.n} euros",
            "how often is bread baked?": "baked daily",
        }


def state_of(place: Place, *states: State) -> State:
    """The one of ``states`` that is answered from, once all that is served is seen to agree."""
    served, library = GenerationStore(place.data).load(), place.library()
    assert served is not None
    (state,) = [one for one in states if one.digests() == digests_of(served.manifest)]
    texts = {one.id: one.text for one in read_documents(served.files)}
    for asked, fact in state.facts.items():
        outcome = answered(library.ask(asked, min_confidence=0))
        best = outcome.citations[0]
        assert outcome.generation == served.name
        assert fact in best.quote == texts[best.document][best.start : best.end]
    return state


def leftovers(place: Place) -> bool:
    return any(path.name.endswith(".unfinished") for path in place.data.rglob("*"))


def test_indexing_killed_at_random_moments_leaves_a_whole_generation_and_is_done_when_run_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place, moments, fates = Place(tmp_path), random.Random(5), Counter[str]()
    with killer(tmp_path) as process:
        last, took = _measured(place, process)
        while fates.total() - fates["done, new"] < KILLS:
            state = State(last.n + 1)
            place.write(state.files)
            moment = moments.uniform(0, 1.05 * took[state.n % len(ORDER)])
            _, killed = process.index(after=moment)
            written = leftovers(place)
            found = state_of(place, last, state)
            fates[_fate(killed=killed, written=written, published=found == state)] += 1
            skipped = [one.document for one in place.library().refresh().skipped]
            assert skipped == ["bad.pdf"] * state.has_bad_file
            assert state_of(place, state) == state
            assert not leftovers(place)
            last = state
    assert fates["killed, old"] > KILLS // 10
    assert fates["killed while writing, old"] > 0
    assert fates["killed, new"] > 0
    assert not caplog.records


def _measured(place: Place, process: Killer) -> tuple[State, dict[int, float]]:
    """How long indexing takes when it is not killed, by the format that changes; the last state."""
    took, state = {}, State(0)
    for n in range(len(ORDER) + 1):
        state = State(n)
        place.write(state.files)
        took[n % len(ORDER)], killed = process.index()
        assert not killed
        assert state_of(place, state) == state
    return state, took


def _fate(*, killed: bool, written: bool, published: bool) -> str:
    how = "killed while writing" if written else "killed" if killed else "done"
    return f"{how}, {'new' if published else 'old'}"


def test_indexing_killed_at_each_step_of_writing_leaves_the_old_or_the_new_generation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place, before, after = Place(tmp_path), State(3), State(16)
    for state in (State(0), State(1), before):
        place.index(state.files)
    shutil.copytree(place.data, tmp_path / "kept")
    place.write(after.files)
    found: list[State] = []
    with killer(tmp_path) as process:
        for step in itertools.count(1):
            shutil.rmtree(place.data)
            shutil.copytree(tmp_path / "kept", place.data)
            _, killed = process.index(at=step)
            found.append(state_of(place, before, after))
            place.library().refresh()
            assert state_of(place, after) == after
            assert len(place.generations()) <= 3  # an older one may wait for the next sweep
            assert not leftovers(place)
            if not killed:
                break
    numbers = [one.n for one in found]
    assert numbers == sorted(numbers)  # the old up to the one step that makes it the new
    assert numbers.count(before.n) > 60  # four for each of a generation's files
    assert numbers.count(after.n) > 15  # while what is older is swept away
    assert GenerationStore(place.data).current_name() == place.generations()[-1]
    assert not caplog.records
