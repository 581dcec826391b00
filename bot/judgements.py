"""What became of quotes that everybody sees, as far as it was noted: stored, or held in memory.

Of a server that wants no history it is held in memory, as its answers are.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from bot.history.judged import Held, JudgedStore
from bot.history.stored import Posted, quoted
from bot.transient import Transient
from bot.vault import Vault
from index.fates import KEPT, Fate, Judged

Seen = tuple[Posted, tuple[Fate, ...]]
"""An answer, and its quotes' fates as its message shows them."""


class Judgements:
    """Notes of answers, by their rows. Where the history fails, nothing is to be judged."""

    def __init__(self, vault: Vault, transient: Transient) -> None:
        self._vault = vault
        self._transient = transient
        self._noted: dict[str, tuple[Judged, ...]] = {}  # of rows in memory; empty: left alone

    async def aged(self, is_stale: Callable[[Held], bool]) -> list[str] | None:
        """The answers with a quote that was held against something stale, newest first.

        Those that are shown in a message that can be edited. None where it cannot be known now.
        """
        found = [*self._aged_in_memory(is_stale)]
        nothing: set[Held] | None = None
        held = await self._vault.tried(lambda kept: JudgedStore(kept.database).held(), nothing)
        if held is None:
            return None
        if stale := [one for one in held if is_stale(one)]:
            found += await self._vault.tried(
                lambda kept: JudgedStore(kept.database).showing(stale), []
            )
        return [row for _, row in sorted(found, reverse=True)]

    def _aged_in_memory(self, is_stale: Callable[[Held], bool]) -> Iterator[tuple[float, str]]:
        shown = self._transient.shown()
        there = {one.id for one in shown}
        self._noted = {id: noted for id, noted in self._noted.items() if id in there}
        for one in shown:
            if any(map(is_stale, self._held(one))):
                yield one.created, one.id

    def _held(self, posted: Posted) -> Collection[Held]:
        noted = self._noted.get(posted.id)
        if noted is not None:
            return [(one.document, one.sha256) for one in noted]
        return [(one.document, one.sha256) for one in quoted(posted.result)]

    async def read(self, row: str) -> Seen | None:
        """An answer and what its message shows; None where it is kept no longer."""
        held = self._transient.posted(row)
        if held is not None:
            noted = self._noted.get(row)
            fates = [one.fate for one in noted] if noted else [KEPT] * len(quoted(held.result))
            return held, tuple(fates)
        nothing: Seen | None = None
        return await self._vault.tried(lambda kept: JudgedStore(kept.database).read(row), nothing)

    async def note(self, row: str, judged: Sequence[Judged]) -> bool:
        """Note what quotes were held against, and what is shown of them; False if it cannot be."""
        if self._transient.posted(row) is not None:
            self._noted[row] = tuple(judged)
            return True
        return await self._vault.done(lambda kept: JudgedStore(kept.database).note(row, judged))

    async def leave(self, row: str) -> bool:
        """Judge an answer's quotes no longer; False where that cannot be noted."""
        if self._transient.posted(row) is not None:
            self._noted[row] = ()
            return True
        return await self._vault.done(lambda kept: JudgedStore(kept.database).leave(row))
