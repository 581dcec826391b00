"""A generation that somebody rolled back to is held: it serves on although documents change.

``data/held.json`` says which, and instead of which other. It counts as long as ``CURRENT`` names
that generation, so that whatever publishes another ends it.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from index.durable import replace_file


@dataclass(frozen=True, slots=True)
class Hold:
    """Which generation is held.

    Attributes:
        generation: the one that serves.
        instead_of: the later one that served before.
        since: when it was rolled back; ISO 8601, UTC.
    """

    generation: str
    instead_of: str
    since: str


def write_hold(path: Path, hold: Hold) -> None:
    """Write it through to the disk; OSError where that cannot be."""
    replace_file(path, json.dumps(asdict(hold)).encode())


def read_hold(path: Path) -> Hold | None:
    """What the file says; None where there is none, or it is damaged."""
    try:
        hold = Hold(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return hold if all(isinstance(value, str) for value in asdict(hold).values()) else None
