"""The seeds folder, watched: who wants to know is told when files in it have changed."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change, watch

_log = logging.getLogger(__name__)

_QUIET = 0.4  # seconds without a change, after which a bout of them is over
_LONGEST = 5.0  # seconds that a bout goes on for at most: an unending one must not be waited for
_STEP = 50  # milliseconds in which changes are gathered
_GLANCE = 0.5  # seconds between two looks for a folder that is not there


class Watcher:
    """Calls back once after each bout of changes below a folder, from a thread of its own.

    However many files change, and however often while they are being written, there is one call
    when they have settled. Hidden files and folders do not count. A folder that is not there yet,
    or is there no more, is waited for. The thread is a daemon, so that it holds nobody up.
    """

    def __init__(
        self,
        seeds: Path,
        changed: Callable[[], None],
        *,
        quiet: float = _QUIET,
        longest: float = _LONGEST,
    ) -> None:
        """``changed`` is called in the watcher's thread; seconds for ``quiet`` and ``longest``."""
        self._seeds = seeds
        self._changed = changed
        self._quiet = quiet
        self._longest = longest
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._run, name="watcher", daemon=True).start()

    def stop(self) -> None:
        """Call back no more, from a moment on."""
        self._stopping.set()

    def _run(self) -> None:
        missed = False  # whether something may have changed while nobody watched
        while not self._stopping.is_set():
            try:
                self._watch(missed=missed)
            except FileNotFoundError:
                missed = True
            except Exception as error:  # out of watches, say: better to look again than never
                _log.warning("The documents cannot be watched just now: %s", error)
                missed = True
            self._stopping.wait(_GLANCE)

    def _watch(self, *, missed: bool) -> None:
        """Watch until told to stop, or until the folder is gone."""
        root = self._seeds.resolve(strict=True)
        if missed:
            self._changed()
        since: float | None = None  # when the bout of changes began that goes on
        for seen in watch(
            root,
            watch_filter=lambda change, path: _counts(root, change, path),
            step=_STEP,
            rust_timeout=round(self._quiet * 1000),  # after which nothing is seen: it is over
            yield_on_timeout=True,
            stop_event=self._stopping,
            raise_interrupt=False,
        ):
            now = time.monotonic()
            if seen and since is None:
                since = now
            is_gone = not root.is_dir()
            is_over = not seen or now - (since or now) > self._longest or is_gone
            if since is not None and is_over:
                since = None
                self._changed()
            if is_gone:
                return


def _counts(root: Path, change: Change, path: str) -> bool:
    """Whether a change is one to a file that may be a document, or to a folder."""
    try:
        parts = Path(path).relative_to(root).parts
    except ValueError:
        return False
    return not any(part.startswith(".") for part in parts)
