"""Does Discord know this bot, and grant it what the settings ask for?"""

import asyncio
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot import advice
from bot.checking import Check
from bot.secret import Secret

_PATIENCE = 5.0  # seconds


def check_with_discord(token: Secret, *, api_url: str | None, reads_messages: bool) -> Check:
    """Ask Discord about the token and its intents; where it cannot be reached, say only that."""
    base = api_url or Route.BASE
    try:
        status, told = asyncio.run(_application(token, base))
    except (aiohttp.ClientError, OSError, ValueError):  # a timeout is an OSError
        return Check("discord", True, "could not be reached, so the token was not tried")
    if status == 401:
        return Check("discord", False, "does not know this token", advice.WRONG_TOKEN)
    if status != 200:
        return Check("discord", True, f"answered {status}, so the token was not tried")
    grants = discord.ApplicationFlags(
        gateway_message_content=True, gateway_message_content_limited=True
    )
    if reads_messages and not int(told.get("flags") or 0) & grants.value:
        found = "does not grant this bot the message content intent"
        return Check("discord", False, found, advice.NO_MESSAGE_CONTENT)
    name, link = told.get("name", "the bot"), advice.invite(int(told["id"]))
    return Check("discord", True, f"knows {name}; invite it with {link}")


async def _application(token: Secret, base: str) -> tuple[int, dict[str, Any]]:
    """What the token's application is, as Discord tells it, and the status of that answer."""
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    headers = {"Authorization": f"Bot {token.reveal()}"}
    async with (
        aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
        session.get(f"{base}/applications/@me") as response,
    ):
        told = await response.json(content_type=None) if response.status == 200 else {}
        return response.status, told if isinstance(told, dict) else {}
