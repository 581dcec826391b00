"""What is kept of what was asked of late."""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.remembered import Remembered


@given(keys=st.lists(st.integers(0, 8), max_size=60), most=st.integers(1, 6))
def test_the_last_ones_are_kept_and_each_key_has_its_own_value(keys: list[int], most: int) -> None:
    kept: Remembered[int, str] = Remembered(most)
    model: OrderedDict[int, None] = OrderedDict()
    made: list[int] = []

    def make(key: int) -> str:
        made.append(key)
        return f"value {key}"

    for key in keys:
        is_known = key in model
        before = len(made)
        assert kept.recall(key, lambda key=key: make(key)) == f"value {key}"  # type: ignore[misc]
        assert len(made) - before == (not is_known)
        model[key] = None
        model.move_to_end(key)
        while len(model) > most:
            model.popitem(last=False)
        assert len(kept) == len(model)


def test_what_is_forgotten_is_made_again() -> None:
    kept: Remembered[str, int] = Remembered(4)
    assert kept.recall("a", lambda: 1) == 1
    kept.forget()
    assert len(kept) == 0
    assert kept.recall("a", lambda: 2) == 2
    assert kept.recall("a", lambda: 3) == 2


def test_what_is_being_made_when_all_is_forgotten_is_not_kept() -> None:
    kept: Remembered[str, int] = Remembered(4)

    def make() -> int:
        kept.forget()
        return 1

    assert kept.recall("a", make) == 1
    assert len(kept) == 0


def test_what_fails_is_not_kept() -> None:
    kept: Remembered[str, int] = Remembered(4)
    with pytest.raises(ZeroDivisionError):
        kept.recall("a", lambda: 1 // 0)
    assert kept.recall("a", lambda: 2) == 2


def test_nobody_waits_for_another() -> None:
    kept: Remembered[str, int] = Remembered(4)
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> int:
        begun.set()
        assert go_on.wait(20)
        return 1

    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(kept.recall, "a", slowly)
        assert begun.wait(20)
        assert kept.recall("a", lambda: 2) == 2
        go_on.set()
        assert making.result(20) == 1
