"""One library asked by several threads, while other generations come."""

import errno
import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import EncoderError, PublishError
from index.sharing import SharedEncoder
from index.snapshot import Snapshot, from_files
from tests.places import ASKED, TALKS, TEXTS, Place, answered
from tests.words import WordEncoder, WordSource


class SlowEncoder(WordEncoder):
    """Takes its time, and is upset when two threads use it at once."""

    def __init__(self) -> None:
        super().__init__()
        self.delay = 0.0
        self._busy = threading.Lock()

    def _alone(self, delay: float) -> None:
        assert self._busy.acquire(blocking=False), "used by two threads at once"
        time.sleep(delay)
        self._busy.release()

    def pieces(self, text: str) -> list[tuple[int, int]]:
        self._alone(0)
        return super().pieces(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = super().embed_passages(texts)
        self._alone(self.delay)
        return found

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self._alone(0)
        return super().embed_query(text)


class SlowSource(WordSource):
    def __init__(self, delay: float = 0.0) -> None:
        super().__init__()
        self.encoder: SlowEncoder = SlowEncoder()
        self.delay = delay

    def load(self) -> SlowEncoder:
        self.loads += 1
        time.sleep(0.02)
        self.encoder.delay = self.delay
        return self.encoder


MANY = "Facts\n\n" + "\n\n".join(f"Fact {n} is about number {n}. It is true." for n in range(150))


def test_questions_asked_while_indexing_are_answered_from_one_whole_generation(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, SlowSource(delay=0.01))
    place.index(TEXTS)
    library = place.library()
    place.write({"facts.txt": MANY, "talks.txt": TALKS.replace("six", "nine")})
    expected = {"000001": "every six months", "000002": "every nine months"}
    refreshing = threading.Thread(target=library.refresh)
    outcomes = [answered(library.ask(ASKED))]
    refreshing.start()
    while refreshing.is_alive():
        outcomes.append(answered(library.ask(ASKED)))
    refreshing.join()
    outcomes.append(answered(library.ask(ASKED)))
    told = [one.generation for one in outcomes]
    assert told == sorted(told)
    assert told[0] == "000001"
    assert told[-1] == "000002"
    assert told.count("000001") > 3
    assert all(one.answer == expected[one.generation] for one in outcomes)


def test_many_threads_that_ask_at_once_load_all_once_and_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, SlowSource())
    place.index(TEXTS)
    place.source.loads = 0
    opened: list[Snapshot] = []

    def open_and_count(files: Mapping[str, memoryview]) -> Snapshot:
        opened.append(from_files(files))
        return opened[-1]

    monkeypatch.setattr("index.serving.from_files", open_and_count)
    library = place.library()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(library.ask, [ASKED] * 40))
    assert (place.source.loads, len(opened)) == (1, 1)
    assert len({repr(replace(one, seconds=0.0)) for one in outcomes}) == 1


def test_threads_that_ask_while_generations_come_and_go_get_whole_answers(tmp_path: Path) -> None:
    place, writer = Place(tmp_path, SlowSource()), Place(tmp_path)
    words = ["one", "two", "three", "four", "five"]
    place.index({"talks.txt": TALKS.replace("six", words[0])})
    library, said = place.library(), {f"{n:06}": words[(n - 1) % 5] for n in range(1, 30)}
    done = threading.Event()

    def ask() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while not done.is_set():
            outcome = answered(library.ask(ASKED, min_confidence=0))
            found.append((outcome.generation, outcome.citations[0].quote))
        return found

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for n in range(2, 9):
                place.write({"talks.txt": TALKS.replace("six", said[f"{n:06}"])})
                assert writer.library().refresh().generation == f"{n:06}"
        finally:
            done.set()
        found = [one for future in asking for one in future.result()]
    assert all(said[name] in quote for name, quote in found)
    assert answered(library.ask(ASKED)).generation == "000008"


def test_the_thread_that_indexes_loads_what_it_has_made_and_no_question_does(
    indexed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded_by: list[threading.Thread] = []

    def open_and_note(files: Mapping[str, memoryview]) -> Snapshot:
        loaded_by.append(threading.current_thread())
        return from_files(files)

    library, ended = indexed.library(), threading.Event()
    library.ask(ASKED)
    monkeypatch.setattr("index.serving.from_files", open_and_note)

    def index() -> None:
        for n in range(5):
            indexed.write({"talks.txt": TALKS.replace("six", f"{n}")})
            library.refresh()
        ended.set()

    indexing = threading.Thread(target=index)
    indexing.start()
    while not ended.is_set():
        library.ask(ASKED)
    indexing.join()
    assert answered(library.ask(ASKED)).answer == "every 4 months"
    assert loaded_by == [indexing] * 5


def test_an_index_that_was_never_asked_is_not_loaded_when_it_is_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(files: Mapping[str, memoryview]) -> Snapshot:
        raise AssertionError("loaded")

    monkeypatch.setattr("index.serving.from_files", refuse)
    assert place.index(TEXTS).generation == "000001"
    assert place.index({"talks.txt": TALKS}).generation == "000002"


def test_while_one_thread_loads_what_another_process_made_the_others_are_answered(
    indexed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def open_slowly(files: Mapping[str, memoryview]) -> Snapshot:
        begun.set()
        assert go_on.wait(10)
        return from_files(files)

    library = indexed.library()
    assert answered(library.ask(ASKED)).generation == "000001"
    indexed.index({"talks.txt": TALKS.replace("six", "nine")})
    monkeypatch.setattr("index.serving.from_files", open_slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(library.ask, ASKED)
        assert begun.wait(10)
        try:
            assert answered(library.ask(ASKED)).answer == "every six months"
        finally:
            go_on.set()
        assert answered(first.result()).answer == "every nine months"
    assert answered(library.ask(ASKED)).generation == "000002"


def test_what_could_not_be_published_leaves_what_is_loaded(
    indexed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    library = indexed.library()
    library.ask(ASKED)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        for n in range(3):
            indexed.write({"talks.txt": TALKS.replace("six", f"{n}")})
            with pytest.raises(PublishError):
                library.refresh()
            assert answered(library.ask(ASKED)).answer == "every six months"
    library.refresh()
    assert answered(library.ask(ASKED)).answer == "every 2 months"
    indexed.index({"talks.txt": TALKS.replace("six", "nine")})
    assert answered(library.ask(ASKED)).answer == "every nine months"


class PatientEncoder(WordEncoder):
    """Waits to be told before it embeds the first texts; notes who used it in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.used: list[str] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.used += texts
        self.begun.set()
        assert self.go_on.wait(10)
        return super().embed_passages(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.used.append(text)
        return super().embed_query(text)

    def is_one_piece(self, word: str) -> bool:
        self.used.append(word)
        return super().is_one_piece(word)


class PatientSource(WordSource):
    def __init__(self) -> None:
        super().__init__()
        self.encoder: PatientEncoder = PatientEncoder()

    def load(self) -> PatientEncoder:
        return self.encoder


def test_who_has_just_used_the_model_comes_after_who_waits_for_it() -> None:
    source = PatientSource()
    encoder = SharedEncoder(source)

    def index() -> None:
        for batch in ("first", "second", "third"):
            encoder.embed_passages([batch])

    with ThreadPoolExecutor(2) as pool:
        pool.submit(index)
        assert source.encoder.begun.wait(10)
        asking = pool.submit(encoder.embed_query, "question")
        time.sleep(0.1)  # so that it waits by now
        source.encoder.go_on.set()
        asking.result()
    assert source.encoder.used == ["first", "question", "second", "third"]


def test_a_question_waits_for_the_model_once_whatever_it_asks_of_it() -> None:
    source = PatientSource()
    encoder = SharedEncoder(source)

    def index() -> None:
        for batch in ("first", "second", "third"):
            encoder.embed_passages([batch])

    def ask() -> None:
        with encoder.one_turn():
            assert not encoder.is_one_piece("gruop")
            encoder.embed_query("question")

    with ThreadPoolExecutor(2) as pool:
        pool.submit(index)
        assert source.encoder.begun.wait(10)
        asking = pool.submit(ask)
        time.sleep(0.1)  # so that it waits by now
        source.encoder.go_on.set()
        asking.result()
    assert source.encoder.used == ["first", "gruop", "question", "second", "third"]


class ListingEncoder(WordEncoder):
    """Notes which texts it was given at once."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[list[str]] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given.append(list(texts))
        return super().embed_passages(texts)


class ListingSource(WordSource):
    def __init__(self) -> None:
        super().__init__()
        self.encoder: ListingEncoder = ListingEncoder()

    def load(self) -> ListingEncoder:
        return self.encoder


@given(st.lists(st.integers(1, 60), max_size=40))
def test_many_texts_are_embedded_a_few_at_a_time_and_none_is_lost(lengths: list[int]) -> None:
    texts = [f"{n:039} " * length for n, length in enumerate(lengths)]
    source = ListingSource()
    found = SharedEncoder(source).embed_passages(texts)
    assert [text for few in source.encoder.given for text in few] == texts
    for few in source.encoder.given:
        assert len(few) <= 1 or len(few) * max(map(len, few)) <= 1000
    assert np.array_equal(found, WordEncoder().embed_passages(texts))


def test_a_model_that_could_not_be_loaded_is_tried_again() -> None:
    class Flaky(WordSource):
        def load(self) -> WordEncoder:
            if self.loads == 0:
                self.loads += 1
                raise EncoderError("Not yet.")
            return super().load()

    encoder = SharedEncoder(Flaky())
    with pytest.raises(EncoderError):
        encoder.embed_query("bread")
    assert encoder.embed_query("bread").shape == (encoder.dimension,)


class ShareableEncoder(WordEncoder):
    """Embeds passages until it is told to stop."""

    is_shareable = True

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.begun.set()
        assert self.go_on.wait(10)
        return super().embed_passages(texts)


def test_nobody_waits_for_an_encoder_that_several_threads_may_use_at_once() -> None:
    source = WordSource()
    source.encoder = model = ShareableEncoder()
    encoder = SharedEncoder(source)
    encoder.embed_query("loaded with this")
    with ThreadPoolExecutor(1) as pool:
        embedding = pool.submit(encoder.embed_passages, ["bread " * 60] * 100)
        assert model.begun.wait(10)
        try:
            with encoder.one_turn():
                assert encoder.embed_query("bread").shape == (encoder.dimension,)
                assert encoder.is_one_piece("bread")
        finally:
            model.go_on.set()
        assert embedding.result(10).shape == (100, encoder.dimension)
