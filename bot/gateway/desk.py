"""Discord's error desk: whatever goes wrong becomes one kind sentence, and nobody meets silence."""

import logging
import secrets

import discord
from discord import app_commands

from bot.escaping import escaped_within
from bot.gateway import sending
from bot.layout import Reply
from bot.rendering import RED, notice
from bot.words import Told, Words
from index.errors import (
    CorpusError,
    DocumentError,
    IndexHeld,
    IndexMissing,
    LockHeld,
    QuestionError,
    RollbackError,
    UnknownDocument,
)

_log = logging.getLogger(__name__)

# Discord's codes where there is nothing left to answer: unknown message, webhook or interaction,
# one that was acknowledged before, and a token past its fifteen minutes.
_GONE = frozenset({10008, 10015, 10062, 40060, 50027})
_LONGEST = 1500


class Refused(Told):
    """A person may not do this, or not here, or not any more. The message says so."""


def explain(error: BaseException, words: Words) -> str:
    """What to tell a person, in Discord's markup.

    A known error says it itself. Any other is logged under a short id, which the person is given.
    """
    error = cause_of(error)
    match error:
        case IndexMissing():
            return words(
                "There are no documents to answer from yet. An admin can add one with `/upload`."
            )
        case UnknownDocument():
            return words("There is no such document here. `/documents` lists what there is.")
        case IndexHeld():
            return words(
                "The index was rolled back, and is held there for now. What has changed since is "
                "found once whoever runs me ends that."
            )
        case LockHeld():
            return words(
                "The documents are being indexed by another program. Please try again later."
            )
        case Told() | QuestionError() | DocumentError() | RollbackError():
            return escaped_within(words(error.text, **error.values), _LONGEST)
        case CorpusError():  # it names folders and programs of whoever runs the bot
            _log.error("%s", error)
            return words(
                "The documents cannot be used at the moment. Whoever runs me finds why in the log."
            )
        case app_commands.AppCommandError():
            return words(
                "I do not know that command in this form. Discord may show an old one; try again."
            )
    name = secrets.token_hex(3)
    _log.error("error %s: %s: %s", name, type(error).__name__, error, exc_info=error)
    return words(
        "Something went wrong that should not have (error {name}). "
        "Whoever runs me finds it in the log under that name.",
        name=name,
    )


def cause_of(error: BaseException) -> BaseException:
    """What went wrong in a command, without what discord.py wraps it in."""
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        return error.__cause__ or error
    return error


def apology(error: BaseException, words: Words) -> Reply:
    """The message that tells of an error."""
    return notice(explain(error, words), colour=RED)


def is_gone(error: BaseException) -> bool:
    """Whether Discord says that there is nothing left to answer: it is too late, or was done."""
    error = cause_of(error)
    return isinstance(error, discord.HTTPException) and error.code in _GONE


async def report(interaction: discord.Interaction, error: BaseException, words: Words) -> None:
    """Deal with what went wrong in an interaction: tell it, or log it where that is too late."""
    if is_gone(error):
        _log.warning("An interaction came to nothing: %s", error)
        return
    try:
        await sending.tell(interaction, apology(error, words))
    except (*sending.LOST, discord.HTTPException, RuntimeError) as failure:
        # A RuntimeError is aiohttp's where the session has ended.
        _log.warning("An error could not be told: %s", failure)
