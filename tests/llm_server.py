"""A language model's endpoint of the tests' own, behind a real socket: well-behaved or not."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STREAM = "text/event-stream"
MODEL = "tiny-writer"
KEY = "sk-canary-key-of-the-tests"


def event(told: object) -> bytes:
    """An event as such endpoints send it."""
    return b"data: " + (told if isinstance(told, str) else json.dumps(told)).encode() + b"\n\n"


def delta(text: str | None, *, finish: str | None = None) -> bytes:
    """A piece of an answer."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return event({"id": "x", "object": "chat.completion.chunk", "choices": [choice]})


def streamed(prose: str, *, size: int = 7) -> list[bytes]:
    """A whole answer in pieces, ended as it is to be."""
    pieces = [delta(prose[at : at + size]) for at in range(0, len(prose), size)]
    return [*pieces, delta(None, finish="stop"), event("[DONE]")]


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    json: Any


@dataclass
class LlmServer:
    """What is answered, and what was asked.

    Attributes:
        chunks: the body's bytes, a write each.
        pause: seconds before each of them.
        cut: whether the connection breaks in the middle of a chunk in the end.
    """

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": STREAM})
    chunks: Sequence[bytes] = ()
    pause: float = 0.0
    cut: bool = False
    models: Sequence[str] | None = (MODEL,)
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def says(self, prose: str) -> None:
        """Answer with this prose from now on."""
        self.chunks = streamed(prose)

    def asked(self) -> list[Request]:
        """The requests for prose."""
        return [one for one in self.requests if one.method == "POST"]


@contextmanager
def llm_server() -> Iterator[LlmServer]:
    """Serve on a free port until the end."""
    told = LlmServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(told))
    http.daemon_threads = True
    told.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        told.closing.set()
        http.shutdown()
        thread.join()
        http.server_close()


def _handler(told: LlmServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._note()
            with suppress(OSError):  # who asked may have gone
                self._answer()
            self.close_connection = True

        def do_GET(self) -> None:
            self._note()
            body = json.dumps({"data": [{"id": one} for one in told.models or ()]}).encode()
            status = told.status if told.models is not None else 404
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", told.headers["Location"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _note(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            told.requests.append(Request(self.command, self.path, dict(self.headers), body))

        def _answer(self) -> None:
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for chunk in told.chunks:
                if told.pause and told.closing.wait(told.pause):
                    return
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            if told.cut:
                self.wfile.write(b"ff\r\ndata: ")
                return
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *args: object) -> None:
            pass

    return Handler
