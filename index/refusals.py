"""Files that could not be read, remembered by their bytes, so that none is tried at every look.

Reading one may take all the time and memory that a file is allowed. The memory is a file that may
be deleted at any time.
"""

import hashlib
import json
import logging
from pathlib import Path
from typing import Final

from index.durable import replace_file
from index.errors import DocumentError, UnreadableDocument

RULE: Final = "readers-1"
"""Names what reads files; what another could not read is tried again."""

_log = logging.getLogger(__name__)


class Refusals:
    """What could not be read, and why, in one look at all documents and the one before."""

    def __init__(self, path: Path, *, forget: bool = False) -> None:
        """``forget`` what is remembered: all is tried again."""
        self._path = path
        self._before = {} if forget else _loaded(path)
        self._now: dict[str, tuple[str, dict[str, object]]] = {}

    def check(self, suffix: str, content: bytes) -> None:
        """Raise UnreadableDocument for a file that could not be read before."""
        key = _key(suffix, content)
        if key in self._before:
            text, values = self._now[key] = self._before[key]
            raise UnreadableDocument(text, **values)

    def add(self, suffix: str, content: bytes, error: DocumentError) -> None:
        """Remember why a file could not be read; a file that merely holds no text is no matter."""
        if isinstance(error, UnreadableDocument):
            self._now[_key(suffix, content)] = (error.text, dict(error.values))

    def save(self) -> None:
        """Keep what was met since this was made. Failing to is no failure: it is tried again."""
        if self._now == self._before:
            return
        body = {"rule": RULE, "sha256": _digest(self._now), "files": self._now}
        try:
            replace_file(self._path, json.dumps(body).encode())
        except OSError as error:
            _log.warning("What could not be read is not remembered: %s", error)


def _key(suffix: str, content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() + suffix


def _digest(files: object) -> str:
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def _loaded(path: Path) -> dict[str, tuple[str, dict[str, object]]]:
    try:
        kept = json.loads(path.read_bytes())
        if kept["rule"] != RULE or kept["sha256"] != _digest(kept["files"]):
            return {}
        return {
            str(key): (str(text), dict(values)) for key, (text, values) in kept["files"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}  # there is none, or it was damaged
