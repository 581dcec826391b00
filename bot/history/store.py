"""The history: what was shown on Discord, what people made of it, and what buttons wait for."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from bot.history import statements as sql
from bot.history.database import Database, Statement, drop_set_aside
from bot.history.errors import HistoryError
from bot.history.judged import CLEAR, to_follow
from bot.history.rows import (
    Values,
    posted_values,
    read_past,
    read_posted,
    read_request,
    request_values,
    result_values,
)
from bot.history.stored import Past, Posted, Request
from index.records import Abstained, Answer

Kept = TypeVar("Kept")


class History:
    """The history in one SQLite file.

    Any number of coroutines may call at once. Each method is one transaction: it is done whole, or
    raises ``HistoryError`` and nothing of it is done. After an error the history may be used on.
    """

    def __init__(self, database: Database, path: Path) -> None:
        self.database = database
        self._path = path

    @classmethod
    async def open(cls, path: Path, *, patience: float = 2.0) -> "History":
        """Open the history in the file ``path``, or begin one; close it when done.

        A file that is no history, or a damaged one, is moved aside with a warning: ``x`` to
        ``x.damaged-1``, or the next free number.

        Args:
            path: the file; its folder is made where there is none.
            patience: seconds that a call waits for another program that holds the file locked.

        Raises:
            HistoryError: it cannot be opened, or a newer version of this program made it.
        """
        return cls(await Database.open(path, patience=patience), path)

    async def close(self) -> None:
        """Let go of the file, once all that was called before is done."""
        await self.database.close()

    async def keep(self, posted: Posted) -> None:
        """Keep ``posted``; in place of what had its id, whose votes and wishes stay."""
        anew: Statement = (CLEAR, {"posted": posted.id})
        await self.database.run((sql.KEEP, posted_values(posted)), anew, *to_follow(posted))

    async def placed(self, id: str, message: int) -> None:
        """Note which message shows an answer."""
        await self.database.run((sql.PLACED, {"id": id, "message": message}))

    async def mark_shared(self, id: str) -> None:
        """Note that what only its asker saw was shown to all; nothing where it is not kept."""
        await self.database.run((sql.SHARED, {"id": id}))

    async def restamp(self, id: str, result: Answer | Abstained) -> None:
        """Put ``result`` in the place of what an answer was."""
        await self.database.run((sql.RESTAMP, {"id": id, **result_values(result)}))

    async def posted(self, id: str) -> Posted | None:
        """What was shown under that id, if it is still kept."""
        rows = await self.database.run((sql.POSTED, {"id": id}))
        return self._first(rows, read_posted)

    async def posted_as(self, message: int) -> Posted | None:
        """What that message shows, if it is one of ours and still kept."""
        rows = await self.database.run((sql.POSTED_AS, {"message": message}))
        return self._first(rows, read_posted)

    async def answered(self, guild: int | None, *, limit: int) -> list[Past]:
        """The newest answers of a server, newest first; of direct messages where it is None.

        Abstentions are left out, and so are questions that were confined to a document. Those that
        only the asker sees are among them.
        """
        rows = await self.database.run((sql.ANSWERED, {"guild": guild, "limit": limit}))
        return self._all(rows, read_past)

    async def discard_message(self, message: int) -> None:
        """Keep what a message showed no longer."""
        await self.database.run((sql.DISCARD_MESSAGE, {"message": message}))

    async def discard_channel(self, channel: int) -> None:
        """Keep no longer what was shown in a channel or thread."""
        await self.database.run((sql.DISCARD_CHANNEL, {"channel": channel}))

    async def wished(self, generation: str, *, limit: int) -> list[Posted]:
        """What people wish to be told of, oldest first, and that index was not asked yet."""
        values: Values = {"generation": generation, "limit": limit}
        return self._all(await self.database.run((sql.WISHED, values)), read_posted)

    async def checked(self, id: str, generation: str) -> None:
        """Note that the index of that name need not be asked again."""
        await self.database.run((sql.CHECKED, {"id": id, "generation": generation}))

    async def wishers(self, id: str) -> list[int]:
        """The people who wish to be told of an answer, in the order they said so."""
        rows = await self.database.run((sql.WISHERS, {"id": id}))
        return [row["person"] for row in rows]

    async def grant(self, id: str, people: Iterable[int]) -> None:
        """Note that these were told: they wish it no more."""
        values: list[Values] = [{"id": id, "person": person} for person in people]
        await self.database.run(*((sql.GRANTED, each) for each in values))

    async def discard(self, id: str) -> None:
        """Keep an answer no longer, nor its votes and wishes."""
        await self.database.run((sql.DISCARD, {"id": id}))

    async def vote(self, id: str, person: int, up: bool, expected: str | None, at: float) -> bool:
        """Count a person's vote on an answer, in place of an earlier one of theirs.

        Returns:
            Whether there is such an answer to vote on.
        """
        values: Values = {"id": id, "person": person, "up": up, "expected": expected, "at": at}
        return bool(await self.database.run((sql.VOTE, values)))

    async def votes(self, id: str) -> tuple[int, int]:
        """How many found an answer right, and how many wrong."""
        (row,) = await self.database.run((sql.VOTES, {"id": id}))
        return row["up"], row["down"]

    async def wish(self, id: str, person: int, at: float) -> bool:
        """Count that a person would have the documents answer this.

        Returns:
            False where that person had wished for it before, or it is not kept.
        """
        values: Values = {"id": id, "person": person, "at": at}
        return bool(await self.database.run((sql.WISH, values)))

    async def file(self, request: Request) -> None:
        """Keep ``request``, in place of what had its id.

        Raises:
            TypeError: JSON cannot hold its argument.
        """
        await self.database.run((sql.FILE, request_values(request)))

    async def request(self, id: str) -> Request | None:
        """The request of that id, if it is still kept."""
        return self._first(await self.database.run((sql.REQUEST, {"id": id})), read_request)

    async def withdraw(self, id: str) -> Request | None:
        """The request of that id, kept no longer: of all who ask for it one gets it."""
        return self._first(await self.database.run((sql.WITHDRAW, {"id": id})), read_request)

    async def remember(self, key: str, value: str) -> None:
        """Keep a small fact, in place of what had that key."""
        await self.database.run((sql.REMEMBER, {"key": key, "value": value}))

    async def recall(self, key: str) -> str | None:
        """The fact of that key, if there is one."""
        rows = await self.database.run((sql.RECALL, {"key": key}))
        return rows[0]["value"] if rows else None

    async def identified(self, at: float) -> None:
        """Note that the bot logged in to Discord's gateway; it may do so 1,000 times a day."""
        await self.database.run((sql.IDENTIFIED, {"at": at}))

    async def identified_since(self, at: float) -> int:
        """How often it has done so since then."""
        ((count,),) = await self.database.run((sql.IDENTIFIED_SINCE, {"at": at}))
        return int(count)

    async def purge(self, before: float) -> int:
        """Delete answers, requests and logins older than that; how many answers these were.

        Also damaged histories that were set aside before that: they hold the same.
        """
        await asyncio.to_thread(drop_set_aside, self._path, before)
        values = {"before": before}
        return len(await self.database.run(*((each, values) for each in sql.PURGE)))

    async def forget_guild(self, guild: int) -> int:
        """Delete what was asked in a server; how many answers these were."""
        values = {"guild": guild}
        return len(await self.database.run(*((each, values) for each in sql.FORGET_GUILD)))

    def _first(self, rows: list[sqlite3.Row], read: Callable[[sqlite3.Row], Kept]) -> Kept | None:
        return next(iter(self._all(rows, read)), None)

    def _all(self, rows: list[sqlite3.Row], read: Callable[[sqlite3.Row], Kept]) -> list[Kept]:
        try:
            return [read(row) for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise HistoryError(
                f"A row of the history in {self._path} cannot be read: {error!r}."
            ) from error
