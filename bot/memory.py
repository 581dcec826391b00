"""The history, as a face uses it: where it fails, answers go on without it, and that is said once.

What a button needs is kept here, so that without a history replies have no buttons. Of a server
that wants no history nothing is written: what its buttons need is held in memory for a while.
"""

import time
from collections import deque
from collections.abc import Awaitable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from bot.history.store import History
from bot.history.stored import Frame, Past, Posted, Request, Surface, new_id
from bot.judgements import Judgements
from bot.servers import Servers
from bot.transient import Transient
from bot.vault import Vault
from index.records import Abstained, Answer

T = TypeVar("T")

_UNDER_WAY = 1800.0  # seconds; nothing that was asked takes longer to be answered


class Memory:
    """What was shown, and what buttons go on with."""

    def __init__(self, vault: Vault, servers: Servers) -> None:
        self.vault = vault
        self.servers = servers
        self._transient = Transient(time.monotonic)
        self.judgements = Judgements(vault, self._transient)
        self._identified: deque[float] = deque(maxlen=1000)
        self._forgotten: dict[tuple[str, int | None], float] = {}

    @classmethod
    async def open(cls, path: Path) -> "Memory":
        """Over the history in ``path``, or without one, saying so in the log."""
        vault = await Vault.open(path)
        return cls(vault, await Servers.open(vault))

    @property
    def available(self) -> bool:
        """Whether the history can be asked just now."""
        return self.vault.available

    async def close(self) -> None:
        """Let go of the file."""
        await self.vault.close()

    def keeps(self, guild: int | None) -> bool:
        """Whether what is asked there is kept, and not only held for a while."""
        return self.servers.settings(guild).history

    async def keep(
        self,
        result: Answer | Abstained,
        *,
        guild: int | None,
        channel: int,
        asker: int,
        document: str | None,
        private: bool,
        surface: Surface,
        authors: Iterable[int] = (),
        frame: Frame | None = None,
        began: float | None = None,
    ) -> str:
        """Keep what is about to be shown.

        ``authors`` are others whose words are in the question, ``frame`` is what the message shows
        beside. ``began`` is when it was asked, by the monotonic clock: what was asked before
        somebody had it deleted is not kept after that.

        Returns:
            Its row, or ``""`` if it could not be kept, or is not to be.
        """
        posted = Posted(
            id=new_id(),
            guild=guild,
            channel=channel,
            message=None,
            asker=asker,
            question=result.question,
            document=document,
            private=private,
            surface=surface,
            result=result,
            created=time.time(),
            authors=tuple(sorted({*authors} - {asker})),
            frame=frame,
        )
        if self.is_forgotten(guild, posted.people, began):
            return ""
        if self.servers.known and not self.keeps(guild):
            self._transient.keep(posted)
            return posted.id
        return await self.vault.tried(lambda kept: self._write(kept, posted, began), "")

    async def _write(self, kept: History, posted: Posted, began: float | None) -> str:
        """Write it, unless what was read of the server only now says otherwise."""
        if self.is_forgotten(posted.guild, posted.people, began):
            return ""
        if not self.keeps(posted.guild):
            self._transient.keep(posted)
        else:
            await kept.keep(posted)
        return posted.id

    def is_forgotten(self, guild: int | None, people: Iterable[int], began: float | None) -> bool:
        """Whether one of them, or the server, had all deleted after something was asked."""
        keys = [("guild", guild), *(("person", one) for one in people)]
        return began is not None and any(self._forgotten.get(key, -1.0) >= began for key in keys)

    def _note_forgotten(self, kind: str, id: int) -> None:
        now = time.monotonic()
        fresh = {key: at for key, at in self._forgotten.items() if now - at < _UNDER_WAY}
        self._forgotten = fresh | {(kind, id): now}

    async def placed(self, row: str, message: int) -> None:
        """Note which message shows the row."""
        self._transient.placed(row, message)
        if row:
            await self.vault.tried(lambda kept: kept.placed(row, message), None)

    async def posted(self, row: str) -> Posted | None:
        """What was shown under that row, if it is still kept."""
        held = self._transient.posted(row)
        return held or await self.vault.tried(lambda kept: kept.posted(row), None)

    async def posted_as(self, message: int) -> Posted | None:
        """What that message shows, if it is one of ours and still kept."""
        held = self._transient.posted_as(message)
        return held or await self.vault.tried(lambda kept: kept.posted_as(message), None)

    async def answered(self, guild: int | None, *, limit: int) -> list[Past]:
        """The newest answers there, newest first."""
        return await self.vault.tried(lambda kept: kept.answered(guild, limit=limit), [])

    async def mark_shared(self, posted: Posted) -> None:
        """Note that what only its asker saw was shown to all."""
        self._transient.mark_shared(posted.id)
        await self.vault.tried(lambda kept: kept.mark_shared(posted.id), None)

    async def discard(self, row: str) -> None:
        """Keep an answer no longer."""
        self._transient.discard(row)
        await self.vault.tried(lambda kept: kept.discard(row), None)

    async def discard_message(self, message: int) -> None:
        """Keep what a message showed no longer."""
        self._transient.discard_message(message)
        await self.vault.tried(lambda kept: kept.discard_message(message), None)

    async def discard_channel(self, channel: int) -> None:
        """Keep no longer what was shown in a channel or thread that is gone."""
        self._transient.discard_channel(channel)
        await self.vault.tried(lambda kept: kept.discard_channel(channel), None)

    async def wished(self, generation: str, *, limit: int) -> list[Posted]:
        """What people wish to be told of, and that index was not asked yet."""
        return await self.vault.tried(lambda kept: kept.wished(generation, limit=limit), [])

    async def checked(self, row: str, generation: str) -> None:
        """Note that the index of that name need not be asked again."""
        await self.vault.tried(lambda kept: kept.checked(row, generation), None)

    async def wishers(self, row: str) -> list[int]:
        """Who wishes to be told."""
        return await self.vault.tried(lambda kept: kept.wishers(row), [])

    async def grant(self, row: str, people: Iterable[int]) -> bool:
        """Note that these were told; False where that could not be noted."""
        told = list(people)
        return await self.vault.tried(lambda kept: _then(kept.grant(row, told), True), False)

    async def forget_guild(self, guild: int) -> bool:
        """Delete what was asked in a server; False where what is stored could not be."""
        self._note_forgotten("guild", guild)
        self._transient.forget_guild(guild)
        return await self.vault.done(lambda kept: kept.forget_guild(guild))

    def held(self, person: int) -> int:
        """How many answers are only held in memory that a person asked for."""
        return len(self._transient.asked_by(person))

    def held_questions(self, person: int) -> list[dict[str, Any]]:
        """Their questions, and when they were asked."""
        held = self._transient.asked_by(person)
        return [{"question": one.question, "created": one.created} for one in held]

    def forget_person(self, person: int) -> None:
        """Hold nothing more of a person; what is stored of them is deleted elsewhere."""
        self._note_forgotten("person", person)
        self._transient.forget_person(person)

    async def vote(self, row: str, person: int, *, up: bool, expected: str | None = None) -> bool:
        """Count a vote; False where it could not be."""
        return await self.vault.tried(
            lambda kept: kept.vote(row, person, up=up, expected=expected, at=time.time()), False
        )

    async def votes(self, row: str) -> tuple[int, int]:
        """How many found an answer right, and how many wrong."""
        return await self.vault.tried(lambda kept: kept.votes(row), (0, 0))

    async def wish(self, row: str, person: int) -> bool | None:
        """Count a wish to be told; False where it was there, None if it could not be counted."""
        return await self.vault.tried(lambda kept: kept.wish(row, person, time.time()), None)

    async def file(
        self,
        kind: str,
        argument: Mapping[str, object],
        *,
        guild: int | None,
        channel: int | None,
        person: int,
    ) -> str:
        """Keep what a button will go on with; returns its row, or ``""``."""
        request = Request(new_id(), kind, guild, channel, person, argument, time.time())
        if self.servers.known and not self.keeps(guild):
            self._transient.file(request)
            return request.id
        return await self.vault.tried(lambda kept: self._file(kept, request), "")

    async def _file(self, kept: History, request: Request) -> str:
        if not self.keeps(request.guild):
            self._transient.file(request)
        else:
            await kept.file(request)
        return request.id

    async def request(self, row: str) -> Request | None:
        """What a button goes on with."""
        held = self._transient.request(row)
        return held or await self.vault.tried(lambda kept: kept.request(row), None)

    async def withdraw(self, row: str) -> Request | None:
        """What a button goes on with, given once only."""
        held = self._transient.withdraw(row)
        return held or await self.vault.tried(lambda kept: kept.withdraw(row), None)

    async def recall(self, key: str) -> str | None:
        """A small fact that was remembered."""
        return await self.vault.tried(lambda kept: kept.recall(key), None)

    async def remember(self, key: str, value: str) -> None:
        """Remember a small fact."""
        await self.vault.tried(lambda kept: kept.remember(key, value), None)

    async def identified(self) -> None:
        """Note that a session with Discord is being begun."""
        self._identified.append(time.monotonic())
        await self.vault.tried(lambda kept: kept.identified(time.time()), None)

    async def identified_within(self, seconds: float) -> int:
        """How many sessions were begun so recently."""
        of_this_process = sum(time.monotonic() - at <= seconds for at in self._identified)
        kept = await self.vault.tried(
            lambda kept: kept.identified_since(time.time() - seconds), of_this_process
        )
        return max(kept, of_this_process)

    async def purge(self, days: int) -> None:
        """Delete what is older than that."""
        self._transient.forget_old()
        await self.vault.tried(lambda kept: kept.purge(time.time() - days * 86_400), 0)


async def _then(call: Awaitable[object], result: T) -> T:
    await call
    return result
