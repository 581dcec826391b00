"""Progress of long work, as lines; see ``progress_bars`` for bars."""

from collections.abc import Callable
from time import monotonic

from bot.corpus import Progress
from bot.pace import Pace

_EVERY = 10.0  # seconds between two lines


class ProgressLines:
    """Tells what is reported to it in a line every ten seconds, as for a log.

    A stage that is done before says nothing.
    """

    def __init__(
        self, tell: Callable[[str], None], *, clock: Callable[[], float] = monotonic
    ) -> None:
        """``clock`` tells seconds that never go back."""
        self._tell = tell
        self._clock = clock
        self._pace = Pace(clock)
        self._stage = ""
        self._due = 0.0

    def report(self, progress: Progress) -> None:
        """Tell how far it is, if a line is due."""
        self._pace.note(progress)
        if progress.stage != self._stage:
            self._stage, self._due = progress.stage, self._clock() + _EVERY
        if self._clock() >= self._due:
            self._due = self._clock() + _EVERY
            self._tell(self._line(progress))

    def _line(self, progress: Progress) -> str:
        share = min(1.0, progress.done / progress.total) if progress.total else 1.0
        parts = [f"{progress.stage}: {share:.0%}"]
        if (rate := self._pace.rate) is not None:
            parts.append(f"{rate:,.0f} {unit_of(progress.stage)}/s")
        if (left := self._pace.left) is not None:
            parts.append(f"about {_clock_time(left)} left")
        return ", ".join(parts)


def unit_of(stage: str) -> str:
    """What the steps of a stage are."""
    return {"reading": "files", "splitting": "documents", "embedding": "characters"}.get(stage, "")


def _clock_time(seconds: float) -> str:
    """A time as a clock shows it: "0:42", "12:03", "1:02:03"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
