"""The seeds folder: which files are in it, and their bytes, whatever else may lie there."""

import os
import stat
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from index.errors import CorpusError, DocumentError
from index.naming import printable
from index.parsing import check_size, parser_for
from index.records import Skipped

_LEFTOVERS = ("~", ".swp", ".part", ".tmp")
_BREAKS_LINES = frozenset({"Cc", "Zl", "Zp"})
_JUNCTION = 0xA0000003  # how Windows tags a folder that stands for another
_READS = 4
_SETTLED = 0.05  # seconds; of two changes closer than this a file's time may tell only one
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK")
)


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file that may be a document: its id, where it really lies, and its state when found."""

    id: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Walk:
    """What a seeds folder holds: files to read, and what was skipped; each sorted by id."""

    files: tuple[SeedFile, ...]
    skipped: tuple[Skipped, ...]


def walk(seeds: Path) -> Walk:
    """List the files below ``seeds``, opening none.

    An id is the path below ``seeds``, with ``/``, spelt as on disk. A link to a file below
    ``seeds`` is followed; any other link is skipped. Hidden files and folders, and what editors
    leave behind, are passed over without a word. All else that cannot be a document is skipped
    with the reason; there the id is made printable.

    Raises:
        CorpusError: ``seeds`` is not a folder that can be listed.
    """
    root = Path(os.path.realpath(seeds))
    files: list[SeedFile] = []
    skipped: list[Skipped] = []
    pending = _top(root)
    while pending:
        name = pending.pop()
        try:
            found = _inspect(root, name)
        except DocumentError as error:
            skipped.append(Skipped(printable(name), str(error)))
            continue
        if isinstance(found, SeedFile):
            files.append(found)
        else:
            pending += found
    files.sort(key=lambda file: file.id)
    skipped.sort(key=lambda file: file.document)
    return Walk(tuple(files), tuple(skipped))


def read(file: SeedFile) -> bytes:
    """A file's bytes as they stood at one moment.

    A file that changes meanwhile is read again, three times at most. Never waits for a pipe put in
    the file's place, and never reads past the limit on size.

    Raises:
        OversizedDocument: the file has grown past the limit.
        DocumentError: it is gone, may not be read, is no regular file, or keeps changing.
    """
    for _ in range(_READS):
        try:
            content = _read_once(file.path)
        except OSError as error:
            raise _unreadable(error) from None
        if content is not None:
            return content
        time.sleep(_SETTLED)
    raise DocumentError("It kept changing while it was read. Index again when it is finished.")


def _top(root: Path) -> list[str]:
    try:
        return _listed(root, prefix="")
    except OSError as error:
        raise CorpusError(
            f"The seeds folder {printable(str(root))} cannot be listed ({error.strerror}). "
            "Make it and put documents in it, or name another."
        ) from None


def _listed(folder: Path, *, prefix: str) -> list[str]:
    return [f"{prefix}{name}" for name in os.listdir(folder) if not name.startswith(".")]


def _inspect(root: Path, name: str) -> SeedFile | list[str]:
    """The file of that name, or the names in the folder of that name; DocumentError if neither."""
    path = root / name
    _check_name(name)
    try:
        state = path.lstat()
        if stat.S_ISDIR(state.st_mode) and not _is_link(state):
            return _listed(path, prefix=f"{name}/")
        if name.lower().endswith(_LEFTOVERS):
            return []
        return _linked(root, name) if _is_link(state) else _file(path, state, name)
    except FileNotFoundError:
        return []  # gone since its folder was listed
    except OSError as error:
        raise _unreadable(error) from None


def _check_name(name: str) -> None:
    if name.isascii() and name.isprintable():
        return  # as nearly all do
    if any(unicodedata.category(char) == "Cs" for char in name):
        raise DocumentError("Its name is not UTF-8. Rename it.")
    if any(unicodedata.category(char) in _BREAKS_LINES for char in name):
        raise DocumentError("Its name holds a line break or control character. Rename it.")


def _is_link(state: os.stat_result) -> bool:
    return stat.S_ISLNK(state.st_mode) or getattr(state, "st_reparse_tag", 0) == _JUNCTION


def _linked(root: Path, name: str) -> SeedFile:
    target = Path(os.path.realpath(root / name))
    if not target.is_relative_to(root):
        raise DocumentError("It is a link out of the seeds folder. Put a copy there instead.")
    if not target.exists():
        raise DocumentError("It is a link that leads nowhere. Mend it, or remove it.")
    if target.is_dir():
        raise DocumentError("It is a link to a folder. What is in there is read where it lies.")
    return _file(target, target.stat(), name)


def _file(path: Path, state: os.stat_result, name: str) -> SeedFile:
    _check_regular(state)
    parser_for(name)
    check_size(state.st_size)
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        raise _unreadable(PermissionError())
    return SeedFile(id=name, path=path, size=state.st_size, mtime_ns=state.st_mtime_ns)


def _check_regular(state: os.stat_result) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise DocumentError("It is a pipe, socket or device and not a file. Remove it.")


def _unreadable(error: OSError) -> DocumentError:
    if isinstance(error, PermissionError):
        return DocumentError("There is no permission to read it. Allow it, or remove it.")
    return DocumentError("It cannot be read: {why}.", why=error.strerror or error)


def _read_once(path: Path) -> bytes | None:
    """The bytes, or None if they may not all be of one moment."""
    with open(path, "rb", opener=lambda name, _: os.open(name, _FLAGS)) as stream:
        before = os.fstat(stream.fileno())
        _check_regular(before)
        check_size(before.st_size)
        content = stream.read(before.st_size + 1)
        after = os.fstat(stream.fileno())
    steady = (after.st_size, after.st_mtime_ns) == (len(content), before.st_mtime_ns)
    settled = abs(time.time_ns() - after.st_mtime_ns) > _SETTLED * 1e9
    return content if steady and settled else None
