"""Work for threads, handed over by an event loop that never waits for it.

The threads are daemons: whatever they are at must be such that nothing is lost with them.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.turns import FairQueue, QueueFullError
from bot.words import Told

T = TypeVar("T")


class ServiceError(Told):
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


class Worker:
    """Threads that do one piece of work after the other, persons taking turns.

    No two pieces of one person's are done at once, so that they keep their order.
    """

    def __init__(self, *, capacity: int, share: int, threads: int = 1) -> None:
        """At most ``capacity`` pieces wait, and ``share`` of one person's."""
        self._threads = threads
        self._queue: FairQueue[_Job] = FairQueue(capacity=capacity, share=share)
        self._working: set[int] = set()  # which threads are
        self._closed = False

    def start(self) -> None:
        """Begin to work."""
        for _ in range(self._threads):
            threading.Thread(target=self._work, name="answers", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits to be."""
        return bool(self._working) or len(self._queue) > 0

    def close(self) -> None:
        """Take nothing more; what waits gets a ``StoppedError``."""
        self._closed = True
        for job in self._queue.close():
            _settle(job.future, error=_stopped())

    async def run(self, work: Callable[[], T], *, patience: float | None, person: int = 0) -> T:
        """Have the work done when its turn comes; raises what it raises.

        Raises:
            BusyError: too much waits already.
            TooSlowError: it was not done within ``patience`` seconds.
            StoppedError: the worker is closed.
        """
        job = _Job(work, asyncio.get_running_loop().create_future())
        try:
            self._queue.put(person, job)
        except QueueFullError:
            if self._closed:
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

    def _work(self) -> None:
        while self._work_once():
            pass

    def _work_once(self) -> bool:
        """Do the next piece of work, waited for; False where there will be none."""
        with self._queue.turn() as job:
            if job is not None and not job.future.cancelled():
                me = threading.get_ident()
                self._working.add(me)
                _do(job.work, job.future)
                self._working.discard(me)
            return job is not None


async def in_thread(work: Callable[[Callable[..., object]], T]) -> T:
    """Do the work on a thread of its own.

    ``work`` is given what calls a function, with arguments, in the event loop.
    """
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
