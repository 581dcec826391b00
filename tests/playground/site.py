"""The page and its JSON, on loopback, for nobody but the page itself.

Everything is below a path that cannot be guessed. A request must name this address as its host, so
that no foreign name can be made to mean it, and must not come from another page.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Awaitable, Callable
from mimetypes import guess_type
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from aiohttp import web

from tests.discord_server import NotOffered, User
from tests.discord_server.errors import ApiError
from tests.discord_server.json_types import Json
from tests.playground.acts import Acts
from tests.playground.feeds import Feeds, drained
from tests.playground.offered import offered
from tests.playground.scene import Scene
from tests.playground.shown import history, message_json, sees, world_json

PAGE = Path(__file__).parent / "page"
LARGEST = 10 << 20
ACTS = frozenset(
    {"say", "edit", "delete", "slash", "complete", "menu", "click", "submit", "speak", "dismiss"}
)
HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Playground:
    """The page over a scene. Use it with ``async with``; ``url`` is where it is."""

    def __init__(self, scene: Scene, *, port: int = 0) -> None:
        self._scene = scene
        self._port = port
        self._key = secrets.token_urlsafe(24)
        self._feeds = Feeds(scene.discord)

    @property
    def url(self) -> str:
        """The address to open."""
        return f"{self.origin}/{self._key}/"

    @property
    def origin(self) -> str:
        """The one origin that may ask for anything."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST + (1 << 20))
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self._watching = asyncio.create_task(self._feeds.watch())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching
        await self._runner.cleanup()

    def _routes(self) -> list[web.RouteDef]:
        root = f"/{self._key}"
        return [
            web.get(f"{root}/", self._page),
            web.get(root + "/{name:[a-z]+\\.(?:js|css|svg)}", self._page),
            web.get(root + "/cdn/attachments/{id}/{name}", self._download),
            web.get(f"{root}/api/world", self._world),
            web.get(f"{root}/api/messages", self._messages),
            web.get(f"{root}/api/commands", self._commands),
            web.get(f"{root}/api/events", self._events),
            web.post(f"{root}/api/files", self._upload),
            web.post(root + "/api/{act}", self._act),
        ]

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever is not the page; see the module."""
        host = f"127.0.0.1:{self._port}"
        foreign = request.headers.get("Origin", self.origin) != self.origin
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.host != host or foreign or site not in ("same-origin", "none"):
            return web.Response(status=403, text="Only the playground's own page may ask this.")
        if request.method == "POST" and "Origin" not in request.headers:
            return web.Response(status=403, text="Say which page asks.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _page(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        path = PAGE / name
        if not path.is_file():
            raise web.HTTPNotFound
        kind = guess_type(name)[0] or "text/plain"
        return web.Response(text=path.read_text("utf-8"), content_type=kind, charset="utf-8")

    async def _download(self, request: web.Request) -> web.Response:
        """A file; shown only if it is a picture, else to be saved."""
        file = self._scene.discord.world.files.find(_number(request.match_info["id"]))
        if file is None or file.name != request.match_info["name"]:
            raise web.HTTPNotFound
        kind = str(file.json["content_type"])
        picture = kind in ("image/png", "image/jpeg", "image/gif", "image/webp")
        shown = "inline" if picture else "attachment"
        sent = kind if picture else "application/octet-stream"
        headers = {"Content-Disposition": shown}
        return web.Response(body=file.data, content_type=sent, headers=headers)

    async def _world(self, request: web.Request) -> web.Response:
        online = self._scene.discord.gateway.is_ready
        return web.json_response(world_json(self._scene, self._person(request), online=online))

    async def _messages(self, request: web.Request) -> web.Response:
        discord, person = self._scene.discord, self._person(request)
        channel = discord.world.channel(_number(request.query.get("channel", "")))
        if channel is None or not sees(discord, person, channel):
            raise web.HTTPNotFound
        found = history(discord, person, channel)
        return web.json_response([message_json(discord, message) for message in found])

    async def _commands(self, request: web.Request) -> web.Response:
        discord, person = self._scene.discord, self._person(request)
        channel = discord.world.channel(_number(request.query.get("channel", "")))
        if channel is None or not sees(discord, person, channel):
            raise web.HTTPNotFound
        return web.json_response(offered(discord, person, channel))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, until the page is closed."""
        kind = {"Content-Type": "text/event-stream"}
        response = web.StreamResponse(headers={**HEADERS, **kind})
        with self._feeds.joined(self._person(request)) as queue:
            await response.prepare(request)
            await response.write(b'data: {"hello": true}\n\n')
            with contextlib.suppress(ConnectionError):
                async for news in drained(queue, pause=5):
                    line = f"data: {json.dumps(news)}\n\n" if news else ": still here\n\n"
                    await response.write(line.encode())
        return response

    async def _upload(self, request: web.Request) -> web.Response:
        data = await request.read()
        file = self._scene.discord.attach((request.query.get("name") or "file")[:255], data)
        return web.json_response({"id": str(file.id), "name": file.name})

    async def _act(self, request: web.Request) -> web.Response:
        name = request.match_info["act"]
        if name not in ACTS or request.content_type != "application/json":
            raise web.HTTPNotFound
        acts = Acts(self._scene.discord, self._person(request))
        try:
            given: Json = await request.json()
            if not isinstance(given, dict):
                raise ValueError("an object is wanted")
            return web.json_response(await getattr(acts, name)(given))
        except (NotOffered, ApiError, ValueError, KeyError) as error:
            return web.json_response({"error": str(error).strip("'\"")}, status=400)

    def _person(self, request: web.Request) -> User:
        """Who one is in the page."""
        wanted = request.query.get("person", "")
        for person in self._scene.people:
            if wanted in ("", str(person.id)):
                return person
        raise web.HTTPNotFound


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
