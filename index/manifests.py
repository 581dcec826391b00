"""What a generation says of itself: which rule made it, and from which documents."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from index.models import ModelIdentity
from index.records import Changes, Skipped
from index.segmenting import CHUNKING
from index.snapshot import Snapshot

LAYOUT: Final = "tables-4"
"""Names the layout of a generation's files."""


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


def changes_between(
    before: Mapping[str, str], after: Mapping[str, str], *, skipped: Sequence[Skipped] = ()
) -> Changes:
    """How documents differ, by their digests: a document is what its bytes are."""
    both = sorted(after.keys() & before.keys())
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(one for one in both if after[one] != before[one]),
        removed=tuple(sorted(before.keys() - after.keys())),
        unchanged=tuple(one for one in both if after[one] == before[one]),
        skipped=tuple(skipped),
    )
