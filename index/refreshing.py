"""Bringing the index up to date with the seeds folder: what there is to do, and the doing of it."""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final, Protocol

from index.dating import day_of
from index.errors import DamagedGeneration, DocumentError
from index.generation import Generation, GenerationStore
from index.indexing import Encoder, Report, build, prepare, taken_over
from index.models import ModelIdentity
from index.parsing import parse
from index.records import Changes, Document, RefreshReport, Skipped
from index.refusals import Refusals
from index.segmenting import CHUNKING
from index.snapshot import Snapshot, from_files, read_documents, to_files
from index.walking import SeedFile, read, walk
from index.workshop import Workshop

LAYOUT: Final = "tables-2"
"""Names the layout of a generation's files."""

_log = logging.getLogger(__name__)

StageReport = Callable[[str, int, int], None]
"""Is told the stage, and how much of how much of it is done."""


class NamedEncoder(Encoder, Protocol):
    """An encoder that may have to be loaded to be used, but not to be told from others."""

    def identify(self) -> ModelIdentity:
        """Which model it is."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """The documents below the seeds folder, sorted by id, and the files that cannot be used."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def bring_up_to_date(
    store: GenerationStore,
    *,
    seeds: Path,
    encoder: NamedEncoder,
    refusals: Refusals,
    rebuild: bool,
    report: StageReport,
) -> RefreshReport:
    """Publish what the seeds folder holds, if that is not what serves. The caller holds the lock.

    Raises:
        PublishError, EncoderError: as the store and the encoder.
        CorpusError: there is no seeds folder.
    """
    started = time.monotonic()
    identity = encoder.identify()
    current = store.load()
    usable = current if current and follows_rule(current.manifest, identity) else None
    known = {} if rebuild else _documents_in(usable)
    found = find_documents(seeds, known=known, refusals=refusals, report=partial(report, "reading"))
    refusals.save()
    found = as_first_filed(found, _documents_in(usable))
    planned = compare(found, current)
    if usable and usable.name == store.current_name() and planned.is_empty and not rebuild:
        name, passages = usable.name, int(usable.manifest["passages"])
    else:
        before = _opened(usable) if usable and not rebuild else None
        snapshot = build_next(found.documents, encoder=encoder, before=before, report=report)
        name = store.publish(to_files(snapshot), manifest=manifest_of(snapshot, identity))
        passages = len(snapshot.passages)
    return _report(name, planned, passages, time.monotonic() - started)


def pending(store: GenerationStore, seeds: Path, *, refusals: Refusals) -> Changes:
    """What bringing the index up to date would do; nothing is written and no model loaded.

    Raises:
        CorpusError: there is no seeds folder.
    """
    current = store.load()
    known = _documents_in(current)
    return compare(find_documents(seeds, known=known, refusals=refusals), current)


def _documents_in(generation: Generation | None) -> dict[str, Document]:
    """The documents of a generation by id; none if it is not what it says."""
    if generation is None or generation.manifest.get("layout") != LAYOUT:
        return {}
    try:
        return {one.id: one for one in read_documents(generation.files)}
    except DamagedGeneration:
        return {}  # which is told of where the rest of it is read


def _report(name: str, planned: Changes, passages: int, seconds: float) -> RefreshReport:
    return RefreshReport(
        generation=name,
        added=planned.added,
        changed=planned.changed,
        removed=planned.removed,
        unchanged=planned.unchanged,
        skipped=planned.skipped,
        passages=passages,
        seconds=seconds,
    )


def _opened(generation: Generation) -> Snapshot | None:
    """What can be taken over from a generation; nothing if it is not what it says."""
    try:
        return from_files(generation.files)
    except DamagedGeneration as error:
        _log.warning("Generation %s is left, and all made anew. %s", generation.name, error)
        return None


def find_documents(
    seeds: Path,
    *,
    known: Mapping[str, Document],
    refusals: Refusals,
    report: Report = lambda done, total: None,
) -> Found:
    """Read every file below ``seeds``, and parse it. A bad one is skipped with its reason.

    ``known`` are documents by id, as they were parsed before: a file with the same bytes is not
    parsed again, nor is one among ``refusals``, which learn of others.

    Raises:
        CorpusError: there is no such folder.
    """
    walked = walk(seeds)
    documents: list[Document] = []
    skipped = list(walked.skipped)
    with Workshop() as workshop:
        for done, file in enumerate(walked.files, start=1):
            parsed = _parse(file, known.get(file.id), refusals, workshop)
            if isinstance(parsed, Document):
                documents.append(parsed)
            else:
                skipped.append(parsed)
            report(done, len(walked.files))
    return Found(
        tuple(sorted(documents, key=lambda one: one.id)),
        tuple(sorted(skipped, key=lambda one: one.document)),
    )


def _parse(
    file: SeedFile, known: Document | None, refusals: Refusals, workshop: Workshop
) -> Document | Skipped:
    try:
        content = read(file)
        if known is not None and known.sha256 == hashlib.sha256(content).hexdigest():
            return known
        return _parse_anew(file, content, refusals, workshop)
    except DocumentError as error:
        return Skipped(file.id, str(error))


def _parse_anew(file: SeedFile, content: bytes, refusals: Refusals, workshop: Workshop) -> Document:
    suffix = PurePosixPath(file.id).suffix.lower()
    refusals.check(suffix, content)
    try:
        parsed = parse(content, id=file.id, workshop=workshop)
    except DocumentError as error:
        refusals.add(suffix, content, error)
        raise
    return replace(parsed, filed=day_of(file.mtime_ns))


def as_first_filed(found: Found, before: Mapping[str, Document]) -> Found:
    """The documents with the days of their files as they were when their bytes were first seen."""
    kept = (
        replace(one, filed=old.filed) if old and old.sha256 == one.sha256 else one
        for one in found.documents
        for old in [before.get(one.id)]
    )
    return replace(found, documents=tuple(kept))


def compare(found: Found, current: Generation | None) -> Changes:
    """How a folder differs from a generation; the digest of a file decides."""
    now = {document.id: document.sha256 for document in found.documents}
    before = digests_of(current.manifest) if current else {}
    both = sorted(now.keys() & before.keys())
    return Changes(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(one for one in both if now[one] != before[one]),
        removed=tuple(sorted(before.keys() - now.keys())),
        unchanged=tuple(one for one in both if now[one] == before[one]),
        skipped=found.skipped,
    )


def build_next(
    documents: Sequence[Document],
    *,
    encoder: Encoder,
    before: Snapshot | None,
    report: StageReport,
) -> Snapshot:
    """The snapshot of ``documents``; what ``before`` knows of them is taken over."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    known = {one.id: one.sha256 for one in before.documents} if before else {}
    prepared = []
    for done, document in enumerate(documents, start=1):
        if before is not None and known.get(document.id) == document.sha256:
            prepared.append(taken_over(before, document, pieces=encoder.pieces))
        else:
            prepared.append(prepare(document, encoder=encoder, now=now))
        report("splitting", done, len(documents))
    return build(prepared, encoder=encoder, before=before, report=partial(report, "embedding"))


def manifest_of(snapshot: Snapshot, identity: ModelIdentity) -> dict[str, object]:
    """What a generation says of itself, beside the digests of its files."""
    return {
        **rule_of(identity),
        "passages": len(snapshot.passages),
        "sentences": len(snapshot.sentences),
        "documents": [
            {
                "id": one.id,
                "size": one.size,
                "sha256": one.sha256,
                "collection": one.collection,
            }
            for one in snapshot.documents
        ],
    }


def rule_of(identity: ModelIdentity) -> dict[str, object]:
    """What two generations must share to be of one kind."""
    return {
        "layout": LAYOUT,
        "chunking": CHUNKING,
        "model": {"name": identity.name, "digest": identity.digest},
    }


def follows_rule(manifest: Mapping[str, Any], identity: ModelIdentity) -> bool:
    """Whether a generation was made by today's rule and this model."""
    rule = rule_of(identity)
    return all(manifest.get(key) == value for key, value in rule.items())


def digests_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Each document's digest, by its id; none where another version wrote the manifest."""
    of_today = manifest.get("layout") == LAYOUT
    return {one["id"]: one["sha256"] for one in manifest["documents"]} if of_today else {}
