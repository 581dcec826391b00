"""``footnote check``: is everything right here?"""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from bot.commands.options import AsJson, Data, Seeds
from bot.desk import FAILED
from bot.inert import inert
from bot.session import World, log_as_set, with_folders, world_of
from bot.settings import Problem, Settings, SettingsError, load

if TYPE_CHECKING:
    from bot.checking import Check


def check(
    context: typer.Context, seeds: Seeds = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Check that everything is right here, and say how to mend what is not.

    Exits with 1 where something is wrong.
    """
    from bot.checking import all_checks

    world = world_of(context)
    terminal = world.terminal(as_json=as_json)
    settings, problems = _read(world)
    settings = with_folders(settings, seeds=seeds, data=data)
    log_as_set(settings)
    all_well = True
    for found in chain(
        all_checks(settings, problems=problems, dotenv=world.dotenv), _checked_with(settings)
    ):
        all_well &= found.ok
        if as_json:
            terminal.json(found.record())
        else:
            terminal.show(_view(found))
    if not all_well:
        raise typer.Exit(FAILED)


def _checked_with(settings: Settings) -> "Iterator[Check]":
    """What only Discord knows, and a language model's host, where these are set."""
    if settings.discord_token is not None:
        from bot.gateway.checking import check_with_discord

        yield check_with_discord(
            settings.discord_token,
            api_url=settings.discord_api_url,
            reads_messages=settings.message_content,
        )
    if settings.llm_url is not None and settings.llm_model is not None:
        from bot.checking_endpoint import check_endpoint
        from bot.endpoint import Endpoint

        yield check_endpoint(Endpoint(settings.llm_url, settings.llm_model, settings.llm_key))


def _read(world: World) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings as far as they can be used, and what is wrong with the others."""
    try:
        return load(world.environ, world.dotenv), ()
    except SettingsError as error:
        return error.usable, error.problems


def _view(found: "Check") -> Text:
    mark = ("✓ ", "green") if found.ok else ("✗ ", "bold red")
    told = Text.assemble(mark, (found.name, "bold"), f": {inert(found.detail)}")
    return told.append(f"\n  → {inert(found.fix)}") if found.fix else told
