"""Looking up by command: passages, documents, their text, and how the bot is."""

import asyncio
import time

import discord
from discord import app_commands

from bot.excerpt import excerpt, parse_lines
from bot.gateway import sending
from bot.gateway.asking import Tree, until_ready
from bot.gateway.autocompleting import suggest_documents
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.gateway.scopes import scope_of
from bot.layout import Press, Reply
from bot.listening import plain_question
from bot.lookups import (
    Status,
    documents_reply,
    help_reply,
    hits_reply,
    lines_reply,
    status_reply,
)
from bot.words import N_, Words
from index.errors import UnknownDocument

OUTDATED = N_(
    "The documents could not be brought up to date; whoever runs me finds why in the log."
)
STALE = N_("This list is no longer kept; please use the command again.")


def add_lookups(tree: Tree, backend: Backend) -> dict[str, Handler]:
    """Add the commands that look up; returns the handlers of their buttons, by action."""
    found = Lookups(backend)

    @tree.command(name="search", description="Find passages in the documents")
    @app_commands.describe(query="What to look for")
    async def search(interaction: discord.Interaction, query: str) -> None:
        await _begin(interaction, backend)
        row = await _file(backend, interaction, "hits", {"query": query})
        await sending.answer(interaction, await found.hits(interaction, query, 0, row))

    @tree.command(name="documents", description="List the documents")
    async def documents(interaction: discord.Interaction) -> None:
        await _begin(interaction, backend)
        await sending.answer(interaction, await found.documents(interaction, 0))

    @tree.command(name="show", description="Show a document's text")
    @app_commands.describe(document="Which document", lines="Which lines, such as 3-5")
    async def show(
        interaction: discord.Interaction, document: str, lines: str | None = None
    ) -> None:
        await _begin(interaction, backend)
        id, span = await found.wanted(interaction, document, lines)
        row = await _file(backend, interaction, "lines", {"document": id, "lines": span})
        await sending.answer(interaction, await found.lines(interaction, id, span, 0, row))

    @show.autocomplete("document")
    async def suggested(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return await suggest_documents(backend, typed, interaction, headings=True)

    @tree.command(name="status", description="Show how I am")
    async def status(interaction: discord.Interaction) -> None:
        await sending.acknowledge(interaction, private=True)
        words = backend.tongues.words_of(interaction)
        status = await status_of(interaction, backend, words)
        await sending.answer(interaction, status_reply(status, words=words))

    @tree.command(name="help", description="Show how to ask, and all commands")
    async def help_(interaction: discord.Interaction) -> None:
        await sending.acknowledge(interaction, private=True)
        bot = interaction.client.user
        mention = bot.mention if bot else "@Footnote"
        words = backend.tongues.words_of(interaction)
        reply = help_reply(mention, command_list(tree, words), words=words)
        await sending.answer(interaction, reply)

    return {"hits": found.turn_hits, "documents": found.turn_documents, "lines": found.turn_lines}


class Lookups:
    """Pages of what was looked up."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def hits(
        self, interaction: discord.Interaction, query: str, page: int, row: str
    ) -> Reply:
        """One page of passages."""
        scope = await scope_of(interaction, self._backend)
        hits = await self._backend.service.search(
            plain_question(query), person=interaction.user.id, scope=scope
        )
        words = self._backend.tongues.words_of(interaction)
        return hits_reply(query, hits, page, row=row, words=words)

    async def documents(self, interaction: discord.Interaction, page: int) -> Reply:
        """One page of documents."""
        catalog = await self._backend.service.fresh_catalog(person=interaction.user.id)
        scope = await scope_of(interaction, self._backend)
        words = self._backend.tongues.words_of(interaction)
        return documents_reply(catalog.visible_entries(scope), page, words=words)

    async def wanted(
        self, interaction: discord.Interaction, reference: str, lines: str | None
    ) -> tuple[str, tuple[int, int] | None]:
        """The document and the lines that somebody typed or chose.

        Raises:
            UnknownDocument, NoLines: there is no such document, or that is no range of lines.
        """
        catalog = await self._backend.service.fresh_catalog(person=interaction.user.id)
        found = catalog.resolve(reference, await scope_of(interaction, self._backend))
        if found is None:
            raise UnknownDocument
        entry, line = found
        if lines is None:
            return entry.id, (line, 10**9) if line else None
        return entry.id, parse_lines(lines)

    async def lines(
        self,
        interaction: discord.Interaction,
        id: str,
        span: tuple[int, int] | None,
        page: int,
        row: str,
    ) -> Reply:
        """One page of a document's lines."""
        document = await self._backend.service.document(
            id, person=interaction.user.id, scope=await scope_of(interaction, self._backend)
        )
        if document is None:
            raise UnknownDocument
        # A long document's lines take a while to count and escape.
        words = self._backend.tongues.words_of(interaction)
        return await asyncio.to_thread(
            lambda: lines_reply(excerpt(document, span, words=words), page, row=row, words=words)
        )

    async def turn_hits(self, interaction: discord.Interaction, press: Press) -> None:
        """Turn the pages of a search."""
        await sending.acknowledge_press(interaction)
        kept = await self._kept(interaction, press, "hits")
        query = str(kept["query"])
        reply = await self.hits(interaction, query, _page(press), press.row)
        await sending.answer(interaction, reply)

    async def turn_documents(self, interaction: discord.Interaction, press: Press) -> None:
        """Turn the pages of the list of documents."""
        await sending.acknowledge_press(interaction)
        await sending.answer(interaction, await self.documents(interaction, _page(press)))

    async def turn_lines(self, interaction: discord.Interaction, press: Press) -> None:
        """Turn the pages of a document's text."""
        await sending.acknowledge_press(interaction)
        kept = await self._kept(interaction, press, "lines")
        lines = kept["lines"]
        span = (int(lines[0]), int(lines[1])) if isinstance(lines, list | tuple) else None
        reply = await self.lines(interaction, str(kept["document"]), span, _page(press), press.row)
        await sending.answer(interaction, reply)

    async def _kept(
        self, interaction: discord.Interaction, press: Press, kind: str
    ) -> "dict[str, object]":
        """What a list was made of, if it was made here for this person."""
        request = await self._backend.memory.request(press.row)
        asked = (kind, interaction.guild_id, interaction.channel_id, interaction.user.id)
        if request is None or (
            (request.kind, request.guild, request.channel, request.person) != asked
        ):
            raise Refused(STALE)
        return dict(request.argument)


async def status_of(interaction: discord.Interaction, backend: Backend, words: Words) -> Status:
    """How the bot is, as far as may be told there."""
    service = backend.service
    entries = service.catalog.visible_entries(await scope_of(interaction, backend))
    client = interaction.client
    shard = interaction.guild.shard_id if interaction.guild else 0
    return Status(
        generation=service.generation,
        documents=len(entries),
        passages=sum(one.passages for one in entries),
        model=await asyncio.to_thread(lambda: service.model),
        median=service.latencies.quantile(0.5),
        slowest=service.latencies.quantile(0.99),
        uptime=time.monotonic() - backend.began,
        shard=words("{number} of {count}", number=shard + 1, count=client.shard_count or 1),
        trouble=words(OUTDATED) if service.trouble else None,
        held=await service.held() is not None,
    )


def command_list(tree: Tree, words: Words) -> list[tuple[str, str]]:
    """Each command as it is typed or found, and what it does."""
    listed = [
        (f"`/{_typed(command.qualified_name, words)}`", words(command.description))
        for command in tree.walk_commands()
        if isinstance(command, app_commands.Command)
    ]
    menus = tree.get_commands(type=discord.AppCommandType.message)
    where = words("in the menu of a message, under Apps")
    return [*listed, *((f"**{words.name(menu.name)}**", where) for menu in menus)]


def _typed(name: str, words: Words) -> str:
    """A command's name, and its group's, as Discord shows them in a language."""
    return " ".join(map(words.name, name.split()))


async def _begin(interaction: discord.Interaction, backend: Backend) -> None:
    await sending.acknowledge(interaction, private=True)
    await until_ready(interaction, backend)


async def _file(
    backend: Backend, interaction: discord.Interaction, kind: str, argument: dict[str, object]
) -> str:
    return await backend.memory.file(
        kind,
        argument,
        guild=interaction.guild_id,
        channel=interaction.channel_id,
        person=interaction.user.id,
    )


def _page(press: Press) -> int:
    return press.numbers[0] if press.numbers else 0
