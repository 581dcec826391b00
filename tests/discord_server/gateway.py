"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats, and events to whom they concern."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable

from aiohttp import WSMsgType, web

from tests.discord_server.events import Event
from tests.discord_server.intents import Intent, application_flags
from tests.discord_server.json_types import Json
from tests.discord_server.link import Link
from tests.discord_server.sessions import Session
from tests.discord_server.world import World


class Gateway:
    """Accepts sockets at ``/gateway`` and keeps their sessions."""

    def __init__(self, world: World, token: str, url: Callable[[], str]) -> None:
        self.world = world
        self.token = token
        self.heartbeat_interval = 41_250
        self.silent = False
        self.refuse_identify: int | None = None
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.received: list[Json] = []
        self._url = url
        self._links: list[Link] = []
        self._sessions: dict[str, Session] = {}
        world.nature.events.listen(self.dispatch)

    @property
    def sessions(self) -> list[Session]:
        """The sessions that have an open socket."""
        return [session for session in self._sessions.values() if session.connected]

    @property
    def is_ready(self) -> bool:
        """Whether every shard of a client has got READY and its guilds."""
        ready = [session for session in self.sessions if session.ready]
        return bool(ready) and len({s.shard[0] for s in ready}) == ready[0].shard[1]

    def dispatch(self, event: Event) -> None:
        """Give an event to each session that is to hear of it."""
        for session in self._sessions.values():
            if session.wants(event):
                session.dispatch(event.name, event.payload(session.intents))

    async def close(self, code: int) -> None:
        """Close all sockets; their sessions can be resumed."""
        await asyncio.gather(*(link.close(code) for link in list(self._links)))

    def ask_reconnect(self) -> None:
        """Op 7 to every client."""
        for session in self.sessions:
            assert session.link
            session.link.send(7)

    def invalidate(self, *, resumable: bool) -> None:
        """Op 9 to every client; sessions that are not resumable end."""
        for session in self.sessions:
            assert session.link
            session.link.send(9, resumable)
            if not resumable:
                del self._sessions[session.id]

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it closes."""
        socket = web.WebSocketResponse(timeout=1, max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        link = Link(socket, compress=request.query.get("compress") == "zlib-stream")
        self._links.append(link)
        writer = asyncio.create_task(link.write())
        try:
            await self._converse(link, request.query.get("v", "10"))
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
            self._hung_up(link)
        return socket

    async def _converse(self, link: Link, version: str) -> None:
        if version != "10":
            await link.close(4012)
            return
        link.send(10, {"heartbeat_interval": self.heartbeat_interval, "_trace": []})
        async for frame in link.socket:
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            code = self._receive(link, frame.data)
            if code:
                await link.close(code)

    def _hung_up(self, link: Link) -> None:
        self._links.remove(link)
        session = self._sessions.get(link.session_id)
        if session is None or session.link is not link:
            return
        session.link = None
        if link.socket.close_code in (1000, 1001) and not link.closed_by_us:
            del self._sessions[session.id]

    def _receive(self, link: Link, text: str | bytes) -> int:
        """Act on a payload; the code to close the socket with, or 0."""
        if len(text) > 4096 or link.too_chatty(self.world.nature.clock()):
            return 4002 if len(text) > 4096 else 4008
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            return 4002
        self.received.append(payload)
        if op == 1:
            return self._heartbeat(link)
        if op in (2, 6):
            return self._identify(link, data) if op == 2 else self._resume(link, data)
        if not link.session_id:
            return 4003
        if op == 8:
            self._chunk(self._sessions[link.session_id], data)
        return 0 if op in (3, 4, 8, 31) else 4001

    def _heartbeat(self, link: Link) -> int:
        if not self.silent:
            link.send(11)
        return 0

    def _identify(self, link: Link, data: Json) -> int:
        self.identifies.append(data)
        number, count = data.get("shard", (0, 1))
        intents = data.get("intents", 0)
        if link.session_id:
            return 4005
        if data.get("token") != self.token:
            return 4004
        if not 0 <= number < count:
            return 4010
        if intents & ~int(Intent.KNOWN):
            return 4013
        if intents & Intent.PRIVILEGED & ~self.world.granted:
            return 4014
        return self.refuse_identify or self._welcome(link, (number, count), data)

    def _welcome(self, link: Link, shard: tuple[int, int], identify: Json) -> int:
        session = Session(secrets.token_hex(16), shard, identify["intents"], identify, link)
        link.session_id = session.id
        self._sessions[session.id] = session
        ours = [g for g in self.world.guilds.values() if self._is_of(g.id, session) and g.has_bot]
        session.dispatch("READY", self._ready(session, [guild.id for guild in ours]))
        if session.intents & Intent.GUILDS:
            for guild in ours:
                session.dispatch("GUILD_CREATE", guild.json(session.intents))
        session.complete = True
        return 0

    def _is_of(self, guild_id: int, session: Session) -> bool:
        return (guild_id >> 22) % session.shard[1] == session.shard[0]

    def _ready(self, session: Session, guild_ids: list[int]) -> Json:
        flags = application_flags(self.world.granted)
        return {
            "v": 10,
            "user": self.world.me,
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._url(),
            "guilds": [{"id": str(id), "unavailable": True} for id in guild_ids],
            "application": {"id": str(self.world.application_id), "flags": flags},
            "shard": list(session.shard),
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "user_settings": {},
        }

    def _resume(self, link: Link, data: Json) -> int:
        self.resumes.append(data)
        session = self._sessions.get(data.get("session_id", ""))
        if data.get("token") != self.token:
            return 4004
        if session is None:
            link.send(9, False)
            return 0
        if data.get("seq", 0) > session.sequence:
            return 4007
        link.session_id, session.link = session.id, link
        session.replay(data.get("seq", 0))
        session.dispatch("RESUMED", {"_trace": []})
        return 0

    def _chunk(self, session: Session, data: Json) -> None:
        guild = self.world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        wanted = {int(id) for id in _listed(data.get("user_ids"))}
        start, limit = (data.get("query") or "").casefold(), data.get("limit") or None
        members = [
            m
            for m in guild.members.values()
            if (m.user.id in wanted if wanted else m.user.name.casefold().startswith(start))
        ]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [member.json for member in members[:limit]],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(id) for id in wanted - guild.members.keys()],
        }
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def _listed(ids: object) -> list[str]:
    return [str(id) for id in ids] if isinstance(ids, list) else [str(ids)] if ids else []
