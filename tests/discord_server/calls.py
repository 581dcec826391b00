"""Interactions: what a person asked of the bot, and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord_server.channels import Channel
from tests.discord_server.errors import ApiError, refusal
from tests.discord_server.events import until
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Message
from tests.discord_server.people import User
from tests.discord_server.world import World


class Ask(IntEnum):
    """Discord's numbers for types of interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    """Discord's numbers for types of callback."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(eq=False, repr=False)
class Call:
    """One interaction. ``message`` is its original response, once there is one.

    ``source`` is the message whose component was used, ``modal`` what the bot asked back with.
    """

    id: int
    token: str
    kind: Ask
    user: User
    channel: Channel
    asked_at: float
    world: World
    payload: Json = field(default_factory=dict)
    source: Message | None = None
    installed_for: str = "guild"
    callback_type: Reply | None = None
    callback: Json | None = None
    acknowledged_after: float | None = None
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    deleted: bool = False
    source_payload: Json | None = None

    def __repr__(self) -> str:
        data = self.payload.get("data", {})
        name = data.get("name") or data.get("custom_id")
        return f"<Call {self.id} {self.kind.name} {name!r} callback={self.callback_type!r}>"

    @property
    def age(self) -> float:
        """Seconds since it was asked."""
        return self.world.nature.clock() - self.asked_at

    @property
    def deferred(self) -> bool:
        """Whether the bot answered that it will answer."""
        return self.callback_type in (Reply.DEFER, Reply.DEFER_UPDATE)

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees the original response."""
        return bool(self.message and self.message.ephemeral)

    @property
    def answers(self) -> list[Message]:
        """What the bot said so far and has not deleted: the original response and followups."""
        said = [self.message] if self.message and self._has_answer() else []
        return [message for message in (*said, *self.followups) if not message.deleted]

    async def acknowledged(self, timeout: float = 5) -> int:
        """The type of the callback, once there is one."""
        await until(lambda: self.callback_type is not None, timeout)
        assert self.callback_type
        return int(self.callback_type)

    async def answered(self, timeout: float = 10) -> Message:
        """The original response, once it says something."""
        await until(self._has_answer, timeout)
        assert self.message
        return self.message

    def _has_answer(self) -> bool:
        if self.callback_type is Reply.DEFER_UPDATE:
            return bool(self.message and self.message.payload is not self.source_payload)
        return bool(self.message and not self.message.loading)


class Calls:
    """All interactions by their id and token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: dict[int, Call] = {}
        self._by_token: dict[str, Call] = {}

    def __iter__(self) -> Iterator[Call]:
        return iter(self._by_id.values())

    def find(self, id: int) -> Call | None:
        """The interaction with this id."""
        return self._by_id.get(id)

    def open(self, kind: Ask, user: User, channel: Channel) -> Call:
        """A new interaction with a token of its own."""
        nature = self._world.nature
        token, new_id = secrets.token_urlsafe(160), nature.new_id()
        call = Call(new_id, token, kind, user, channel, nature.clock(), self._world)
        self._by_id[call.id] = self._by_token[token] = call
        return call

    def to_acknowledge(self, id: int, token: str) -> Call:
        """The interaction that a callback is for, if it may still come."""
        call = self._by_id.get(id)
        if call is None or not secrets.compare_digest(call.token, token):
            raise refusal(10062)
        if call.callback_type is not None:
            raise refusal(40060)
        if call.age > 3:
            raise refusal(10062)
        return call

    def to_follow(self, application_id: int, token: str) -> Call:
        """The interaction whose webhook is used."""
        call = self._by_token.get(token)
        if call is None or application_id != self._world.application_id or call.age > 15 * 60:
            raise refusal(50027)
        if call.callback_type is None or call.kind is Ask.AUTOCOMPLETE:
            raise refusal(10015)
        return call


def check_type(call: Call, given: object) -> Reply:
    """The type of a callback, if this interaction allows it."""
    from_component = call.kind is Ask.COMPONENT or bool(call.kind is Ask.MODAL and call.source)
    allowed = {
        Ask.COMMAND: {Reply.MESSAGE, Reply.DEFER, Reply.MODAL},
        Ask.COMPONENT: {Reply.MESSAGE, Reply.DEFER, Reply.MODAL},
        Ask.AUTOCOMPLETE: {Reply.CHOICES},
        Ask.MODAL: {Reply.MESSAGE, Reply.DEFER},
    }[call.kind] | ({Reply.DEFER_UPDATE, Reply.UPDATE} if from_component else set())
    if given not in allowed:
        wrong = {"code": "INTERACTION_RESPONSE_TYPE_INVALID", "message": "Not allowed here."}
        raise ApiError(400, 50035, "Invalid Form Body", {"type": {"_errors": [wrong]}})
    return Reply(int(str(given)))
