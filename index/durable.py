"""Folders that survive: written through to the disk, sealed with checksums, verified when read.

A sealed folder holds plain files, ``manifest.json``, which names the size and SHA-256 of each, and
``manifest.sha256``, which does the same for the manifest. A bit that flips anywhere is noticed when
the folder is read. Files that no manifest names are ignored.
"""

import errno
import hashlib
import json
import mmap
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from index.errors import DamagedGeneration, GenerationError, PublishError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Content: TypeAlias = bytes | memoryview | NDArray[Any]

Mark: TypeAlias = tuple[tuple[str, int, int, int, int], ...]
"""Inode, size and times of each file."""

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"

_MOST_HELD = 32 * 1024**2  # bytes of a file that is read into memory, and not mapped
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_REMEDIES: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOSPC: "the disk is full. Free some space there",
        errno.EDQUOT: "your disk quota is used up. Free some space there",
        errno.EFBIG: "a file would outgrow this process's limit. Raise the limit (ulimit -f)",
        errno.EROFS: "its disk is read-only. Choose another folder, or make the disk writable",
        errno.EACCES: "permission is denied. Give this user the right to write there",
        errno.EPERM: "permission is denied. Give this user the right to write there",
    }
)


def publish_error(error: OSError, folder: Path) -> PublishError:
    """What to tell a person when writing below ``folder`` failed with ``error``."""
    detail = ": ".join(str(part) for part in (error.strerror, error.filename) if part)
    what = _REMEDIES.get(error.errno or 0) or f"{detail or error}. Mend that"
    return PublishError(
        f"The index in {folder} could not be written: {what} and index again. "
        "Nothing that was there is lost."
    )


def make_folder(folder: Path) -> None:
    """Creates ``folder`` and what is missing above it, so that a power cut leaves them there."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Writes the folder's list of names through to the disk."""
    if os.name == "nt":
        return  # Windows has no such call; its file system journals names by itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Makes ``data`` the content of ``path``: readers see the old or the new, never a part."""
    beside = path.with_name(f"{path.name}.unfinished")
    try:
        _write_file(beside, data)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path.parent)


def seal(folder: Path, files: Mapping[str, "Content"], manifest: Mapping[str, object]) -> None:
    """Writes a sealed folder through to the disk.

    Args:
        folder: must not exist; its parent must.
        files: content by plain file name. Arrays are written in C order, without shape or type.
        manifest: what JSON can hold; ``format`` and ``files`` are added to it.

    Raises:
        ValueError: a name is not plain, or the manifest has a ``format`` or ``files`` already.
        TypeError: the manifest holds what JSON cannot.
        OSError: the folder could not be written whole; what was written of it is left there.
    """
    contents = {_plain(name): _flat(content) for name, content in files.items()}
    text = _manifest_text(contents, manifest)
    folder.mkdir()
    for name, content in (contents | {MANIFEST: text, SEAL: _seal_text(text)}).items():
        _write_file(folder / name, content)
    sync_folder(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sealed folder, verified, with ``format`` and ``files``.

    Raises:
        DamagedGeneration: it is missing, cannot be read or is not what was written.
        GenerationError: it is of another format.
    """
    try:
        text, written = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_bytes()
    except OSError as error:
        raise _damaged(folder, f"its manifest cannot be read ({error.strerror})") from error
    if written != _seal_text(text):
        raise _damaged(folder, "its manifest is not what was written")
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] != FORMAT:
        raise GenerationError(
            f"Generation {folder.name} has format {manifest['format']}, and this version reads "
            f"format {FORMAT}. Index again, or use the version that wrote it."
        )
    return manifest


def mark_of(folder: Path, manifest: Mapping[str, Any]) -> Mark:
    """What changes when any file of a sealed folder is written again, though not where bits rot.

    Raises:
        DamagedGeneration: a file is missing.
    """
    return tuple(_seen(folder / name) for name in (*manifest["files"], MANIFEST))


def map_files(
    folder: Path, manifest: Mapping[str, Any], *, is_verified: bool = False
) -> dict[str, memoryview]:
    """Every file that the manifest names, verified unless it was before, as read-only views.

    Small files are held in memory, whatever becomes of them on disk; large ones are mapped. Either
    stay good when the folder is deleted.

    Raises:
        DamagedGeneration: a file is missing, cannot be read or is not what was written.
    """
    files: Mapping[str, Mapping[str, Any]] = manifest["files"]
    return {
        name: _map_file(
            folder / name, sha256=None if is_verified else seen["sha256"], size=seen["size"]
        )
        for name, seen in files.items()
    }


def verify(folder: Path) -> None:
    """Reads a sealed folder whole; raises as ``read_manifest`` and ``map_files`` do."""
    for name, seen in read_manifest(folder)["files"].items():
        _map_file(folder / name, **seen)  # let go at once: what is mapped Windows cannot rename


def _write_file(path: Path, data: bytes | memoryview) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _plain(name: str) -> str:
    if not _PLAIN_NAME.fullmatch(name) or name in (MANIFEST, SEAL):
        raise ValueError(f"A sealed folder cannot hold a file named {name!r}.")
    return name


def _flat(content: "Content") -> memoryview:
    view = memoryview(content) if isinstance(content, bytes | memoryview) else content.data
    if not view.nbytes:
        return memoryview(b"")  # a view with a zero in its shape cannot be cast
    return view.cast("B") if view.c_contiguous else memoryview(view.tobytes())


def _manifest_text(contents: Mapping[str, memoryview], manifest: Mapping[str, object]) -> bytes:
    if taken := manifest.keys() & {"format", "files"}:
        raise ValueError(f"The manifest's {sorted(taken)} are not the caller's to set.")
    files = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": content.nbytes}
        for name, content in contents.items()
    }
    return json.dumps({"format": FORMAT, **manifest, "files": files}, indent=1).encode()


def _seal_text(manifest: bytes) -> bytes:
    # As sha256sum prints it, so that a person can check a folder without this program.
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()


def _seen(path: Path) -> tuple[str, int, int, int, int]:
    try:
        at = path.stat()
    except OSError as error:
        raise _damaged(path.parent, f"{path.name} cannot be read ({error.strerror})") from error
    return path.name, at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns


def _map_file(path: Path, *, sha256: str | None, size: int) -> memoryview:
    """A view of a file; ``sha256`` None is not verified."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != size:
                raise _damaged(path.parent, f"{path.name} is not as long as was written")
            if size <= _MOST_HELD:
                return _held(file.read(), path, sha256=sha256)
            # Read, not mapped: a bad sector is then an error, where a mapping would kill us.
            if sha256 and hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise _damaged(path.parent, f"{path.name} is not what was written")
            return memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ))
    except OSError as error:
        raise _damaged(path.parent, f"{path.name} cannot be read ({error.strerror})") from error


def _held(content: bytes, path: Path, *, sha256: str | None) -> memoryview:
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(path.parent, f"{path.name} is not what was written")
    return memoryview(content)


def _damaged(folder: Path, what: str) -> DamagedGeneration:
    return DamagedGeneration(
        f"Generation {folder.name} is damaged: {what}. Index again to mend it."
    )
