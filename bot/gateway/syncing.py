"""Telling Discord which commands there are: only when they are others than last time."""

import json
import logging
from hashlib import sha256

import aiohttp
import discord

from bot.gateway.asking import Tree
from bot.memory import Memory

_log = logging.getLogger(__name__)


async def sync(tree: Tree, memory: Memory, *, application: int, api: str) -> bool:
    """Register the commands, unless those were registered there before; returns whether it did.

    Where that fails, the commands registered before stay usable, and the next start tries again.
    """
    digest = digest_of(tree)
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


def digest_of(tree: Tree) -> str:
    """A digest of all that Discord is told of the commands."""
    listed = [command.to_dict(tree) for command in tree.get_commands()]
    text = json.dumps(sorted(listed, key=lambda one: (one["type"], one["name"])), sort_keys=True)
    return sha256(text.encode()).hexdigest()
