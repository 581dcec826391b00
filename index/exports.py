"""Exports of models on disk: sealed folders, verified each time one is opened.

::

    data/models/<digest>/       encoder.onnx, tokenizer.json; a sealed folder (index/durable.py)
    data/models/refused.json    models that have no export, each with the reason
    data/models/lock            held by the one who exports

All of it can be deleted at any time, and is made again.
"""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from index import durable
from index.errors import GenerationError
from index.models import ModelIdentity
from index.onnx_encoding import Export, Traits

EXPORTS: Final = "models"
"""The folder of the exports, below the data folder."""

_log = logging.getLogger(__name__)
_NETWORK: Final = "encoder.onnx"
_TOKENIZER: Final = "tokenizer.json"
_UNFINISHED: Final = ".unfinished"
_RULE: Final = 1
"""Raised when exports are made otherwise, so that those of before are made again."""

_SERVING: Final = ("onnxruntime", "tokenizers")
"""An export was held against its original with these; others may do otherwise."""
_MAKING: Final = ("torch", "transformers", "sentence-transformers", "onnx")
"""A model that one version cannot export, another perhaps can."""


class ExportStore:
    """The exports below one folder: any number of readers, one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, identity: ModelIdentity) -> Export | None:
        """The export of a model, verified; None if there is none that can be used."""
        folder = self._folder / identity.digest
        if not identity.digest or not folder.is_dir():
            return None
        try:
            manifest = durable.read_manifest(folder)
            if manifest["made"] != _made(_SERVING):
                return None
            files = durable.map_files(folder, manifest)
        except GenerationError:
            _log.warning("The export of %s is damaged and is made again.", identity.name)
            return None
        return Export(
            network=folder / _NETWORK,
            tokenizer=bytes(files[_TOKENIZER]).decode(),
            traits=Traits(**manifest["traits"]),
        )

    def refusal(self, identity: ModelIdentity) -> str | None:
        """Why the model has no export, if that was found with these versions."""
        noted = self._refusals().get(identity.digest)
        fits = noted is not None and noted["made"] == _made(_SERVING + _MAKING)
        return str(noted["why"]) if noted and fits else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock that ``publish`` and ``refuse`` need; waits for who has it.

        Raises:
            OSError: nothing can be written there.
        """
        durable.make_folder(self._folder)
        with FileLock(self._folder / "lock", fallback_to_soft=False):
            yield

    def publish(self, identity: ModelIdentity, export: Export) -> None:
        """Keep an export whose network is in memory; older ones but one are removed.

        Raises:
            OSError: it could not be written whole; what was there before is left.
        """
        beside = self._folder / f"{identity.digest}{_UNFINISHED}"
        shutil.rmtree(beside, ignore_errors=True)
        files = {_NETWORK: _in_memory(export), _TOKENIZER: export.tokenizer.encode()}
        manifest = {
            "model": identity.name,
            "made": _made(_SERVING),
            "traits": asdict(export.traits),
        }
        durable.seal(beside, files, manifest)
        shutil.rmtree(self._folder / identity.digest, ignore_errors=True)
        beside.rename(self._folder / identity.digest)
        durable.sync_folder(self._folder)
        self._sweep(keep=identity.digest)

    def refuse(self, identity: ModelIdentity, why: str) -> None:
        """Remember that a model has no export.

        Raises:
            OSError: that could not be written.
        """
        noted = {"model": identity.name, "why": why, "made": _made(_SERVING + _MAKING)}
        text = json.dumps({**self._refusals(), identity.digest: noted}, indent=1)
        durable.replace_file(self._folder / "refused.json", text.encode())

    def _refusals(self) -> dict[str, Any]:
        try:
            found = json.loads((self._folder / "refused.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _sweep(self, *, keep: str) -> None:
        """Remove what a crash has left, and all exports but two: a model is 90 MB and more."""
        others = [one for one in self._folder.iterdir() if one.is_dir() and one.name != keep]
        others.sort(key=lambda one: (one.suffix != _UNFINISHED, one.stat().st_mtime))
        for one in others[:-1] if others and others[-1].suffix != _UNFINISHED else others:
            shutil.rmtree(one, ignore_errors=True)


def _in_memory(export: Export) -> bytes:
    if isinstance(export.network, Path):
        raise TypeError("the network must be in memory to be written")
    return export.network


def _made(packages: tuple[str, ...]) -> Mapping[str, object]:
    return {"rule": _RULE} | {name: _version(name) for name in packages}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
