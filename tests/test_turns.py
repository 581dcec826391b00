"""Whose turn it is, and how long turns took."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.latencies import Latencies
from bot.turns import FairQueue, QueueFullError

persons = st.integers(0, 4)
waiting = st.lists(persons, max_size=40)
PATIENCE = 10.0  # seconds that a test waits for what comes at once


def filled(askers: list[int]) -> "FairQueue[tuple[int, int]]":
    """A queue of items (person, which of theirs), in the order in which they were put."""
    queue: FairQueue[tuple[int, int]] = FairQueue(capacity=1000, share=1000)
    asked = Counter[int]()
    for person in askers:
        queue.put(person, (person, asked[person]))
        asked[person] += 1
    return queue


def drained(queue: "FairQueue[tuple[int, int]]") -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while len(queue):
        item = queue.get()
        assert item is not None
        found.append(item)
    return found


# Order


@given(waiting)
def test_each_persons_items_come_in_their_order_and_none_is_lost_or_doubled(
    askers: list[int],
) -> None:
    found = drained(filled(askers))
    for person, count in Counter(askers).items():
        assert [item for item in found if item[0] == person] == [(person, n) for n in range(count)]
    assert len(found) == len(askers)


@given(waiting)
def test_between_two_items_of_a_person_stands_at_most_one_of_each_other(askers: list[int]) -> None:
    order = [person for person, _ in drained(filled(askers))]
    for person in {*order}:
        places = [at for at, one in enumerate(order) if one == person]
        for first, second in pairwise(places):
            between = order[first + 1 : second]
            assert len(between) == len({*between})


@given(waiting)
def test_of_two_who_wait_none_is_served_twice_in_a_row(askers: list[int]) -> None:
    left = Counter(askers)
    before = None
    for person, _ in drained(filled(askers)):
        assert person != before or set(+left) == {person}
        left[person] -= 1
        before = person


def test_a_person_who_floods_delays_another_by_one_turn_only() -> None:
    queue = filled([1] * 100)
    queue.put(2, (2, 0))
    assert [queue.get(), queue.get()] == [(1, 0), (2, 0)]


@given(st.lists(st.one_of(persons, st.none()), max_size=60))
def test_who_waits_while_others_come_and_go_lets_each_of_them_pass_once_at_most(
    steps: list[int | None],
) -> None:
    queue: FairQueue[int] = FairQueue(capacity=1000, share=1000)
    held = Counter[int]()
    passed: dict[int, list[int]] = {}  # by whom each one waiting was passed since their last turn
    for step in steps:
        if step is not None:
            queue.put(step, step)
            held[step] += 1
            passed.setdefault(step, [])
        elif passed:
            served = queue.get()
            assert served is not None
            held[served] -= 1
            del passed[served]
            for others in passed.values():
                others.append(served)
                assert len(others) == len({*others})
            if held[served]:
                passed[served] = []


# Several who take items at once


@given(waiting, st.lists(st.booleans(), max_size=80))
def test_of_a_person_whose_item_is_being_done_no_other_is_taken(
    askers: list[int], begins: list[bool]
) -> None:
    queue, begun = filled(askers), list[tuple[ExitStack, int]]()
    taken: list[tuple[int, int]] = []
    for one_more in begins:
        under_way = {person for _, person in begun}
        left = Counter(askers) - Counter(person for person, _ in taken)
        if one_more and {*left} - under_way:
            stack = ExitStack()
            item = stack.enter_context(queue.turn())
            assert item is not None
            assert item[0] not in under_way
            taken.append(item)
            begun.append((stack, item[0]))
        elif begun:
            begun.pop(0)[0].close()
    for person in {*askers}:
        own = [n for other, n in taken if other == person]
        assert own == list(range(len(own)))


def test_who_waits_for_a_persons_next_item_gets_it_when_the_one_before_is_done() -> None:
    queue = filled([1, 1])
    with ThreadPoolExecutor(1) as pool:
        with queue.turn() as first:
            waiting = pool.submit(queue.get)
            time.sleep(0.05)
            assert not waiting.done()
        assert (first, waiting.result(PATIENCE)) == ((1, 0), (1, 1))


def test_who_waits_while_all_items_are_held_is_told_of_the_end() -> None:
    queue = filled([1, 1])
    with ThreadPoolExecutor(1) as pool, queue.turn():
        waiting = pool.submit(queue.get)
        assert queue.close() == [(1, 1)]
        assert waiting.result(PATIENCE) is None


# Bounds


@given(waiting, st.integers(1, 10), st.integers(1, 5))
def test_no_more_is_held_than_there_is_room_for_and_what_is_refused_is_not_taken(
    askers: list[int], capacity: int, share: int
) -> None:
    queue: FairQueue[int] = FairQueue(capacity=capacity, share=share)
    held = Counter[int]()
    for person in askers:
        if held.total() < capacity and held[person] < share:
            queue.put(person, person)
            held[person] += 1
        else:
            with pytest.raises(QueueFullError):
                queue.put(person, person)
        assert len(queue) == held.total()
    assert Counter(queue.close()) == held


def test_there_is_room_again_once_an_item_was_taken() -> None:
    queue: FairQueue[str] = FairQueue(capacity=2, share=1)
    queue.put(1, "a")
    with pytest.raises(QueueFullError):
        queue.put(1, "b")
    queue.put(2, "c")
    with pytest.raises(QueueFullError):
        queue.put(3, "d")
    assert queue.get() == "a"
    queue.put(1, "b")
    assert [queue.get(), queue.get()] == ["c", "b"]


# The end


@given(waiting)
def test_closing_returns_what_is_left(askers: list[int]) -> None:
    queue = filled(askers)
    left = queue.close()
    counts = Counter(askers)
    assert sorted(left) == [(who, n) for who in sorted(counts) for n in range(counts[who])]
    assert len(queue) == 0
    assert queue.get() is None
    assert queue.close() == []


def test_a_closed_queue_takes_nothing_more() -> None:
    queue: FairQueue[str] = FairQueue(capacity=9, share=9)
    queue.close()
    with pytest.raises(QueueFullError):
        queue.put(1, "a")
    assert queue.get() is None


def test_closing_wakes_all_who_wait() -> None:
    queue: FairQueue[str] = FairQueue(capacity=9, share=9)
    with ThreadPoolExecutor(3) as pool:
        getting = [pool.submit(queue.get) for _ in range(3)]
        time.sleep(0.02)
        assert not any(one.done() for one in getting)
        queue.close()
        assert [one.result(PATIENCE) for one in getting] == [None, None, None]


def test_an_item_wakes_one_who_waits() -> None:
    queue: FairQueue[str] = FairQueue(capacity=9, share=9)
    with ThreadPoolExecutor(2) as pool:
        getting = [pool.submit(queue.get) for _ in range(2)]
        time.sleep(0.02)
        queue.put(1, "a")
        queue.put(1, "b")
        assert {one.result(PATIENCE) for one in getting} == {"a", "b"}


def test_several_threads_lose_nothing_and_double_nothing() -> None:
    queue: FairQueue[tuple[int, int]] = FairQueue(capacity=50, share=20)
    taken: list[list[tuple[int, int]]] = [[], [], []]

    def put(person: int) -> None:
        for n in range(300):
            while True:
                try:
                    queue.put(person, (person, n))
                    break
                except QueueFullError:
                    time.sleep(0.0005)

    def take(found: list[tuple[int, int]]) -> None:
        while (item := queue.get()) is not None:
            found.append(item)

    takers = [threading.Thread(target=take, args=(found,), daemon=True) for found in taken]
    for taker in takers:
        taker.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, range(4)))
    while len(queue):
        time.sleep(0.001)
    left = queue.close()
    for taker in takers:
        taker.join(PATIENCE)
    found = [item for one in taken for item in one]
    assert left == []
    assert sorted(found) == [(person, n) for person in range(4) for n in range(300)]
    for one in taken:  # each taker sees each person's items in their order
        for person in range(4):
            numbers = [n for who, n in one if who == person]
            assert numbers == sorted(numbers)


# Latencies

seconds = st.lists(st.floats(0, 100), min_size=1, max_size=60)


@given(seconds, st.fractions(0, 1))
def test_a_quantile_is_the_least_duration_that_so_many_do_not_exceed(
    durations: list[float], share: Fraction
) -> None:
    found = Latencies()
    for one in durations:
        found.add(one)
    quantile = found.quantile(float(share))
    assert quantile in durations
    assert quantile is not None
    needed = float(share) * len(durations)
    assert sum(one <= quantile for one in durations) >= needed - 1e-9
    assert sum(one < quantile for one in durations) < max(needed + 1e-9, 1)


@given(seconds)
def test_median_and_ends_stand_where_sorting_puts_them(durations: list[float]) -> None:
    found = Latencies()
    for one in durations:
        found.add(one)
    ordered = sorted(durations)
    assert found.quantile(0) == ordered[0]
    assert found.quantile(0.5) == ordered[(len(ordered) - 1) // 2]
    assert found.quantile(1) == ordered[-1]


@pytest.mark.parametrize(("count", "slowest"), [(1, 1), (99, 99), (100, 99), (101, 100)])
def test_ninety_nine_of_a_hundred(count: int, slowest: int) -> None:
    found = Latencies()
    for one in range(count, 0, -1):
        found.add(float(one))
    assert found.quantile(0.99) == slowest


def test_without_durations_there_is_no_quantile() -> None:
    assert Latencies().quantile(0.5) is None
    assert len(Latencies()) == 0


@given(seconds, st.integers(1, 10))
def test_only_the_last_durations_count(durations: list[float], kept: int) -> None:
    found = Latencies(kept)
    for one in durations:
        found.add(one)
    assert len(found) == min(kept, len(durations))
    assert found.quantile(1) == max(durations[-kept:])
    assert found.quantile(0) == min(durations[-kept:])
