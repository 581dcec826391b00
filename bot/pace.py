"""How fast long work goes, and how long it still takes."""

from collections.abc import Callable

from bot.corpus import Progress

_SETTLED = 2.0  # seconds of a stage, before which nothing can be said


class Pace:
    """The pace of one stage of work after the other, from what is reported of it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` tells seconds that never go back."""
        self._clock = clock
        self._stage = ""
        self._began = 0.0
        self._first = self._done = self._total = 0

    def note(self, progress: Progress) -> None:
        """Note how far it is."""
        if progress.stage != self._stage:
            self._stage, self._began, self._first = progress.stage, self._clock(), progress.done
        self._done, self._total = progress.done, progress.total

    @property
    def rate(self) -> float | None:
        """Steps of the stage a second; None where that cannot be told yet."""
        took, did = self._clock() - self._began, self._done - self._first
        return did / took if took >= _SETTLED and did > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds until the stage is done; None where that cannot be told yet."""
        rate = self.rate
        return None if rate is None else max(0, self._total - self._done) / rate
