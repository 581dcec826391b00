"""Questions that were answered before, and still are."""

import asyncio
import logging

from bot.history.stored import Posted
from bot.memory import Memory
from bot.service import Service
from bot.worker import ServiceError
from index.errors import CorpusError
from index.records import Answer

_LOOKED_AT = 200
_ASKED_AGAIN = 50

_log = logging.getLogger(__name__)


class Recollection:
    """What a server asked before, to be offered to whoever asks next.

    Only what the index of today answers: a question of an earlier index is asked again in the
    background, and offered once it is known to be answered still.
    """

    def __init__(self, service: Service, memory: Memory) -> None:
        self._service = service
        self._memory = memory
        self._checked: dict[int | None, tuple[str | None, set[str]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def answered(self, guild: int | None) -> list[Posted]:
        """The newest answers of a server, or of direct messages, whose questions are answered."""
        posted = await self._memory.answered(guild, limit=_LOOKED_AT)
        generation = self._service.generation
        of_today, still = self._checked.get(guild, (None, set()))
        stale = [one for one in posted if one.result.generation != generation]
        if stale and of_today != generation:
            still = set()
            self._checked[guild] = (generation, still)
            task = asyncio.create_task(self._ask_again(guild, stale[:_ASKED_AGAIN], still))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return [one for one in posted if one.result.generation == generation or one.id in still]

    async def _ask_again(self, guild: int | None, stale: list[Posted], still: set[str]) -> None:
        for posted in stale:
            try:
                result = await self._service.ask(posted.result.question, person=0, guild=guild)
            except (CorpusError, ServiceError) as error:
                _log.info("A question was not asked again: %s", error)
                return
            if isinstance(result, Answer):
                still.add(posted.id)
