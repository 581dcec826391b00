"""Progress bars: one for each stage, gone when the work is done."""

from time import monotonic
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from bot.corpus import Progress


class ProgressBars:
    """Shows what is reported to it.

    Work that is done within ``patience`` seconds shows nothing, not even a blink.
    """

    def __init__(self, console: Console, *, patience: float = 0.5) -> None:
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
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
