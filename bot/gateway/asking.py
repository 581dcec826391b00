"""Asking by command: ``/ask`` and "Answer this"."""

import logging
from dataclasses import replace

import discord
from discord import app_commands

from bot.conversation import Asked, Found, ScopeNow, find, keep
from bot.gateway import sending
from bot.gateway.autocompleting import suggest_documents, suggest_questions
from bot.gateway.backend import Backend
from bot.gateway.desk import Refused
from bot.gateway.places import channel_of, has_others
from bot.gateway.scopes import Scopes, audience_of_interaction
from bot.listening import addressed
from bot.rendering import notice
from bot.visibility import Scope, collection_of
from bot.words import N_
from index.records import Answer

WAITING = N_("⏳ I am still reading the documents. Your answer will appear here.")

_log = logging.getLogger(__name__)

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
        await answer(interaction, backend, question, private=True, author=message.author.id)


async def answer(
    interaction: discord.Interaction,
    backend: Backend,
    question: str,
    *,
    private: bool,
    document: str | None = None,
    author: int | None = None,
) -> None:
    """Answer an interaction that was acknowledged, from what all who see the answer may see.

    Where the asker may see more, and that answers, they get that for themselves alone. ``author``
    is who wrote the message that is answered, if it is one.
    """
    await until_ready(interaction, backend)
    others = has_others(interaction)
    now = Scopes(interaction, backend)
    scope = now.everyones if others and not private else now.own
    channel = channel_of(interaction)
    before = None
    if author is None:
        before = backend.turns.last(channel, interaction.user.id, private=private)
    asked = Asked(
        question=question,
        person=interaction.user.id,
        guild=interaction.guild_id,
        channel=channel,
        surface="ask" if author is None else "menu",
        document=await _resolved(
            backend, document, person=interaction.user.id, scope=await scope()
        ),
        private=private,
        shareable=private and others,
        before=before,
        authors=() if author is None else (author,),
    )
    await _give(interaction, backend, asked, scope)
    if others and not private:
        await _add_privately(interaction, backend, asked, now)


async def answer_privately(
    interaction: discord.Interaction, backend: Backend, asked: Asked
) -> None:
    """Answer for the person behind an interaction alone, which was acknowledged so."""
    asked = replace(asked, person=interaction.user.id, private=True, shareable=True)
    await _give(interaction, backend, asked, Scopes(interaction, backend).own)


async def _give(
    interaction: discord.Interaction, backend: Backend, asked: Asked, scope: ScopeNow
) -> None:
    """Show what the documents in ``scope`` say; to be shared only where all there may see it."""
    found = await find(asked, scope, service=backend.service, memory=backend.memory)
    all_see = audience_of_interaction(interaction, backend)
    may_share = asked.shareable and found.collections <= all_see
    if asked.surface == "ask":
        note_turn(backend, asked.channel, found)
    turn = await keep(replace(found.asked, shareable=may_share), found.result, backend.memory)
    words = backend.tongues.words_for(interaction, private=asked.private)
    message = await sending.answer(interaction, turn.reply(words))
    await backend.memory.placed(turn.row, message.id)
    backend.prose.add_to(message, turn, words)


async def _add_privately(
    interaction: discord.Interaction, backend: Backend, asked: Asked, now: Scopes
) -> None:
    """Beside the answer that all see, one from what only the asker may see, if there is one.

    Only an answer is shown: that there is none, or that it could not be given, tells nobody
    anything, and takes nothing from the answer that stands.
    """
    try:
        if await now.own() <= await now.everyones():
            return
        asked = replace(asked, private=True)
        found = await find(asked, now.own, service=backend.service, memory=backend.memory)
        result = found.result
        if isinstance(result, Answer) and _first(result) not in await now.everyones():
            turn = await keep(found.asked, result, backend.memory)
            words = backend.tongues.words_of(interaction)
            message = await sending.follow_up(interaction, turn.reply(words))
            await backend.memory.placed(turn.row, message.id)
            backend.prose.add_to(message, turn, words)
    except Exception as error:
        _log.info("An answer that only its asker may see was left out: %s", error)


def note_turn(backend: Backend, channel: int, found: Found) -> None:
    """Note what its asker may follow up there, unless it was to be forgotten meanwhile."""
    asked = found.asked
    people = (asked.person, *asked.authors)
    if not backend.memory.is_forgotten(asked.guild, people, asked.began):
        backend.turns.note(channel, asked.person, found.before(), private=asked.private)


def _first(answer: Answer) -> str:
    """The collection that answers."""
    return collection_of(answer.citations[0].document)


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
