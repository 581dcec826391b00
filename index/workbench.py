"""The other side of ``index.workshop``: the process that reads files, one after the other."""

import json
import os
import sys
from contextlib import suppress
from typing import Any

from index.errors import DocumentError, OversizedDocument, UnreadableDocument
from index.formats import read_here
from index.parsed import Parsed
from index.workshop import received, send

MOST_CHARACTERS = 20_000_000

_NO_MEMORY = 2  # how libxml2 says it
_LARGEST_FILE = 4 * 1024**2  # bytes; Python may keep a module that it has compiled
_GRACE = 5  # seconds of the processor beyond those that the other side waits


def main() -> None:
    """Read what comes on standard input, and reply on standard output, until nothing comes."""
    memory, seconds = map(int, sys.argv[2:4])
    source = sys.stdin.buffer
    target = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # a library that prints must not be taken for a reply
    _limit_memory(memory)
    is_last = False
    while not is_last:
        try:
            suffix, content = received(source).decode(), received(source)
        except EOFError:
            return
        _limit_time(seconds)
        reply = replied(suffix, content)
        is_last = bool(reply.get("last"))
        send(target, json.dumps(reply).encode())


def replied(suffix: str, content: bytes) -> dict[str, Any]:
    """What a file holds, or why it cannot be read, as it is sent. It raises nothing."""
    try:
        return _found(read_here(suffix, content))
    except DocumentError as error:
        return _refused(error)
    except MemoryError:
        return _refused(_too_large()) | {"last": True}
    except Exception as error:
        # Whatever it is that a library stumbles over in a file, the file is to blame.
        if getattr(error, "code", None) == _NO_MEMORY:
            return _refused(_too_large()) | {"last": True}
        return _refused(_damaged(suffix))


def _found(parsed: Parsed) -> dict[str, Any]:
    if len(parsed.text) > MOST_CHARACTERS:
        raise OversizedDocument(
            "It holds {count} million characters; {most} million is the most that is read. "
            "Split it into smaller files.",
            count=f"{len(parsed.text) / 1e6:,.1f}",
            most=MOST_CHARACTERS // 1_000_000,
        )
    return {
        "text": _sound(parsed.text),
        "title": parsed.title if parsed.title is None else _sound(parsed.title),
        "page_starts": parsed.page_starts,
        "dated": _sound(parsed.dated),
        "language": _sound(parsed.language),
    }


def _sound(text: str) -> str:
    """The text without halves of characters, which cannot be stored; as long as before."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _refused(error: DocumentError) -> dict[str, Any]:
    return {"error": type(error).__name__, "text": error.text, "values": error.values}


def _too_large() -> UnreadableDocument:
    return UnreadableDocument("Reading it takes too much memory. Split it into smaller files.")


def _damaged(suffix: str) -> UnreadableDocument:
    return UnreadableDocument(
        "It is damaged, or no {format} file. Open it elsewhere and save it again, or copy it anew.",
        format=suffix.removeprefix(".").upper(),
    )


def _limit_memory(memory: int) -> None:
    """Have the system refuse more memory, large files, and dumps, where it can be told to."""
    if sys.platform == "win32":
        return
    import resource

    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _limit_time(seconds: int) -> None:
    """End this process if it works on, though nobody waits for it any more."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + _GRACE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
