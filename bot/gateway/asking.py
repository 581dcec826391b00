"""Asking by command: ``/ask`` and "Answer this"."""

from dataclasses import replace

import discord
from discord import app_commands

from bot.conversation import Asked, find, keep
from bot.gateway import sending
from bot.gateway.autocompleting import suggest_documents, suggest_questions
from bot.gateway.backend import Backend
from bot.gateway.desk import Refused
from bot.gateway.places import channel_of, has_others
from bot.gateway.scopes import audience_of_interaction, scope_of
from bot.listening import addressed
from bot.rendering import notice
from bot.visibility import Scope, collection_of, collections_of
from bot.words import N_
from index.records import Answer

WAITING = N_("⏳ I am still reading the documents. Your answer will appear here.")

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
        private = private or _is_confidential(interaction, backend, document)
        await sending.acknowledge(interaction, private=private)
        await answer(interaction, backend, question, private=private, document=document)

    @ask.autocomplete("document")
    async def documents(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return await suggest_documents(backend, typed, interaction, headings=False)

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
    """Answer an interaction that was acknowledged, from what all who see the answer may see.

    Where the asker may see more, and that answers, they get that for themselves alone.
    """
    await until_ready(interaction, backend)
    own = await scope_of(interaction, backend)
    others = has_others(interaction)
    scope = audience_of_interaction(interaction, backend) if others and not private else own
    asked = Asked(
        question=question,
        person=interaction.user.id,
        guild=interaction.guild_id,
        channel=channel_of(interaction),
        surface="menu" if by_menu else "ask",
        document=await _resolved(backend, document, person=interaction.user.id, scope=scope),
        private=private,
        shareable=private and others,
    )
    await _give(interaction, backend, asked, scope)
    if not own <= scope:
        await _add_privately(interaction, backend, asked, all_see=scope, own=own)


async def answer_privately(
    interaction: discord.Interaction, backend: Backend, asked: Asked
) -> None:
    """Answer for the person behind an interaction alone, which was acknowledged so."""
    asked = replace(asked, person=interaction.user.id, private=True, shareable=True)
    await _give(interaction, backend, asked, await scope_of(interaction, backend))


async def _give(
    interaction: discord.Interaction, backend: Backend, asked: Asked, scope: Scope
) -> None:
    """Show what the documents in ``scope`` say; to be shared only where all there may see it."""
    result = await find(asked, scope, service=backend.service, memory=backend.memory)
    all_see = audience_of_interaction(interaction, backend)
    may_share = asked.shareable and collections_of(result) <= all_see
    turn = await keep(replace(asked, shareable=may_share), result, backend.memory)
    words = backend.tongues.words_for(interaction, private=asked.private)
    message = await sending.answer(interaction, turn.reply(words))
    await backend.memory.placed(turn.row, message.id)


async def _add_privately(
    interaction: discord.Interaction, backend: Backend, asked: Asked, *, all_see: Scope, own: Scope
) -> None:
    """Beside the answer that all see, one from what only the asker may see, if there is one.

    Only an answer to be shown: that there is none tells nobody anything.
    """
    asked = replace(asked, private=True)
    result = await find(asked, own, service=backend.service, memory=backend.memory)
    if not isinstance(result, Answer) or collection_of(result.citations[0].document) in all_see:
        return
    turn = await keep(asked, result, backend.memory)
    words = backend.tongues.words_of(interaction)
    message = await sending.follow_up(interaction, turn.reply(words))
    await backend.memory.placed(turn.row, message.id)


def _is_confidential(
    interaction: discord.Interaction, backend: Backend, document: str | None
) -> bool:
    """Whether a document was named that not all there may see.

    Decided before anything is said: from then on it is fixed who sees the answer.
    """
    if document is None or not has_others(interaction):
        return False
    all_see = audience_of_interaction(interaction, backend)
    return backend.service.catalog.resolve(document, all_see) is None


async def until_ready(interaction: discord.Interaction, backend: Backend) -> None:
    """Wait until there is an index to answer from, and say so where that takes a while.

    Raises:
        Refused: it takes longer than an interaction can be answered for.
    """
    if await backend.service.until_ready(backend.grace):
        return
    await sending.answer(interaction, notice(backend.tongues.words_of(interaction)(WAITING)))
    if not await backend.service.until_ready(backend.token_life - backend.grace):
        raise Refused("I am still reading the documents; please ask again later.")


async def _resolved(
    backend: Backend, reference: str | None, *, person: int, scope: Scope
) -> str | None:
    """The id of the document that was chosen or typed."""
    if reference is None:
        return None
    catalog = await backend.service.fresh_catalog(person=person)
    found = catalog.resolve(reference, scope)
    if found is None:
        raise Refused(
            "There is no document {reference} here. /documents lists what there is.",
            reference=reference,
        )
    return found[0].id
