"""Questions that were answered before, and still are."""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace

from bot.history.stored import Past
from bot.memory import Memory
from bot.service import Service
from bot.visibility import ALL_MAY_SEE
from bot.worker import ServiceError
from index.errors import CorpusError
from index.records import Answer

_LOOKED_AT = 500
_ASKED_AGAIN = 50
_FRESH = 5.0  # seconds that a list is used for
_PATIENCE = 1.0  # seconds; Discord waits three for suggestions
_MOST_LISTS = 100
_STALE = 60.0  # seconds, after which a list is not used though no newer one can be read

_log = logging.getLogger(__name__)


class Recollection:
    """What a server asked before, to be offered to whoever asks next.

    Only what the index of today answers: a question of an earlier index is asked again in the
    background, and offered once it is known to be answered still.
    """

    def __init__(self, service: Service, memory: Memory) -> None:
        self._service = service
        self._memory = memory
        self._lists: dict[int | None, _Kept] = {}
        self._reading: dict[int | None, asyncio.Task[list[Past]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._forgotten = 0

    async def answered(self, guild: int | None) -> list[Past]:
        """The newest answers of a server, or of direct messages, whose questions are answered.

        As they were a few seconds ago at most. Empty where the history keeps one waiting.
        """
        kept = self._lists.get(guild)
        if kept is None or time.monotonic() > kept.until:
            kept = await self._read(guild)
        generation = self._service.generation
        stale = [one for one in kept.past if one.generation != generation]
        if stale and kept.checked_for != generation:
            kept.checked_for = generation
            kept.still.clear()
            task = asyncio.create_task(self._ask_again(stale[:_ASKED_AGAIN], kept))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return [
            one for one in kept.past if one.generation == generation or _sources(one) in kept.still
        ]

    def forget(self) -> None:
        """Read all lists anew: somebody's questions were deleted. No other is in mind then."""
        self._service.forget_questions()
        self._lists.clear()
        self._forgotten += 1

    async def _read(self, guild: int | None) -> "_Kept":
        """Read a server's list anew, once for all who wait for it."""
        if guild not in self._reading:
            reading = self._memory.answered(guild, limit=_LOOKED_AT)
            self._reading[guild] = task = asyncio.create_task(reading)
            task.add_done_callback(lambda _: self._reading.pop(guild))
        before, forgotten = self._lists.get(guild, _Kept()), self._forgotten
        try:
            past = await asyncio.wait_for(asyncio.shield(self._reading[guild]), _PATIENCE)
        except TimeoutError:
            return before if time.monotonic() - before.until < _STALE else _Kept()
        if forgotten != self._forgotten:  # somebody's questions were deleted meanwhile
            return _Kept()
        kept = replace(before, past=past, until=time.monotonic() + _FRESH)
        if len(self._lists) > _MOST_LISTS:
            self._lists.clear()
        self._lists[guild] = kept
        return kept

    async def _ask_again(self, stale: list[Past], kept: "_Kept") -> None:
        """Ask each of the documents that answered it, and of no others: not all see the same."""
        for sources, one in {_sources(one): one for one in stale}.items():
            try:
                result = await self._service.ask(
                    one.question, person=0, scope=ALL_MAY_SEE | one.collections
                )
            except (CorpusError, ServiceError) as error:
                _log.info("A question was not asked again: %s", error)
                kept.checked_for = None  # but is, when somebody types next
                return
            if isinstance(result, Answer):
                kept.still.add(sources)


def _sources(past: Past) -> tuple[str, frozenset[str]]:
    return past.folded, past.collections


@dataclass
class _Kept:
    """A server's list, and which questions of earlier indexes are answered by today's."""

    past: list[Past] = field(default_factory=list)
    until: float = 0.0
    checked_for: str | None = None
    still: set[tuple[str, frozenset[str]]] = field(default_factory=set)
