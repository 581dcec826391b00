"""The only user of aiosqlite: one connection on a thread of its own, whose users take turns."""

import asyncio
import glob
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import aiosqlite

from bot.history.errors import HistoryError, history_error, is_damage
from bot.history.rows import Values
from bot.history.schema import VERSION, migration
from index.durable import make_folder

Statement: TypeAlias = tuple[str, Values]

log = logging.getLogger(__name__)

_PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",  # what is forgotten is overwritten, not only left out
    "journal_mode = TRUNCATE",  # SQLite before 3.51.3 may lose data with a write-ahead log
    "synchronous = FULL",
)
_BESIDE = ("-journal", "-wal", "-shm")


class Database:
    """A SQLite file. Every failure is raised as ``HistoryError``, and the next call may succeed."""

    def __init__(self, connection: aiosqlite.Connection, path: Path, *, queue: float) -> None:
        self._connection = connection
        self._path = path
        self._queue = queue
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path, *, patience: float, queue: float = 5.0) -> "Database":
        """Open the database, in its newest version; make it, and its folder, where there is none.

        A file that is no database, or a damaged one, is moved aside with a warning.

        Args:
            path: the file.
            patience: seconds to wait for another program that holds the file locked.
            queue: seconds that a call waits for those before it.

        Raises:
            HistoryError: it cannot be opened, or a newer version of this program made it.
        """
        with _told(path):
            await asyncio.to_thread(make_folder, path.parent)
            try:
                return cls(await _connected(path, patience), path, queue=queue)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                await asyncio.to_thread(_move_aside, path, error)
                return cls(await _connected(path, patience), path, queue=queue)

    async def close(self) -> None:
        """Let go of the file, after all who wait for their turn."""
        async with self._turn:
            with _told(self._path):
                await self._connection.close()

    async def run(self, *statements: Statement) -> list[sqlite3.Row]:
        """Run ``statements`` as one transaction; the rows of the last.

        Raises:
            HistoryError: nothing of it was done.
        """
        with _told(self._path):
            async with asyncio.timeout(self._queue) as waiting, self._turn:
                waiting.reschedule(None)
                return await self._run(statements)

    async def _run(self, statements: tuple[Statement, ...]) -> list[sqlite3.Row]:
        if len(statements) == 1:  # a transaction in itself
            return await self._fetch(*statements[0])
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
            rows = [await self._fetch(*statement) for statement in statements]
            await self._connection.commit()
        except BaseException:
            # The thread works in order: this ends the transaction even where we are cancelled
            # while BEGIN or COMMIT is still to be done.
            await self._connection.rollback()
            raise
        return rows[-1]

    async def _fetch(self, sql: str, values: Values) -> list[sqlite3.Row]:
        return [*await self._connection.execute_fetchall(sql, dict(values))]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise HistoryError(f"The history in {path} is too slow: its disk keeps it busy.") from None
    # aiosqlite raises ValueError once it is closed; Python, for what SQLite cannot hold.
    except (sqlite3.Error, OSError, ValueError, OverflowError) as error:
        raise history_error(error, path) from error


async def _connected(path: Path, patience: float) -> aiosqlite.Connection:
    # Where it cannot be opened, aiosqlite leaves a thread that ends when the loop may be closed.
    await asyncio.to_thread(_check_openable, path)
    connection = await aiosqlite.connect(path, timeout=patience, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        await _check(connection)
        for pragma in _PRAGMAS:
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        await _migrate(connection, path)
    except BaseException:
        with suppress(sqlite3.Error):
            await connection.close()
        raise
    return connection


def _check_openable(path: Path) -> None:
    sqlite3.connect(path).close()


async def _check(connection: aiosqlite.Connection) -> None:
    faults = [row[0] for row in await connection.execute_fetchall("PRAGMA quick_check(1)")]
    if faults != ["ok"]:
        damage = sqlite3.DatabaseError("; ".join(faults))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    if version > VERSION:
        raise HistoryError(
            f"The history in {path} has version {version}, and this program knows versions to "
            f"{VERSION}. Use the program that wrote it, or move the file away."
        )
    for following in range(version + 1, VERSION + 1):
        await connection.executescript(migration(following))


def drop_set_aside(path: Path, before: float) -> None:
    """Delete what was set aside beside ``path`` as damaged and was last written before that."""
    for aside in path.parent.glob(f"{glob.escape(path.name)}.damaged-*"):
        with suppress(OSError):
            if aside.stat().st_mtime < before:
                aside.unlink()


def _move_aside(path: Path, damage: sqlite3.Error) -> None:
    """Rename the file, and the journal with it: a new database must not be mended by that."""
    n = 1
    while (aside := path.with_name(f"{path.name}.damaged-{n}")).exists():
        n += 1
    path.rename(aside)
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(f"{aside}{ending}")
    log.warning(
        "The history in %s is damaged (%s). It was moved to %s, and a new one is begun.",
        path,
        damage,
        aside.name,
    )
