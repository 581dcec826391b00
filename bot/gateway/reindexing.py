"""Re-indexing by command, and the commands that change which documents there are."""

import asyncio
import logging
import time
from contextlib import suppress

import discord
from discord import app_commands, ui

from bot.corpus import Progress
from bot.gateway import desk, sending
from bot.gateway.asking import Tree, until_ready
from bot.gateway.autocompleting import Choice, suggest_own_documents
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.gateway.layouts import layout
from bot.gateway.lookups import STALE
from bot.gateway.rights import may_manage, runs_the_bot, server_of
from bot.gateway.scopes import audience_of_interaction, scope_of
from bot.gateway.underway import Underway
from bot.layout import Press, Reply
from bot.pace import Pace
from bot.quoting import path_markup
from bot.reindexing import (
    cancelled_reply,
    changes_reply,
    elsewhere_reply,
    failure_reply,
    progress_reply,
    removal_reply,
    report_reply,
)
from bot.uploads import server_folder
from bot.words import Words
from index.errors import IndexHeld, UnknownDocument

_PACE = 2.5  # seconds between two edits of a progress bar
_MODAL = 900.0

_log = logging.getLogger(__name__)


def add_reindexing(tree: Tree, backend: Backend, underway: Underway) -> dict[str, Handler]:
    """Add the commands that change the index; returns their buttons' handlers, by action."""
    found = Reindexing(backend)
    only_managers = app_commands.default_permissions(manage_guild=True)
    in_servers = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    by_members = app_commands.allowed_installs(guilds=True, users=False)

    @tree.command(name="reindex", description="Bring the index up to date with the documents")
    @only_managers
    @in_servers
    @by_members
    async def reindex(interaction: discord.Interaction) -> None:
        await found.preview(interaction)

    @tree.command(name="upload", description="Add a document, for this server alone")
    @app_commands.describe(file="The document; without one, you are asked for it")
    @only_managers
    @in_servers
    @by_members
    async def upload(
        interaction: discord.Interaction, file: discord.Attachment | None = None
    ) -> None:
        server_of(interaction)
        if file is None:
            await sending.open_modal(
                interaction, UploadForm(found, underway, backend.tongues.words_of(interaction))
            )
            return
        await found.upload(interaction, file)

    @tree.command(name="remove", description="Remove a document that was uploaded in this server")
    @app_commands.describe(document="Which document")
    @only_managers
    @in_servers
    @by_members
    async def remove(interaction: discord.Interaction, document: str) -> None:
        await found.ask_to_remove(interaction, document)

    @remove.autocomplete("document")
    async def suggested(interaction: discord.Interaction, typed: str) -> list[Choice]:
        guild = interaction.guild_id if may_manage(interaction) else None
        return suggest_own_documents(backend, typed, guild)

    return {"reindex": found.confirm, "cancel": found.cancel, "remove": found.remove}


class Reindexing:
    """The steps of changing the index."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def preview(self, interaction: discord.Interaction) -> None:
        """Tell what re-indexing would do."""
        server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        await until_ready(interaction, self._backend)
        changes = await self._backend.service.pending(person=interaction.user.id)
        scope = await scope_of(interaction, self._backend)
        held = await self._backend.service.held()
        if held is not None and not runs_the_bot(interaction):
            raise IndexHeld
        words = self._words(interaction)
        await sending.answer(
            interaction, changes_reply(changes, scope, held=held is not None, words=words)
        )

    async def confirm(self, interaction: discord.Interaction, press: Press) -> None:
        """Re-index, showing how far it is."""
        server_of(interaction)
        await sending.acknowledge_press(interaction)
        await self._index(interaction, release=runs_the_bot(interaction))

    async def cancel(self, interaction: discord.Interaction, press: Press) -> None:
        """Do nothing after all."""
        await sending.acknowledge_press(interaction)
        kept = await self._backend.memory.request(press.row)
        if kept is not None and kept.person == interaction.user.id:
            await self._backend.memory.withdraw(press.row)
        await sending.answer(interaction, cancelled_reply(words=self._words(interaction)))

    async def upload(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Store a file for this server alone, and index it."""
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        limit = min(interaction.filesize_limit, 100 * 1024**2)
        if file.size > limit:
            raise Refused(
                "That file is too large; {limit} MB is the most here.", limit=limit // 1024**2
            )
        content = await sending.persist(file.read)
        uploads = self._backend.uploads
        stored = await asyncio.to_thread(uploads.store, guild, file.filename, content)
        words, path = self._words(interaction), path_markup(stored.document)
        if stored.replaced:
            first = words("**Replaced** {document}.", document=path)
        else:
            first = words("**Added** {document}.", document=path)
        alone = words("It is answered in this server alone.")
        await self._index(interaction, first=f"{first} {alone}")

    async def ask_to_remove(self, interaction: discord.Interaction, reference: str) -> None:
        """Ask whether a document is really to be removed."""
        guild = server_of(interaction)
        await sending.acknowledge(interaction, private=True)
        catalog = await self._backend.service.fresh_catalog(person=interaction.user.id)
        own = catalog.resolve(reference, frozenset({server_folder(guild)}))
        found = own or catalog.resolve(reference, await scope_of(interaction, self._backend))
        if found is None:
            raise UnknownDocument
        entry = found[0]
        if not self._backend.uploads.owned(guild, entry.id):
            raise Refused("Only documents that were uploaded in this server can be removed here.")
        row = await self._backend.memory.file(
            "remove",
            {"document": entry.id},
            guild=guild,
            channel=interaction.channel_id,
            person=interaction.user.id,
        )
        if not row:
            raise Refused("That cannot be confirmed at the moment; please try again later.")
        await sending.answer(
            interaction, removal_reply(entry.id, entry.title, row, words=self._words(interaction))
        )

    async def remove(self, interaction: discord.Interaction, press: Press) -> None:
        """Remove a document, as was confirmed, and index what is left."""
        guild = server_of(interaction)
        await sending.acknowledge_press(interaction)
        kept = await self._backend.memory.request(press.row)
        asked = ("remove", guild, interaction.user.id)
        if kept is None or (kept.kind, kept.guild, kept.person) != asked:
            raise Refused(STALE)
        if await self._backend.memory.withdraw(press.row) is None:
            raise Refused("That is being removed already.")
        document = str(kept.argument["document"])
        await asyncio.to_thread(self._backend.uploads.remove, guild, document)
        words = self._words(interaction)
        first = words("**Removed** {document}.", document=path_markup(document))
        await self._index(interaction, first=first)

    async def _index(
        self, interaction: discord.Interaction, *, first: str = "", release: bool = False
    ) -> None:
        """Index, with a progress bar; past the token's life the result goes to the channel."""
        words = self._words(interaction)
        note = ProgressNote(interaction, words, life=self._backend.token_life)
        try:
            report = await self._backend.service.refresh(note.tell, release=release)
        except Exception as error:
            why = desk.explain(error, words)
            reply = failure_reply(why, first=first, words=words)
            await note.finish(reply, for_all=reply)
            return
        scope = await scope_of(interaction, self._backend)
        everyones = audience_of_interaction(interaction, self._backend)
        await note.finish(
            report_reply(report, scope, first=first, words=words),
            for_all=report_reply(report, everyones, first=first, words=words),
        )

    def _words(self, interaction: discord.Interaction) -> Words:
        return self._backend.tongues.words_of(interaction)


class ProgressNote:
    """A progress bar by edits, paced so that Discord need not slow us down, and then the result."""

    def __init__(self, interaction: discord.Interaction, words: Words, *, life: float) -> None:
        """``life`` is how many seconds the interaction can be answered for."""
        self._interaction = interaction
        self._words = words
        self._until = time.monotonic() + life
        self._latest: Progress | None = None
        self._pace = Pace(time.monotonic)
        self._done = asyncio.Event()
        self._task = asyncio.create_task(self._show())

    def tell(self, progress: Progress) -> None:
        """Note how far it is."""
        self._latest = progress
        self._pace.note(progress)

    async def finish(self, reply: Reply, *, for_all: Reply) -> None:
        """Give the result: in place, or in the channel where the interaction's time is over.

        There all can read it, so that it is ``for_all``.

        The edit under way is waited for, or it might come after the result, and stay.
        """
        self._done.set()
        await asyncio.wait({self._task}, timeout=_PACE * 4)
        self._task.cancel()
        interaction = self._interaction
        channel = interaction.channel
        if time.monotonic() < self._until or not isinstance(channel, discord.abc.Messageable):
            await sending.answer(interaction, reply)
            return
        nonce = str(interaction.id)
        await sending.persist(lambda: channel.send(view=layout(for_all), nonce=nonce))
        with suppress(discord.HTTPException, *sending.LOST):  # the last minute of the interaction
            await interaction.edit_original_response(
                view=layout(elsewhere_reply(words=self._words))
            )

    async def _show(self) -> None:
        shown: Reply | None = None
        while not self._done.is_set() and time.monotonic() < self._until:
            reply = progress_reply(self._latest, left=self._pace.left, words=self._words)
            if reply != shown:
                try:
                    await self._interaction.edit_original_response(view=layout(reply))
                except (discord.HTTPException, *sending.LOST) as error:
                    _log.info("Progress could not be shown: %s", error)
                shown = reply
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._done.wait(), _PACE)


class UploadForm(ui.Modal):
    """Asks for a document."""

    def __init__(self, found: Reindexing, underway: Underway, words: Words) -> None:
        super().__init__(title=words("Add a document"), timeout=_MODAL)
        self._said = words
        self._found = found
        self._underway = underway
        self._file: ui.FileUpload[UploadForm] = ui.FileUpload(required=True, max_values=1)
        self.add_item(
            ui.Label(
                text=words("The document"),
                description=words("It is stored and answered for this server alone."),
                component=self._file,
            )
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Store what was given."""
        with self._underway.work(interaction.id):
            await self._found.upload(interaction, self._file.values[0])

    async def on_error(  # type: ignore[override]  # as discord.py's own Modal narrows it
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        """Tell the person what went wrong."""
        await desk.report(interaction, error, self._said)
