"""The library behind an event loop: questions in turn, none lost, and the loop never waits.

Some threads answer, one more indexes. All are daemons: a generation is whole or not there at all,
so nothing is lost with them.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from bot.catalog import Catalog, CurrentCatalog
from bot.corpus import Corpus, Progress
from bot.courtesy import Courtesy
from bot.latencies import Latencies
from bot.publishing import Publishing, Tell
from bot.readiness import Readiness
from bot.visibility import Scope
from bot.worker import ServiceError, TooSlowError, Worker
from index.aging import judge_all
from index.errors import CorpusError, IndexHeld, UnknownDocument
from index.fates import Fate, Judged
from index.holding import Hold
from index.records import (
    Abstained,
    Answer,
    Changes,
    Citation,
    Document,
    Hit,
    RefreshReport,
    RollbackPlan,
)

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Service:
    """A library for many askers at once."""

    def __init__(
        self,
        corpus: Corpus,
        *,
        patience: float = 60.0,
        capacity: int = 600,
        share: int = 300,
        threads: int = 1,
    ) -> None:
        """Holds at most ``capacity`` questions, ``share`` of one person's, on so many ``threads``.

        Each gets an answer or an error within ``patience`` seconds.
        """
        self.latencies = Latencies()
        self.trouble: CorpusError | ServiceError | None = None
        self._corpus = corpus
        self._patience = patience
        self._worker = Worker(capacity=capacity, share=share, threads=threads)
        self._ready = Readiness()
        self._catalog = CurrentCatalog(corpus)
        self._publishing = Publishing(self.published)
        self._stopping = threading.Event()
        self._forgotten = 0

    async def start(self, report: Callable[[Progress], None] = lambda progress: None) -> None:
        """Begin to answer: from the index as it is, if there is one, and then from today's.

        ``report`` is told how far indexing is. Returns when the index is up to date. Where that
        cannot be done, ``trouble`` says why, and questions are answered as well as they can be.
        """
        self._worker.start()
        try:
            await self._load()
            await self.refresh(report)
        except IndexHeld as error:
            _log.warning("%s", error)
        except (CorpusError, ServiceError) as error:
            self.trouble = error
            _log.warning("The index could not be brought up to date: %s", error)
        except Exception:
            self.trouble = ServiceError("The index could not be brought up to date; see the log.")
            _log.exception("The index could not be brought up to date.")
        finally:
            self._ready.set()

    async def _load(self) -> None:
        try:
            await self._worker.run(self._warm_up, patience=None)
        except CorpusError as error:
            _log.info("Nothing to answer from yet: %s", error)
        except Exception:  # perhaps a new index can be made all the same
            _log.exception("The index that is there could not be loaded.")
        else:
            self._ready.set()

    def _warm_up(self) -> None:
        self._corpus.warm_up()
        self._catalog.fresh()

    async def stop(self) -> None:
        """Take nothing more; what waits is told so. Indexing ends at its next step."""
        self._stopping.set()
        self._worker.close()
        self._ready.set()  # or who waits for the start would wait on

    @property
    def ready(self) -> bool:
        """Whether questions are answered at once."""
        return self._ready.is_set()

    async def until_ready(self, patience: float | None = None) -> bool:
        """Wait until questions can be answered, or not and why; False where that takes longer."""
        return await self._ready.wait(patience)

    @property
    def generation(self) -> str | None:
        """The name of the index that answers."""
        return self._catalog.last.generation

    async def published(self) -> str | None:
        """The name of the index on disk, which the next question is answered from."""
        return await asyncio.to_thread(lambda: self._corpus.generation)

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
        return self._catalog.last

    async def ask(
        self,
        question: str,
        *,
        person: int,
        scope: Scope,
        document: str | None = None,
        min_confidence: float | None = None,
    ) -> Answer | Abstained:
        """Answer from the documents in ``scope``, where surer than ``min_confidence``.

        Raises:
            CorpusError: as ``Library.ask``.
            ServiceError: it cannot be answered now.
        """
        started, forgotten = time.monotonic(), self._forgotten

        def work() -> Answer | Abstained:
            self._catalog.fresh()
            found = self._corpus.ask(
                question, collections=scope, document=document, min_confidence=min_confidence
            )
            if forgotten != self._forgotten:  # while this one waited
                self._corpus.forget_questions()
            return found

        result = await self._ready_run(work, person)
        self.latencies.add(time.monotonic() - started)
        return result

    def forget_questions(self) -> None:
        """Keep nothing in memory of what was asked until now, though it be answered only then."""
        self._forgotten += 1
        self._corpus.forget_questions()

    async def search(self, query: str, *, person: int, scope: Scope, limit: int = 25) -> list[Hit]:
        """The best passages of the documents in ``scope``. Raises as ``ask``."""

        def work() -> list[Hit]:
            self._catalog.fresh()
            return self._corpus.search(query, limit=limit, collections=scope)

        return await self._ready_run(work, person)

    async def document(self, id: str, *, person: int, scope: Scope) -> Document | None:
        """An indexed document in ``scope``; None where there is none."""

        def work() -> Document | None:
            entries = self._catalog.fresh().visible_entries(scope)
            try:
                return self._corpus.document(id) if any(one.id == id for one in entries) else None
            except UnknownDocument:  # removed between the two
                return None

        return await self._ready_run(work, person)

    async def judge(
        self,
        citations: Sequence[Citation],
        *,
        scope: Scope | None,
        given: float,
        before: Sequence[Fate] = (),
    ) -> list[Judged]:
        """What became of quotes since they were given, as the documents in ``scope`` tell.

        None is all: for what nobody is told of. ``before`` was found last time. Raises as ``ask``.
        """
        since = datetime.fromtimestamp(given, UTC).isoformat(timespec="seconds")

        def work() -> list[Judged]:
            shelf = self._corpus.shelf(collections=scope)
            return judge_all(citations, shelf, since=since, before=before)

        return await self._ready_beside(work)

    async def group(self, texts: Sequence[str]) -> list[list[int]]:
        """Which of ``texts`` ask the same, as ``Library.group``. Raises as ``ask``."""
        return await self._ready_beside(lambda: self._corpus.group(texts))

    async def fresh_catalog(self, *, person: int) -> Catalog:
        """The catalog of what answers now. Raises as ``ask``."""
        return await self._ready_run(self._catalog.fresh, person)

    async def pending(self, *, person: int) -> Changes:
        """What ``refresh`` would do. Raises as ``ask``."""
        return await self._ready_run(self._corpus.pending, person)

    async def held(self) -> Hold | None:
        """Which generation was rolled back to, if that is how it still is."""
        return await asyncio.to_thread(lambda: self._corpus.held)

    async def pending_rollback(self, *, person: int) -> RollbackPlan:
        """What ``roll_back`` would do. Raises as ``ask``."""
        return await self._ready_run(self._corpus.pending_rollback, person)

    async def roll_back(self, *, leaving: str) -> RefreshReport:
        """Answer from the generation before ``leaving``, and hold it. Raises as the library."""

        def work() -> RefreshReport:
            with self._catalog.publishing():
                return self._corpus.roll_back(leaving=leaving)

        return await self._publishing.do(lambda tell: work())

    async def refresh(
        self,
        report: Callable[[Progress], None] = lambda progress: None,
        *,
        release: bool = False,
    ) -> RefreshReport:
        """Bring the index up to date; questions are answered meanwhile, from the one before.

        Where that is being done already, it is done once more afterwards. It goes on although
        nobody waits for it any more. ``report`` is told in the event loop how far it is. One that
        is held is left as it is, unless it is to be released.

        Raises:
            CorpusError: as ``Library.refresh``.
            StoppedError: the service is going down.
        """
        return await self._publishing.do(lambda tell: self._refresh(report, tell, release=release))

    def on_refreshed(self, listener: Callable[[RefreshReport], None]) -> None:
        """Call ``listener`` in the event loop whenever a generation has followed another."""
        self._publishing.listen(listener)

    def off_refreshed(self, listener: Callable[[RefreshReport], None]) -> None:
        """Call it no more; nothing where it is not called."""
        self._publishing.unlisten(listener)

    def _refresh(
        self, report: Callable[[Progress], None], tell: Tell, *, release: bool
    ) -> RefreshReport:
        courtesy = Courtesy(lambda: self._worker.busy, self._stopping)

        def told(progress: Progress) -> None:
            courtesy.step()
            tell(report, progress)

        with self._catalog.publishing():
            done = self._corpus.refresh(rebuild=False, release=release, progress=told)
        self.trouble = None
        return done

    async def _ready_run(self, work: Callable[[], T], person: int) -> T:
        await self._check_ready()
        return await self._worker.run(work, person=person, patience=self._patience)

    async def _ready_beside(self, work: Callable[[], T]) -> T:
        """Do it beside the questions, which wait for it no longer than for one another."""
        await self._check_ready()
        return await asyncio.to_thread(work)

    async def _check_ready(self) -> None:
        if not await self.until_ready(self._patience):
            raise TooSlowError("I am still reading the documents; please ask again.")
