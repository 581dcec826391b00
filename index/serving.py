"""What questions are answered from: one generation in memory.

It is loaded when it is first needed, and swapped as a whole when a newer one is published.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from index.errors import CorpusError, IndexMissing
from index.generation import Generation, GenerationStore
from index.manifests import LAYOUT, follows_rule
from index.records import Abstained, Answer
from index.remembered import Remembered
from index.sharing import SharedEncoder
from index.snapshot import Snapshot, from_files
from index.spelling import Speller

_REMEMBERED = 512

Asked: TypeAlias = tuple[str, frozenset[str] | None, str | None, float]
"""A question as typed, the collections and the document that are seen, and the threshold."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """One generation, ready to be asked.

    What it answered of late is remembered with it, and so never for another generation, be it of
    the same name. Who asked is not.
    """

    name: str
    snapshot: Snapshot
    speller: Speller
    outcomes: Remembered[Asked, Answer | Abstained] = field(
        default_factory=lambda: Remembered(_REMEMBERED)
    )


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What is served, and what CURRENT named when it was loaded."""

    pointer: str | None
    serving: Serving


class State:
    """The current generation of a store, loaded when it is first asked for.

    Once one is loaded, no question waits for another: until that is there, the one before answers.
    """

    def __init__(self, store: GenerationStore, encoder: SharedEncoder) -> None:
        self._store = store
        self._encoder = encoder
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        self._is_writing = False

    @property
    def name(self) -> str | None:
        """The name of what the next question is answered from, unverified; None for nothing."""
        loaded = self._loaded
        return loaded.pointer if loaded and self._is_writing else self._store.current_name()

    def find(self) -> Generation | None:
        """The current generation, verified; None if nothing has been indexed by this version."""
        found = self._store.load()
        return found if found and found.manifest.get("layout") == LAYOUT else None

    def current(self) -> Generation:
        """The current generation, verified.

        Raises:
            IndexMissing: nothing has been indexed by this version.
        """
        found = self.find()
        if found is None and self._store.current_name() is not None:
            raise IndexMissing(
                "The index is damaged, or was made by another version. Run: footnote index"
            )
        if found is None:
            raise IndexMissing("Nothing has been indexed yet. Run: footnote index")
        return found

    def serve(self) -> Serving:
        """The current generation, loaded; the one loaded before while a newer one is not yet.

        Raises:
            IndexMissing: nothing has been indexed by this version and model.
            DamagedGeneration: it was written wrongly.
        """
        loaded = self._loaded
        if loaded is None:
            with self._loading:
                return self._newest()
        if self._is_writing or loaded.pointer == self._store.current_name():
            return loaded.serving
        if not self._loading.acquire(blocking=False):
            return loaded.serving  # another thread is loading the newer one
        try:
            return self._newest()
        finally:
            self._loading.release()

    @contextmanager
    def written(self) -> Iterator[None]:
        """Around the writing of a generation, by the one writer: questions go on as before.

        If any were answered, the new one is loaded before it answers, by the thread that wrote it.
        """
        self._is_writing = True
        try:
            yield
            if self._loaded is not None:
                with self._loading:
                    self._newest()
        finally:
            self._is_writing = False

    def forget_questions(self) -> None:
        """Keep nothing of what was asked until now."""
        if loaded := self._loaded:
            loaded.serving.outcomes.forget()

    def _newest(self) -> Serving:
        """What CURRENT names, loaded if it is not yet. The caller holds the lock."""
        # Read before the generation is: if that is newer by then, it is loaded once more.
        pointer, loaded = self._store.current_name(), self._loaded
        if loaded is None or loaded.pointer != pointer:
            loaded = self._loaded = _Loaded(pointer, self._load_or_keep(loaded))
        return loaded.serving

    def _load_or_keep(self, loaded: _Loaded | None) -> Serving:
        try:
            return self._load(self.current())
        except CorpusError as error:
            if loaded is None:
                raise
            name = loaded.serving.name
            _log.warning("Generation %s goes on answering, from memory. %s", name, error)
            return loaded.serving

    def _load(self, generation: Generation) -> Serving:
        if not follows_rule(generation.manifest, self._encoder.identify()):
            raise IndexMissing(
                "The index was made by another model or version. Run: footnote index"
            )
        snapshot = from_files(generation.files)
        speller = Speller(snapshot.words, is_word=self._encoder.is_one_piece)
        return Serving(generation.name, snapshot, speller)
