"""Texts that come at once, encoded together."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import batching
from index.batching import Batching, few_at_a_time
from index.onnx_encoding import OnnxEncoder
from index.sharing import SharedEncoder
from tests.words import WordSource

Vector = NDArray[np.float32]
PATIENCE = 20


def vector_of(text: str) -> Vector:
    return np.frombuffer(text.encode().ljust(8, b"\0")[:8], np.uint8).astype(np.float32)


class Toy:
    """Notes what it is given at once and how many use it; refuses texts that are bad."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []
        self.at_once = self.most_at_once = 0
        self.pause: Callable[[Sequence[str]], object] = lambda texts: None
        self._turn = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Vector:
        with self._turn:
            self.given.append([*texts])
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.pause(texts)
            if bad := [text for text in texts if "bad" in text]:
                raise ValueError(bad[0])
            return np.stack([vector_of(text) for text in texts])
        finally:
            with self._turn:
                self.at_once -= 1


class Gate:
    """Holds whoever encodes its first batch until the gate is opened."""

    def __init__(self, toy: Toy) -> None:
        self._toy = toy
        self.begun, self.open = threading.Event(), threading.Event()
        toy.pause = self._hold

    def _hold(self, texts: Sequence[str]) -> None:
        if len(self._toy.given) == 1:
            self.begun.set()
            assert self.open.wait(PATIENCE)


def until_waiting(shared: Batching, count: int) -> None:
    ends = time.monotonic() + PATIENCE
    while len(shared._waiting) < count:
        assert time.monotonic() < ends
        time.sleep(0.001)


def own(shared: Batching, text: str) -> str:
    """Whether the text got its own vector, or its own error."""
    try:
        found = shared.embed(text)
    except ValueError as error:
        return "refused" if str(error) == text else "another's error"
    assert np.array_equal(found, vector_of(text))
    return "given"


@settings(max_examples=30)
@given(
    texts=st.lists(st.tuples(st.integers(0, 10**6), st.booleans(), st.integers(1, 60))),
    threads=st.integers(1, 12),
    leaders=st.integers(1, 3),
)
def test_every_text_gets_its_own_vector_or_error_whatever_the_interleaving(
    texts: list[tuple[int, bool, int]], threads: int, leaders: int
) -> None:
    toy = Toy()
    toy.pause = lambda given: time.sleep(len(given[0]) % 3 / 2000)
    shared = Batching(toy, leaders=leaders)
    asked = [f"{n} {'bad' if is_bad else ''}" + " x" * long for n, is_bad, long in texts]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda text: own(shared, text), asked))
    assert found == ["refused" if "bad" in text else "given" for text in asked]
    assert toy.most_at_once <= leaders
    for few in toy.given:
        assert len(few) == 1 or len(few) * max(map(len, few)) <= batching._AT_A_TIME
    assert (shared._leading, len(shared._waiting)) == (0, 0)


def test_one_who_asks_alone_is_encoded_alone_and_at_once() -> None:
    toy = Toy()
    shared = Batching(toy, leaders=1)
    assert [own(shared, text) for text in ("one", "two")] == ["given", "given"]
    assert toy.given == [["one"], ["two"]]


def test_those_who_come_meanwhile_are_taken_along_together_first_come_first_served() -> None:
    toy = Toy()
    shared, gate = Batching(toy, leaders=1), Gate(toy)
    with ThreadPoolExecutor(9) as pool:
        asking = [pool.submit(own, shared, "first")]
        assert gate.begun.wait(PATIENCE)
        for n in range(8):
            asking.append(pool.submit(own, shared, f"{n}"))
            until_waiting(shared, n + 1)
        gate.open.set()
        assert {one.result(PATIENCE) for one in asking} == {"given"}
    assert toy.given == [["first"], [*map(str, range(8))]]


def test_a_leader_answers_one_batch_and_hands_on() -> None:
    toy = Toy()
    shared, gate = Batching(toy, leaders=1), Gate(toy)
    long = [str(n) * 400 for n in range(4)]
    with ThreadPoolExecutor(5) as pool:
        leading = pool.submit(own, shared, "first")
        assert gate.begun.wait(PATIENCE)
        others = []
        for n, text in enumerate(long):
            others.append(pool.submit(own, shared, text))
            until_waiting(shared, n + 1)
        slow = threading.Event()
        toy.pause = lambda texts: slow.wait(PATIENCE)
        gate.open.set()
        assert leading.result(PATIENCE) == "given"  # while all others wait
        assert not any(one.done() for one in others)
        slow.set()
        assert {one.result(PATIENCE) for one in others} == {"given"}
    assert toy.given[1:] == [long[:2], long[2:]]


def test_where_one_text_fails_the_others_are_encoded_one_by_one() -> None:
    toy = Toy()
    shared, gate = Batching(toy, leaders=1), Gate(toy)
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(own, shared, "first")]
        assert gate.begun.wait(PATIENCE)
        for n, text in enumerate(("good", "bad", "fine")):
            asking.append(pool.submit(own, shared, text))
            until_waiting(shared, n + 1)
        gate.open.set()
        assert [one.result(PATIENCE) for one in asking] == ["given", "given", "refused", "given"]
    assert toy.given == [["first"], ["good", "bad", "fine"], ["good"], ["bad"], ["fine"]]


def test_a_leader_that_is_interrupted_leaves_nobody_waiting() -> None:
    toy = Toy()
    shared, gate = Batching(toy, leaders=1), Gate(toy)

    def interrupt(texts: Sequence[str]) -> None:
        if len(toy.given) == 2:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(own, shared, "first")]
        assert gate.begun.wait(PATIENCE)
        for n, text in enumerate(("leads", "waits", "too")):
            asking.append(pool.submit(own, shared, text))
            until_waiting(shared, n + 1)
        toy.pause = interrupt
        gate.open.set()
        with pytest.raises(KeyboardInterrupt):
            asking[1].result(PATIENCE)
        assert [asking[n].result(PATIENCE) for n in (0, 2, 3)] == ["given"] * 3
    assert toy.given[1:] == [["leads", "waits", "too"], ["waits", "too"]]
    assert own(shared, "later") == "given"


class Interrupted(threading.Event):
    """Is interrupted as soon as somebody waits for it, once ``first`` has been done."""

    def __init__(self, first: Callable[[], object]) -> None:
        super().__init__()
        self._first = first

    def wait(self, timeout: float | None = None) -> bool:
        self._first()
        raise KeyboardInterrupt


@pytest.mark.parametrize("is_to_lead", [False, True])
def test_one_who_is_interrupted_while_waiting_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, is_to_lead: bool
) -> None:
    toy = Toy()
    shared, gate = Batching(toy, leaders=1), Gate(toy)
    with ThreadPoolExecutor(3) as pool:
        leading = pool.submit(own, shared, "first")
        assert gate.begun.wait(PATIENCE)

        def meanwhile() -> None:
            other.append(pool.submit(own, shared, "other"))
            until_waiting(shared, 2)
            if is_to_lead:
                gate.open.set()
                assert leading.result(PATIENCE) == "given"

        other: list[object] = []
        event = threading.Event
        made: list[threading.Event] = [Interrupted(meanwhile)]
        asked = batching._Asked
        monkeypatch.setattr(
            batching, "_Asked", lambda text: asked(text, made.pop() if made else event())
        )
        with pytest.raises(KeyboardInterrupt):
            shared.embed("interrupted")
        gate.open.set()
        assert [one.result(PATIENCE) for one in [leading, *other]] == ["given"] * 2  # type: ignore[attr-defined]
    assert ["interrupted"] not in toy.given
    assert own(shared, "later") == "given"


def test_an_encoder_that_gives_too_few_vectors_fails_and_leaves_nobody_waiting() -> None:
    shared = Batching(lambda texts: np.empty((0, 8), np.float32), leaders=1)
    for _ in range(2):
        with pytest.raises(ValueError, match="shorter"):
            shared.embed("one")


@given(st.lists(st.integers(0, 1500), max_size=40))
def test_neighbours_are_taken_together_up_to_one_long_text(lengths: list[int]) -> None:
    texts = [f"{n}".ljust(length) for n, length in enumerate(lengths)]
    found = list(few_at_a_time(texts))
    assert [text for few in found for text in few] == texts
    for few in found:
        assert len(few) == 1 or len(few) * max(map(len, few)) <= batching._AT_A_TIME


def test_a_crowd_gets_from_the_real_model_what_each_gets_alone(
    bundled_export: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    together: list[int] = []

    class Counting:
        """The export, and how many questions it was given at once."""

        def __getattr__(self, name: str) -> object:
            return getattr(bundled_export, name)

        def embed_queries(self, texts: Sequence[str]) -> Vector:
            together.append(len(texts))
            return bundled_export.embed_queries(texts)

    source = WordSource()
    monkeypatch.setattr(source, "load", Counting)
    shared = SharedEncoder(source)
    asked = [f"how {'very ' * (n % 7)}often does group {n} meet?" for n in range(64)]
    alone = [bundled_export.embed_query(text) for text in asked]
    shared.embed_query("loaded with this")
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(shared.embed_query, asked))
    assert np.abs(np.stack(found) - np.stack(alone)).max() < 1e-6
    assert max(together) > 1
    assert sum(together) in (64, 65)  # the first is asked while it is loaded
