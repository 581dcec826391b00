"""Answers in threads of their own, where a server wants that."""

import logging

import discord

from bot.escaping import clipped, units
from bot.gateway import sending
from bot.inert import flat
from bot.layout import Reply

_log = logging.getLogger(__name__)

_LONGEST = 100  # of a thread's name
_THERE_ALREADY = 160004  # Discord's code where a message has a thread
_OF_TEXT = frozenset({discord.ChannelType.text, discord.ChannelType.news})


async def thread_for(message: discord.Message, question: str) -> discord.Thread | None:
    """A thread below a message; None where there can be none: the answer is a reply then."""
    if message.guild is None or message.channel.type not in _OF_TEXT:
        return None
    granted = message.channel.permissions_for(message.guild.me)
    if not granted.send_messages_in_threads:
        return None
    try:
        return await sending.persist(lambda: message.create_thread(name=_name(question)))
    except (discord.HTTPException, *sending.LOST) as error:
        if isinstance(error, discord.HTTPException) and error.code == _THERE_ALREADY:
            return await _found(message)
        _log.info("No thread could be made for an answer: %s", error)
        return None


async def answer_in(
    thread: discord.Thread, message: discord.Message, reply: Reply
) -> discord.Message:
    """Answer a message in its thread, once however often it is tried."""
    nonce = f"{message.id}-0"
    return await sending.persist(
        lambda: sending.send_to(thread, reply, nonce=nonce), pauses=sending.LONG_PAUSES
    )


async def _found(message: discord.Message) -> discord.Thread | None:
    """The thread that a message has, which has its id."""
    guild = message.guild
    if guild is None:
        return None
    thread = guild.get_thread(message.id)
    try:
        found = thread or await guild.fetch_channel(message.id)
    except (discord.HTTPException, discord.InvalidData, *sending.LOST) as error:
        _log.info("The thread of a message cannot be found: %s", error)
        return None
    return found if isinstance(found, discord.Thread) else None


def _name(question: str) -> str:
    """What the thread is called: the question, as long as Discord allows."""
    line = flat(question).strip()
    name = clipped(line, _LONGEST)
    return name if units(name) <= _LONGEST else clipped(line, _LONGEST // 2)
