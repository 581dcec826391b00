"""The library behind an event loop: questions in turn, none lost, and the loop never waits.

One thread answers, one more indexes. Both are daemons: a generation is whole or not there at all,
so nothing is lost with them.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.catalog import Catalog, read_catalog
from bot.corpus import Corpus, Progress
from bot.latencies import Latencies
from bot.turns import FairQueue, QueueFullError
from index.errors import CorpusError, UnknownDocument
from index.records import Abstained, Answer, Changes, Document, Hit, RefreshReport

T = TypeVar("T")

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 2.0  # seconds that a step of indexing lets questions go first
_GLANCE = 0.005


class ServiceError(Exception):
    """The service cannot do it now. The message is a sentence for the person who asked."""


class BusyError(ServiceError):
    """Too much is waiting already."""


class TooSlowError(ServiceError):
    """It took longer than the time allowed for it."""


class StoppedError(ServiceError):
    """The service is going down."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    future: "asyncio.Future[Any]"


class Service:
    """A library for many askers at once."""

    def __init__(
        self, corpus: Corpus, *, patience: float = 60.0, capacity: int = 600, share: int = 300
    ) -> None:
        """Holds at most ``capacity`` questions, ``share`` of one person's.

        Each gets an answer or an error within ``patience`` seconds.
        """
        self.latencies = Latencies()
        self.trouble: CorpusError | ServiceError | None = None
        self._corpus = corpus
        self._patience = patience
        self._queue: FairQueue[_Job] = FairQueue(capacity=capacity, share=share)
        self._ready = asyncio.Event()
        self._catalog = Catalog(None)
        self._indexing = asyncio.Lock()
        self._stopping = threading.Event()
        self._answering = False
        self._tasks: set[asyncio.Task[RefreshReport]] = set()

    async def start(self) -> None:
        """Begin to answer: from the index as it is, if there is one, and then from today's.

        Returns when the index is up to date. Where that cannot be done, ``trouble`` says why, and
        questions are answered as well as they can be.
        """
        threading.Thread(target=self._answer_all, name="answers", daemon=True).start()
        try:
            await self._load()
            await self.refresh()
        except (CorpusError, ServiceError) as error:
            self.trouble = error
            _log.warning("The index could not be brought up to date: %s", error)
        finally:
            self._ready.set()

    async def _load(self) -> None:
        try:
            await self._run(self._warm_up, patience=None)
        except CorpusError as error:
            _log.info("Nothing to answer from yet: %s", error)
        else:
            self._ready.set()

    def _warm_up(self) -> None:
        self._corpus.warm_up()
        self._fresh_catalog()

    async def stop(self) -> None:
        """Take nothing more; what waits is told so. Indexing ends at its next step."""
        self._stopping.set()
        left = self._queue.close()
        self._ready.set()  # or who waits for the start would wait on
        for job in left:
            _settle(job.future, error=_stopped())

    @property
    def ready(self) -> bool:
        """Whether questions are answered at once."""
        return self._ready.is_set()

    async def until_ready(self) -> None:
        """Wait until questions can be answered, or it is known why they cannot."""
        await self._ready.wait()

    @property
    def generation(self) -> str | None:
        """The name of the index that answers."""
        return self._catalog.generation

    @property
    def model(self) -> str:
        """The name of the sentence encoder."""
        return self._corpus.model

    @property
    def threshold(self) -> float:
        """The confidence from which on an answer is shown."""
        return self._corpus.threshold

    @property
    def catalog(self) -> Catalog:
        """What can be chosen from, as last looked at; empty before the service is ready."""
        return self._catalog

    async def ask(
        self, question: str, *, person: int, guild: int | None, document: str | None = None
    ) -> Answer | Abstained:
        """Answer from what may be seen in ``guild`` (None: in direct messages).

        Raises:
            CorpusError: as ``Library.ask``.
            ServiceError: it cannot be answered now.
        """
        started = time.monotonic()

        def work() -> Answer | Abstained:
            seen = self._fresh_catalog().collections(guild)
            return self._corpus.ask(question, collections=seen, document=document)

        result = await self._ready_run(work, person)
        self.latencies.add(time.monotonic() - started)
        return result

    async def search(
        self, query: str, *, person: int, guild: int | None, limit: int = 25
    ) -> list[Hit]:
        """The best passages of what may be seen in ``guild``. Raises as ``ask``."""

        def work() -> list[Hit]:
            seen = self._fresh_catalog().collections(guild)
            return self._corpus.search(query, limit=limit, collections=seen)

        return await self._ready_run(work, person)

    async def document(self, id: str, *, person: int, guild: int | None) -> Document | None:
        """An indexed document that may be seen in ``guild``; None where there is none."""

        def work() -> Document | None:
            entries = self._fresh_catalog().visible_entries(guild)
            try:
                return self._corpus.document(id) if any(one.id == id for one in entries) else None
            except UnknownDocument:  # removed between the two
                return None

        return await self._ready_run(work, person)

    async def fresh_catalog(self, *, person: int) -> Catalog:
        """The catalog of what answers now. Raises as ``ask``."""
        return await self._ready_run(self._fresh_catalog, person)

    async def pending(self, *, person: int) -> Changes:
        """What ``refresh`` would do. Raises as ``ask``."""
        return await self._ready_run(self._corpus.pending, person)

    async def refresh(
        self, report: Callable[[Progress], None] = lambda progress: None
    ) -> RefreshReport:
        """Bring the index up to date; questions are answered meanwhile, from the one before.

        Where that is being done already, it is done once more afterwards. It goes on although
        nobody waits for it any more. ``report`` is told in the event loop how far it is.

        Raises:
            CorpusError: as ``Library.refresh``.
            StoppedError: the service is going down.
        """
        task = asyncio.create_task(self._refresh_in_turn(report))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _refresh_in_turn(self, report: Callable[[Progress], None]) -> RefreshReport:
        async with self._indexing:
            done = await self._in_thread(lambda tell: self._refresh(report, tell))
            self.trouble = None
        return done

    def _refresh(
        self, report: Callable[[Progress], None], tell: Callable[..., object]
    ) -> RefreshReport:
        def told(progress: Progress) -> None:
            self._give_way()
            if self._stopping.is_set():
                raise StoppedError("Indexing was stopped; nothing is left half done.")
            tell(report, progress)

        done = self._corpus.refresh(rebuild=False, progress=told)
        self._fresh_catalog()
        return done

    def _give_way(self) -> None:
        """Let questions be answered first: they and the indexing share one model.

        Not for long, or documents would never be indexed where questions never cease.
        """
        until = time.monotonic() + _LONGEST_PAUSE
        while self._busy and time.monotonic() < until and not self._stopping.is_set():
            time.sleep(_GLANCE)

    @property
    def _busy(self) -> bool:
        return self._answering or len(self._queue) > 0

    def _fresh_catalog(self) -> Catalog:
        """The catalog of the current generation, read if that is another than last time."""
        if self._catalog.generation is None or self._catalog.generation != self._corpus.generation:
            self._catalog = read_catalog(self._corpus)
        return self._catalog

    async def _ready_run(self, work: Callable[[], T], person: int) -> T:
        try:
            await asyncio.wait_for(self._ready.wait(), self._patience)
        except TimeoutError:
            raise TooSlowError("I am still reading the documents; please ask again.") from None
        return await self._run(work, person=person, patience=self._patience)

    async def _run(self, work: Callable[[], T], *, patience: float | None, person: int = 0) -> T:
        """Do the work on the thread that answers, when its turn comes."""
        job = _Job(work, asyncio.get_running_loop().create_future())
        try:
            self._queue.put(person, job)
        except QueueFullError:
            if self._stopping.is_set():
                raise _stopped() from None
            raise BusyError("Too many questions are waiting; please ask again soon.") from None
        try:
            await asyncio.wait({job.future}, timeout=patience)
            if not job.future.done():
                raise TooSlowError("That took too long; please ask again.")
            result: T = job.future.result()
            return result
        finally:
            job.future.cancel()  # nothing where it is done
            self._queue.remove(person, job)

    def _answer_all(self) -> None:
        while job := self._queue.get():
            if job.future.cancelled():
                continue
            self._answering = True
            _do(job.work, job.future)
            self._answering = False

    async def _in_thread(self, work: Callable[[Callable[..., object]], T]) -> T:
        """Do the work on a thread of its own, which may tell the loop to call something."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        threading.Thread(
            target=_do,
            args=(lambda: work(loop.call_soon_threadsafe), future),
            name="indexing",
            daemon=True,
        ).start()
        return await future


def _do(work: Callable[[], T], future: "asyncio.Future[T]") -> None:
    try:
        result = work()
    except BaseException as error:
        # What a thread raises is its asker's to handle, whatever it is.
        _settle(future, error=error)
    else:
        _settle(future, result=result)


def _settle(
    future: "asyncio.Future[Any]", *, result: object = None, error: BaseException | None = None
) -> None:
    """Give a future its end, from any thread; nothing where nobody waits for it any more."""

    def settle() -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    with suppress(RuntimeError):  # the loop is closed: nobody waits for anything any more
        future.get_loop().call_soon_threadsafe(settle)


def _stopped() -> StoppedError:
    return StoppedError("I am being restarted; please ask again.")
