"""Bringing the index up to date with the seeds folder: what there is to do, and the doing of it."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from index.errors import DamagedGeneration, IndexHeld
from index.gathering import Found, as_first_filed, gather
from index.generation import Generation, GenerationStore
from index.indexing import Encoder, build, nothing, prepare
from index.manifests import LAYOUT, changes_between, digests_of, follows_rule, manifest_of
from index.merging import merged
from index.models import ModelIdentity
from index.records import Changes, Document, RefreshReport
from index.refusals import Refusals
from index.snapshot import Snapshot, from_files, read_documents, to_files

_log = logging.getLogger(__name__)

StageReport = Callable[[str, int, int], None]
"""Is told the stage, and how much of how much of it is done."""


class NamedEncoder(Encoder, Protocol):
    """An encoder that may have to be loaded to be used, but not to be told from others."""

    def identify(self) -> ModelIdentity:
        """Which model it is."""
        ...


def bring_up_to_date(
    store: GenerationStore,
    *,
    seeds: Path,
    encoder: NamedEncoder,
    refusals: Refusals,
    rebuild: bool,
    release: bool,
    report: StageReport,
) -> RefreshReport:
    """Publish what the seeds folder holds, if that is not what serves. The caller holds the lock.

    An index that somebody rolled back to is left only if ``release`` says so.

    Raises:
        PublishError, EncoderError: as the store and the encoder.
        IndexHeld: documents have changed, and the index is held as it is.
        CorpusError: there is no seeds folder.
    """
    started = time.monotonic()
    identity = encoder.identify()
    current = store.load() if rebuild else store.glance()
    usable = current if current and follows_rule(current.manifest, identity) else None
    reading = partial(report, "reading")
    known = {} if rebuild or usable is None else digests_of(usable.manifest)
    found = gather(seeds, known=known, refusals=refusals, report=reading)
    refusals.save()
    if rebuild:
        found = as_first_filed(found, _documents_in(usable))
    planned = compare(found, current)
    if usable and usable.name == store.current_name() and planned.is_empty and not rebuild:
        if release:
            store.release()
        name, passages = usable.name, int(usable.manifest["passages"])
    else:
        _check_free(store, usable, release=release)
        before = _opened(store, usable) if usable and not rebuild else None
        if before is None and known:
            found = gather(seeds, known={}, refusals=refusals, report=reading)
        snapshot = build_next(found, encoder=encoder, before=before, report=report)
        name = store.publish(to_files(snapshot), manifest=manifest_of(snapshot, identity))
        passages = len(snapshot.passages)
    return RefreshReport.of(name, planned, passages, time.monotonic() - started)


def pending(store: GenerationStore, seeds: Path, *, refusals: Refusals) -> Changes:
    """What bringing the index up to date would do; nothing is written and no model loaded.

    Raises:
        CorpusError: there is no seeds folder.
    """
    current = store.glance()
    known = digests_of(current.manifest) if current else {}
    return compare(gather(seeds, known=known, refusals=refusals), current)


def _check_free(store: GenerationStore, usable: Generation | None, *, release: bool) -> None:
    """Raise IndexHeld where a generation that can be asked is held."""
    hold = store.hold()
    if release or hold is None or usable is None or usable.name != hold.generation:
        return
    raise IndexHeld(
        "The index is held at generation {generation}, rolled back from {instead_of}; the "
        "documents differ from it. Bring it up to date with: footnote index",
        generation=hold.generation,
        instead_of=hold.instead_of,
    )


def _opened(store: GenerationStore, generation: Generation) -> Snapshot | None:
    """What can be taken over from a generation; nothing if it is not what it says."""
    try:
        return from_files(store.read(generation.name).files)
    except DamagedGeneration as error:
        _log.warning("Generation %s is left, and all made anew. %s", generation.name, error)
        return None


def _documents_in(generation: Generation | None) -> dict[str, Document]:
    """The documents of a generation by id; none if it is not what it says."""
    if generation is None or generation.manifest.get("layout") != LAYOUT:
        return {}
    try:
        return {one.id: one for one in read_documents(generation.files)}
    except DamagedGeneration:
        return {}  # which is told of where the rest of it is read


def compare(found: Found, current: Generation | None) -> Changes:
    """How a folder differs from a generation; the digest of a file decides."""
    before = digests_of(current.manifest) if current else {}
    return changes_between(before, found.digests, skipped=found.skipped)


def build_next(
    found: Found, *, encoder: Encoder, before: Snapshot | None, report: StageReport
) -> Snapshot:
    """The snapshot of what was found; what is known already is taken over from ``before``."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    prepared = []
    for done, document in enumerate(found.fresh, start=1):
        prepared.append(prepare(document, encoder=encoder, now=now))
        report("splitting", done, len(found.fresh))
    if before is not None and not prepared:  # then no model is needed
        return merged(before, nothing(before.passage_vectors.dimension), kept=found.known)
    fresh = build(prepared, encoder=encoder, before=before, report=partial(report, "embedding"))
    return fresh if before is None else merged(before, fresh, kept=found.known)
