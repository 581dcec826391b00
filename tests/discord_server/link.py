"""One websocket to a client: what is sent goes out in order, compressed if it asked so."""

import asyncio
import contextlib
import json
import zlib
from collections import deque

from aiohttp import web

from tests.discord_server.json_types import Json


class Link:
    """A socket with its outbox. ``session_id`` is empty until the client identifies."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self.session_id = ""
        self.closed_by_us = False
        self.received: deque[float] = deque()
        self._deflate = zlib.compressobj() if compress else None
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._unsent = 0

    @property
    def idle(self) -> bool:
        """Whether everything has been sent."""
        return self._unsent == 0

    def send(self, op: int, data: object = None, name: str | None = None, seq: int = 0) -> None:
        """Put a payload into the outbox."""
        payload: Json = {"op": op, "d": data, "t": name, "s": seq or None}
        self.put(json.dumps(payload))

    def put(self, text: str) -> None:
        """Put a payload that is already text into the outbox."""
        self._unsent += 1
        self._outbox.put_nowait(text)

    async def write(self) -> None:
        """Send what comes into the outbox until the socket closes."""
        with contextlib.suppress(ConnectionError):
            while not self.socket.closed:
                text = await self._outbox.get()
                await self._write(text)
                self._unsent -= 1

    async def close(self, code: int) -> None:
        """Close the socket with this code."""
        self.closed_by_us = True
        await self.socket.close(code=code)

    async def _write(self, text: str) -> None:
        if self._deflate is None:
            await self.socket.send_str(text)
            return
        squeezed = self._deflate.compress(text.encode())
        await self.socket.send_bytes(squeezed + self._deflate.flush(zlib.Z_SYNC_FLUSH))

    def too_chatty(self, now: float) -> bool:
        """Whether, with this payload, more than 120 came within a minute."""
        self.received.append(now)
        while now - self.received[0] >= 60:
            self.received.popleft()
        return len(self.received) > 120
