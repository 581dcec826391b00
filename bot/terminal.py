"""The terminal: results on stdout, everything else on stderr."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from bot.corpus import Progress
from bot.inert import flat, inert
from bot.jsonlines import line
from bot.progress import ProgressLines


class OutputClosedError(Exception):
    """Whoever read our output has gone away; there is nobody left to tell."""


class _PipedConsole(Console):
    """A console that leaves it to the error desk what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        raise OutputClosedError


class Terminal:
    """Where a command writes to.

    ``out`` is stdout and ``err`` stderr, each coloured only where it is a terminal and ``colour``
    is on. What is piped is neither wrapped nor cut. Nothing written is parsed as markup.

    Attributes:
        as_json: whether stdout takes JSON Lines only.
    """

    def __init__(self, *, as_json: bool, colour: bool) -> None:
        self.as_json = as_json
        self.out = _console(sys.stdout, colour=colour)
        self.err = _console(sys.stderr, colour=colour)

    def show(self, text: Text | str) -> None:
        """Print for a person, on stdout."""
        if self.out.is_terminal:
            self.out.print(text)
        else:
            with _reader():
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()

    def json(self, record: Mapping[str, Any]) -> None:
        """Print one object as a line of JSON, at once."""
        self.raw(line(record))

    def raw(self, data: bytes) -> None:
        """Write bytes to stdout as they are, at once."""
        with _reader():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def note(self, message: str) -> None:
        """Say something on stderr by the way."""
        self._say(message, style="dim")

    def warn(self, message: str) -> None:
        """Say on stderr what went less than well."""
        self._say(message, style="yellow")

    def fail(self, message: str) -> None:
        """Say on stderr why nothing came of it."""
        self._say(message, style="red")

    def _say(self, message: str, *, style: str) -> None:
        self.err.print(Text(inert(message), style=style), soft_wrap=True)

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], *, wrapped: Collection[str] = ()
    ) -> None:
        """A table for a person; where stdout is no terminal, lines with tabs between the cells.

        The columns whose heads are in ``wrapped`` give way where the terminal is narrow.
        """
        if not self.out.is_terminal:
            for row in (heads, *rows):
                self.show("\t".join(map(flat, row)))
            return
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for head in heads:
            table.add_column(Text(head), overflow="fold", no_wrap=head not in wrapped)
        for row in rows:
            table.add_row(*(Text(flat(cell)) for cell in row))
        self.out.print(table)

    @contextmanager
    def progress(self) -> Iterator[Callable[[Progress], None]]:
        """What to report progress to: bars on stderr, or lines where that is no terminal."""
        if not self.err.is_terminal:
            yield ProgressLines(self.note).report
            return
        from bot.progress_bars import ProgressBars

        with ProgressBars(self.err) as bars:
            yield bars.report


def _console(file: TextIO, *, colour: bool) -> Console:
    return _PipedConsole(
        file=file,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


@contextmanager
def _reader() -> Iterator[None]:
    """While writing to stdout: a broken pipe means that its reader has gone."""
    try:
        yield
    except BrokenPipeError:
        raise OutputClosedError from None
