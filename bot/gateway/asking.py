"""Asking by command: ``/ask`` and "Answer this"."""

import discord
from discord import app_commands

from bot.conversation import Asked, take_turn
from bot.gateway import sending
from bot.gateway.autocompleting import suggest_documents, suggest_questions
from bot.gateway.backend import Backend
from bot.gateway.desk import Refused
from bot.gateway.places import channel_of, has_others
from bot.listening import addressed
from bot.rendering import notice

WAITING = "⏳ I am still reading the documents. Your answer will appear here."

Tree = app_commands.CommandTree[discord.AutoShardedClient]


def add_asking(tree: Tree, backend: Backend) -> None:
    """Add the commands that ask."""

    @tree.command(name="ask", description="Ask the documents; the answer comes with its quotes")
    @app_commands.describe(
        question="What you want to know, such as: how often does the group meet?",
        private="Only you see the answer",
        document="Ask this document alone",
    )
    async def ask(
        interaction: discord.Interaction,
        question: str,
        private: bool = False,
        document: str | None = None,
    ) -> None:
        await sending.acknowledge(interaction, private=private)
        await answer(interaction, backend, question, private=private, document=document)

    @ask.autocomplete("document")
    async def documents(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return suggest_documents(backend, typed, interaction.guild_id, headings=False)

    @ask.autocomplete("question")
    async def questions(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return await suggest_questions(backend, typed, interaction)

    @tree.context_menu(name="Answer this")
    async def answer_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await sending.acknowledge(interaction, private=True)
        bot = interaction.client.user
        question = addressed(message.content, bot.id) if bot else message.content
        if not question:
            raise Refused("There are no words in that message that I could answer.")
        await answer(interaction, backend, question, private=True, by_menu=True)


async def answer(
    interaction: discord.Interaction,
    backend: Backend,
    question: str,
    *,
    private: bool,
    document: str | None = None,
    by_menu: bool = False,
) -> None:
    """Answer an interaction that was acknowledged."""
    await until_ready(interaction, backend)
    guild, person = interaction.guild_id, interaction.user.id
    asked = Asked(
        question=question,
        person=person,
        guild=guild,
        channel=channel_of(interaction),
        surface="menu" if by_menu else "ask",
        document=await _resolved(backend, document, person=person, guild=guild),
        private=private,
        shareable=private and has_others(interaction),
    )
    turn = await take_turn(asked, service=backend.service, memory=backend.memory)
    message = await sending.answer(interaction, turn.reply)
    await backend.memory.placed(turn.row, message.id)


async def until_ready(interaction: discord.Interaction, backend: Backend) -> None:
    """Wait until there is an index to answer from, and say so where that takes a while.

    Raises:
        Refused: it takes longer than an interaction can be answered for.
    """
    if await backend.service.until_ready(backend.grace):
        return
    await sending.answer(interaction, notice(WAITING))
    if not await backend.service.until_ready(backend.token_life - backend.grace):
        raise Refused("I am still reading the documents; please ask again later.")


async def _resolved(
    backend: Backend, reference: str | None, *, person: int, guild: int | None
) -> str | None:
    """The id of the document that was chosen or typed."""
    if reference is None:
        return None
    catalog = await backend.service.fresh_catalog(person=person)
    found = catalog.resolve(reference, guild)
    if found is None:
        raise Refused(f"There is no document {reference} here. /documents lists what there is.")
    return found[0].id
