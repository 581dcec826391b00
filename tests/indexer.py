"""The terminal with a model that counts words: ``python -m tests.indexer FOLDER COMMAND…``.

With ``WAITS`` in the environment it embeds only once there is a file ``go`` in the folder, and
makes one, ``waits``, when it has come that far. ``LIMIT`` is how many bytes a file may have.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.cli import run
from bot.corpus import Corpus
from bot.session import World
from tests.places import Place
from tests.words import WordEncoder, WordSource


class Waiting(WordEncoder):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        (self._folder / "waits").touch()
        while not (self._folder / "go").exists():
            time.sleep(0.01)
        return super().embed_passages(texts)


def footnote(place: Place, *arguments: str, environ: Mapping[str, str] | None = None) -> int:
    """Run one command line over a place; returns its exit code."""

    def open_corpus(**_: object) -> Corpus:
        return place.library()

    return run(arguments, World(environ or {}, place.root / ".env", open_corpus))


def main() -> None:
    place, source = Place(Path(sys.argv[1])), WordSource()
    if "WAITS" in os.environ:
        source.encoder = Waiting(place.root)
    if "LIMIT" in os.environ:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["LIMIT"]),) * 2)
    sys.exit(footnote(Place(place.root, source), *sys.argv[2:]))


if __name__ == "__main__":
    main()
