"""Whom a message mentions, and whom it pings."""

import re
from dataclasses import dataclass

from tests.discord_server.channels import Channel
from tests.discord_server.json_types import Json
from tests.discord_server.people import Role, User
from tests.discord_server.permissions import Permission


@dataclass(frozen=True)
class Mentions:
    """Those whom a message notifies."""

    users: tuple[User, ...] = ()
    roles: tuple[Role, ...] = ()
    everyone: bool = False


@dataclass(frozen=True)
class Allowed:
    """Which mentions may ping: ``allowed_mentions`` of a bot, or all there are."""

    parse: frozenset[str]
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    replied_user: bool = True

    @classmethod
    def of(cls, given: Json | None) -> "Allowed":
        """What a bot allows; without a word from it, everything."""
        if given is None:
            return cls.everything()
        return cls(
            frozenset(given.get("parse") or ()),
            frozenset(int(id) for id in given.get("users") or ()),
            frozenset(int(id) for id in given.get("roles") or ()),
            bool(given.get("replied_user", False)),
        )

    @classmethod
    def everything(cls, *, replied_user: bool = True) -> "Allowed":
        """What people allow."""
        return cls(frozenset({"users", "roles", "everyone"}), replied_user=replied_user)


def mentioned(
    content: str,
    author: User,
    channel: Channel,
    people: dict[int, User],
    allowed: Allowed,
    replied: User | None,
) -> Mentions:
    """Read the mentions out of ``content``, as far as they are allowed."""
    ids = [int(id) for id in dict.fromkeys(re.findall(r"<@!?(\d+)>", content))]
    users = [
        people[id]
        for id in ids
        if id in people and ("users" in allowed.parse or id in allowed.users)
    ]
    if replied and allowed.replied_user and replied not in users and replied is not author:
        users.append(replied)
    return Mentions(
        tuple(users),
        _roles(content, author, channel, allowed),
        _all(content, author, channel, allowed),
    )


def _may_ping_all(author: User, channel: Channel) -> bool:
    guild = channel.guild
    return bool(guild and guild.allowed(author, channel) & Permission.MENTION_EVERYONE)


def _roles(content: str, author: User, channel: Channel, allowed: Allowed) -> tuple[Role, ...]:
    if channel.guild is None:
        return ()
    free = _may_ping_all(author, channel)
    ids = [int(id) for id in dict.fromkeys(re.findall(r"<@&(\d+)>", content))]
    roles = [channel.guild.roles[id] for id in ids if id in channel.guild.roles]
    return tuple(
        role
        for role in roles
        if (role.mentionable or free) and ("roles" in allowed.parse or role.id in allowed.roles)
    )


def _all(content: str, author: User, channel: Channel, allowed: Allowed) -> bool:
    asked = re.search(r"@(everyone|here)\b", content) and "everyone" in allowed.parse
    return bool(asked and _may_ping_all(author, channel))
