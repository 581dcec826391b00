"""Whose turn it is: a bounded queue that is fair to all who wait in it."""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Item = TypeVar("Item")


class QueueFullError(Exception):
    """There is no room for more; the item was not taken."""


class FairQueue(Generic[Item]):
    """Items by person: persons take turns, and each one's items keep their order.

    So a person who asks a hundred things delays another's one thing by one turn, not by a hundred.
    Safe to use from several threads.
    """

    def __init__(self, *, capacity: int, share: int) -> None:
        """Holds ``capacity`` items in all, and at most ``share`` of one person's."""
        self._capacity = capacity
        self._share = share
        self._waiting: OrderedDict[int, deque[Item]] = OrderedDict()
        self._held: set[int] = set()
        self._count = 0
        self._changed = threading.Condition()
        self._closed = False

    def put(self, person: int, item: Item) -> None:
        """Add an item at the end of the person's own.

        Raises:
            QueueFullError: the queue is full, or the person's share of it; or it is closed.
        """
        with self._changed:
            own = len(self._waiting.get(person, ()))
            if self._closed or self._count >= self._capacity or own >= self._share:
                raise QueueFullError
            self._waiting.setdefault(person, deque()).append(item)
            self._count += 1
            self._changed.notify()

    def get(self) -> Item | None:
        """The next item, waited for; None when the queue is closed."""
        found = self._next()
        return None if found is None else found[1]

    @contextmanager
    def turn(self) -> Iterator[Item | None]:
        """The next item, as ``get``; within this nobody gets another of the same person."""
        found = self._next(holding=True)
        try:
            yield None if found is None else found[1]
        finally:
            if found is not None:
                with self._changed:
                    self._held.discard(found[0])
                    self._changed.notify()

    def _next(self, *, holding: bool = False) -> tuple[int, Item] | None:
        with self._changed:
            while not self._closed:
                person = next((one for one in self._waiting if one not in self._held), None)
                if person is not None:
                    if holding:
                        self._held.add(person)
                    return person, self._taken(person)
                self._changed.wait()
            return None

    def _taken(self, person: int) -> Item:
        items = self._waiting.pop(person)
        item = items.popleft()
        if items:
            self._waiting[person] = items  # behind all others
        self._count -= 1
        return item

    def remove(self, person: int, item: Item) -> bool:
        """Take out an item that nobody waits for any more; False where it is not in the queue."""
        with self._changed:
            items = self._waiting.get(person)
            if items is None or item not in items:
                return False
            items.remove(item)
            if not items:
                del self._waiting[person]
            self._count -= 1
            return True

    def close(self) -> list[Item]:
        """Take nothing more, wake all who wait for an item, and return what is left."""
        with self._changed:
            self._closed = True
            left = [item for items in self._waiting.values() for item in items]
            self._waiting.clear()
            self._count = 0
            self._changed.notify_all()
            return left

    def __len__(self) -> int:
        return self._count
