"""What a command works with: a library and a terminal, made from what ``main`` hands over."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.corpus import Corpus, OpenCorpus
from bot.inert import flat
from bot.logs import start_logging
from bot.settings import Settings, load
from bot.terminal import Terminal
from index.errors import IndexHeld, LockHeld, PublishError
from index.models import Prefixes
from index.records import Abstained, Answer, Phrase, RefreshReport, Skipped

if TYPE_CHECKING:
    from bot.phrasing import Phraser


@dataclass(frozen=True, slots=True)
class World:
    """What lies outside: the environment, the settings file, and how a library is opened."""

    environ: Mapping[str, str]
    dotenv: Path
    open_corpus: OpenCorpus

    def terminal(self, *, as_json: bool) -> Terminal:
        """The terminal, coloured unless ``NO_COLOR`` is set."""
        return Terminal(as_json=as_json, colour=not self.environ.get("NO_COLOR"))


@dataclass(frozen=True, slots=True)
class Session:
    """One command's library and terminal.

    With the folder of documents if it is to be watched, and what puts answers into words, if that
    is set.
    """

    corpus: Corpus
    terminal: Terminal
    watched: Path | None = None
    phraser: "Phraser | None" = None

    def phrased(self, result: Answer | Abstained) -> tuple[Phrase, ...]:
        """An answer in a language model's words, as far as its quotes say the same."""
        if self.phraser is None:
            return ()
        import asyncio  # 17 ms, which is spent only where an endpoint is set

        return asyncio.run(self.phraser.phrase(result))

    def refresh(self, *, rebuild: bool = False, release: bool = False) -> RefreshReport:
        """Bring the index up to date, with progress bars; name what was skipped on stderr."""
        with self.terminal.progress() as report_progress:
            report = self.corpus.refresh(rebuild=rebuild, release=release, progress=report_progress)
        for skipped in report.skipped:
            self.terminal.warn(_named(skipped))
        return report

    def refresh_if_possible(self) -> None:
        """Bring the index up to date; where that cannot be done now, go on with the one there is.

        Raises:
            CorpusError: there is none, or the trouble is another than writing a new one.
        """
        try:
            self.refresh()
        except (IndexHeld, LockHeld, PublishError) as error:
            generation = self.corpus.generation
            if generation is None:
                raise
            self.terminal.warn(f"{error}\nAnswering from the index as it is ({generation}).")

    @contextmanager
    def tracking(self, *, wanted: bool) -> Iterator[Callable[[], None]]:
        """Bring the index up to date now, and at each call if documents have changed since.

        Not at all where that is not ``wanted``; only now where documents are not watched.
        """
        if wanted:
            self.refresh_if_possible()
        if not wanted or self.watched is None:
            yield lambda: None
            return
        from index.watching import Watcher

        changed = threading.Event()
        watcher = Watcher(self.watched, changed.set)
        watcher.start()

        def catch_up() -> None:
            if changed.is_set():
                changed.clear()
                self.refresh_if_possible()

        try:
            yield catch_up
        finally:
            watcher.stop()

    def collections(self, names: Sequence[str] | None) -> frozenset[str] | None:
        """What ``--collection`` confines to; None, which is everything, where it is not given.

        Raises:
            typer.BadParameter: there is no such collection.
        """
        if not names:
            return None
        there = {entry.collection for entry in self.corpus.documents()}
        if unknown := [name for name in names if name not in there]:
            listed = ", ".join(flat(one) or "''" for one in sorted(there)) or "none"
            told = f"There is no collection {flat(unknown[0]) or repr('')}. There are: {listed}."
            raise typer.BadParameter(told, param_hint="--collection")
        return frozenset(names)


def world_of(context: typer.Context) -> World:
    """The world that ``main`` handed to the application."""
    world = context.obj
    if not isinstance(world, World):
        raise TypeError("the application must be called with obj=World(…)")
    return world


def begin(
    context: typer.Context, *, seeds: Path | None, data: Path | None, as_json: bool
) -> Session:
    """Read the settings, put the options over them, and open the library.

    Raises:
        SettingsError: a setting is wrong.
    """
    world = world_of(context)
    settings = with_folders(load(world.environ, world.dotenv), seeds=seeds, data=data)
    log_as_set(settings)
    corpus = open_corpus(world, settings)
    return Session(
        corpus,
        world.terminal(as_json=as_json),
        watched=settings.seeds if settings.watch else None,
        phraser=phraser_for(corpus, settings),
    )


def phraser_for(corpus: Corpus, settings: Settings) -> "Phraser | None":
    """What puts answers into words; None where no endpoint is set."""
    if settings.llm_url is None or settings.llm_model is None:
        return None
    from bot.endpoint import Endpoint
    from bot.phrasing import Phraser

    return Phraser(corpus, Endpoint(settings.llm_url, settings.llm_model, settings.llm_key))


def with_folders(settings: Settings, *, seeds: Path | None, data: Path | None) -> Settings:
    """The settings with the folders of the options, where they are given."""
    return replace(settings, seeds=seeds or settings.seeds, data=data or settings.data)


def log_as_set(settings: Settings) -> None:
    """Log to stderr, as the settings say."""
    given = (settings.discord_token, settings.llm_key)
    secrets = tuple(secret for secret in given if secret)
    start_logging(settings.log_level, secrets=secrets, stream=sys.stderr)


def open_corpus(world: World, settings: Settings) -> Corpus:
    """The library that the settings name; cheap, since nothing is read before it is needed."""
    return world.open_corpus(
        seeds=settings.seeds,
        data=settings.data,
        model=settings.model,
        min_confidence=settings.min_confidence,
        prefixes=Prefixes(settings.query_prefix, settings.passage_prefix),
        reader=settings.reader,
        reranker=settings.reranker,
    )


def _named(skipped: Skipped) -> str:
    return f"Skipped {flat(skipped.document)}: {skipped.reason}"
