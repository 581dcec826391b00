"""A library for many askers at once: who is answered, from what, and what becomes of the others."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any, NoReturn

import pytest

from bot.corpus import Corpus, Progress
from bot.service import Service
from bot.visibility import Scope
from bot.worker import BusyError, StoppedError, TooSlowError
from index.errors import CorpusError, IndexMissing, QuestionError, UnknownDocument
from index.library import Library
from index.progress import Progress as Step
from index.records import Abstained, Answer, RefreshReport
from tests.corpora import word_weights
from tests.places import ASKED, BREAD, TALKS, TEXTS, Place, answered

PATIENCE = 10.0  # seconds; nothing here takes nearly as long
PUBLIC = frozenset({""})
EVERY = frozenset({"", "news"})
HERE, ELSEWHERE = EVERY | {"server-7"}, EVERY | {"server-8"}
OURS = "Ours\n\nThe band meets every ninth evening."
BAND = "how often does the band meet?"
SERVERS = {**TEXTS, "server-7/ours.txt": OURS, "server-x/all.txt": "All\n\nThe tea is green."}


class Gated(Library):
    """A library that can be held up: before it answers, and at each step of indexing."""

    def __init__(self, place: Place) -> None:
        super().__init__(
            seeds=place.seeds, data=place.data, source=place.source, weights=word_weights()
        )
        self.asking, self.indexing = threading.Event(), threading.Event()
        self.may_answer, self.may_index = threading.Event(), threading.Event()
        self.may_answer.set()
        self.may_index.set()
        self.asked: list[str] = []

    def ask(
        self,
        question: str,
        *,
        collections: frozenset[str] | None = None,
        document: str | None = None,
        min_confidence: float | None = None,
    ) -> Answer | Abstained:
        self.asking.set()
        self.asked.append(question)
        assert self.may_answer.wait(PATIENCE)
        return super().ask(
            question, collections=collections, document=document, min_confidence=min_confidence
        )

    def refresh(
        self,
        *,
        rebuild: bool = False,
        release: bool = False,
        progress: Callable[[Step], None] = lambda _: None,
    ) -> RefreshReport:
        def told(step: Step) -> None:
            self.indexing.set()
            assert self.may_index.wait(PATIENCE)
            progress(step)

        return super().refresh(rebuild=rebuild, release=release, progress=told)

    def release(self) -> None:
        self.may_answer.set()
        self.may_index.set()


@asynccontextmanager
async def serving(
    corpus: Corpus, *, patience: float = PATIENCE, capacity: int = 600, share: int = 300
) -> AsyncIterator[Service]:
    """A service that is up to date, stopped at the end."""
    service = Service(corpus, patience=patience, capacity=capacity, share=share)
    await asyncio.wait_for(service.start(), PATIENCE)
    try:
        yield service
    finally:
        if isinstance(corpus, Gated):
            corpus.release()
        await service.stop()


async def happens(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, PATIENCE)


async def turns_pass() -> None:
    """Let all that can go on in the event loop go on."""
    for _ in range(20):
        await asyncio.sleep(0)


def asking(service: Service, question: str = ASKED, *, person: int = 1) -> "asyncio.Task[str]":
    async def ask() -> str:
        return answered(await service.ask(question, person=person, scope=EVERY)).answer

    return asyncio.create_task(ask())


# Starting


async def test_a_question_is_answered(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        outcome = answered(await service.ask(ASKED, person=1, scope=HERE))
        assert outcome.answer == "every six months"
        assert (service.ready, service.trouble, service.generation) == (True, None, "000001")
        assert (service.model, service.threshold) == ("words", 0.5)


async def test_a_start_indexes_what_there_is(place: Place) -> None:
    place.write(TEXTS)
    async with serving(place.library()) as service:
        assert service.generation == "000001"
        assert [one.id for one in service.catalog.entries] == list(TEXTS)
        assert await asking(service) == "every six months"


async def test_what_is_asked_before_the_start_is_done_waits_and_is_answered(place: Place) -> None:
    place.write(TEXTS)
    corpus = Gated(place)
    corpus.may_index.clear()
    service = Service(corpus, patience=PATIENCE)
    early = [asking(service, person=n) for n in range(3)]
    starting = asyncio.create_task(service.start())
    await happens(corpus.indexing)
    late = asking(service)
    await turns_pass()
    assert not service.ready
    assert not any(one.done() for one in (*early, late))
    corpus.may_index.set()
    found = await asyncio.wait_for(asyncio.gather(*early, late), PATIENCE)
    assert found == ["every six months"] * 4
    await starting
    await service.stop()


async def test_an_index_is_answered_from_before_it_is_brought_up_to_date(indexed: Place) -> None:
    indexed.write({"talks.txt": TALKS.replace("six", "nine")})
    corpus = Gated(indexed)
    corpus.may_index.clear()
    service = Service(corpus, patience=PATIENCE)
    starting = asyncio.create_task(service.start())
    await asyncio.wait_for(service.until_ready(), PATIENCE)
    assert await asking(service) == "every six months"
    assert not starting.done()
    corpus.may_index.set()
    await starting
    assert await asking(service) == "every nine months"
    await service.stop()


async def test_without_documents_each_question_is_told_so(place: Place) -> None:
    async with serving(place.library()) as service:
        assert isinstance(service.trouble, CorpusError)
        assert "seeds" in str(service.trouble)
        assert service.ready
        assert service.generation is None
        asks = (
            service.ask(ASKED, person=1, scope=EVERY),
            service.search(ASKED, person=1, scope=HERE),
            service.document("a.txt", person=1, scope=HERE),
            service.fresh_catalog(person=1),
        )
        for one in asks:
            with pytest.raises(IndexMissing):
                await asyncio.wait_for(one, PATIENCE)


async def test_a_refresh_that_succeeds_ends_the_trouble(place: Place) -> None:
    async with serving(place.library()) as service:
        assert service.trouble
        place.write(TEXTS)
        await service.refresh()
        assert service.trouble is None
        assert await asking(service) == "every six months"


async def test_an_index_whose_seeds_are_gone_is_still_answered_from(indexed: Place) -> None:
    indexed.seeds.rename(indexed.root / "elsewhere")
    async with serving(indexed.library()) as service:
        assert isinstance(service.trouble, CorpusError)
        assert await asking(service) == "every six months"


# Who sees what


@pytest.mark.parametrize("scope", [HERE, ELSEWHERE, EVERY, PUBLIC])
async def test_what_a_server_uploaded_is_seen_there_alone(place: Place, scope: Scope) -> None:
    place.index(SERVERS)
    async with serving(place.library()) as service:
        outcome = await service.ask(BAND, person=1, scope=scope)
        hits = await service.search("band ninth evening", person=1, scope=scope)
        document = await service.document("server-7/ours.txt", person=1, scope=scope)
        catalog = await service.fresh_catalog(person=1)
        entries = catalog.visible_entries(scope)
        seen = scope == HERE
        assert ("ninth" in repr(outcome)) == seen
        assert (hits[0].citation.document == "server-7/ours.txt") == seen
        assert ("ninth" in repr(hits)) == seen
        assert (document is not None) == seen
        assert ("server-7/ours.txt" in {one.id for one in entries}) == seen
        assert (catalog.resolve("server-7/ours.txt", scope) is not None) == seen


@pytest.mark.parametrize("scope", [ELSEWHERE, EVERY, PUBLIC])
async def test_a_server_document_cannot_be_asked_from_elsewhere_by_its_name(
    place: Place, scope: Scope
) -> None:
    place.index(SERVERS)
    async with serving(place.library()) as service:
        with pytest.raises(UnknownDocument) as told:
            await service.ask(BAND, person=1, scope=scope, document="server-7/ours.txt")
        assert "Did you mean server-7" not in str(told.value)
        outcome = await service.ask(BAND, person=1, scope=HERE, document="server-7/ours.txt")
        assert "ninth" in answered(outcome).answer


@pytest.mark.parametrize("scope", [HERE, ELSEWHERE, EVERY, PUBLIC, frozenset({"news"})])
async def test_a_folder_is_seen_where_it_is_in_scope_and_nowhere_else(
    place: Place, scope: Scope
) -> None:
    place.index(SERVERS)
    async with serving(place.library()) as service:
        for id, text, folder in (("bread.txt", BREAD, ""), ("news/talks.txt", TALKS, "news")):
            document = await service.document(id, person=1, scope=scope)
            assert (document and document.text) == (text if folder in scope else None)
        assert "green" not in repr(await service.search("green tea", person=1, scope=scope))
        outcome = await service.ask(ASKED, person=1, scope=scope)
        assert ("every six months" in repr(outcome)) == ("news" in scope)


async def test_a_question_is_answered_as_surely_as_is_wished(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        for least, kind in ((None, Answer), (0.0, Answer), (1.0, Abstained)):
            outcome = await service.ask(ASKED, person=1, scope=EVERY, min_confidence=least)
            assert isinstance(outcome, kind)


async def test_questions_that_ask_the_same_are_grouped(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        asked = ["when does it open?", "who bakes?", "when does it open?"]
        assert await service.group(asked) == [[0, 2], [1]]


async def test_who_listens_is_told_of_each_new_generation_but_the_first(place: Place) -> None:
    told: list[str] = []

    def listener(report: RefreshReport) -> None:
        told.append(report.generation)

    place.write(TEXTS)
    service = Service(place.library(), patience=PATIENCE)
    service.on_refreshed(listener)
    await service.start()
    await service.refresh()  # which changes nothing
    assert told == []
    place.write(TEXTS | {"new.txt": "New."})
    await service.refresh()
    assert told == ["000002"]
    service.off_refreshed(listener)
    place.write(TEXTS)
    await service.refresh()
    assert told == ["000002"]
    await service.stop()


async def test_nobody_reads_what_is_on_disk_but_not_indexed(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        indexed.write({**TEXTS, "new.txt": "New.", "server-7/new.txt": "New."})
        for id in ("new.txt", "server-7/new.txt", "../secret", ""):
            assert await service.document(id, person=1, scope=ELSEWHERE) is None


# Too much, too slow, and going wrong


async def test_what_takes_too_long_is_given_up_and_the_next_is_answered(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus, patience=0.1) as service:
        corpus.may_answer.clear()
        with pytest.raises(TooSlowError):
            await service.ask(ASKED, person=1, scope=EVERY)
        corpus.may_answer.set()
        assert await asking(service) == "every six months"


async def test_what_was_given_up_before_its_turn_is_not_done(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus, patience=0.1) as service:
        corpus.may_answer.clear()
        asks = [asking(service, f"{ASKED} {n}") for n in range(3)]
        found = await asyncio.gather(*asks, return_exceptions=True)
        assert {type(one) for one in found} == {TooSlowError}
        corpus.may_answer.set()
        await asking(service)
        assert corpus.asked == [f"{ASKED} 0", ASKED]


async def test_past_capacity_who_asks_is_told_and_all_others_are_answered(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus, capacity=5, share=5) as service:
        corpus.may_answer.clear()
        first = asking(service)
        await happens(corpus.asking)
        waiting = [asking(service, person=n) for n in range(5)]
        await turns_pass()
        with pytest.raises(BusyError):
            await service.ask(ASKED, person=9, scope=EVERY)
        corpus.may_answer.set()
        assert await asyncio.gather(first, *waiting) == ["every six months"] * 6
        assert await asking(service, person=9) == "every six months"


async def test_a_person_past_their_share_is_told_and_others_have_room(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus, share=2) as service:
        corpus.may_answer.clear()
        first = asking(service, person=5)
        await happens(corpus.asking)
        own = [asking(service, person=1) for _ in range(2)]
        await turns_pass()
        with pytest.raises(BusyError):
            await service.ask(ASKED, person=1, scope=EVERY)
        other = asking(service, person=2)
        await turns_pass()
        corpus.may_answer.set()
        assert await asyncio.gather(first, *own, other) == ["every six months"] * 4


async def test_one_who_floods_delays_another_by_one_turn(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus) as service:
        corpus.may_answer.clear()
        flood = [asking(service, f"{ASKED} {n}", person=1) for n in range(20)]
        await happens(corpus.asking)
        other = asking(service, f"{ASKED} other", person=2)
        await turns_pass()
        corpus.may_answer.set()
        await asyncio.gather(*flood, other)
        assert corpus.asked.index(f"{ASKED} other") == 2


class Together(Gated):
    """Notes how many questions are being answered at once, and whose come after one another."""

    def __init__(self, place: Place, count: int) -> None:
        super().__init__(place)
        self.all_there = threading.Barrier(count)

    def ask(self, question: str, **how: Any) -> Answer | Abstained:
        if "first" in question:
            self.all_there.wait(PATIENCE)
        return super().ask(question, **how)


async def test_people_are_answered_at_once_and_each_ones_questions_in_order(
    indexed: Place,
) -> None:
    corpus = Together(indexed, 3)
    service = Service(corpus, threads=3)
    await asyncio.wait_for(service.start(), PATIENCE)
    asks = [
        service.ask(f"{ASKED} {which} of {person}", person=person, scope=EVERY)
        for which in ("first", "second", "third")
        for person in (1, 2, 3)
    ]
    await asyncio.gather(*asks)
    for person in (1, 2, 3):
        own = [one.split()[-3] for one in corpus.asked if one.endswith(f"of {person}")]
        assert own == ["first", "second", "third"]
    await service.stop()


async def test_what_was_given_up_takes_no_room(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus, capacity=2, patience=0.2) as service:
        corpus.may_answer.clear()
        first = asking(service)
        await happens(corpus.asking)
        asks = [first, *(asking(service, person=n) for n in range(2))]
        found = await asyncio.gather(*asks, return_exceptions=True)
        assert {type(one) for one in found} == {TooSlowError}
        with pytest.raises(TooSlowError):
            await service.ask(ASKED, person=4, scope=EVERY)


async def test_an_indexing_that_is_done_says_so_however_many_are_asking(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus, capacity=2) as service:
        corpus.may_answer.clear()
        asks = [asking(service, person=1)]
        await happens(corpus.asking)
        asks += [asking(service, person=n) for n in (2, 3)]
        await turns_pass()
        indexed.write({"talks.txt": TALKS})
        refreshing = asyncio.create_task(service.refresh())
        while corpus.generation == "000001":
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        corpus.may_answer.set()
        await asyncio.gather(*asks)
        assert (await refreshing).generation == "000002"


@pytest.mark.parametrize(
    ("question", "document", "error"),
    [("", None, QuestionError), ("x" * 2001, None, QuestionError), (ASKED, "x", UnknownDocument)],
)
async def test_what_the_library_refuses_is_told_to_who_asked_and_the_next_is_answered(
    indexed: Place, question: str, document: str | None, error: type[CorpusError]
) -> None:
    async with serving(indexed.library()) as service:
        with pytest.raises(error):
            await service.ask(question, person=1, scope=EVERY, document=document)
        assert await asking(service) == "every six months"


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError,
        MemoryError,
        KeyboardInterrupt,
        TimeoutError,
    ],
)
async def test_whatever_the_library_raises_reaches_who_asked(
    indexed: Place, error: type[BaseException]
) -> None:
    class Broken(Gated):
        def pending(self) -> NoReturn:
            raise error("torn")

    async with serving(Broken(indexed)) as service:
        with pytest.raises(error, match="torn"):
            await service.pending(person=1)
        assert await asking(service) == "every six months"


async def test_latencies_are_counted_where_there_is_an_answer(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        assert service.latencies.quantile(0.5) is None
        for question in (ASKED, "where do rockets land?"):
            await service.ask(question, person=1, scope=EVERY)
        with pytest.raises(QuestionError):
            await service.ask("", person=1, scope=EVERY)
        assert len(service.latencies) == 2
        slowest = service.latencies.quantile(1)
        assert slowest is not None
        assert 0 < slowest < PATIENCE


# Indexing


async def test_while_indexing_the_old_generation_answers_and_then_the_new(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus) as service:
        indexed.write({"talks.txt": TALKS.replace("six", "nine"), "b.txt": BREAD})
        corpus.may_index.clear()
        refreshing = asyncio.create_task(service.refresh())
        await happens(corpus.indexing)
        assert [await asking(service) for _ in range(3)] == ["every six months"] * 3
        assert service.generation == "000001"
        corpus.may_index.set()
        report = await refreshing
        assert (report.generation, report.added) == ("000002", ("b.txt", "talks.txt"))
        assert service.generation == "000002"
        assert [one.id for one in service.catalog.entries] == ["b.txt", "talks.txt"]
        assert await asking(service) == "every nine months"


async def test_an_indexing_asked_for_during_another_comes_after_it(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus) as service:
        corpus.indexing.clear()
        corpus.may_index.clear()
        first = asyncio.create_task(service.refresh())
        await happens(corpus.indexing)
        second = asyncio.create_task(service.refresh())
        await turns_pass()
        assert not second.done()
        corpus.may_index.set()
        await asyncio.wait_for(asyncio.gather(first, second), PATIENCE)
        assert (await service.refresh()).generation == "000001"


async def test_an_indexing_goes_on_although_nobody_waits_for_it(indexed: Place) -> None:
    corpus = Gated(indexed)
    async with serving(corpus) as service:
        corpus.indexing.clear()
        corpus.may_index.clear()
        indexed.write({"talks.txt": TALKS, "new.txt": "New\n\nNews are new."})
        first = asyncio.create_task(service.refresh())
        await happens(corpus.indexing)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        corpus.may_index.set()
        assert (await service.refresh()).added == ()  # the first has done it
        assert service.generation == "000002"


async def test_progress_is_told_in_the_event_loop_in_order(indexed: Place) -> None:
    told: list[tuple[str, int, int]] = []
    threads: set[threading.Thread] = set()

    def report(progress: Progress) -> None:
        told.append((progress.stage, progress.done, progress.total))
        threads.add(threading.current_thread())

    async with serving(indexed.library()) as service:
        indexed.write({**TEXTS, "new.txt": "New\n\nNews are new. They are told."})
        await service.refresh(report)
        assert threads == {threading.current_thread()}
        assert all(0 <= done <= total for _, done, total in told)
        for one, following in pairwise(told):
            assert one[0] != following[0] or one[1] <= following[1]


async def test_what_another_process_publishes_is_answered_from(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        assert await asking(service) == "every six months"
        indexed.index({"talks.txt": TALKS.replace("six", "nine"), "server-7/ours.txt": OURS})
        assert await asking(service) == "every nine months"
        assert "ninth" in repr(await service.ask(BAND, person=1, scope=HERE))
        assert "ninth" not in repr(await service.ask(BAND, person=1, scope=ELSEWHERE))
        assert await service.document("bread.txt", person=1, scope=EVERY) is None
        catalog = await service.fresh_catalog(person=1)
        assert catalog.generation == service.generation == "000002"
        assert [one.id for one in catalog.entries] == ["server-7/ours.txt", "talks.txt"]


async def test_what_would_change_is_told_and_nothing_is_done(indexed: Place) -> None:
    async with serving(indexed.library()) as service:
        indexed.write({**TEXTS, "new.txt": "New."})
        assert (await service.pending(person=1)).added == ("new.txt",)
        assert indexed.generations() == ["000001"]


# Stopping


async def test_a_stop_tells_all_who_wait(indexed: Place) -> None:
    corpus = Gated(indexed)
    service = Service(corpus, patience=PATIENCE)
    await service.start()
    corpus.may_answer.clear()
    first = asking(service)
    await happens(corpus.asking)
    waiting = [asking(service, person=n) for n in range(5)]
    await turns_pass()
    await service.stop()
    found = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert {type(one) for one in found} == {StoppedError}
    with pytest.raises(StoppedError):
        await service.ask(ASKED, person=1, scope=EVERY)
    corpus.may_answer.set()
    assert await asyncio.wait_for(first, PATIENCE) == "every six months"


async def test_a_stop_ends_an_indexing_at_its_next_step_and_leaves_the_old_index(
    indexed: Place,
) -> None:
    corpus = Gated(indexed)
    service = Service(corpus, patience=PATIENCE)
    await service.start()
    indexed.write({"talks.txt": TALKS.replace("six", "nine")})
    corpus.may_index.clear()
    refreshing = asyncio.create_task(service.refresh())
    await happens(corpus.indexing)
    await service.stop()
    corpus.may_index.set()
    with pytest.raises(StoppedError):
        await asyncio.wait_for(refreshing, PATIENCE)
    assert indexed.generations() == ["000001"]
    assert answered(indexed.library().ask(ASKED)).answer == "every six months"
    assert indexed.library().refresh().generation == "000002"


@pytest.mark.parametrize("started", [False, True])
async def test_a_stop_tells_those_too_who_wait_for_the_start(place: Place, started: bool) -> None:
    place.write(TEXTS)
    corpus = Gated(place)
    corpus.may_index.clear()
    service = Service(corpus, patience=PATIENCE)
    starting = asyncio.create_task(service.start() if started else asyncio.sleep(0))
    if started:
        await happens(corpus.indexing)
    waiting = asking(service)
    await turns_pass()
    await service.stop()
    try:
        found = await asyncio.wait_for(asyncio.gather(waiting, return_exceptions=True), 0.5)
        assert [type(one) for one in found] == [StoppedError]
    finally:
        corpus.release()
        await asyncio.gather(starting, return_exceptions=True)


async def test_a_start_that_is_cancelled_leaves_nobody_waiting(indexed: Place) -> None:
    loading, go_on = threading.Event(), threading.Event()

    class Slow(Gated):
        def warm_up(self) -> None:
            loading.set()
            assert go_on.wait(PATIENCE)

    service = Service(Slow(indexed), patience=PATIENCE)
    starting = asyncio.create_task(service.start())
    await happens(loading)
    waiting = asking(service)
    await turns_pass()
    await service.stop()
    starting.cancel()
    go_on.set()
    found = await asyncio.wait_for(asyncio.gather(waiting, return_exceptions=True), 0.5)
    assert [type(one) for one in found] == [StoppedError]


async def test_who_waits_for_the_start_waits_no_longer_than_for_an_answer(place: Place) -> None:
    place.write(TEXTS)
    corpus = Gated(place)
    corpus.may_index.clear()
    service = Service(corpus, patience=0.1)
    starting = asyncio.create_task(service.start())
    await happens(corpus.indexing)
    try:
        with pytest.raises(TooSlowError):
            await asyncio.wait_for(service.ask(ASKED, person=1, scope=EVERY), 1)
    finally:
        corpus.release()
        await starting
        await service.stop()


async def test_no_more_wait_for_the_start_than_there_is_room_for(place: Place) -> None:
    place.write(TEXTS)
    corpus = Gated(place)
    corpus.may_index.clear()
    service = Service(corpus, patience=PATIENCE, capacity=3)
    starting = asyncio.create_task(service.start())
    await happens(corpus.indexing)
    waiting = [asking(service, person=n) for n in range(5)]
    await turns_pass()
    corpus.release()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    await starting
    await service.stop()
    assert sorted(type(one).__name__ for one in found) == ["BusyError"] * 2 + ["str"] * 3


async def test_a_start_whose_library_breaks_lets_nobody_wait_for_ever(indexed: Place) -> None:
    class Broken(Gated):
        def warm_up(self) -> None:
            raise RuntimeError("torn")

    service = Service(Broken(indexed), patience=PATIENCE)
    await asyncio.gather(service.start(), return_exceptions=True)
    try:
        await asyncio.wait_for(service.until_ready(), 0.5)
    finally:
        await service.stop()
