"""What the seeds folder holds: every file read, and those parsed that are not known already."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.dating import day_of
from index.encoded_texts import Report
from index.errors import DocumentError
from index.parsing import parse
from index.records import Document, Skipped
from index.refusals import Refusals
from index.walking import SeedFile, read, walk
from index.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below the seeds folder.

    Attributes:
        digests: of each document's bytes, by its id.
        fresh: the documents that were parsed, sorted by id; all others were known.
        skipped: the files that cannot be used, sorted by id.
    """

    digests: Mapping[str, str]
    fresh: tuple[Document, ...]
    skipped: tuple[Skipped, ...]

    @property
    def known(self) -> frozenset[str]:
        """The documents that are what they were."""
        return frozenset(self.digests.keys() - {one.id for one in self.fresh})


def gather(
    seeds: Path,
    *,
    known: Mapping[str, str],
    refusals: Refusals,
    report: Report = lambda done, total: None,
) -> Found:
    """Read every file below ``seeds``, and parse what is new. A bad one is skipped with its reason.

    ``known`` are digests by id: a file whose bytes have that digest is not parsed again, nor is
    one among ``refusals``, which learn of others.

    Raises:
        CorpusError: there is no such folder.
    """
    walked = walk(seeds)
    digests: dict[str, str] = {}
    fresh: list[Document] = []
    skipped = list(walked.skipped)
    with Workshop() as workshop:
        for done, file in enumerate(walked.files, start=1):
            try:
                content = read(file)
                digest = hashlib.sha256(content).hexdigest()
                if known.get(file.id) != digest:
                    fresh.append(_parsed(file, content, refusals, workshop))
                digests[file.id] = digest
            except DocumentError as error:
                skipped.append(Skipped(file.id, str(error)))
            report(done, len(walked.files))
    return Found(
        digests,
        tuple(sorted(fresh, key=lambda one: one.id)),
        tuple(sorted(skipped, key=lambda one: one.document)),
    )


def _parsed(file: SeedFile, content: bytes, refusals: Refusals, workshop: Workshop) -> Document:
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
        for one in found.fresh
        for old in [before.get(one.id)]
    )
    return replace(found, fresh=tuple(kept))
