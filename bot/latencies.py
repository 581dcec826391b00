"""How long answers took, of late."""

from collections import deque


class Latencies:
    """The last ``kept`` durations, in seconds."""

    def __init__(self, kept: int = 1000) -> None:
        self._seconds: deque[float] = deque(maxlen=kept)

    def add(self, seconds: float) -> None:
        """Note one more."""
        self._seconds.append(seconds)

    def __len__(self) -> int:
        return len(self._seconds)

    def quantile(self, share: float) -> float | None:
        """The least duration that ``share`` of all do not exceed; None where there is none.

        >>> found = Latencies()
        >>> for seconds in (3.0, 1.0, 2.0, 4.0): found.add(seconds)
        >>> found.quantile(0.5)
        2.0
        """
        if not self._seconds:
            return None
        ordered = sorted(self._seconds)
        return ordered[max(-int(-share * len(ordered) // 1) - 1, 0)]
