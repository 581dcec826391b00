"""The composition root of the terminal: the one place that reads the environment.

``footnote`` and ``python -m bot`` begin here. The modules of the commands are light: what is heavy
is imported by a command when it runs, so that ``--help`` is quick.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.commands.ask import ask
from bot.commands.chat import chat
from bot.commands.check import check
from bot.commands.documents import documents, show
from bot.commands.evaluation import evaluate
from bot.commands.indexing import index
from bot.commands.rollback import rollback
from bot.commands.run import run as run_bot
from bot.commands.search import search
from bot.corpus import Corpus
from bot.desk import CLOSED, exit_code, explain
from bot.session import World, world_of
from bot.terminal import OutputClosedError
from index.models import Prefixes

COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("ask", ask, "footnote ask 'how often does the group meet?'"),
    ("chat", chat, "footnote chat"),
    ("search", search, "footnote search 'supply chain' -n 3"),
    ("index", index, "footnote index --seeds papers"),
    ("rollback", rollback, "footnote rollback"),
    ("documents", documents, "footnote documents --json"),
    ("show", show, "footnote show 000_8be179ed4e282a42.txt --lines 1-3"),
    ("eval", evaluate, "footnote eval questions.jsonl --plot curve.png"),
    ("check", check, "footnote check"),
    ("run", run_bot, "footnote run"),
)


class Desk(TyperGroup):
    """The commands, with the error desk behind them."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; an error becomes a sentence on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if not isinstance(error, OutputClosedError):
                world_of(ctx).terminal(as_json=False).fail(explain(error))
            raise typer.Exit(exit_code(error)) from None


def build_app() -> typer.Typer:
    """The command line; to be called with ``obj=World(…)``."""
    app = typer.Typer(
        cls=Desk, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
    )
    app.callback()(footnote)
    for name, command, example in COMMANDS:
        app.command(name, epilog=f"Example: {example}")(command)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"footnote {__version__}")
        raise typer.Exit


def footnote(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and leave.",
        ),
    ] = False,
) -> None:
    """Ask your documents, and get answers with the quotes that prove them."""


def run(arguments: Sequence[str], world: World) -> int:
    """Run one command line in ``world``; returns its exit code."""
    try:
        build_app()(args=arguments, prog_name="footnote", obj=world)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


BETWEEN_COLLECTIONS: Final = 50_000
"""How many objects more make Python look for cycles that nobody holds. At its own 700, a twentieth
of what a question from the shell costs goes into that, while what is loaded is all there is."""


def main() -> None:
    """Run this process's command line, and leave with its exit code."""
    gc.set_threshold(BETWEEN_COLLECTIONS)
    signal.signal(signal.SIGTERM, _stop)
    _never_stumble_over_characters()
    world = World(environ=os.environ, dotenv=Path(".env"), open_corpus=_open_library)
    code = run(sys.argv[1:], world)
    if code == CLOSED:
        # What is still buffered has no reader; Python would complain about that when it leaves.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _open_library(
    *,
    seeds: Path,
    data: Path,
    model: str | None,
    min_confidence: float | None,
    prefixes: Prefixes,
    reader: str | None,
    reranker: str | None,
) -> Corpus:
    from index.library import Library

    return Library.open(
        seeds=seeds,
        data=data,
        model=model,
        min_confidence=min_confidence,
        prefixes=prefixes,
        reader=reader,
        reranker=reranker,
    )


def _never_stumble_over_characters() -> None:
    """Print what the locale cannot as a question mark, and read what is not text likewise."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    os.write(2, b"Stopped; nothing is left half done. Run the command again to go on.\n")
    sys.exit(128 + number)
