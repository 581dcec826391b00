"""Whether something has begun, for those who wait for it."""

import asyncio


class Readiness:
    """Not yet, until it is; it never ends."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()

    def set(self) -> None:
        """It has begun: nobody waits any more."""
        self._begun.set()

    def is_set(self) -> bool:
        """Whether it has begun."""
        return self._begun.is_set()

    async def wait(self, patience: float | None = None) -> bool:
        """Wait for it, ``patience`` seconds at most; returns whether it has begun."""
        if self._begun.is_set():
            return True
        try:
            await asyncio.wait_for(self._begun.wait(), patience)
        except TimeoutError:
            return False
        return True
