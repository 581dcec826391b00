"""Telling Discord which commands there are: only when they are others than last time."""

import logging
from hashlib import sha256

import aiohttp
import discord

from bot.gateway.asking import Tree
from bot.gateway.translating import serialised
from bot.memory import Memory

_log = logging.getLogger(__name__)


async def sync(tree: Tree, memory: Memory, *, application: int, api: str) -> bool:
    """Register the commands, unless those were registered there before; returns whether it did.

    Where that fails, the commands registered before stay usable, and the next start tries again.
    """
    digest = await digest_of(tree)
    key = f"commands of {application} at {api}"
    if await memory.recall(key) == digest:
        return False
    try:
        await tree.sync()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        _log.warning("The commands could not be registered: %s", error)
        return False
    await memory.remember(key, digest)
    return True


async def digest_of(tree: Tree) -> str:
    """A digest of all that Discord is told of the commands, in every language."""
    return sha256((await serialised(tree)).encode()).hexdigest()
