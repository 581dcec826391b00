"""Progress of long work as bars, on a terminal; see ``progress`` for lines."""

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
from bot.progress import unit_of


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
