"""``/privacy``: what is kept of a person, shown, given out, and deleted; by that person alone."""

import time
from collections.abc import Callable
from typing import Any

import discord

from bot.gateway import sending
from bot.gateway.asking import Tree
from bot.gateway.backend import Backend
from bot.gateway.buttons import Handler
from bot.gateway.desk import Refused
from bot.history.personal import Account, PersonalStore
from bot.history.store import History
from bot.layout import Press
from bot.privacy import (
    FILE,
    account_reply,
    erased_reply,
    erasure_reply,
    export_file,
    export_reply,
)
from bot.words import N_

_BETWEEN = 60.0  # seconds between two makings of the file anew, for which all others wait

NOT_NOW = N_("I cannot look into what is kept at the moment; please try again in a minute.")


def add_privacy(tree: Tree, backend: Backend, forget: Callable[[], None]) -> dict[str, Handler]:
    """Add ``/privacy``; returns its buttons' handlers, by action.

    ``forget`` makes the face forget the questions that it has in mind.
    """
    found = Privacy(backend, forget)

    @tree.command(name="privacy", description="Show what I keep of you, and delete it")
    async def privacy(interaction: discord.Interaction) -> None:
        await sending.acknowledge(interaction, private=True)
        await found.show(interaction)

    return {"export": found.export, "erase": found.ask_to_erase, "erased": found.erase}


class Privacy:
    """The steps. All are about whoever presses, so that no button can be used for another."""

    def __init__(self, backend: Backend, forget: Callable[[], None]) -> None:
        self._backend = backend
        self._forget = forget
        self._compacted = -_BETWEEN

    async def show(self, interaction: discord.Interaction) -> None:
        """Tell how much is kept."""
        person = interaction.user.id
        nothing: Account | None = None
        account = await self._backend.vault.tried(lambda kept: _store(kept).count(person), nothing)
        if account is None:
            raise Refused(NOT_NOW)
        reply = account_reply(
            account,
            held=self._backend.memory.held(person),
            retention_days=self._backend.retention_days,
            words=self._backend.tongues.words_of(interaction),
        )
        await sending.answer(interaction, reply)

    async def export(self, interaction: discord.Interaction, press: Press) -> None:
        """Give out all that is kept."""
        await sending.acknowledge(interaction, private=True)
        person = interaction.user.id
        nothing: dict[str, list[dict[str, Any]]] = {}
        kept = await self._backend.vault.tried(lambda kept: _store(kept).export(person), nothing)
        if not kept:
            raise Refused(NOT_NOW)
        kept["questions_in_memory_only"] = self._backend.memory.held_questions(person)
        attached = [(FILE, export_file(kept))]
        await sending.answer(
            interaction,
            export_reply(self._backend.tongues.words_of(interaction)),
            attachments=attached,
        )

    async def ask_to_erase(self, interaction: discord.Interaction, press: Press) -> None:
        """Ask whether it is really to be deleted."""
        await sending.acknowledge(interaction, private=True)
        await sending.answer(
            interaction, erasure_reply(self._backend.tongues.words_of(interaction))
        )

    async def erase(self, interaction: discord.Interaction, press: Press) -> None:
        """Delete all that is kept, on disk and in memory."""
        await sending.acknowledge_press(interaction)
        person, words = interaction.user.id, self._backend.tongues.words_of(interaction)
        self._backend.memory.forget_person(person)
        self._backend.servers.forget_person(person)
        self._backend.tongues.forget(person)
        self._forget()
        compact = time.monotonic() - self._compacted > _BETWEEN
        done = await self._backend.vault.done(
            lambda kept: _store(kept).delete(person, compact=compact)
        )
        if compact and done:
            self._compacted = time.monotonic()
        self._backend.recollection.forget()
        if not done:
            raise Refused(NOT_NOW)
        await sending.answer(interaction, erased_reply(words))


def _store(history: History) -> PersonalStore:
    return PersonalStore(history.database)
