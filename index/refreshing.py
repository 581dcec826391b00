"""What bringing the index up to date has to do, and the doing of it up to the publishing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.encoding import ModelIdentity
from index.errors import DocumentError
from index.indexing import Encoder, Report, build, prepare, taken_over
from index.parsing import parse
from index.records import Document, Skipped
from index.segmenting import CHUNKING
from index.snapshot import Snapshot
from index.walking import SeedFile, read, walk

LAYOUT: Final = "tables-1"
"""Names the layout of a generation's files."""


@dataclass(frozen=True, slots=True)
class Found:
    """The documents below the seeds folder, sorted by id, and the files that cannot be used."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Document ids, sorted: what differs between the folder and a generation."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.added or self.changed or self.removed)


def find_documents(seeds: Path, *, report: Report = lambda done, total: None) -> Found:
    """Read and parse every file below ``seeds``. A bad one is skipped with its reason.

    Raises:
        CorpusError: there is no such folder.
    """
    walked = walk(seeds)
    documents: list[Document] = []
    skipped = list(walked.skipped)
    for done, file in enumerate(walked.files):
        report(done, len(walked.files))
        parsed = _parse(file)
        if isinstance(parsed, Document):
            documents.append(parsed)
        else:
            skipped.append(parsed)
    return Found(
        tuple(sorted(documents, key=lambda one: one.id)),
        tuple(sorted(skipped, key=lambda one: one.document)),
    )


def _parse(file: SeedFile) -> Document | Skipped:
    try:
        return parse(read(file), id=file.id)
    except DocumentError as error:
        return Skipped(file.id, str(error))


def plan(documents: Iterable[Document], before: Mapping[str, str]) -> Plan:
    """Compare documents with the ids and digests of a generation; the digest decides."""
    now = {document.id: document.sha256 for document in documents}
    both = sorted(now.keys() & before.keys())
    return Plan(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(one for one in both if now[one] != before[one]),
        removed=tuple(sorted(before.keys() - now.keys())),
        unchanged=tuple(one for one in both if now[one] == before[one]),
    )


def build_next(
    documents: Sequence[Document],
    *,
    encoder: Encoder,
    before: Snapshot | None,
    now: str,
    report: Callable[[str, int, int], None],
) -> Snapshot:
    """The snapshot of ``documents``; what ``before`` knows of them is taken over.

    ``report`` is told the stage, and how much of how much of it is done.
    """
    known = {one.id: one.sha256 for one in before.documents} if before else {}
    prepared = []
    for done, document in enumerate(documents):
        report("reading", done, len(documents))
        if before is not None and known.get(document.id) == document.sha256:
            prepared.append(taken_over(before, document, pieces=encoder.pieces))
        else:
            prepared.append(prepare(document, encoder=encoder, now=now))
    return build(
        prepared,
        encoder=encoder,
        before=before,
        report=lambda done, total: report("embedding", done, total),
    )


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
    """Each document's digest, by its id."""
    return {one["id"]: one["sha256"] for one in manifest.get("documents", [])}
