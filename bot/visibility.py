"""Which collections may be seen from where.

What lies directly in the seeds folder is for all. What a server uploaded is for that server alone.
Any other folder is seen only where an admin linked it: in a server, in a channel, or by a role.
"""

from collections.abc import Collection, Iterable
from typing import TypeAlias

from bot.history.stored import Link
from bot.uploads import is_server_folder, server_folder
from index.records import Abstained, Answer

Scope: TypeAlias = frozenset[str]
"""The collections that may be seen. What is in no scope is as if it did not exist."""

PUBLIC = ""
ALL_MAY_SEE: Scope = frozenset({PUBLIC})


def audience(guild: int, channels: Collection[int], links: Iterable[Link]) -> Scope:
    """What all who read there may see.

    Args:
        guild: a server that the bot is a member of.
        channels: where in it: the channel, and what that is in: its parent, its category.
        links: of any servers; those of other servers count for nothing.
    """
    return scope(guild, channels, roles=(guild,), links=links)  # all have the role @everyone


def scope(
    guild: int, channels: Collection[int], *, roles: Collection[int], links: Iterable[Link]
) -> Scope:
    """What somebody with these roles may see there.

    >>> minutes = Link("minutes", guild=1, kind="role", target=7)
    >>> sorted(scope(1, [5], roles=[7], links=[minutes]))
    ['', 'minutes', 'server-1']
    """
    targets = {"server": (guild,), "channel": channels, "role": roles}
    linked = (
        one.collection
        for one in links
        if one.guild == guild
        and one.target in targets[one.kind]
        and not is_server_folder(one.collection)
    )
    return ALL_MAY_SEE | {server_folder(guild)} | frozenset(linked)


def collection_of(document: str) -> str:
    """The collection of a document, or of a folder of a server that could not be read."""
    first, slash, _ = document.partition("/")
    return first if slash or is_server_folder(first) else PUBLIC


def collections_of(result: Answer | Abstained) -> Scope:
    """The collections of the documents that a result quotes."""
    quoted = result.citations if isinstance(result, Answer) else result.nearest
    return frozenset(collection_of(one.document) for one in quoted)
