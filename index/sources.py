"""Which model serves: an export, where that does the same, or else the original."""

import logging
from functools import cached_property
from pathlib import Path
from typing import Generic

from index.exporting import ExportingFailed, draft_apart, first_line
from index.exports import ExportStore
from index.families import ExportT, Family, OriginalT
from index.models import NO_PREFIXES, ModelFiles, ModelIdentity, Prefixes, model_files

_log = logging.getLogger(__name__)


class Source(Generic[OriginalT, ExportT]):
    """Where a model comes from: known cheaply, loaded only when it is needed.

    ``model`` is a local folder or the name of a model on the hub; None is the bundled encoder. What
    is on this disk is loaded without a look at the network.

    ``exports`` is the folder where exports of models are kept. A model met for the first time is
    exported there; None: the original serves.
    """

    def __init__(
        self,
        family: Family[OriginalT, ExportT],
        model: str | None,
        *,
        exports: Path | None,
        prefixes: Prefixes = NO_PREFIXES,
    ) -> None:
        self._family = family
        self._model = model
        self._prefixes = prefixes
        self._store = ExportStore(exports, family.role.kind) if exports else None

    def identify(self) -> ModelIdentity:
        """Which model it is, its weights verified if it is the bundled one; not loaded.

        A model on the hub is fetched the first time.

        Raises:
            EncoderError: it is missing or damaged, or cannot be fetched.
        """
        return self._files.identity

    def load(self) -> OriginalT | ExportT:
        """Load the model: a fraction of a second if it has been exported, else some.

        Raises:
            EncoderError: it is missing or damaged, cannot be fetched, or is no model of the kind.
        """
        if self._store is None:
            return self._family.load(self._files)
        return self._opened(self._store) or self._exported(self._store)

    @cached_property
    def _files(self) -> ModelFiles:
        return model_files(self._model, self._family.role, self._prefixes)

    def _exported(self, store: ExportStore) -> OriginalT | ExportT:
        """The export, made now if it can be; else the original, and a line in the log."""
        files = self._files
        name = files.identity.name
        if why := store.refusal(files.identity):
            _log.info("%s is served by the original: %s.", name, why)
            return self._family.load(files)
        try:
            with store.writing():
                # Another process may have exported it while this one waited.
                found = self._opened(store) or self._made(store)
        except OSError as error:
            why = f"its export cannot be written ({error.strerror})"
            _log.warning("%s is served by the original, which is slower: %s.", name, why)
            found = None
        return found or self._family.load(files)

    def _opened(self, store: ExportStore) -> ExportT | None:
        identity = self._files.identity
        found = store.find(identity)
        try:
            return self._family.open(found.of(self._files.folder), identity) if found else None
        except Exception as error:  # the libraries raise what they please
            _log.warning("The export of %s cannot be opened: %s", identity.name, first_line(error))
            return None

    def _made(self, store: ExportStore) -> ExportT | None:
        """The export, made and kept for next time; None, and a line in the log, if it has none."""
        identity = self._files.identity
        why: str | None
        try:
            if why := draft_apart(store.folder, self._files):
                store.refuse(identity, why)
        except ExportingFailed as error:  # perhaps for want of memory: it is tried again next time
            why = f"it cannot be exported ({error})"
        if why:
            _log.warning("%s is served by the original, which is slower: %s.", identity.name, why)
            return None
        store.publish(identity)
        return self._opened(store)
