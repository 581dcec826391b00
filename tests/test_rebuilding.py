"""Asking all the time while the index is rebuilt: each answer is of one state, and none fails."""

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.service import Service
from index.library import Library
from index.records import Abstained, Answer
from tests.places import Place, answered

REBUILDS = 50
EVERYTHING = frozenset({"", "news"})
ASKED = (
    "how often does the group meet?",
    "where does the rocket land?",
    "how much does the tea of Lisbon cost?",
)


def write(place: Place, n: int) -> None:
    """Three documents that state facts of that number, the third under a name of its own; others
    come and go.
    """
    more = {f"more/{k}.txt": f"More\n\nMore of {n + k} is here." for k in range(n % 4)}
    place.write(
        {
            "talks.txt": f"Talks\n\nThe group meets every {n} months. Its chair is Ada.",
            "news/rocket.md": f"# Rockets\n\nThe rocket lands in harbour {n}.",
            f"tea-{n}.txt": f"Tea\n\nThe tea of Lisbon costs {n} euros.",
            **more,
        }
    )


def facts(n: int) -> tuple[str, str, str]:
    return f"every {n} months.", f"in harbour {n}.", f"costs {n} euros."


def assert_whole(outcomes: Iterable[tuple[str, Answer | Abstained]]) -> set[str]:
    """That each answer holds the fact of the state that its generation is of; which these are."""
    seen = set()
    for asked, outcome in outcomes:
        name, best = outcome.generation, answered(outcome).citations[0]
        assert facts(int(name))[ASKED.index(asked)] in best.quote
        assert best.document != "tea" or best.document == f"tea-{int(name)}.txt"
        seen.add(name)
    return seen


@pytest.mark.parametrize("writer_is_another", [False, True])
def test_threads_that_ask_a_library_during_rebuilds_are_all_answered_from_one_state(
    place: Place, writer_is_another: bool, caplog: pytest.LogCaptureFixture
) -> None:
    write(place, 1)
    place.library().refresh()
    library, done = place.library(), threading.Event()
    writer = place.library() if writer_is_another else library
    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(_ask, library, question, done) for question in ASKED]
        try:
            for n in range(2, REBUILDS + 2):
                write(place, n)
                assert writer.refresh().generation == f"{n:06}"
                outcome = library.ask(ASKED[0], min_confidence=0)
                assert outcome.generation == f"{n:06}" or writer_is_another
        finally:
            done.set()
        for future in asking:
            outcomes = future.result()
            names = [outcome.generation for _, outcome in outcomes]
            assert names == sorted(names)
            assert len(assert_whole(outcomes)) > REBUILDS // 5
    assert answered(library.ask(ASKED[0])).generation == f"{REBUILDS + 1:06}"
    assert not caplog.records


def _ask(
    library: Library, question: str, done: threading.Event
) -> list[tuple[str, Answer | Abstained]]:
    found = []
    while not done.is_set():
        found.append((question, library.ask(question, min_confidence=0)))
    return found


async def test_all_who_ask_the_service_during_rebuilds_are_answered_from_one_state(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    write(place, 1)
    service, done = Service(place.library()), asyncio.Event()
    await service.start()

    async def ask(person: int) -> list[tuple[str, Answer | Abstained]]:
        found, question = [], ASKED[person % len(ASKED)]
        while not done.is_set():
            outcome = await service.ask(question, person=person, scope=EVERYTHING, min_confidence=0)
            found.append((question, outcome))
            await asyncio.sleep(0)
        return found

    asking = [asyncio.create_task(ask(person)) for person in range(6)]
    for n in range(2, REBUILDS + 2):
        write(place, n)
        assert (await service.refresh()).generation == f"{n:06}"
        assert service.generation == f"{n:06}"
        assert f"tea-{n}.txt" in {one.id for one in service.catalog.entries}
        outcome = await service.ask(ASKED[0], person=9, scope=EVERYTHING, min_confidence=0)
        assert outcome.generation == f"{n:06}"
    done.set()
    for outcomes in await asyncio.gather(*asking):
        assert len(assert_whole(outcomes)) > REBUILDS // 2
    await service.stop()
    assert not caplog.records
