"""Which encoder serves a model: its export, where that does the same, or else the original."""

import logging
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from index.encoding import SentenceEncoder, load_original
from index.exporting import ExportingFailed, draft_apart, first_line
from index.exports import ExportStore
from index.models import ModelFiles, ModelIdentity, model_files
from index.onnx_encoding import OnnxEncoder

LoadedEncoder: TypeAlias = OnnxEncoder | SentenceEncoder

_log = logging.getLogger(__name__)


class ModelSource:
    """Where a model comes from: known cheaply, loaded only when it is needed.

    ``model`` is a local folder or the name of a model on the hub; None is the bundled model. What
    is on this disk is loaded without a look at the network.

    ``exports`` is the folder where exports of models are kept. A model met for the first time is
    exported there; None: the original serves.
    """

    def __init__(self, model: str | None = None, *, exports: Path | None = None) -> None:
        self._model = model
        self._store = ExportStore(exports) if exports else None

    def identify(self) -> ModelIdentity:
        """Which model it is, its weights verified if it is the bundled one; not loaded.

        A model on the hub is fetched the first time.

        Raises:
            EncoderError: it is missing or damaged, or cannot be fetched.
        """
        return self._files.identity

    def load(self) -> LoadedEncoder:
        """Load the model: a fraction of a second if it has been exported, else some.

        Raises:
            EncoderError: it is missing or damaged, cannot be fetched, or is no model of the kind.
        """
        if self._store is None:
            return load_original(self._files)
        return _opened(self._store, self._files.identity) or self._exported(self._store)

    @cached_property
    def _files(self) -> ModelFiles:
        return model_files(self._model)

    def _exported(self, store: ExportStore) -> LoadedEncoder:
        """The export, made now if it can be; else the original, and a line in the log."""
        files = self._files
        name = files.identity.name
        if why := store.refusal(files.identity):
            _log.info("%s is served by the original: %s.", name, why)
            return load_original(files)
        try:
            with store.writing():
                # Another process may have exported it while this one waited.
                found = _opened(store, files.identity) or _made(store, files)
        except OSError as error:
            why = f"its export cannot be written ({error.strerror})"
            _log.warning("%s is served by the original, which is slower: %s.", name, why)
            found = None
        return found or load_original(files)


def _opened(store: ExportStore, identity: ModelIdentity) -> OnnxEncoder | None:
    found = store.find(identity)
    try:
        return OnnxEncoder(found, identity) if found else None
    except Exception as error:  # the libraries raise what they please
        _log.warning("The export of %s cannot be opened: %s", identity.name, first_line(error))
        return None


def _made(store: ExportStore, files: ModelFiles) -> OnnxEncoder | None:
    """The export, made and kept for next time; None, and a line in the log, if it has none."""
    identity = files.identity
    why: str | None
    try:
        if why := draft_apart(store.folder, files):
            store.refuse(identity, why)
    except ExportingFailed as error:  # perhaps for want of memory: it is tried again next time
        why = f"it cannot be exported ({error})"
    if why:
        _log.warning("%s is served by the original, which is slower: %s.", identity.name, why)
        return None
    store.publish(identity)
    return _opened(store, identity)
