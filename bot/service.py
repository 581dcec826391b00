"""The library behind an event loop: questions in turn, none lost, and the loop never waits.

One thread answers, one more indexes. Both are daemons: a generation is whole or not there at all,
so nothing is lost with them.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.catalog import Catalog, read_catalog
from bot.corpus import Corpus, Progress
from bot.latencies import Latencies
from bot.turns import FairQueue, QueueFullError
from index.errors import CorpusError
from index.records import Abstained, Answer, Changes, Document, Hit, RefreshReport

T = TypeVar("T")

_log = logging.getLogger(__name__)


class ServiceError(Exception):
    """The service cannot do it now. The message is a sentence for the person who asked."""


class BusyError(ServiceError):
    """Too much is waiting already."""


class TooSlowError(ServiceError):
    """It took longer than the time allowed for it."""


class IndexingError(ServiceError):
    """Documents are being indexed already."""


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
        self.trouble: CorpusError | None = None
        self._corpus = corpus
        self._patience = patience
        self._queue: FairQueue[_Job] = FairQueue(capacity=capacity, share=share)
        self._ready = asyncio.Event()
        self._catalog = Catalog(None)
        self._indexing = asyncio.Lock()
        self._stopping = threading.Event()

    async def start(self) -> None:
        """Begin to answer: from the index as it is, if there is one, and then from today's.

        Returns when the index is up to date. Where that cannot be done, ``trouble`` says why, and
        questions are answered as well as they can be.
        """
        threading.Thread(target=self._answer_all, name="answers", daemon=True).start()
        try:
            await self._run(self._corpus.warm_up, patience=None)
            self._ready.set()
        except CorpusError as error:
            _log.info("Nothing to answer from yet: %s", error)
        try:
            await self.refresh()
        except CorpusError as error:
            self.trouble = error
            _log.warning("The index could not be brought up to date: %s", error)
        finally:
            self._ready.set()

    async def stop(self) -> None:
        """Take nothing more; what waits is told so. Indexing ends at its next step."""
        self._stopping.set()
        self._ready.set()
        for job in self._queue.close():
            _settle(job.future, error=StoppedError("I am being restarted; please ask again."))

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
            return self._corpus.document(id) if any(one.id == id for one in entries) else None

        return await self._ready_run(work, person)

    async def fresh_catalog(self, *, person: int) -> Catalog:
        """The catalog of what answers now. Raises as ``ask``."""
        return await self._ready_run(self._fresh_catalog, person)

    async def pending(self, *, person: int) -> Changes:
        """What ``refresh`` would do. Raises as ``ask``."""
        return await self._ready_run(self._corpus.pending, person)

    async def refresh(
        self, report: Callable[[Progress], None] = lambda progress: None, *, wait: bool = True
    ) -> RefreshReport:
        """Bring the index up to date; questions are answered meanwhile, from the one before.

        Args:
            report: is told in the event loop how far it is.
            wait: begin when the indexing that goes on now is done.

        Raises:
            IndexingError: that is being done already.
            CorpusError: as ``Library.refresh``.
        """
        if self._indexing.locked() and not wait:
            raise IndexingError("The documents are being indexed already; try again in a minute.")
        async with self._indexing:
            done = await self._in_thread(lambda tell: self._refresh(report, tell))
            self.trouble = None
            await self._run(self._fresh_catalog, patience=None)
        return done

    def _refresh(
        self, report: Callable[[Progress], None], tell: Callable[..., object]
    ) -> RefreshReport:
        def told(progress: Progress) -> None:
            if self._stopping.is_set():
                raise StoppedError("Indexing was stopped; nothing is left half done.")
            tell(report, progress)

        return self._corpus.refresh(rebuild=False, progress=told)

    def _fresh_catalog(self) -> Catalog:
        """The catalog of the current generation, read if that is another than last time."""
        if self._catalog.generation is None or self._catalog.generation != self._corpus.generation:
            self._catalog = read_catalog(self._corpus)
        return self._catalog

    async def _ready_run(self, work: Callable[[], T], person: int) -> T:
        await self._ready.wait()
        return await self._run(work, person=person, patience=self._patience)

    async def _run(self, work: Callable[[], T], *, patience: float | None, person: int = 0) -> T:
        """Do the work on the thread that answers, when its turn comes."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put(person, _Job(work, future))
        except QueueFullError:
            if self._stopping.is_set():
                raise StoppedError("I am being restarted; please ask again.") from None
            raise BusyError("Too many questions are waiting; please ask again soon.") from None
        try:
            return await asyncio.wait_for(future, patience)
        except TimeoutError:
            raise TooSlowError("That took too long; please ask again.") from None

    def _answer_all(self) -> None:
        while job := self._queue.get():
            if not job.future.cancelled():
                _do(job.work, job.future)

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

    loop = future.get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
