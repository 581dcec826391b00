"""The making of a model's export, in a process apart.

What loads a model as its makers built it takes half a gigabyte, which a process keeps until it
ends. So it is another that ends with the export; whoever asks for one never loads it.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import IO, Any, Final

from index.errors import EncoderError
from index.exports import ExportStore
from index.families import FAMILIES, Family
from index.models import ModelFiles, ModelIdentity, Prefixes
from index.originals.network import Unexportable, borrowed
from index.roles import ROLES

SECONDS: Final = 900.0
"""How long that may take; the bundled model takes ten seconds."""

_PACKAGE = Path(__file__).parent.parent
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from index.exporting import main; main()"


class ExportingFailed(Exception):
    """The process did not tell how it went; ``str(error)`` says what became of it."""


def draft_apart(exports: Path, files: ModelFiles, *, seconds: float = SECONDS) -> str | None:
    """``draft_here``, in a process of its own. The caller holds the lock of ``exports``.

    Raises:
        EncoderError, OSError: as ``draft_here``.
        ExportingFailed: it ended without a word, or took longer than ``seconds``.
    """
    try:
        process = _begun(exports, files)
    except OSError as error:
        raise ExportingFailed(f"no process can be begun for it: {error.strerror}") from None
    with process:
        try:
            told = _heard(process, seconds)
        except BaseException:
            process.kill()
            raise
    return _understood(told, process.returncode)


def _begun(exports: Path, files: ModelFiles) -> subprocess.Popen[bytes]:
    model = files.identity
    which = json.dumps(
        {
            "kind": files.role.kind,
            "folder": str(files.folder),
            "identity": [model.name, model.digest],
            "prefixes": astuple(files.prefixes),
        }
    )
    given = [str(_PACKAGE), str(exports), which]
    return subprocess.Popen(  # noqa: S603 - a program of our own
        [sys.executable, "-P", "-c", _PROGRAM, *given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A model that took the process over would find no secret in it.
        env=None if sys.platform == "win32" else {},
    )


def _heard(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """All that it tells before it ends. Its input stays open so long: it ends with this process."""
    limit = threading.Timer(seconds, process.kill)
    limit.daemon = True
    limit.start()
    try:
        return process.stdout.read() if process.stdout else b""
    finally:
        limit.cancel()


def _understood(told: bytes, ended: int) -> str | None:
    try:
        reply: dict[str, Any] = json.loads(told)
        kind, text = reply["kind"], reply["text"]
    except (ValueError, LookupError, TypeError):
        raise ExportingFailed(f"the process that does it ended with {ended}") from None
    if kind == "model":
        raise EncoderError(text)
    if kind == "disk":
        raise OSError(reply["number"], text)
    return None if text is None else str(text)


def main() -> None:
    """Make the draft that the arguments tell of, and say on standard output how that went."""
    _, exports, which = sys.argv[1:4]
    target = _alone_on_output()
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    target.write(json.dumps(_reply(Path(exports), _files(json.loads(which)))).encode())
    target.flush()


def _files(which: Mapping[str, Any]) -> ModelFiles:
    return ModelFiles(
        Path(which["folder"]),
        ModelIdentity(*which["identity"]),
        ROLES[which["kind"]],
        Prefixes(*which["prefixes"]),
    )


def _alone_on_output() -> IO[bytes]:
    """Standard output, which a library that prints can then reach no more.

    It stays open to the very end: who reads it would take its closing for the end.
    """
    target = os.fdopen(os.dup(1), "wb", closefd=False)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    return target


def _end_with_the_other() -> None:
    """End when the other process has, which may have been killed; its lock is another's then."""
    os.read(0, 1)
    os._exit(1)


def _reply(exports: Path, files: ModelFiles) -> dict[str, object]:
    try:
        return {"kind": "done", "text": draft_here(exports, files)}
    except EncoderError as error:
        return {"kind": "model", "text": str(error)}
    except OSError as error:
        return {"kind": "disk", "text": error.strerror, "number": error.errno}


def draft_here(exports: Path, files: ModelFiles) -> str | None:
    """Write a draft of a model's export; why it cannot serve, or None: it does as its original.

    Raises:
        EncoderError: the model is damaged, or none of the kind.
        OSError: the draft cannot be written.
    """
    family = FAMILIES[files.role.kind]
    store = ExportStore(exports, files.role.kind)
    return _shortcoming(store, family, family.load(files), files)


def _shortcoming(
    store: ExportStore, family: Family[Any, Any], original: Any, files: ModelFiles
) -> str | None:
    try:
        made = borrowed(original.export(weights=store.weights), files.folder)
    except Unexportable as error:
        return str(error)
    except Exception as error:  # there are many ways to fail, and any may be raised
        return f"it cannot be exported ({first_line(error)})"
    try:
        draft = store.draft(files.identity, made).of(files.folder)
        opened = family.open(draft, files.identity)
        return family.difference(original, opened)
    except OSError:
        raise
    except Exception as error:  # as above
        return f"its export cannot be used ({first_line(error)})"


def first_line(error: Exception) -> str:
    """What an error says, short enough for a line about it."""
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
