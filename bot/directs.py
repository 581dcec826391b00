"""Which servers' documents are asked in somebody's direct messages, as a message to choose in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.escaping import clipped, units
from bot.inert import flat
from bot.layout import MOST_OPTIONS, Choose, Option, Press, Reply, Text
from bot.rendering import AMBER, GREEN, GREY, TEAL
from bot.words import Words

_LABEL = 100


@dataclass(frozen=True, slots=True)
class SharedServer:
    """A server that a person shares with the bot."""

    id: int
    name: str


def servers_reply(
    shared: Sequence[SharedServer], chosen: Collection[int], *, most: int, words: Words
) -> Reply:
    """What there is to choose from, and what is chosen."""
    head = Text(
        words(
            "**Servers whose documents I ask in our direct messages**\n"
            "As far as you may see them there, and as long as you are a member."
        )
    )
    if not shared:
        none = words("I know of no server that we share. Use `/servers` in one to choose it.")
        return Reply((head, Text(none)), GREY)
    ordered = sorted(shared, key=lambda one: (one.id not in chosen, one.name.casefold()))
    options = tuple(
        Option(str(one.id), _label(one.name), one.id in chosen) for one in ordered[:MOST_OPTIONS]
    )
    choose = Choose(
        Press("direct", "-"),
        options,
        words("No server: only what is for all"),
        least=0,
        most=min(most, len(options)),
    )
    return Reply((head, choose), TEAL)


def chosen_reply(names: Sequence[str], *, lasting: bool, words: Words) -> Reply:
    """What is asked from now on."""
    if names:
        listed = ", ".join(map(flat, names))
        told = words("✅ In our direct messages I also ask the documents of: {names}", names=listed)
    else:
        told = words("✅ In our direct messages I ask only the documents that are for all.")
    if lasting:
        return Reply((Text(told),), GREEN)
    warning = words("⚠️ That could not be stored: after a restart I shall not know it any more.")
    return Reply((Text(told), Text(warning)), AMBER)


def _label(name: str) -> str:
    line = flat(name).strip() or "…"
    shown = clipped(line, _LABEL)
    return shown if units(shown) <= _LABEL else clipped(line, _LABEL // 2)
