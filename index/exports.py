"""Exports of models on disk: sealed folders, verified each time one is opened.

::

    data/models/<digest>/       encoder.onnx, its weights and tokenizer.json; a sealed folder (see
                                index/durable.py)
    data/models/reader-<digest>/, data/models/reranker-<digest>/
                                the same of these, with reader.onnx, reranker.onnx
    data/models/refused.json    models that have no export, each with the reason
    data/models/lock            held by the one who exports

All of it can be deleted at any time, and is made again.
"""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from index import durable
from index.errors import GenerationError
from index.models import ModelIdentity
from index.onnx_session import Export, runtimes
from index.originals.network import Exported
from index.roles import ENCODER
from index.word_vectors import WordTable

EXPORTS: Final = "models"
"""The folder of the exports, below the data folder."""

_log = logging.getLogger(__name__)
WEIGHTS: Final = "encoder.bin"
"""The weights of an encoder, beside its network."""

_TOKENIZER: Final = "tokenizer.json"
_UNFINISHED: Final = ".unfinished"
_RULE: Final = 4
"""Raised when exports are made otherwise, so that those of before are made again."""

_MAKING: Final = ("torch", "transformers", "sentence-transformers", "onnx")
"""A model that one version cannot export, another perhaps can."""


class ExportStore:
    """The exports below one folder of one kind of model, as ``Role.kind`` names it.

    Any number of readers, one writer at a time.
    """

    def __init__(self, folder: Path, kind: str = ENCODER.kind) -> None:
        self.folder = folder
        """Where they are."""
        self._kind = kind
        self._prefix = "" if kind == ENCODER.kind else f"{kind}-"

    @property
    def weights(self) -> str:
        """The name of the file with an export's weights."""
        return f"{self._kind}.bin"

    def find(self, model: ModelIdentity) -> Export | None:
        """The export of a model, verified; None if there is none that can be used."""
        folder = self.folder / self._name(model)
        if not model.digest or not folder.is_dir():
            return None
        try:
            manifest = durable.read_manifest(folder)
            return self._read(folder, manifest) if manifest["made"] == _served() else None
        except GenerationError:
            _log.warning("The export of %s is damaged and is made again.", model.name)
            return None

    def refusal(self, model: ModelIdentity) -> str | None:
        """Why the model has no export, if that was found with these versions."""
        try:
            noted = self._refusals()[self._name(model)]
            return str(noted["why"]) if noted["made"] == _made() else None
        except (LookupError, TypeError):
            return None  # there is no note, or it was damaged: then it is tried again

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock that is needed for what follows; waits for who has it.

        Raises:
            OSError: nothing can be written there.
        """
        durable.make_folder(self.folder)
        with FileLock(self.folder / "lock", fallback_to_soft=False):
            yield

    def draft(self, model: ModelIdentity, made: Exported) -> Export:
        """Write an export, to be tried and then published.

        Raises:
            OSError: it could not be written whole.
            GenerationError: it reads back otherwise.
        """
        folder = self._draft(model)
        shutil.rmtree(folder, ignore_errors=True)
        files = {
            self._network: made.network,
            self.weights: made.weights,
            _TOKENIZER: made.tokenizer.encode(),
        }
        manifest = {
            "model": model.name, "made": _served(), "traits": made.traits, "words": made.words
        }  # fmt: skip
        durable.seal(folder, files, manifest)
        return self._read(folder, durable.read_manifest(folder))

    def publish(self, model: ModelIdentity) -> None:
        """Keep the draft, which nobody has open; older exports but one are removed.

        Raises:
            OSError: it could not be kept.
        """
        name = self._name(model)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        self._draft(model).rename(self.folder / name)
        durable.sync_folder(self.folder)
        self._sweep(keep=name)

    @property
    def _network(self) -> str:
        return f"{self._kind}.onnx"

    def _name(self, model: ModelIdentity) -> str:
        return f"{self._prefix}{model.digest}"

    def _draft(self, model: ModelIdentity) -> Path:
        return self.folder / f"{self._name(model)}{_UNFINISHED}"

    def refuse(self, model: ModelIdentity, why: str) -> None:
        """Remember that a model has no export.

        Raises:
            OSError: that could not be written.
        """
        shutil.rmtree(self._draft(model), ignore_errors=True)
        noted = {"model": model.name, "why": why, "made": _made()}
        text = json.dumps({**self._refusals(), self._name(model): noted}, indent=1)
        durable.replace_file(self.folder / "refused.json", text.encode())

    def _refusals(self) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / "refused.json").read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _sweep(self, *, keep: str) -> None:
        """Remove what a crash has left, and all exports but two: a model is 90 MB and more.

        Those of other kinds stay.
        """
        kept = {keep, *self._others()}
        others = [one for one in self.folder.iterdir() if one.is_dir() and one.name not in kept]
        others.sort(key=lambda one: (one.suffix != _UNFINISHED, one.stat().st_mtime))
        for one in others[:-1] if others and others[-1].suffix != _UNFINISHED else others:
            shutil.rmtree(one, ignore_errors=True)

    def _others(self) -> Iterator[str]:
        """Folders of other kinds; a digest has no hyphen."""
        for folder in self.folder.iterdir():
            kind, hyphen, _ = folder.name.rpartition("-")
            if f"{kind}{hyphen}" != self._prefix:
                yield folder.name

    def _read(self, folder: Path, manifest: Mapping[str, Any]) -> Export:
        files = durable.map_files(folder, manifest)
        tokenizer = bytes(files[_TOKENIZER]).decode()
        return Export(
            folder / self._network, tokenizer, manifest["traits"], self._words(folder, manifest)
        )

    def _words(self, folder: Path, manifest: Mapping[str, Any]) -> WordTable | None:
        if manifest["words"] is None:
            return None
        models, *lies = manifest["words"]
        return WordTable(Path(models) if models else (folder / self.weights).absolute(), *lies)


def _served() -> Mapping[str, object]:
    """By what an export was held against its original; others may do otherwise."""
    return {"rule": _RULE} | runtimes()


def _made() -> Mapping[str, object]:
    return {**_served(), **{name: _version(name) for name in _MAKING}}


def _version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # 10 ms, which no question needs

    try:
        return version(name)
    except PackageNotFoundError:
        return None
