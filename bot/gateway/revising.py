"""An answer that only its asker sees is brought up to date when they press a button of it.

There is no other way to edit such a message later; what all see is edited without a press.
"""

import logging

import discord

from bot.conversation import shown_again
from bot.gateway import sending
from bot.gateway.backend import Backend
from bot.gateway.layouts import layout
from bot.gateway.places import has_others
from bot.gateway.scopes import audience_of_interaction, scope_of
from bot.history.stored import Posted, quoted
from bot.visibility import Scope, collections_of
from bot.worker import ServiceError
from index.errors import CorpusError
from index.fates import KEPT, Fate

_log = logging.getLogger(__name__)


class Revising:
    """Judges the quotes of an answer at a press, and shows the pressed message anew."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def fates(self, posted: Posted, scope: Scope) -> tuple[Fate, ...]:
        """What became of its quotes, as the documents in ``scope`` tell."""
        judged = await self._backend.service.judge(
            quoted(posted.result), scope=scope, given=posted.created
        )
        return tuple(one.fate for one in judged)

    async def show(self, interaction: discord.Interaction, posted: Posted) -> None:
        """Let a message that only its asker sees show what became of its quotes, if anything.

        Nothing is said again, not even struck through, of what they may not see any more.
        """
        if not posted.private:
            return
        try:
            scope = await scope_of(interaction, self._backend)
            if not collections_of(posted.result) | posted.drawn <= scope:
                return
            fates = await self.fates(posted, scope)
        except (CorpusError, ServiceError) as error:
            _log.info("What became of an answer could not be shown: %s", error)
            return
        if any(fate != KEPT for fate in fates):
            all_see = audience_of_interaction(interaction, self._backend)
            shareable = has_others(interaction) and posted.surface != "shared"
            seen = collections_of(posted.result) | posted.drawn
            shareable = shareable and seen <= all_see
            await self.edit(interaction, posted, fates, shareable=shareable)

    async def edit(
        self,
        interaction: discord.Interaction,
        posted: Posted,
        fates: tuple[Fate, ...],
        *,
        shareable: bool,
    ) -> None:
        """Show once more what only its asker sees, with the buttons that do something still."""
        if interaction.message is None:
            return
        reply = shown_again(
            posted,
            fates,
            self._backend.tongues.words_of(interaction),
            shareable=shareable,
            lasting=self._backend.memory.keeps(posted.guild),
        )
        try:
            await interaction.followup.edit_message(interaction.message.id, view=layout(reply))
        except (discord.HTTPException, *sending.LOST) as error:
            _log.info("An answer that only its asker sees stayed as it was: %s", error)
