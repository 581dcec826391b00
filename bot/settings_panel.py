"""The settings of a server as one message: how each stands, and a list to choose anew from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.catalogues import LANGUAGES
from bot.history.stored import ServerSettings
from bot.layout import (
    MOST_OPTIONS,
    Block,
    Button,
    Buttons,
    Choose,
    ChooseChannels,
    Option,
    Press,
    Reply,
    Rule,
    Text,
)
from bot.rendering import AMBER, TEAL
from bot.words import Words

UNSET = "-"
"""Stands for the usual among the values of a list."""

_STEPS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel is made of.

    Attributes:
        settings: as they are.
        ask_channels: the channels in which every question is answered.
        retention_days: for how long questions are kept.
        notes: markup: what was just done, and what to look out for.
        deletes: whether it is to be confirmed that the history is deleted.
    """

    settings: ServerSettings
    ask_channels: Sequence[int]
    retention_days: int
    notes: tuple[str, ...] = ()
    deletes: bool = False


def panel_reply(panel: Panel, words: Words) -> Reply:
    """The whole panel."""
    blocks: list[Block] = [Text(words("**Settings of this server**"))]
    blocks += map(Text, panel.notes)
    blocks += _confirmation(words) if panel.deletes else ()
    blocks.append(Rule())
    for part in (_asking, _answering, _sureness, _announcing, _digesting, _keeping, _speaking):
        blocks += part(panel, words)
    return Reply(tuple(blocks), AMBER if panel.notes else TEAL)


def offered_confidence(value: str) -> float | None:
    """The confidence that a value of its list stands for; None for the bot's own.

    Raises:
        ValueError: it stands for none.
    """
    if value == UNSET:
        return None
    if value not in map(_percent, _STEPS):
        raise ValueError(value)
    return int(value) / 100


def offered_language(value: str) -> str | None:
    """The language that a value of its list stands for; None for what Discord says.

    Raises:
        ValueError: it stands for none.
    """
    if value == UNSET:
        return None
    if value not in LANGUAGES:
        raise ValueError(value)
    return value


def _asking(panel: Panel, words: Words) -> Iterable[Block]:
    chosen = tuple(panel.ask_channels)[:MOST_OPTIONS]
    told = words("**Ask channels** · every question there is answered, if I am sure")
    if len(panel.ask_channels) > MOST_OPTIONS:
        told += "\n-# " + words("There are {count}.", count=len(panel.ask_channels))
    yield Text(told)
    yield ChooseChannels(
        Press("setask", UNSET), chosen, words("No channel"), most=MOST_OPTIONS, forums=True
    )


def _answering(panel: Panel, words: Words) -> Iterable[Block]:
    now = panel.settings.answers
    yield Text(words("**Mentions** · where they are answered"))
    yield Choose(
        Press("setanswers", UNSET),
        (
            Option("reply", words("In the channel, as a reply"), now == "reply"),
            Option("thread", words("In a thread of their own"), now == "thread"),
        ),
    )


def _sureness(panel: Panel, words: Words) -> Iterable[Block]:
    now = panel.settings.min_confidence
    values = [_percent(one) for one in _STEPS]
    options = [Option(UNSET, words("As sure as I usually must be"), now is None)]
    current = None if now is None else _percent(now)
    if current is not None and current not in values:  # from another version of this list
        values = sorted([current, *values], key=int)
    options += [Option(one, _at_least(one, words), one == current) for one in values]
    yield Text(words("**Confidence** · from which on an answer is given"))
    yield Choose(Press("setsure", UNSET), tuple(options))


def _announcing(panel: Panel, words: Words) -> Iterable[Block]:
    yield Text(words("**Announcements** · which documents are new or have changed"))
    yield _one_channel("setnews", panel.settings.announcements, words)


def _digesting(panel: Panel, words: Words) -> Iterable[Block]:
    yield Text(words("**Weekly digest** · what was asked and not answered"))
    yield _one_channel("setdigest", panel.settings.digest, words)


def _one_channel(action: str, now: int | None, words: Words) -> Block:
    chosen = () if now is None else (now,)
    return ChooseChannels(Press(action, UNSET), chosen, words("No channel"))


def _keeping(panel: Panel, words: Words) -> Iterable[Block]:
    now = panel.settings.history
    kept = words.plural(
        "Questions are kept for {count} day",
        "Questions are kept for {count} days",
        panel.retention_days,
    )
    yield Text(words("**History** · what `/gaps`, 👍 and *Tell me when they do* go by"))
    yield Choose(
        Press("setkeep", UNSET),
        (
            Option("on", kept, now),
            Option("off", words("Questions are not kept"), not now),
        ),
    )


def _speaking(panel: Panel, words: Words) -> Iterable[Block]:
    now = panel.settings.language
    options = [Option(code, name, code == now) for code, name in LANGUAGES.items()]
    yield Text(words("**Language** · of my own words, where all can read them"))
    usual = Option(UNSET, words("As this server is set at Discord"), now is None)
    yield Choose(Press("setlanguage", UNSET), (usual, *options))


def _confirmation(words: Words) -> Iterable[Block]:
    told = words(
        "⚠️ **All questions and answers that are kept of this server will be deleted**, with their "
        "votes and with the wishes to be told."
    )
    yield Text(told)
    delete = Button(Press("forget", UNSET), words("Delete, and keep none"), style="danger")
    yield Buttons((delete, Button(Press("settings", UNSET), words("Go on keeping them"))))


def _at_least(value: str, words: Words) -> str:
    return words("At least {percent}", percent=words.percent(int(value) / 100))


def _percent(share: float) -> str:
    return str(round(share * 100))
