"""Channels of every kind: text, forum, thread, direct, group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.discord_server.json_types import Json
from tests.discord_server.people import Role, User

if TYPE_CHECKING:
    from tests.discord_server.guilds import Guild
    from tests.discord_server.messages import Message


class Kind(IntEnum):
    """Discord's numbers for types of channel."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP_DM = 3
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15
    MEDIA = 16


@dataclass(frozen=True)
class Overwrite:
    """What a channel allows and denies one role or user, beyond their roles."""

    target: User | Role
    allow: int = 0
    deny: int = 0

    @property
    def json(self) -> Json:
        """As Discord sends an overwrite."""
        kind = int(isinstance(self.target, User))
        bits = {"allow": str(int(self.allow)), "deny": str(int(self.deny))}
        return {"id": str(self.target.id), "type": kind} | bits


@dataclass(eq=False, repr=False)
class Channel:
    """A place for messages; ``parent`` is the channel of a thread."""

    id: int
    kind: int
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    owner: User | None = None
    created: str = ""
    position: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    recipients: list[User] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    category: Channel | None = None
    typed: float | None = None
    """When the bot last said that it is typing here."""

    def __repr__(self) -> str:
        return f"<Channel {self.id} {self.name!r} of type {self.kind}>"

    @property
    def mention(self) -> str:
        """What stands in a message for this channel."""
        return f"<#{self.id}>"

    @property
    def is_thread(self) -> bool:
        """Whether this hangs on another channel."""
        return self.kind in (Kind.NEWS_THREAD, Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD)

    @property
    def is_private(self) -> bool:
        """Whether this is in no guild."""
        return self.guild is None

    @property
    def has_messages(self) -> bool:
        """Whether messages can be sent here, and not only into its threads."""
        return self.kind not in (Kind.FORUM, Kind.MEDIA, Kind.CATEGORY)

    @property
    def guild_id(self) -> int:
        """The guild's id, or 0."""
        return self.guild.id if self.guild else 0

    def add_thread(self, name: str, owner: User, *, private: bool = False) -> Channel:
        """Start a thread here."""
        assert self.guild, "threads are in guilds"
        return self.guild.start_thread(self, name, owner, private=private)

    def layers(self, everyone: Role, roles: Iterable[Role], user: User) -> list[list[Overwrite]]:
        """The overwrites that concern a member: of @everyone, then of roles, then their own."""
        ours = self.parent.overwrites if self.parent else self.overwrites
        held = set(roles)
        return [
            [o for o in ours if o.target is everyone],
            [o for o in ours if o.target in held],
            [o for o in ours if o.target is user],
        ]

    @property
    def json(self) -> Json:
        """As Discord sends this kind of channel."""
        if self.kind in (Kind.DM, Kind.GROUP_DM):
            return self._direct()
        return self._thread() if self.is_thread else self._of_guild()

    @property
    def _last(self) -> str | None:
        return str(max(self.messages)) if self.messages else None

    def _direct(self) -> Json:
        people = [user.json for user in self.recipients]
        base = {"id": str(self.id), "type": self.kind, "recipients": people, "flags": 0}
        group = {"name": self.name or None, "icon": None, "owner_id": str(self.recipients[0].id)}
        more = group if self.kind == Kind.GROUP_DM else {}
        return base | {"last_message_id": self._last} | more

    def _of_guild(self) -> Json:
        forum = {"available_tags": [], "default_forum_layout": 0, "template": ""}
        voice = {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        more: Json = forum if self.kind in (Kind.FORUM, Kind.MEDIA) else {}
        more = voice if self.kind == Kind.VOICE else more
        return more | {
            "id": str(self.id),
            "type": self.kind,
            "guild_id": str(self.guild_id),
            "name": self.name,
            "position": self.position,
            "parent_id": self.category and str(self.category.id),
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "last_message_id": self._last,
            "permission_overwrites": [overwrite.json for overwrite in self.overwrites],
            "flags": 0,
        }

    def _thread(self) -> Json:
        assert self.parent
        assert self.owner
        state = {
            "archived": self.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": self.created,
            "locked": self.locked,
            "create_timestamp": self.created,
        }
        return {
            "id": str(self.id),
            "type": self.kind,
            "guild_id": str(self.guild_id),
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner.id),
            "name": self.name,
            "last_message_id": self._last,
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": state,
            "applied_tags": [],
            "flags": 0,
        }
