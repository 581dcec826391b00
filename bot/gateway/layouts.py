"""Replies as Discord's components."""

import discord
from discord import ui

from bot.layout import Beside, Block, Button, Buttons, Reply, Rule, Text


def layout(reply: Reply) -> ui.LayoutView:
    """The components of a reply.

    They are handed over stopped, so that discord.py keeps none of them in memory: presses are
    known by their ``custom_id`` alone, before a restart and after it.
    """
    view = ui.LayoutView(timeout=None)
    items = map(_item, reply.blocks)
    view.add_item(ui.Container(*items, accent_colour=discord.Colour(reply.colour)))
    view.stop()
    return view


def _item(block: Block) -> ui.Item[ui.LayoutView]:
    match block:
        case Text(markup):
            return ui.TextDisplay(markup)
        case Beside(markup, button):
            return ui.Section(ui.TextDisplay(markup), accessory=_button(button))
        case Rule():
            return ui.Separator()
        case Buttons(buttons):
            return ui.ActionRow(*map(_button, buttons))


def _button(button: Button) -> ui.Button[ui.LayoutView]:
    return ui.Button(
        custom_id=button.press.id,
        label=button.label or None,
        emoji=button.emoji or None,
        style=discord.ButtonStyle[button.style],
        disabled=button.disabled,
    )
