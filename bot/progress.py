"""Progress of long work: bars where there is a terminal, else a line now and then."""

from collections.abc import Callable
from time import monotonic
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from bot.corpus import Progress
from bot.pace import Pace

_EVERY = 10.0  # seconds between two lines


class ProgressBars:
    """Shows what is reported to it as bars, one for each stage, gone when the work is done.

    Work that is done within ``patience`` seconds shows nothing, not even a blink.
    """

    def __init__(self, console: Console, *, patience: float = 0.5) -> None:
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._shown_from = monotonic() + patience

    def report(self, progress: Progress) -> None:
        """Move the stage's bar to where the work is."""
        if progress.stage not in self._tasks:
            self._tasks[progress.stage] = self._bars.add_task(progress.stage)
        task = self._tasks[progress.stage]
        self._bars.update(task, completed=progress.done, total=progress.total)
        if monotonic() >= self._shown_from:
            self._bars.start()

    def __enter__(self) -> "ProgressBars":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()


class _Rate(ProgressColumn):
    """How much a second, of what the stage is counted in."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} {unit_of(task.description)}/s")


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
