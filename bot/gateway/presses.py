"""What the buttons of answers do. Whoever presses is checked at each press: ids can be guessed."""

import asyncio
import logging
from dataclasses import replace

import discord
from discord import ui

from bot.aging import is_supported
from bot.conversation import asked_of, shared
from bot.gateway import desk, sending
from bot.gateway.asking import answer_privately
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.gateway.revising import Revising
from bot.gateway.rights import may_take_away
from bot.gateway.scopes import audience_of_interaction, scope_of
from bot.gateway.underway import Underway
from bot.history.stored import Posted, quoted
from bot.layout import Press, Reply
from bot.listening import nameless
from bot.lookups import context_reply
from bot.rendering import notice
from bot.surroundings import page_around
from bot.visibility import collections_of
from bot.words import N_, Words
from index.aging import locate
from index.fates import Changed, Fate, Gone, Kept

_log = logging.getLogger(__name__)

GONE = N_("This answer is no longer kept, so its buttons do nothing. Please ask again.")
NOT_NOW = N_("I cannot look that up at the moment; please try again in a minute.")
_LONGEST_EXPECTED = 1000
_TIMEOUT = 900.0  # seconds; the interaction behind a modal lives as long


class AnswerPresses:
    """The buttons of answers, by action."""

    def __init__(self, backend: Backend, underway: Underway) -> None:
        self.underway = underway
        self._backend = backend
        self._revising = Revising(backend)
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
            "private": self.show_privately,
        }

    async def show_context(self, interaction: discord.Interaction, press: Press) -> None:
        """Show the paragraphs around a quote, to whoever pressed."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        try:
            await sending.answer(interaction, await self._context(interaction, posted, press))
        finally:
            await self._revising.show(interaction, posted)

    async def turn_context(self, interaction: discord.Interaction, press: Press) -> None:
        """Turn the pages around a quote."""
        await sending.acknowledge_press(interaction)
        posted = await self._posted(interaction, press)
        await sending.answer(interaction, await self._context(interaction, posted, press))

    async def approve(self, interaction: discord.Interaction, press: Press) -> None:
        """Count a 👍."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        counted = await self._backend.memory.vote(posted.id, interaction.user.id, up=True)
        if not counted:
            raise Refused(NOT_NOW)
        words = self._words(interaction)
        await sending.answer(interaction, notice(words("Thank you, noted: this answer is right.")))

    async def disapprove(self, interaction: discord.Interaction, press: Press) -> None:
        """Ask what was expected. The form comes at once; the vote is checked as any other."""
        await sending.open_modal(interaction, Expected(self, press, self._words(interaction)))
        posted = await self._posted(interaction, press)
        await self._backend.memory.vote(posted.id, interaction.user.id, up=False)

    async def expected(self, interaction: discord.Interaction, press: Press, words: str) -> None:
        """Count a 👎, with what was expected."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        counted = await self._backend.memory.vote(
            posted.id, interaction.user.id, up=False, expected=nameless(words) or None
        )
        if not counted:
            raise Refused(NOT_NOW)
        thanks = self._words(interaction)("Thank you, noted.")
        await sending.answer(interaction, notice(thanks))

    async def share(self, interaction: discord.Interaction, press: Press) -> None:
        """Show all what only the asker saw, once."""
        posted = await self._posted(interaction, press)
        if posted.id in self._sharing or posted.surface == "shared" or not posted.private:
            raise Refused("That is shared already.")
        shown = collections_of(posted.result) | posted.drawn
        if not shown <= audience_of_interaction(interaction, self._backend):
            raise Refused("Not all here may see the documents that it quotes.")
        self._sharing.add(posted.id)  # before anything is waited for
        try:
            await sending.acknowledge(interaction, private=False)
            fates = await self._fates_for_all(interaction, posted)
            turn = await shared(posted, fates, memory=self._backend.memory)
            words = self._backend.tongues.words_for(interaction, private=False)
            message = await sending.answer(interaction, turn.reply(words))
            await self._backend.memory.placed(turn.row, message.id)
            await self._backend.memory.mark_shared(posted)
        finally:
            self._sharing.discard(posted.id)
        await self._revising.edit(interaction, posted, fates, shareable=False)

    async def _fates_for_all(
        self, interaction: discord.Interaction, posted: Posted
    ) -> tuple[Fate, ...]:
        """What became of its quotes, all of which still stand where all here may see it.

        Raises:
            Refused: they do not.
        """
        fates = await self._revising.fates(
            posted, audience_of_interaction(interaction, self._backend)
        )
        if not all(map(is_supported, fates)):
            await self._revising.show(interaction, posted)
            raise Refused("The documents have changed since. Please ask again.")
        return fates

    async def show_privately(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer what all were answered once more, from all that whoever pressed may see."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        asked = replace(asked_of(posted), surface="ask", authors=(*posted.people,))
        await answer_privately(interaction, self._backend, asked)

    async def dismiss(self, interaction: discord.Interaction, press: Press) -> None:
        """Take an answer away."""
        await sending.acknowledge_press(interaction)
        posted = await self._posted(interaction, press)
        if not may_take_away(interaction, posted.asker):
            raise Refused("Only whoever asked, and moderators, can take this answer away.")
        if interaction.message is None or posted.message not in (None, interaction.message.id):
            raise Refused(GONE)
        await sending.persist(interaction.delete_original_response)
        await self._backend.memory.discard(posted.id)

    async def wish(self, interaction: discord.Interaction, press: Press) -> None:
        """Note that somebody wants to be told."""
        await sending.acknowledge(interaction, private=True)
        posted = await self._posted(interaction, press)
        new = await self._backend.memory.wish(posted.id, interaction.user.id)
        if new is None:
            raise Refused(NOT_NOW)
        words = self._words(interaction)
        if not new:
            told = words("You are on the list already.")
        elif posted.private:
            told = words("I will tell you in a direct message when the documents answer this.")
        else:
            told = words("I will tell you here when the documents answer this.")
        await sending.answer(interaction, notice(told))

    async def _posted(self, interaction: discord.Interaction, press: Press) -> Posted:
        """The answer that a button belongs to, if it was shown here, and to this person.

        Raises:
            Refused: it is not kept any more, or was never here.
        """
        posted = await self._backend.memory.posted(press.row)
        if posted is None and not self._backend.memory.available:
            raise Refused(NOT_NOW)
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
        citations = quoted(posted.result)
        which, number = (*press.numbers, 0, 0)[:2]
        if not 0 <= which < len(citations):
            raise Refused(GONE)
        scope = await scope_of(interaction, self._backend)
        fate = (await self._revising.fates(posted, scope))[which]
        cited = citations[which] if isinstance(fate, Kept | Gone) else fate.citation
        document = await self._backend.service.document(
            cited.document, person=interaction.user.id, scope=scope
        )
        if document is None:
            raise Refused("That document is no longer among the documents here.")
        quote = locate(document.text, cited.quote, cited.start)
        if quote is None:
            raise Refused("The document has changed since; it no longer holds this quote.")
        page = await asyncio.to_thread(page_around, document.text, quote, number)
        lines = document.lines(page.span.start, max(page.span.start, page.span.end - 1))
        again = Press("around", posted.id, (which, number))
        words = self._words(interaction)
        note = words("The document has changed since; this is what it says now.")
        note = note if isinstance(fate, Changed) else ""
        return context_reply(cited, page, lines, again, words=words, note=note)

    def _words(self, interaction: discord.Interaction) -> Words:
        return self._backend.tongues.words_of(interaction)


class Expected(ui.Modal):
    """Asks what somebody expected instead of an answer."""

    def __init__(self, presses: AnswerPresses, press: Press, words: Words) -> None:
        super().__init__(title=words("What did you expect?"), timeout=_TIMEOUT)
        self._presses = presses
        self._press = press
        self._said = words
        self._words: ui.TextInput[Expected] = ui.TextInput(
            style=discord.TextStyle.paragraph, required=False, max_length=_LONGEST_EXPECTED
        )
        self.add_item(
            ui.Label(
                text=words("The right answer, or where it stands"),
                description=words("Left empty, it only counts that this answer is wrong."),
                component=self._words,
            )
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep what was typed."""
        with self._presses.underway.work(interaction.id):
            await self._presses.expected(interaction, self._press, self._words.value.strip())

    async def on_error(  # type: ignore[override]  # as discord.py's own Modal narrows it
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person what went wrong."""
        await desk.report(interaction, error, self._said)
