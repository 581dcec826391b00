"""Files that people upload: stored below the seeds folder, each server's in a folder of its own.

Everything here waits for the disk, so call it from a thread.
"""

import logging
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

from bot.words import N_, Told
from index.durable import make_folder, sync_folder
from index.errors import DocumentError, UnsupportedFormat
from index.naming import clean, is_visible
from index.parsing import parse, parser_for

MOST_FILES = 1_000
"""Files that one server may have."""

LONGEST_NAME = 120

log = logging.getLogger(__name__)

_LONGEST_BYTES = 255  # what file systems allow, in UTF-8
_FOLDER = re.compile(r"server-[0-9]+")
_UNFINISHED = ".upload"  # hidden, so that no walk finds it
_JOINERS = "\u200c\u200d"  # invisible, yet Persian, Hindi and emoji are spelt with them
_EDGES = f" .{_JOINERS}"
# Windows gives these a meaning in a name: a drive, a stream, a pattern.
_MEANT_OTHERWISE = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


class UploadRefused(Told):
    """A file was not stored or removed. The message, for the person, says what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where an upload went: the document's id, and whether it took the place of another file."""

    document: str
    replaced: bool


def server_folder(guild: int) -> str:
    """The folder below the seeds, and so the collection, of a server."""
    return f"server-{guild}"


def is_server_folder(collection: str) -> bool:
    """Whether a collection is the folder of some server."""
    return _FOLDER.fullmatch(collection) is not None


def safe_name(name: str) -> str:
    """The name that a file is stored under, which looks as much like ``name`` as is safe.

    One component of a path, fit for any system: no folder, drive or device, not hidden, no control
    or direction marks, at most ``LONGEST_NAME`` characters and 255 bytes with its ending. Given a
    safe name, it returns it.

    Raises:
        UploadRefused: nothing sensible is left of it, or files of its format are not read.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = _MEANT_OTHERWISE.sub("-", "".join(map(_shown, last)))
    tidy = unicodedata.normalize("NFC", " ".join(plain.split())).strip(_EDGES)
    suffix = _suffix(tidy[-LONGEST_NAME:])
    stem = tidy.removesuffix(suffix).rstrip(_EDGES)
    if _DEVICES.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    stem = _cut(stem, LONGEST_NAME - len(suffix), _LONGEST_BYTES - len(suffix.encode()))
    if not any(map(is_visible, stem)):
        raise UploadRefused("The file needs a name. Give it one, and upload it again.")
    return stem + suffix


class Uploads:
    """The uploaded files of all servers, below the folder ``seeds``."""

    def __init__(self, seeds: Path) -> None:
        self._seeds = seeds
        self._one_at_a_time = Lock()

    def store(self, guild: int, name: str, content: bytes) -> Stored:
        """Store a file of a server, in place of one whose name differs at most by case.

        Nothing is written unless it can be read as a document. Whoever reads the folder meanwhile
        finds the file before or the new one, never a part.

        Raises:
            UploadRefused: its name or content is not fit, or there is no room for it.
        """
        safe = safe_name(name)
        try:
            parse(content, id=f"{server_folder(guild)}/{safe}")
        except DocumentError as error:
            raise UploadRefused(error.text, **error.values) from None
        with (
            self._one_at_a_time,
            _told(N_("It could not be stored: {why}. Nothing was changed; ask who runs the bot.")),
        ):
            return self._store(self._seeds / server_folder(guild), safe, content)

    def remove(self, guild: int, document_id: str) -> None:
        """Delete a file that was uploaded in that server.

        Raises:
            UploadRefused: it is another server's or nobody's, or there is none.
        """
        if not self.owned(guild, document_id):
            raise _not_uploaded_here(document_id)
        folder, _, name = document_id.partition("/")
        with (
            self._one_at_a_time,
            _told(N_("It could not be removed: {why}. Nothing was changed; ask who runs the bot.")),
        ):
            if not _is_real_folder(self._seeds / folder):
                raise _not_uploaded_here(document_id)
            path = self._seeds / folder / name
            _check_file(path, document_id)
            path.unlink()
            sync_folder(path.parent)

    def owned(self, guild: int, document_id: str) -> bool:
        """Whether the id is one that uploads of that server have; there need be no such file."""
        folder, _, name = document_id.partition("/")
        return folder == server_folder(guild) and _is_component(name)

    def _store(self, folder: Path, safe: str, content: bytes) -> Stored:
        if not _is_real_folder(folder):
            make_folder(folder)
            if not _is_real_folder(folder):
                raise UploadRefused("This server's folder is a link. Ask who runs the bot.")
        present = [name for name in os.listdir(folder) if not name.startswith(".")]
        name = _same_but_for_case(safe, present)
        if name is None and len(present) >= MOST_FILES:
            raise UploadRefused(
                "This server has {most} documents, which is the most there may be. "
                "Remove one first.",
                most=f"{MOST_FILES:,}",
            )
        path = folder / (name or safe)
        if name is not None:
            _check_file(path, name)
        _write(path, content)
        return Stored(document=f"{folder.name}/{path.name}", replaced=name is not None)


def _shown(char: str) -> str:
    """The character, a space in the place of a line break or control, or nothing."""
    if char in _JOINERS or is_visible(char):
        return char
    return "" if unicodedata.category(char) in ("Cf", "Cs") else " "


def _suffix(name: str) -> str:
    try:
        parser_for(name)
    except UnsupportedFormat as error:
        raise UploadRefused(error.text, **error.values) from None
    return PurePosixPath(name).suffix


def _cut(stem: str, characters: int, size: int) -> str:
    """The first of ``stem``, in at most so many characters and bytes."""
    short = stem[:characters].encode()[:size].decode(errors="ignore")
    return short.rstrip(_EDGES)


def _is_component(name: str) -> bool:
    """Whether it names a file right there that is not hidden, on any system."""
    return name != "" and not name.startswith(".") and not set(name) & set("/\\:\0")


def _is_real_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _same_but_for_case(name: str, present: list[str]) -> str | None:
    """The name in ``present`` that some systems would take for ``name``; best the very same."""
    alike = [each for each in present if _folded(each) == _folded(name)]
    return name if name in alike else next(iter(alike), None)


def _folded(name: str) -> str:
    # Not casefold: "Maße" and "Masse" are two files everywhere.
    return unicodedata.normalize("NFC", name).lower()


def _check_file(path: Path, shown: str) -> None:
    """Raise UploadRefused unless there is a file, which no upload is a link to."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        raise UploadRefused(
            "There is no document {document} any more. Look at the list of documents.",
            document=clean(shown),
        ) from None
    if not stat.S_ISREG(mode):
        raise _not_uploaded_here(shown)


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(_UNFINISHED)
    beside.unlink(missing_ok=True)  # left by a process that was killed
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_folder(path.parent)


def _not_uploaded_here(document_id: str) -> UploadRefused:
    return UploadRefused(
        "The document {document} was not uploaded here, so it cannot be changed here. "
        "Ask who runs the bot.",
        document=clean(document_id),
    )


@contextmanager
def _told(failed: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.error("An upload could not be stored or removed: %s", error)
        raise UploadRefused(failed, why=error.strerror or error) from error
