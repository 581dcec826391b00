"""Replies as Discord's components."""

import discord
from discord import ui

from bot.layout import (
    Attached,
    Beside,
    Block,
    Button,
    Buttons,
    Choose,
    ChooseChannels,
    Reply,
    Rule,
    Text,
)


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
        case Choose():
            return ui.ActionRow(_select(block))
        case ChooseChannels():
            return ui.ActionRow(_channel_select(block))
        case Attached(name):
            return ui.File(f"attachment://{name}")


def _button(button: Button) -> ui.Button[ui.LayoutView]:
    return ui.Button(
        custom_id=button.press.id,
        label=button.label or None,
        emoji=button.emoji or None,
        style=discord.ButtonStyle[button.style],
        disabled=button.disabled,
    )


def _select(block: Choose) -> ui.Select[ui.LayoutView]:
    return ui.Select(
        custom_id=block.press.id,
        placeholder=block.placeholder or None,
        min_values=block.least,
        max_values=block.most,
        options=[
            discord.SelectOption(label=one.label, value=one.value, default=one.chosen)
            for one in block.options
        ],
    )


def _channel_select(block: ChooseChannels) -> ui.ChannelSelect[ui.LayoutView]:
    kinds = [discord.ChannelType.text, discord.ChannelType.news]
    if block.forums:
        kinds.append(discord.ChannelType.forum)
    channel = discord.SelectDefaultValueType.channel
    return ui.ChannelSelect(
        custom_id=block.press.id,
        channel_types=kinds,
        placeholder=block.placeholder or None,
        min_values=0,
        max_values=block.most,
        default_values=[discord.SelectDefaultValue(id=one, type=channel) for one in block.chosen],
    )
