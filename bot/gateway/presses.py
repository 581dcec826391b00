"""What the buttons of answers do. Whoever presses is checked at each press: ids can be guessed."""

import discord
from discord import ui

from bot.conversation import shared, unshared
from bot.gateway import desk, sending
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.gateway.layouts import layout
from bot.gateway.rights import may_take_away
from bot.history.stored import Posted
from bot.layout import Press, Reply
from bot.lookups import context_reply
from bot.rendering import notice
from bot.surroundings import locate, page_around
from index.records import Answer

GONE = "This answer is no longer kept, so its buttons do nothing. Please ask again."
_LONGEST_EXPECTED = 1000
_TIMEOUT = 900.0  # seconds; the interaction behind a modal lives as long


class AnswerPresses:
    """The buttons of answers, by action."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._sharing: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        """Each action's handler."""
        return {
            "context": self.show_context,
            "around": self.turn_context,
            "good": self.approve,
            "bad": self.disapprove,
            "share": self.share,
            "dismiss": self.dismiss,
            "wish": self.wish,
        }

    async def show_context(self, interaction: discord.Interaction, press: Press) -> None:
        """Show the paragraphs around a quote, to whoever pressed."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        await sending.answer(interaction, await self._context(interaction, posted, press))

    async def turn_context(self, interaction: discord.Interaction, press: Press) -> None:
        """Turn the pages around a quote."""
        await sending.acknowledge_press(interaction)
        posted = await self._posted(interaction, press)
        await sending.answer(interaction, await self._context(interaction, posted, press))

    async def approve(self, interaction: discord.Interaction, press: Press) -> None:
        """Count a 👍."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        await self._backend.memory.vote(posted.id, interaction.user.id, up=True)
        await sending.answer(interaction, notice("Thank you, noted: this answer is right."))

    async def disapprove(self, interaction: discord.Interaction, press: Press) -> None:
        """Count a 👎, and ask what was expected."""
        posted = await self._posted(interaction, press)
        await interaction.response.send_modal(Expected(self._backend, posted.id))
        await self._backend.memory.vote(posted.id, interaction.user.id, up=False)

    async def share(self, interaction: discord.Interaction, press: Press) -> None:
        """Show all what only the asker saw, once."""
        posted = await self._posted(interaction, press)
        if posted.id in self._sharing:
            raise Refused("That is shared already.")
        self._sharing.add(posted.id)
        await interaction.response.edit_message(view=layout(unshared(posted)))
        turn = await shared(posted, memory=self._backend.memory)
        message = await interaction.followup.send(view=layout(turn.reply), wait=True)
        await self._backend.memory.placed(turn.row, message.id)

    async def dismiss(self, interaction: discord.Interaction, press: Press) -> None:
        """Take an answer away."""
        posted = await self._posted(interaction, press)
        if not may_take_away(interaction, posted.asker):
            raise Refused("Only whoever asked, and moderators, can take this answer away.")
        await sending.acknowledge_press(interaction)
        await interaction.delete_original_response()

    async def wish(self, interaction: discord.Interaction, press: Press) -> None:
        """Note that somebody wants to be told."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        new = await self._backend.memory.wish(posted.id, interaction.user.id)
        told = "I will tell you here when the documents answer this."
        await sending.answer(interaction, notice(told if new else "You are on the list already."))

    async def _posted(self, interaction: discord.Interaction, press: Press) -> Posted:
        """The answer that a button belongs to, if it was shown here, and to this person.

        Raises:
            Refused: it is not kept any more, or was never here.
        """
        posted = await self._backend.memory.posted(press.row)
        here = posted is not None and (posted.guild, posted.channel) == (
            interaction.guild_id,
            interaction.channel_id,
        )
        if posted is None or not here:
            raise Refused(GONE)
        if posted.private and posted.asker != interaction.user.id:
            raise Refused(GONE)
        return posted

    async def _context(
        self, interaction: discord.Interaction, posted: Posted, press: Press
    ) -> Reply:
        citations = (
            posted.result.citations if isinstance(posted.result, Answer) else posted.result.nearest
        )
        which, number = (*press.numbers, 0, 0)[:2]
        if not 0 <= which < len(citations):
            raise Refused(GONE)
        cited = citations[which]
        document = await self._backend.service.document(
            cited.document, person=interaction.user.id, guild=interaction.guild_id
        )
        if document is None:
            raise Refused("That document is no longer among the documents here.")
        quote = locate(document.text, cited.quote, cited.start)
        if quote is None:
            raise Refused("The document has changed since; it no longer holds this quote.")
        page = page_around(document.text, quote, number)
        lines = document.lines(page.span.start, max(page.span.start, page.span.end - 1))
        return context_reply(cited, page, lines, Press("around", posted.id, (which, number)))


class Expected(ui.Modal):
    """Asks what somebody expected instead of an answer."""

    def __init__(self, backend: Backend, row: str) -> None:
        super().__init__(title="What did you expect?", timeout=_TIMEOUT)
        self._backend = backend
        self._row = row
        self._words: ui.TextInput[Expected] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=_LONGEST_EXPECTED
        )
        self.add_item(
            ui.Label(
                text="The right answer, or where it stands",
                description="Left empty, it only counts that this answer is wrong.",
                component=self._words,
            )
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep what was typed."""
        await sending.acknowledge(interaction, private=True)
        expected = self._words.value.strip() or None
        person = interaction.user.id
        await self._backend.memory.vote(self._row, person, up=False, expected=expected)
        await sending.answer(interaction, notice("Thank you, noted."))

    async def on_error(  # type: ignore[override]  # as discord.py's own Modal narrows it
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person what went wrong."""
        await desk.report(interaction, error)
