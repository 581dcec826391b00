"""What is held in memory only, for a while: of servers whose questions are not kept."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.history.stored import Posted, Request

MOST = 2_000
"""Rows held at once; the oldest make room."""
LONGEST = 86_400.0
"""Seconds that a row is held."""


@dataclass
class Transient:
    """Answers and requests by their ids. ``clock`` gives seconds, and never goes back."""

    clock: Callable[[], float]
    _rows: "OrderedDict[str, tuple[float, Posted | Request]]" = field(default_factory=OrderedDict)

    def keep(self, posted: Posted) -> None:
        """Hold an answer, in place of what had its id."""
        self._hold(posted.id, posted)

    def file(self, request: Request) -> None:
        """Hold what a button will go on with, in place of what had its id."""
        self._hold(request.id, request)

    def posted(self, id: str) -> Posted | None:
        """The answer of that id."""
        row = self._row(id)
        return row if isinstance(row, Posted) else None

    def posted_as(self, message: int) -> Posted | None:
        """The newest answer that a message shows."""
        shown = (one for one in self._posted() if one.message == message)
        return next(shown, None)

    def placed(self, id: str, message: int) -> None:
        """Note which message shows an answer."""
        posted = self.posted(id)
        if posted is not None:
            self._rows[id] = (self._rows[id][0], replace(posted, message=message))

    def mark_shared(self, id: str) -> None:
        """Note that what only its asker saw was shown to all."""
        posted = self.posted(id)
        if posted is not None:
            self._rows[id] = (self._rows[id][0], replace(posted, surface="shared"))

    def request(self, id: str) -> Request | None:
        """The request of that id."""
        row = self._row(id)
        return row if isinstance(row, Request) else None

    def withdraw(self, id: str) -> Request | None:
        """The request of that id, held no longer."""
        request = self.request(id)
        if request is not None:
            del self._rows[id]
        return request

    def discard(self, id: str) -> None:
        """Hold an answer no longer."""
        self._rows.pop(id, None)

    def discard_message(self, message: int) -> None:
        """Hold no longer what a message shows."""
        self._drop(lambda row: isinstance(row, Posted) and row.message == message)

    def discard_channel(self, channel: int) -> None:
        """Hold no longer what a channel or thread shows."""
        self._drop(lambda row: isinstance(row, Posted) and row.channel == channel)

    def forget_guild(self, guild: int) -> None:
        """Hold nothing of a server."""
        self._drop(lambda row: row.guild == guild)

    def forget_person(self, person: int) -> None:
        """Hold nothing of a person."""
        self._drop(lambda row: person in _people(row))

    def asked_by(self, person: int) -> list[Posted]:
        """The answers that a person asked for, newest first."""
        return [one for one in self._posted() if one.asker == person]

    def shown(self) -> list[Posted]:
        """The answers that all see in a message of the bot's, newest first."""
        return [
            one for one in self._posted() if one.message and not (one.private or one.is_overheard)
        ]

    def forget_old(self) -> None:
        """Hold nothing longer than it is to be."""
        until = self.clock() - LONGEST
        while self._rows and next(iter(self._rows.values()))[0] < until:
            self._rows.popitem(last=False)

    def _posted(self) -> list[Posted]:
        """All answers, newest first."""
        self.forget_old()
        return [row for _, row in reversed(self._rows.values()) if isinstance(row, Posted)]

    def _row(self, id: str) -> Posted | Request | None:
        self.forget_old()
        return self._rows.get(id, (0.0, None))[1]

    def _hold(self, id: str, row: Posted | Request) -> None:
        self._rows[id] = (self.clock(), row)
        self._rows.move_to_end(id)
        while len(self._rows) > MOST:
            self._rows.popitem(last=False)

    def _drop(self, is_meant: Callable[[Posted | Request], bool]) -> None:
        for id in [id for id, (_, row) in self._rows.items() if is_meant(row)]:
            del self._rows[id]


def _people(row: Posted | Request) -> frozenset[int]:
    return row.people if isinstance(row, Posted) else frozenset({row.person})
