"""What was worked out of late, so that who asks the same need not wait for it again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """At most ``most`` values by their keys, in memory; what was not asked for longest goes first.

    Safe to use from several threads. Values are shared, and must be such that nobody changes them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._turn = threading.Lock()
        self._forgotten = 0

    def recall(self, key: Key, make: Callable[[], Value]) -> Value:
        """The key's value; made now if it is not known. What ``make`` raises is not kept.

        Whoever asks for the same meanwhile makes it too, so that nobody waits for another.
        """
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            forgotten = self._forgotten
        made = make()
        with self._turn:
            if forgotten == self._forgotten:
                self._keep(key, made)
        return made

    def forget(self) -> None:
        """Keep nothing of what was asked for until now, nor of what is being made just now."""
        with self._turn:
            self._kept.clear()
            self._forgotten += 1

    def __len__(self) -> int:
        return len(self._kept)

    def _keep(self, key: Key, value: Value) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
