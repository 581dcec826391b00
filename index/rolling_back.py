"""Rolling back: answering from the generation before the current one, and holding it."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from index.errors import GenerationError, IndexMissing, RollbackError
from index.generation import Generation, GenerationStore
from index.manifests import changes_between, digests_of, follows_rule
from index.models import ModelIdentity
from index.records import RefreshReport, RollbackPlan


def pending_rollback(store: GenerationStore, identity: ModelIdentity) -> RollbackPlan:
    """What rolling back would do.

    Raises:
        IndexMissing: nothing has been indexed.
        RollbackError: there is no generation before the current one that can be asked.
    """
    plan, _ = _planned_rollback(store, identity)
    return plan


def roll_back(
    store: GenerationStore, identity: ModelIdentity, *, leaving: str | None
) -> RefreshReport:
    """Let the generation before the current one serve, and hold it. The caller holds the lock.

    ``leaving`` is the one that is expected to serve now, if that matters.

    Raises:
        IndexMissing, RollbackError: as ``pending_rollback``, or another one serves.
        PublishError: as the store.
    """
    started = time.monotonic()
    plan, generation = _planned_rollback(store, identity)
    if leaving not in (None, plan.current):
        raise RollbackError(
            "The index is at generation {current} by now. See again what rolling back would do.",
            current=plan.current,
        )
    store.roll_back(generation)
    passages = int(generation.manifest["passages"])
    return RefreshReport.of(generation.name, plan.changes, passages, time.monotonic() - started)


def _planned_rollback(
    store: GenerationStore, identity: ModelIdentity
) -> tuple[RollbackPlan, Generation]:
    current = store.current_name()
    if current is None:
        raise IndexMissing("Nothing has been indexed yet. Run: footnote index")
    before = store.before(accepts=partial(_check_rule, identity=identity))
    if before is None:
        raise RollbackError(
            "There is no generation before {current} to roll back to.", current=current
        )
    try:
        now = digests_of(store.read_manifest(current))
    except GenerationError:  # one that is damaged can be left all the same
        now = {}
    changes = changes_between(now, digests_of(before.manifest))
    return RollbackPlan(current, before.name, changes), before


def _check_rule(manifest: Mapping[str, Any], *, identity: ModelIdentity) -> None:
    if not follows_rule(manifest, identity):
        raise GenerationError("It was made by another model or version.")
