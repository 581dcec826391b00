"""What became of the quotes of answers that everybody sees, in the history's database.

Each quote has a row that says against which document it was held last, by digest, so that it is
known without reading an answer whether there is anything to judge anew.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from bot.history.database import Database, Statement
from bot.history.errors import HistoryError
from bot.history.rows import Values, read_citation, read_posted
from bot.history.stored import Posted, quoted
from index.fates import GONE, KEPT, Changed, Fate, Gone, Judged, Kept, Moved

Held: TypeAlias = tuple[str, str]
"""A document, and its digest when a quote of it was held against it; empty: there was none."""

CLEAR: Final = "DELETE FROM quotes WHERE posted = :posted"
_ADD = """
INSERT INTO quotes (posted, place, document, sha256, fate)
VALUES (:posted, :place, :document, :sha256, NULL)
"""
_HELD = "SELECT document, sha256 FROM quotes GROUP BY document, sha256"
_SHOWING = """
SELECT id, created FROM posted WHERE message IS NOT NULL AND id IN (
    SELECT quotes.posted FROM json_each(:held) AS pair
    JOIN quotes ON quotes.document = json_extract(pair.value, '$[0]')
        AND quotes.sha256 = json_extract(pair.value, '$[1]')
)
"""
_POSTED = "SELECT * FROM posted WHERE id = :posted"
_FATES = "SELECT fate FROM quotes WHERE posted = :posted ORDER BY place"
_NOTE = """
UPDATE quotes SET document = :document, sha256 = :sha256, fate = :fate
WHERE posted = :posted AND place = :place
"""
_KINDS: Mapping[type[Fate], str] = MappingProxyType(
    {Moved: "moved", Changed: "changed", Gone: "gone"}
)


def to_follow(posted: Posted) -> list[Statement]:
    """What lets the quotes of an answer be judged, if it is one whose message can be edited."""
    if posted.private or posted.is_overheard:
        return []
    rows = enumerate(quoted(posted.result))
    return [
        (_ADD, {"posted": posted.id, "place": at, "document": one.document, "sha256": one.sha256})
        for at, one in rows
    ]


class JudgedStore:
    """Over the database of a history. Each method raises ``HistoryError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def held(self) -> set[Held]:
        """What all quotes were held against."""
        return {(row[0], row[1]) for row in await self._database.run((_HELD, {}))}

    async def showing(self, held: Iterable[Held]) -> list[tuple[float, str]]:
        """The answers with a quote that was held against one of these: when, and the row."""
        rows = await self._database.run((_SHOWING, {"held": json.dumps(sorted(held))}))
        return [(row["created"], row["id"]) for row in rows]

    async def read(self, id: str) -> tuple[Posted, tuple[Fate, ...]] | None:
        """An answer, and its quotes' fates as its message shows them; None: it is not followed."""
        values: Values = {"posted": id}
        fates = await self._database.run((_FATES, values))
        rows = await self._database.run((_POSTED, values))
        try:
            posted = read_posted(rows[0]) if rows and fates else None
            return (posted, tuple(map(_read_fate, fates))) if posted else None
        except (ValueError, KeyError, TypeError) as error:
            raise HistoryError(f"An answer in the history cannot be read: {error!r}.") from error

    async def note(self, id: str, judged: Sequence[Judged]) -> None:
        """Note what an answer's quotes were held against, and what the message shows of them."""
        if judged:
            await self._database.run(
                *(
                    (_NOTE, {"posted": id, "place": at, **_values(one)})
                    for at, one in enumerate(judged)
                )
            )

    async def leave(self, id: str) -> None:
        """Follow an answer no longer."""
        await self._database.run((CLEAR, {"posted": id}))


def _values(judged: Judged) -> Values:
    return {"document": judged.document, "sha256": judged.sha256, "fate": _fate(judged.fate)}


def _fate(fate: Fate) -> str | None:
    if isinstance(fate, Kept):
        return None
    kind: dict[str, Any] = {"kind": _KINDS[type(fate)]}
    return json.dumps(kind if isinstance(fate, Gone) else kind | asdict(fate))


def _read_fate(row: sqlite3.Row) -> Fate:
    if row["fate"] is None:
        return KEPT
    record = json.loads(row["fate"])
    if record["kind"] == "gone":
        return GONE
    kind = Moved if record["kind"] == "moved" else Changed
    return kind(read_citation(record["citation"]))
