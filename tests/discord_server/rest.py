"""The REST side: every request is recorded, judged, handled, and answered in JSON."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_server.errors import ApiError, refusal
from tests.discord_server.faults import Fault, Faults
from tests.discord_server.files import Attachment
from tests.discord_server.limits import Limits
from tests.discord_server.nature import Nature
from tests.discord_server.recording import Asked, Recorded

Handler = Callable[[Asked], Any]
Answer = tuple[int, Any]


class Rest:
    """Routes under ``/api/v10`` and ``/cdn``.

    Handlers return JSON, or a file, or None for an empty answer.
    """

    def __init__(self, nature: Nature, token: str) -> None:
        self.requests: list[Recorded] = []
        self.faults = Faults()
        self.limits = Limits(nature.clock, nature.now)
        self._nature = nature
        self._token = token
        self._routes: list[web.RouteDef] = []

    def route(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        is_open: bool = False,
        root: str = "/api/v10",
    ) -> None:
        """Serve a route; one that ``is_open`` needs no Authorization."""
        serve = self._serving(handler, is_open=is_open)
        self._routes.append(web.route(method, root + path, serve))

    def routes(self) -> list[web.RouteDef]:
        """All routes, and at last one that knows nothing."""
        nothing = self._serving(_unknown, is_open=False)
        return [*self._routes, web.route("*", "/api/v10/{rest:.*}", nothing)]

    def _serving(
        self, handler: Handler, *, is_open: bool
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix("/api/v10")
            asked = Recorded(request.method, path, dict(request.query), self._nature.clock())
            asked.authorization = request.headers.get("Authorization")
            self.requests.append(asked)
            unreadable = await _read(request, asked)
            delay, fault = self.faults.take(asked.method, path)
            await asyncio.sleep(delay)
            verdict = self.limits.judge(asked.method, path, exempt=is_open)
            if verdict.refusal:
                return _respond(asked, (429, verdict.refusal), verdict.headers)
            if fault is None or fault.after_accepting:
                allowed = is_open or asked.authorization == f"Bot {self._token}"
                problem = unreadable if allowed else refusal(40001)
                answer = _answer(Asked(asked, dict(request.match_info)), handler, problem)
            if fault is None:
                return _respond(asked, answer, verdict.headers)
            return _fail(request, asked, fault, verdict.headers)

        return serve


def _answer(asked: Asked, handler: Handler, problem: ApiError | None) -> Answer:
    try:
        if problem:
            raise problem
        body = handler(asked)
    except ApiError as error:
        return error.status, error.body
    except Exception as error:  # this server is wrong, not the bot: the test is told
        asked.recorded.crash = error
        return 500, {"message": f"500: {error!r}", "code": 0}
    return (204 if body is None else 200), body


async def _read(request: web.Request, asked: Recorded) -> ApiError | None:
    """Take note of the body; what is wrong with it, if something is."""
    try:
        if request.content_type == "multipart/form-data":
            await _read_parts(request, asked)
        elif text := await request.text():
            asked.json = _parsed(text)
            if request.content_type != "application/json":
                return refusal(50109)
    except ApiError as error:
        return error
    return None


async def _read_parts(request: web.Request, asked: Recorded) -> None:
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = await part.read(decode=False)
        if part.name == "payload_json":
            asked.json = _parsed(data.decode())
        else:
            field = part.name or ""
            asked.uploads[field], asked.names[field] = bytes(data), part.filename or field


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise refusal(50109) from None


def _unknown(_: Asked) -> None:
    raise refusal(0)


def _respond(asked: Recorded, answer: Answer, headers: dict[str, str]) -> web.Response:
    asked.status, asked.answer = answer
    via = {"Via": "1.1 google"} | headers
    if answer[0] == 204:
        return web.Response(status=204, headers=via)
    if isinstance(answer[1], Attachment):
        kind = answer[1].json["content_type"]
        return web.Response(body=answer[1].data, content_type=kind, headers=via)
    typed = via | {"Content-Type": "application/json"}
    return web.Response(status=answer[0], body=json.dumps(answer[1]).encode(), headers=typed)


def _fail(
    request: web.Request, asked: Recorded, fault: Fault, headers: dict[str, str]
) -> web.StreamResponse:
    if not fault.reset:
        return _respond(asked, (fault.status, fault.body), headers | fault.headers)
    if request.transport:
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(status=500)
