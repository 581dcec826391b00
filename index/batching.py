"""Questions that come at once, encoded together.

There is neither a thread for it nor a wait for more to come: whoever comes first leads, and encodes
what waits. Whoever comes meanwhile waits, and is taken along by the next leader.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]

_AT_A_TIME = 1_000
"""Characters, padding included: about what a model's batch holds, and one long text has."""


def few_at_a_time(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Neighbours that together take the model no longer than one long text does."""
    first, longest = 0, 0
    for at, text in enumerate(texts):
        longest = max(longest, len(text))
        if at > first and longest * (at + 1 - first) > _AT_A_TIME:
            yield texts[first:at]
            first, longest = at, len(text)
    if texts:
        yield texts[first:]


@dataclass(eq=False, slots=True)
class _Asked:
    """A text whose vector somebody waits for; it is told when there is one, or when to lead."""

    text: str
    told: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    vector: Vector | None = None
    error: Exception | None = None

    @property
    def is_settled(self) -> bool:
        return self.vector is not None or self.error is not None

    def outcome(self) -> Vector:
        if self.error is not None:
            raise self.error
        assert self.vector is not None  # noqa: S101 - whoever asks has seen that it is settled
        return self.vector


class Batching:
    """Vectors of texts, for many threads at once.

    While nobody waits there are fewer leaders than there may be, or just as many; while somebody
    waits there are as many. A leader encodes its own text with those that wait, first come first
    served, and then makes the first of those that still wait a leader.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Vector], *, leaders: int) -> None:
        """``embed`` gives rows [n, d] for n texts; at most ``leaders`` threads call it at once."""
        self._embed = embed
        self._most = leaders
        self._leading = 0
        self._waiting: deque[_Asked] = deque()
        self._turn = threading.Lock()

    def embed(self, text: str) -> Vector:
        """The vector [d] of a text. Raises what encoding this text alone raises."""
        mine = _Asked(text)
        try:
            if not self._may_lead(mine):
                mine.told.wait()
        except BaseException:
            self._withdraw(mine)
            raise
        if mine.leads:
            self._lead(mine)
        return mine.outcome()

    def _may_lead(self, mine: _Asked) -> bool:
        with self._turn:
            if self._leading < self._most:
                self._leading += 1
                mine.leads = True
            else:
                self._waiting.append(mine)
            return mine.leads

    def _lead(self, mine: _Asked) -> None:
        """Encode one batch, and hand on, whatever happens."""
        batch = [mine]
        try:
            with self._turn:
                few = next(few_at_a_time([mine.text, *(one.text for one in self._waiting)]))
                batch.extend(self._waiting.popleft() for _ in few[1:])
            self._settle(batch)
        finally:
            settled, left = _parted(batch[1:])
            for one in settled:
                one.told.set()
            self._hand_on(left)

    def _settle(self, batch: Sequence[_Asked]) -> None:
        """Encode them together; where that fails, each alone, so that one fails no other."""
        try:
            rows = list(zip(batch, self._embed([one.text for one in batch]), strict=True))
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
            else:
                for one in batch:
                    self._settle([one])
        else:
            for one, vector in rows:
                one.vector = vector

    def _hand_on(self, left: Sequence[_Asked] = ()) -> None:
        """Lead no more. ``left`` are texts that were taken, and not encoded: they come next."""
        with self._turn:
            self._waiting.extendleft(reversed(left))
            if self._waiting:
                next_one = self._waiting.popleft()
                next_one.leads = True
                next_one.told.set()
            else:
                self._leading -= 1

    def _withdraw(self, mine: _Asked) -> None:
        """Wait no more, as the thread was interrupted."""
        with self._turn:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return
        if mine.leads:
            self._hand_on()


def _parted(batch: Sequence[_Asked]) -> tuple[list[_Asked], list[_Asked]]:
    """Those that are settled, and the others, which were interrupted."""
    return [one for one in batch if one.is_settled], [one for one in batch if not one.is_settled]
