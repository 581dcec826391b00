"""A message as blocks, before it is Discord's: what the pure rendering makes.

The figures are Discord's for messages made of components (documentation of August 2026).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from bot.escaping import units

MOST_COMPONENTS: Final = 40
"""In a message, those within others counted too."""
MOST_TEXT: Final = 4000
"""In a message, over all its texts together."""
MOST_LABEL: Final = 80
MOST_ID: Final = 100
MOST_BUTTONS: Final = 5
"""In a row."""
MOST_OPTIONS: Final = 25
"""To choose from, and channels chosen at once."""

Style = Literal["primary", "secondary", "success", "danger"]

_ID = re.compile(r"fn:([a-z]+):([\w-]{0,40})((?::-?[0-9]{1,9}){0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Press:
    """What a button stands for: an action on a stored row, with some small numbers."""

    action: str
    row: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """The button's ``custom_id``.

        >>> Press("context", "k3J", (0, -1)).id
        'fn:context:k3J:0:-1'
        """
        return ":".join(["fn", self.action, self.row, *map(str, self.numbers)])


def read_press(custom_id: str) -> Press | None:
    """The press behind a ``custom_id``; None where it is not one of ours."""
    found = _ID.fullmatch(custom_id)
    if not found:
        return None
    action, row, numbers = found.groups()
    return Press(action, row, tuple(map(int, numbers.split(":")[1:])))


@dataclass(frozen=True, slots=True)
class Button:
    """A button. ``label`` or ``emoji`` may be empty, not both."""

    press: Press
    label: str = ""
    emoji: str = ""
    style: Style = "secondary"
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Discord's markup."""

    markup: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A text with a button beside it."""

    markup: str
    button: Button


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row; never empty."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen. ``value`` is what is sent when it is; ``chosen``: it is so now."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """A list to choose from, ``least`` to ``most`` at once; 1 to 25 options."""

    press: Press
    options: tuple[Option, ...]
    placeholder: str = ""
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class ChooseChannels:
    """Channels of the server to choose from, none to ``most`` at once."""

    press: Press
    chosen: tuple[int, ...]
    placeholder: str = ""
    most: int = 1
    forums: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that is sent along under this name."""

    name: str


Block = Text | Beside | Rule | Buttons | Choose | ChooseChannels | Attached


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: blocks in a box with a coloured edge, ``colour`` being 0xRRGGBB."""

    blocks: tuple[Block, ...]
    colour: int

    def texts(self) -> Iterator[str]:
        """The markup of all its texts, from top to bottom."""
        for block in self.blocks:
            if isinstance(block, Text | Beside):
                yield block.markup

    def buttons(self) -> Iterator[Button]:
        """All its buttons, from top to bottom."""
        for block in self.blocks:
            if isinstance(block, Beside):
                yield block.button
            elif isinstance(block, Buttons):
                yield from block.buttons

    def without(self, *actions: str) -> "Reply":
        """The same reply without the buttons of these actions."""
        kept = (_without(block, frozenset(actions)) for block in self.blocks)
        return replace(self, blocks=tuple(block for block in kept if block))


def count_components(reply: Reply) -> int:
    """How many components the reply becomes: the box, and for a text beside a button three."""
    return 1 + sum(_count(block) for block in reply.blocks)


def count_text(reply: Reply) -> int:
    """How long its texts are together."""
    return sum(map(units, reply.texts()))


def _count(block: Block) -> int:
    if isinstance(block, Beside):
        return 3
    if isinstance(block, Choose | ChooseChannels):
        return 2
    return 1 + len(block.buttons) if isinstance(block, Buttons) else 1


def _without(block: Block, actions: frozenset[str]) -> Block | None:
    if isinstance(block, Beside) and block.button.press.action in actions:
        return Text(block.markup)
    if isinstance(block, Buttons):
        kept = tuple(one for one in block.buttons if one.press.action not in actions)
        return Buttons(kept) if kept else None
    return block
