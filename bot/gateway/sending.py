"""Messages that arrive once, whatever the network does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from io import BytesIO
from typing import TypeVar

import aiohttp
import discord

from bot.gateway.layouts import layout
from bot.layout import Reply

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PAUSES = (0.5, 1.5, 4.0)  # seconds before another try
LONG_PAUSES = (*_PAUSES, 10.0, 20.0)
"""Where nobody's interaction runs out meanwhile."""
_TYPING = 8.0  # seconds; Discord shows it for ten
LOST = (OSError, aiohttp.ClientError, discord.DiscordServerError, asyncio.TimeoutError)
"""What says that a request, or the answer to it, did not arrive."""

_NO_REPLY = 160002  # Discord's code where the history may not be read, and so not replied to
_INVALID = 50035
# Ways to answer after which the original response is a message that must stay.
_IN_PLACE = frozenset(
    {
        discord.InteractionResponseType.deferred_message_update,
        discord.InteractionResponseType.message_update,
        discord.InteractionResponseType.modal,
    }
)
_ANSWERED = "answered"  # noted of an interaction whose answer must stay, whatever follows
_TAKEN = 40060  # Discord's code for what was acknowledged before


async def persist(send: Callable[[], Awaitable[T]], *, pauses: tuple[float, ...] = _PAUSES) -> T:
    """Send, again where the connection broke or Discord failed.

    ``send`` must do no harm when done twice: an edit, or a message with a nonce. discord.py itself
    tries again after some errors of Discord's, but not after a broken connection.
    """
    for pause in pauses:
        try:
            return await send()
        except LOST as error:
            _log.info("Sending again in %s s: %s", pause, error)
            await asyncio.sleep(pause)
    return await send()


async def reply_to(message: discord.Message, reply: Reply, *, part: int = 0) -> discord.Message:
    """Answer a message. However often it is tried, at most one answer appears.

    The nonce is the message's id and the part: Discord creates no second message for it. Where
    the bot may not read the history, and so not reply, the answer stands by itself.
    """
    reference = message.to_reference(fail_if_not_exists=False)
    nonce = f"{message.id}-{part}"

    async def send() -> discord.Message:
        return await message.channel.send(
            view=layout(reply), reference=reference, mention_author=False, nonce=nonce
        )

    async def send_alone() -> discord.Message:
        return await message.channel.send(view=layout(reply), nonce=nonce)

    try:
        return await persist(send, pauses=LONG_PAUSES)
    except discord.HTTPException as error:
        about_reference = error.code == _INVALID and "message_reference" in error.text
        if error.code != _NO_REPLY and not about_reference:
            raise
    return await persist(send_alone, pauses=LONG_PAUSES)


async def send_to(channel: discord.abc.Messageable, reply: Reply, *, nonce: str) -> discord.Message:
    """Send a message of its own; Discord creates no second one for the same nonce."""
    return await channel.send(view=layout(reply), nonce=nonce)


async def edit(message: discord.Message | discord.PartialMessage, reply: Reply) -> None:
    """Put another reply in the place of one that was sent."""
    nobody = discord.AllowedMentions.none()
    await persist(lambda: message.edit(view=layout(reply), allowed_mentions=nobody))


async def answer(
    interaction: discord.Interaction,
    reply: Reply,
    *,
    attachments: Sequence[tuple[str, bytes]] = (),
) -> discord.InteractionMessage:
    """Give the answer to an interaction that was deferred, with files: names and contents."""

    async def send() -> discord.InteractionMessage:
        # Made anew at each try: sending a file reads it to its end.
        files = [discord.File(BytesIO(content), name) for name, content in attachments]
        return await interaction.edit_original_response(view=layout(reply), attachments=files)

    message = await persist(send)
    interaction.extras[_ANSWERED] = True
    return message


async def follow_up(interaction: discord.Interaction, reply: Reply) -> discord.WebhookMessage:
    """Tell the person behind an interaction more, beside the answer.

    Sent once: where that is lost it is lost, for Discord would show it twice.
    """
    return await interaction.followup.send(view=layout(reply), ephemeral=True, wait=True)


async def acknowledge(interaction: discord.Interaction, *, private: bool) -> None:
    """Tell Discord that an answer follows, within the three seconds that it waits.

    Raises:
        discord.NotFound: it is too late; there is nobody to answer any more.
    """
    await _defer(interaction, ephemeral=private, thinking=True)


async def open_modal(interaction: discord.Interaction, modal: discord.ui.Modal) -> None:
    """Ask for more, within the three seconds that Discord waits."""

    async def send() -> None:
        await interaction.response.send_modal(modal)

    try:
        await persist(send)
    except discord.HTTPException as error:
        if error.code != _TAKEN:
            raise


async def tell(interaction: discord.Interaction, reply: Reply) -> None:
    """Tell something to the person behind an interaction alone, in whatever way is left."""

    async def first() -> None:
        if interaction.response.is_done():
            await answer_or_follow()
        else:
            await interaction.response.send_message(view=layout(reply), ephemeral=True)

    async def answer_or_follow() -> None:
        if interaction.response.type in _IN_PLACE or _ANSWERED in interaction.extras:
            await interaction.followup.send(view=layout(reply), ephemeral=True)
        else:
            await interaction.edit_original_response(view=layout(reply))

    try:
        await persist(first)
    except discord.HTTPException as error:
        if error.code != _TAKEN:
            raise
        await persist(answer_or_follow)


async def acknowledge_press(interaction: discord.Interaction) -> None:
    """Tell Discord that the message of a button is going to be edited. Raises as before."""
    await _defer(interaction, ephemeral=False, thinking=False)


async def _defer(interaction: discord.Interaction, *, ephemeral: bool, thinking: bool) -> None:
    async def defer() -> None:
        if not interaction.response.is_done():
            await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)

    try:
        await persist(defer)
    except discord.HTTPException as error:
        if error.code != _TAKEN:  # an earlier try arrived, though we were not told
            raise


class Typing:
    """Shows that the bot is at work in a channel, while it is, with as few requests as do."""

    def __init__(self) -> None:
        self._working: dict[int, int] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, channel: discord.abc.Messageable, id: int) -> None:
        """Show it from now on."""
        self._working[id] = self._working.get(id, 0) + 1
        if id not in self._tasks:
            self._tasks[id] = asyncio.create_task(_type(channel))

    def end(self, id: int) -> None:
        """One piece of work there is done."""
        self._working[id] -= 1
        if not self._working[id]:
            del self._working[id]
            self._tasks.pop(id).cancel()


async def _type(channel: discord.abc.Messageable) -> None:
    with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
        while True:
            await channel.typing()
            await asyncio.sleep(_TYPING)
