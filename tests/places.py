"""A seeds folder and a data folder that libraries share, with a model that counts words."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.errors import LockHeld
from index.generation import GenerationStore
from index.library import Library
from index.records import Abstained, Answer, RefreshReport
from tests.corpora import word_weights, write_seeds
from tests.words import WordSource

TALKS = "Talks\n\nThe group meets every six months. Its chair is Ada Lovelace."
BREAD = "Bread\n\nBread is baked daily. It keeps for a week."
TEXTS = {"bread.txt": BREAD, "news/talks.txt": TALKS}
OPEN_TEXTS = {"bread.txt": BREAD, "talks.txt": TALKS}
"""The same directly in the seeds folder, where everybody on Discord sees them."""
_PATIENCE: Final = 10.0
"""Seconds to wait for another writer."""

ASKED = "how often does the group meet?"


@dataclass(frozen=True)
class Place:
    """A seeds folder, a data folder, and the one model that all libraries there share."""

    root: Path
    source: WordSource = field(default_factory=WordSource)

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def library(self, *, min_confidence: float | None = None) -> Library:
        """A library as a new process opens it."""
        return Library(
            seeds=self.seeds,
            data=self.data,
            source=self.source,
            weights=word_weights(),
            min_confidence=min_confidence,
        )

    def write(self, texts: Mapping[str, str | bytes]) -> None:
        write_seeds(self.seeds, texts)

    def index(self, texts: Mapping[str, str | bytes]) -> RefreshReport:
        """Write and index them, once no bot that just started is at it any more."""
        self.write(texts)
        patient = time.monotonic() + _PATIENCE
        while True:
            try:
                return self.library().refresh()
            except LockHeld:
                if time.monotonic() > patient:
                    raise
                time.sleep(0.02)

    def embedded(self) -> list[str]:
        """What was embedded since this was last asked."""
        found = list(self.source.encoder.embedded)
        self.source.encoder.embedded.clear()
        return found

    def generations(self) -> list[str]:
        return sorted(path.name for path in (self.data / "generations").iterdir())

    def files(self) -> dict[str, bytes]:
        """The current generation's files, but for the one that tells when it was made."""
        current = GenerationStore(self.data).load()
        assert current is not None
        return {
            name: bytes(data) for name, data in current.files.items() if name != "documents.jsonl"
        }


def answered(outcome: Answer | Abstained) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome
