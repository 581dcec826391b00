"""The one error of the history, and SQLite's many errors as sentences."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: "another program holds it locked. Close that program",
        sqlite3.SQLITE_LOCKED: "another program holds it locked. Close that program",
        sqlite3.SQLITE_FULL: "the disk is full. Free some space there",
        sqlite3.SQLITE_CANTOPEN: "the file cannot be opened. Allow this user to read and write it",
        sqlite3.SQLITE_PERM: "permission is denied. Give this user the right to write there",
        sqlite3.SQLITE_READONLY: "it is read-only. Give this user the right to write there",
        sqlite3.SQLITE_CORRUPT: "it is damaged. Start again, and a new one is begun",
        sqlite3.SQLITE_NOTADB: "it is no SQLite database. Start again, and a new one is begun",
    }
)
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY = 0xFF  # an extended code says more in its higher bits


class HistoryError(Exception):
    """The history could not be read or written; the message is a sentence for the log."""


def history_error(error: Exception, path: Path) -> HistoryError:
    """What to tell of ``error``, which came of using the database at ``path``."""
    why = _REMEDIES.get(_code(error)) or f"{error}. Mend that"
    return HistoryError(f"The history in {path} could not be used: {why}.")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, not who else uses it or where it lies."""
    return _code(error) in _DAMAGE


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY
