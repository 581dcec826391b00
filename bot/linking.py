"""Which collections are seen where, as Discord messages."""

from collections.abc import Sequence

from bot.escaping import clipped, code
from bot.history.stored import Link
from bot.inert import flat
from bot.layout import Reply, Text
from bot.rendering import AMBER, GREEN, TEAL
from bot.words import Words

_MOST_SHOWN = 40
_NAME = 60


def links_reply(links: Sequence[Link], words: Words) -> Reply:
    """All links of a server, by collection."""
    if not links:
        none = words(
            "No collection is linked here. `/collection link` shows a folder of documents in this "
            "server, in a channel, or to a role."
        )
        return Reply((Text(none),), TEAL)
    ordered = sorted(links, key=lambda one: (one.collection, one.kind, one.target))
    lines = [f"{name_markup(one.collection)} → {_place(one, words)}" for one in ordered]
    more = len(lines) - _MOST_SHOWN
    shown = lines[:_MOST_SHOWN]
    if more > 0:
        shown.append(words("… and {count} more", count=more))
    head = words("**Collections linked here**")
    return Reply((Text(head), Text("\n".join(shown))), TEAL)


def linked_reply(link: Link, words: Words) -> Reply:
    """A collection is seen in a place from now on."""
    told = words(
        "{collection} is now asked for {place}.",
        collection=name_markup(link.collection),
        place=_place(link, words),
    )
    return Reply((Text(told),), GREEN)


def unlinked_reply(link: Link, words: Words, *, was: bool, lasting: bool) -> Reply:
    """It is seen there no more, or was not."""
    collection, place = name_markup(link.collection), _place(link, words)
    if not was:
        told = words("{collection} was not linked for {place}.", collection=collection, place=place)
        return Reply((Text(told),), AMBER)
    told = words("{collection} is no longer asked for {place}.", collection=collection, place=place)
    if lasting:
        return Reply((Text(told),), GREEN)
    warning = words("⚠️ That could not be stored: please do it again, or a restart undoes it.")
    return Reply((Text(told), Text(warning)), AMBER)


def name_markup(collection: str) -> str:
    """A collection's name, to be copied."""
    return code(clipped(flat(collection), _NAME))


def _place(link: Link, words: Words) -> str:
    match link.kind:
        case "server":
            return words("this whole server")
        case "channel":
            return f"<#{link.target}>"
        case "role":
            return f"<@&{link.target}>"
