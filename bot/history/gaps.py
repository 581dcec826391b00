"""What was asked in a server and not answered, or not rightly, in the history's database."""

import json
import sqlite3
from dataclasses import dataclass

from bot.history.database import Database
from bot.history.rows import Values

MOST = 500
"""Questions that are looked at, the newest."""

_GAPS = """
SELECT question, channel, message, answered, created,
    (SELECT count(*) FROM votes WHERE posted = id AND NOT up) AS down,
    (SELECT count(*) FROM wishes WHERE posted = id) AS wishes,
    (SELECT json_group_array(expected) FROM votes
        WHERE posted = id AND NOT up AND expected IS NOT NULL) AS expected
FROM posted AS asked
WHERE guild = :guild AND NOT private AND created >= :since
    AND (down > 0 OR NOT answered AND NOT EXISTS (
        SELECT 1 FROM posted WHERE guild = :guild AND NOT private AND answered
            AND folded = asked.folded AND created > asked.created
    ))
ORDER BY created DESC, rowid DESC LIMIT :limit
"""
_COUNTS = """
SELECT channel, answered, count(*) AS count FROM posted
WHERE guild = :guild AND NOT private AND created >= :since GROUP BY channel, answered
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was not answered, or whose answer was found wrong.

    Attributes:
        question: as it was understood.
        channel: where it was asked.
        message: the bot's message that says so, if there is one.
        wrong: it was answered, and somebody found that wrong.
        created: when it was asked.
        down: how many found the answer wrong.
        wishes: how many wish to be told when it is answered.
        expected: what those expected who found it wrong.
    """

    question: str
    channel: int
    message: int | None
    wrong: bool
    created: float
    down: int = 0
    wishes: int = 0
    expected: tuple[str, ...] = ()


class GapStore:
    """Over the database of a history. Each method raises ``HistoryError``.

    What only its asker saw is left out, and so is what was asked in direct messages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def gaps(self, guild: int, *, since: float) -> list[Gap]:
        """The gaps of a server, newest first; not what was answered when asked again later."""
        values: Values = {"guild": guild, "since": since, "limit": MOST}
        return [_gap(row) for row in await self._database.run((_GAPS, values))]

    async def counts(self, guild: int, *, since: float) -> dict[int, tuple[int, int]]:
        """For each channel how many questions were answered, and how many were not."""
        rows = await self._database.run((_COUNTS, {"guild": guild, "since": since}))
        found: dict[int, tuple[int, int]] = {}
        for row in rows:
            answered, unanswered = found.get(row["channel"], (0, 0))
            if row["answered"]:
                answered += row["count"]
            else:
                unanswered += row["count"]
            found[row["channel"]] = (answered, unanswered)
        return found


def _gap(row: sqlite3.Row) -> Gap:
    return Gap(
        question=row["question"],
        channel=row["channel"],
        message=row["message"],
        wrong=bool(row["answered"]),
        created=row["created"],
        down=row["down"],
        wishes=row["wishes"],
        expected=tuple(json.loads(row["expected"])),
    )
