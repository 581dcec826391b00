import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.huge_pages import keep_in_huge_pages, stretches

MIB = 2**20
PAGE = 2 * MIB

OTHERS = """\
555555554000-655555554000 r--p 00000000 08:01 123 /usr/bin/python3.11
555556000000-655556000000 r-xp 00000000 00:00 0
7f0000000000-7fff00000000 rw-s 00000000 00:00 0
7f0000000000-7fff00000000 rw-p 00000000 08:01 77 /a file/with a blank
7ffffffde000-7fffffffe000 rw-p 00000000 00:00 0 [stack]
7f0000000000-7fff00000000 rw-p 00000000 00:00 0 [anon:a name]
"""


def line(begin: int, end: int, name: str = "") -> str:
    return f"{begin:x}-{end:x} rw-p 00000000 00:00 0 {name}\n"


@pytest.mark.parametrize("name", ["", "        [heap]"])
def test_what_a_process_has_for_itself_is_found(name: str) -> None:
    maps = OTHERS + line(PAGE + 4096, 9 * PAGE + 4096, name)
    assert list(stretches(maps, page=PAGE)) == [(2 * PAGE, 7 * PAGE)]


@given(begin=st.integers(0, 2**35), size=st.integers(1, 2**14))
def test_only_whole_pages_within_are_told(begin: int, size: int) -> None:
    begin, end = begin * 4096, (begin + size) * 4096
    found = list(stretches(line(begin, end), page=PAGE, least=4096))
    whole = [at for at in range(-(-begin // PAGE) * PAGE, end, PAGE) if at + PAGE <= end]
    assert [at for start, n in found for at in range(start, start + n, PAGE)] == whole


def test_small_stretches_are_left_alone() -> None:
    assert list(stretches(line(0, 8 * MIB - 4096), page=PAGE)) == []
    assert list(stretches(line(0, 8 * MIB), page=PAGE)) == [(0, 8 * MIB)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has them")
def test_memory_stays_what_it_is() -> None:
    if not Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size").exists():
        assert keep_in_huge_pages() == 0
        return
    held = np.random.default_rng(1).integers(0, 256, 64 * MIB, np.uint8)
    before = held.copy()
    assert keep_in_huge_pages() >= 100 * MIB
    assert np.array_equal(held, before)
    held[:] = 1  # it can still be written to


@pytest.mark.parametrize("content", [None, "", "two million"])
def test_a_system_without_them_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    size = tmp_path / "size"
    if content is not None:
        size.write_text(content)
    monkeypatch.setattr("index.huge_pages._SIZE", size)
    assert keep_in_huge_pages() == 0
