"""Memory in large pages, for a process that lives long: Linux only, and nothing anywhere else.

Each question reads all weights of a network, tens of megabytes. In pages of four kilobytes the
processor spends a tenth of its time on where these lie; the system has larger ones for who asks
(transparent huge pages, https://docs.kernel.org/admin-guide/mm/transhuge.html).
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LEAST: Final = 8 << 20  # bytes; smaller stretches are not worth it
_ADVISE: Final = 14  # MADV_HUGEPAGE: use large pages here
_COLLAPSE: Final = 25  # MADV_COLLAPSE: and move there now what is here already; since Linux 6.1
_SIZE: Final = Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size")
_MAPS: Final = Path("/proc/self/maps")


def keep_in_huge_pages() -> int:
    """Ask for large pages for what this process holds now; how many bytes that was done for.

    Takes some 50 ms. What is held stays what it is. Where the system has none, or none to spare,
    nothing happens.
    """
    if sys.platform != "linux":
        return 0
    try:
        page, maps = int(_SIZE.read_text()), _MAPS.read_text()
    except (OSError, ValueError):  # a kernel without, or one that does not tell
        return 0
    return sum(
        length for start, length in stretches(maps, page=page) if _asked(start, length, page)
    )


def stretches(maps: str, *, page: int, least: int = _LEAST) -> Iterator[tuple[int, int]]:
    """Where and how long the whole large pages are in what a process has for itself.

    ``maps`` is what the system tells of it, a line for each stretch: addresses, rights, and, if it
    is of a file, which. Those of less than ``least`` bytes are left out.
    """
    for line in maps.splitlines():
        where, rights, _, _, inode, *name = line.split(maxsplit=5)
        if rights != "rw-p" or inode != "0" or name not in ([], ["[heap]"]):
            continue
        begin, end = (int(one, 16) for one in where.split("-"))
        start, stop = -(-begin // page) * page, end // page * page
        if end - begin >= least and start < stop:
            yield start, stop - start


def _asked(start: int, length: int, page: int) -> bool:
    """Whether the system will use large pages there."""
    import ctypes

    advise = ctypes.CDLL(None).madvise
    advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    if advise(start, length, _ADVISE):  # perhaps another thread has just given it back
        return False
    for at in range(start, start + length, page):
        advise(at, page, _COLLAPSE)  # if it cannot be done now, the system does it by and by
    return True
