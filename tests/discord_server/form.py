"""A JSON form under inspection: every fault is noted where it stands, then all are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.discord_server.errors import ApiError
from tests.discord_server.json_types import Json

Problem = tuple[tuple[str, ...], str, str]


class Form:
    """A part of a request's JSON, with the path to it; parts share one list of problems."""

    def __init__(
        self, given: Any, path: tuple[str, ...] = (), problems: list[Problem] | None = None
    ) -> None:
        self.given = given
        self._path = path
        self._problems: list[Problem] = [] if problems is None else problems

    @property
    def json(self) -> Json:
        """What is given, or an empty object where it is none."""
        return self.given if isinstance(self.given, dict) else {}

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a field; null and absent are the same."""
        value = self.json.get(key)
        return default if value is None else value

    def at(self, key: str | int) -> Form:
        """The part under ``key``."""
        value = self.given[key] if isinstance(key, int) else self.json.get(key)
        return Form(value, (*self._path, str(key)), self._problems)

    def refuse(self, message: str, code: str = "BASE_TYPE_BAD_VALUE") -> None:
        """Note a fault of this part."""
        self._problems.append((self._path, code, message))

    def known(self, fields: frozenset[str]) -> None:
        """Refuse what is no object, and each field that is not one of ``fields``."""
        if not isinstance(self.given, dict):
            self.refuse("Only dictionaries may be used in a DictType", "DICT_TYPE_CONVERT")
        for key in sorted(self.json.keys() - fields):
            self.at(key).refuse("This field is not known here", "UNKNOWN_FIELD")

    def text(self, key: str, low: int, high: int, *, required: bool = False) -> str:
        """A text of ``low`` to ``high`` characters."""
        value, part = self.get(key), self.at(key)
        if value is None:
            if required:
                part.refuse("This field is required", "BASE_TYPE_REQUIRED")
            return ""
        if not isinstance(value, str):
            part.refuse("Could not interpret as string.", "STRING_TYPE_CONVERT")
            return ""
        part.length(len(value), low, high)
        return value

    def length(self, size: int, low: int, high: int) -> None:
        """Refuse this part when its size is out of bounds."""
        if size == 0 < low:
            self.refuse("This field is required", "BASE_TYPE_REQUIRED")
        elif size < low:
            self.refuse(f"Must be {low} or more in length.", "BASE_TYPE_MIN_LENGTH")
        elif size > high:
            self.refuse(f"Must be {high} or fewer in length.", "BASE_TYPE_MAX_LENGTH")

    def number(self, key: str, low: int, high: int, default: int = 0) -> int:
        """A whole number within bounds."""
        value = self.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.at(key).refuse(f'Value "{value}" is not int.', "NUMBER_TYPE_COERCE")
            return default
        if self.get(key) is not None and not low <= value <= high:
            self.at(key).refuse(f"int value should be {low} to {high}.", "NUMBER_TYPE_RANGE")
        return value

    def flag(self, key: str) -> bool:
        """A yes or no, absent being no."""
        value = self.get(key, False)
        if not isinstance(value, bool):
            self.at(key).refuse("Must be either true or false.", "BOOLEAN_TYPE_CONVERT")
        return bool(value)

    def kind(self, default: int = 0) -> int:
        """The ``type`` of this part; 0 when that is no number."""
        value = self.get("type", default)
        return value if type(value) is int else 0

    def subset(self, key: str, known: tuple[object, ...]) -> list[Any]:
        """A list of which all items are ``known``; empty when it is none."""
        value = self.get(key, [])
        if isinstance(value, list) and all(item in known for item in value):
            return value
        self.at(key).refuse(f"Values are of {known}.", "BASE_TYPE_CHOICES")
        return []

    def ids(self, key: str, high: int) -> list[int]:
        """A list of ids; what is none is refused."""
        parts = self.each(key, 0, high)
        for part in parts:
            if not str(part.given).isdecimal() or isinstance(part.given, dict | list):
                part.refuse(f'Value "{part.given}" is not snowflake.', "NUMBER_TYPE_COERCE")
        return [int(part.given) for part in parts if str(part.given).isdecimal()]

    def words(self, key: str) -> dict[str, str]:
        """An object of texts, such as translations; each that is no text is refused."""
        given = self.get(key, {})
        if not isinstance(given, dict):
            self.at(key).refuse("Only dictionaries may be used here", "DICT_TYPE_CONVERT")
            return {}
        part = self.at(key)
        return {name: part.text(name, 1, 6000, required=True) for name in given}

    def each(self, key: str, low: int, high: int) -> list[Form]:
        """The parts of a list of ``low`` to ``high`` items."""
        value, part = self.get(key, []), self.at(key)
        if not isinstance(value, list):
            part.refuse("Only lists may be used in a ListType", "LIST_TYPE_CONVERT")
            return []
        part.length(len(value), low, high)
        return [Form(v, (*part._path, str(n)), self._problems) for n, v in enumerate(value)]

    def submit(self) -> None:
        """Raise ApiError with the tree of all faults, if there are any."""
        if self._problems:
            raise ApiError(400, 50035, "Invalid Form Body", _tree(self._problems))

    def __iter__(self) -> Iterator[Form]:
        return (self.at(index) for index in range(len(self.given or ())))


def _tree(problems: list[Problem]) -> Json:
    tree: Json = {}
    for path, code, message in problems:
        branch = tree
        for key in path:
            branch = branch.setdefault(key, {})
        branch.setdefault("_errors", []).append({"code": code, "message": message})
    return tree
