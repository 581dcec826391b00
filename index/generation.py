"""Immutable generations of the index on disk, published whole or not at all.

::

    data/CURRENT                one line: the name of the generation that serves
    data/generations/000007/    a sealed folder (see index/durable.py)
    data/held.json              which one was rolled back to, if any (see index/holding.py)

Killing the writer at any moment leaves the old generation or the new one, whole. What is in the
files is the caller's affair.
"""

import logging
import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from index import durable
from index.errors import GenerationError, PublishError
from index.holding import Hold, read_hold, write_hold

if TYPE_CHECKING:
    from index.durable import Content

Accepts: TypeAlias = Callable[[Mapping[str, Any]], None]

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9]{6,18}")
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the index, verified when it was loaded.

    Attributes:
        name: six digits or more; a later generation has a larger number.
        manifest: what the publisher gave, and ``format`` and ``files``.
        files: read-only views of the files on disk, by name. They outlive the folder.
    """

    name: str
    manifest: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, memoryview] = field(repr=False)


class GenerationStore:
    """The generations below one data folder: any number of readers, one writer at a time."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._pointer = data / "CURRENT"
        self._folder = data / "generations"
        self._held = data / "held.json"
        self._verified: dict[str, durable.Mark] = {}

    def current_name(self) -> str | None:
        """What CURRENT names, unverified; None if it is missing or names nothing. Cheap."""
        try:
            text = self._pointer.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return None
        name = text.removesuffix("\n")
        return name if _NAME.fullmatch(name) else None

    def read(self, name: str, *, accepts: Accepts | None = None) -> Generation:
        """One generation by name, verified whole unless this store has verified these very files.

        ``accepts`` is given the manifest, and raises GenerationError to refuse it, before the other
        files are read.

        Raises:
            DamagedGeneration: it is missing, or not what was written.
            GenerationError: it is of another format, or refused.
        """
        folder = self._folder / name
        manifest = durable.read_manifest(folder)
        if accepts is not None:
            accepts(manifest)
        mark = durable.mark_of(folder, manifest)
        files = durable.map_files(folder, manifest, is_verified=self._verified.get(name) == mark)
        self._verified[name] = mark
        return Generation(name, MappingProxyType(manifest), MappingProxyType(files))

    def read_manifest(self, name: str) -> Mapping[str, Any]:
        """The manifest of one generation, verified; its other files are not looked at.

        Raises:
            DamagedGeneration, GenerationError: as ``read``.
        """
        return MappingProxyType(durable.read_manifest(self._folder / name))

    def glance(self) -> Generation | None:
        """What ``load`` gives, without its files where this store has verified them before."""
        name = self.current_name()
        with suppress(GenerationError):
            if name and (known := self._verified.get(name)):
                manifest = self.read_manifest(name)
                if durable.mark_of(self._folder / name, manifest) == known:
                    return Generation(name, manifest, MappingProxyType({}))
        return self.load()

    def load(self, *, accepts: Accepts | None = None) -> Generation | None:
        """The generation that CURRENT names, else the newest that is whole and accepted, else None.

        Anything but the first, and an empty store, is logged as a warning that says what is wrong
        and which generation serves. ``accepts`` as in ``read``.
        """
        name = self.current_name()
        if name is None:
            return self._fall_back(
                "CURRENT names no generation.", passing_over=None, accepts=accepts
            )
        try:
            return self.read(name, accepts=accepts)
        except GenerationError as error:
            if self.current_name() != name:
                return self.load(accepts=accepts)  # replaced, and swept away, while we read it
            return self._fall_back(str(error), passing_over=name, accepts=accepts)

    def publish(self, files: Mapping[str, "Content"], *, manifest: Mapping[str, object]) -> str:
        """Makes ``files`` the generation that serves; returns its name once it is safe on disk.

        The caller holds the writer lock. The new generation is kept, and the one that served
        before, or else the newest whole one; others are removed, and nothing is held any more.
        Arguments as in ``durable.seal``.

        Raises:
            PublishError: it could not be written whole; what served before serves on.
            ValueError, TypeError: as in ``durable.seal``.
        """
        before = self.current_name()
        try:
            durable.make_folder(self._folder)
            self._sweep(keep=set(self._names()))
            name = self._publish(files, manifest)
        except OSError as error:
            raise durable.publish_error(error, self._data) from error
        with suppress(OSError):  # the new one serves; what cannot be swept now waits for the next
            self._sweep(keep={name, *self._whole_beside(name, served=before)})
            self._held.unlink(missing_ok=True)
        return name

    def before(self, *, accepts: Accepts | None = None) -> Generation | None:
        """The newest whole and accepted generation before the one that CURRENT names.

        ``accepts`` as in ``read``.
        """
        current = self.current_name()
        for name in self._names():
            if current is not None and int(name) < int(current):
                with suppress(GenerationError):
                    return self.read(name, accepts=accepts)
        return None

    def roll_back(self, generation: Generation) -> None:
        """Make an earlier generation, as ``before`` gave it, the one that serves, and hold it.

        The caller holds the writer lock.

        Raises:
            PublishError: that could not be written; what served before serves on.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        hold = Hold(generation.name, self.current_name() or "", now)
        try:
            write_hold(self._held, hold)  # without effect before CURRENT names it
            durable.replace_file(self._pointer, f"{generation.name}\n".encode())
        except OSError as error:
            raise durable.publish_error(error, self._data) from error

    def hold(self) -> Hold | None:
        """Which generation was rolled back to, while it is the one that CURRENT names."""
        hold = read_hold(self._held)
        return hold if hold and hold.generation == self.current_name() else None

    def release(self) -> None:
        """Hold nothing any more. The caller holds the writer lock.

        Raises:
            PublishError: the data folder cannot be written to.
        """
        try:
            self._held.unlink(missing_ok=True)
        except OSError as error:
            raise durable.publish_error(error, self._data) from error

    def _publish(self, files: Mapping[str, "Content"], manifest: Mapping[str, object]) -> str:
        name, before = self._next_name(), self.current_name()
        unfinished = self._folder / f"{name}{_UNFINISHED}"
        try:
            durable.seal(unfinished, files, manifest)
            self._verified[name] = self._read_back(unfinished)
            unfinished.rename(self._folder / name)
            durable.sync_folder(self._folder)
            durable.replace_file(self._pointer, f"{name}\n".encode())
        except BaseException:
            self._abandon(name, before=before)
            raise
        return name

    def _read_back(self, folder: Path) -> durable.Mark:
        try:
            return _verified(folder)
        except GenerationError as error:
            raise PublishError(
                f"The index in {self._data} was written but reads back otherwise: the disk may be "
                "failing. Check it, then index again. Nothing that was there is lost."
            ) from error

    def _abandon(self, name: str, *, before: str | None) -> None:
        """Undoes as much of a publication as can be undone; never removes what CURRENT names."""
        with suppress(OSError):
            if self.current_name() == name:
                self._point_back(before)
        if self.current_name() != name:
            _discard(self._folder / name)
            _discard(self._folder / f"{name}{_UNFINISHED}")

    def _point_back(self, before: str | None) -> None:
        # Without fsync, which is what has just failed: if this is lost too, load falls back.
        self._pointer.unlink()
        if before is not None:
            self._pointer.write_text(f"{before}\n", "ascii")

    def _fall_back(
        self, trouble: str, *, passing_over: str | None, accepts: Accepts | None
    ) -> Generation | None:
        names = [name for name in self._names() if name != passing_over]
        for name in names:
            try:
                generation = self.read(name, accepts=accepts)
            except GenerationError as error:
                _log.warning("%s", error)
            else:
                _log.warning("%s Generation %s serves instead.", trouble, name)
                return generation
        if names or passing_over:
            _log.warning(
                "%s No other generation can be used; indexing makes all anew from the documents.",
                trouble,
            )
        return None

    def _names(self) -> list[str]:
        """Every published generation, whole or not, newest first."""
        found = [one.name for one in (self._folder.iterdir() if self._folder.is_dir() else ())]
        return sorted(filter(_NAME.fullmatch, found), key=int, reverse=True)

    def _next_name(self) -> str:
        """Larger than any that a reader may know, or that lies about."""
        seen = [path.name.removesuffix(_UNFINISHED) for path in self._folder.iterdir()]
        seen.append(self.current_name() or "")
        return f"{max((int(name) for name in seen if _NAME.fullmatch(name)), default=0) + 1:06d}"

    def _whole_beside(self, newest: str, *, served: str | None) -> list[str]:
        others = [name for name in self._names() if name != newest]
        for name in sorted(others, key=lambda name: name != served):
            if self._is_whole(name):
                return [name]
        return []

    def _is_whole(self, name: str) -> bool:
        folder = self._folder / name
        try:
            mark = durable.mark_of(folder, durable.read_manifest(folder))
            if self._verified.get(name) != mark:
                self._verified[name] = _verified(folder)
        except GenerationError:
            return False
        return True

    def _sweep(self, *, keep: set[str]) -> None:
        for path in self._folder.iterdir():
            if path.name not in keep and _NAME.fullmatch(path.name.removesuffix(_UNFINISHED)):
                self._verified.pop(path.name, None)
                _discard(path)


def _verified(folder: Path) -> durable.Mark:
    """Read a folder whole; the mark that it had before, so that a change meanwhile is noticed."""
    mark = durable.mark_of(folder, durable.read_manifest(folder))
    durable.verify(folder)
    return mark


def _discard(folder: Path) -> None:
    """Removes a folder if it can; what cannot be removed now is left to the next sweep."""
    with suppress(OSError):
        folder.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        _log.warning("%s is not needed and cannot be removed; remove it by hand.", folder)
