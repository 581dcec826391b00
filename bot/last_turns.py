"""Whom a question may follow up: the last turn of each person in each channel, for a while."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.history.stored import Posted
from bot.visibility import ALL_MAY_SEE, Scope, collection_of
from index.previous import Previous
from index.records import Abstained, Answer

MOST = 10_000
"""Turns held at once; the oldest make room."""
LONGEST = 3_600.0
"""Seconds that a turn is held."""


@dataclass(frozen=True, slots=True)
class Before:
    """A turn that a question may follow up.

    Attributes:
        result: what was found; its question is the one that was understood.
        drawn: the collections whose documents' words are in that question.
        people: others than the asker whose words are in it.
    """

    result: Answer | Abstained
    drawn: Scope = frozenset()
    people: tuple[int, ...] = ()

    @classmethod
    def of(cls, posted: Posted) -> "Before":
        """The turn that a message shows, for whoever replies to it."""
        return cls(posted.result, posted.drawn, (*posted.people,))

    def seen_by(self, scope: Scope) -> Previous | None:
        """As much of it as may be seen now.

        Nothing of an answer, nor a question with words of one, that is not in ``scope``.
        """
        if not self.drawn <= scope:
            return None
        return Previous.of(self.result) if self._quoted <= scope else Previous(self.question)

    def drawn_within(self, scope: Scope) -> Scope:
        """Whose words a question may hold that was made whole from what ``scope`` shows of it."""
        return self.drawn | (self._quoted & scope) - ALL_MAY_SEE

    @property
    def question(self) -> str:
        """The question as it was understood."""
        return self.result.question

    @property
    def _quoted(self) -> Scope:
        """The collection of the quote that a question is made whole from."""
        first = self.result.citations[:1] if isinstance(self.result, Answer) else ()
        return frozenset(collection_of(one.document) for one in first)


@dataclass
class LastTurns:
    """The last turn of each person in each channel. ``clock`` gives seconds, and never goes back.

    What only the asker saw is followed up only where only the asker sees.
    """

    clock: Callable[[], float]
    _held: "OrderedDict[tuple[int, int, bool], tuple[float, Before]]" = field(
        default_factory=OrderedDict
    )

    def note(self, channel: int, person: int, before: Before, *, private: bool = False) -> None:
        """Hold a turn as the last one there of that person."""
        for hidden in (True,) if private else (False, True):
            self._held[channel, person, hidden] = (self.clock(), before)
            self._held.move_to_end((channel, person, hidden))
        self._drop()

    def last(self, channel: int, person: int, *, private: bool = False) -> Before | None:
        """The last one there of that person, that all may know of or, ``private``, they alone."""
        at, before = self._held.get((channel, person, private), (0.0, None))
        return before if before is not None and self.clock() - at < LONGEST else None

    def _drop(self) -> None:
        """Hold nothing that is too old, nor more than there is room for; the oldest come first."""
        while self._held:
            at, _ = next(iter(self._held.values()))
            if len(self._held) <= MOST and self.clock() - at < LONGEST:
                return
            self._held.popitem(last=False)

    def forget(self) -> None:
        """Hold nothing any more."""
        self._held.clear()
