"""What is kept of one person: counted, given out whole, and deleted so that nothing is left."""

import json
import logging
from dataclasses import dataclass
from typing import Any

from bot.history.database import Database, Statement
from bot.history.errors import HistoryError
from bot.history.rows import Values

_log = logging.getLogger(__name__)

_COUNTS = """
SELECT (SELECT count(*) FROM posted WHERE asker = :person) AS questions,
    (SELECT count(*) FROM votes WHERE person = :person) AS votes,
    (SELECT count(*) FROM wishes WHERE person = :person) AS wishes,
    (SELECT count(*) FROM requests WHERE person = :person) AS requests,
    (SELECT count(*) FROM choices WHERE person = :person) AS choices,
    (SELECT min(created) FROM posted WHERE asker = :person) AS since
"""
_EXPORTS: tuple[tuple[str, str], ...] = (
    (
        "questions",
        "SELECT question, guild, channel, message, private, surface, answered, created FROM posted "
        "WHERE asker = :person ORDER BY created",
    ),
    ("votes", "SELECT posted, up, expected, at FROM votes WHERE person = :person ORDER BY at"),
    ("wishes", "SELECT posted, at FROM wishes WHERE person = :person ORDER BY at"),
    (
        "lists",
        "SELECT kind, guild, channel, iif(kind = 'hits', argument, NULL) AS argument, created "
        "FROM requests WHERE person = :person ORDER BY created",
    ),
    ("servers_in_direct_messages", "SELECT guild FROM choices WHERE person = :person"),
)
_DELETIONS = (
    "DELETE FROM requests WHERE person = :person",
    "DELETE FROM votes WHERE person = :person",
    "DELETE FROM wishes WHERE person = :person",
    "DELETE FROM choices WHERE person = :person",
    """
    DELETE FROM posted WHERE asker = :person
        OR EXISTS (SELECT 1 FROM json_each(authors) WHERE value = :person)
    """,
)
"""Votes and wishes of others go with the answer that they are about."""

_JSON = frozenset({"argument"})
_NUMBERS = frozenset({"guild", "channel", "message"})


@dataclass(frozen=True, slots=True)
class Account:
    """How much is kept of a person; ``since`` is when the oldest question was asked, if any."""

    questions: int = 0
    votes: int = 0
    wishes: int = 0
    requests: int = 0
    choices: int = 0
    since: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not (self.questions or self.votes or self.wishes or self.requests or self.choices)


class PersonalStore:
    """Over the database of a history. Each method raises ``HistoryError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, person: int) -> Account:
        """How much is kept of a person."""
        (row,) = await self._database.run((_COUNTS, {"person": person}))
        return Account(**dict(row))

    async def export(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """All that a person said, as JSON can hold it. Ids of Discord are texts in it.

        Not what documents said: whether the person may still see that is not known here.
        """
        values: Values = {"person": person}
        return {
            name: [_readable(dict(row)) for row in await self._database.run((sql, values))]
            for name, sql in _EXPORTS
        }

    async def delete(self, person: int, *, compact: bool = True) -> None:
        """Delete all that is kept of a person, and leave no trace of it in the file.

        Also what others asked in that person's words. What is deleted is overwritten at once; then,
        to ``compact`` it, the file is made anew without the room it took. Where there is no room
        on the disk for that, the first has been done all the same.
        """
        values: Values = {"person": person}
        statements: list[Statement] = [(sql, values) for sql in _DELETIONS]
        await self._database.run(*statements)
        if not compact:
            return
        try:
            await self._database.run(("VACUUM", {}))
        except HistoryError as error:
            _log.warning("What was deleted is overwritten, but its room is not freed: %s", error)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _JSON:
        return json.loads(value)
    return str(value) if name in _NUMBERS else value
