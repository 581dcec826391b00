"""The terminal's error desk: what a person reads when a command could not do its work."""

import logging
import secrets

from bot.settings import SettingsError
from bot.terminal import OutputClosedError
from index.errors import CorpusError, QuestionError

FAILED = 1
WRONG_USAGE = 2
CLOSED = 141  # what a shell reports of a program whose reader went away: 128 + SIGPIPE

log = logging.getLogger(__name__)


def explain(error: Exception) -> str:
    """What to tell a person about ``error``.

    A known error says it itself. Any other is logged under a short id, which the person is given.
    """
    if isinstance(error, CorpusError | SettingsError):
        return str(error)
    name = secrets.token_hex(3)
    traced = error if log.isEnabledFor(logging.DEBUG) else None
    log.error("error %s: %s: %s", name, type(error).__name__, error, exc_info=traced)
    return (
        f"Something went wrong that should not have (error {name}). "
        "Set FOOTNOTE_LOG_LEVEL=DEBUG and try again to see where."
    )


def ends_all(error: Exception) -> bool:
    """Whether the next question would fare no better, such as where there is no index."""
    return isinstance(error, CorpusError) and not isinstance(error, QuestionError)


def exit_code(error: Exception) -> int:
    """The exit code of a command that ended with ``error``."""
    if isinstance(error, OutputClosedError):
        return CLOSED
    return WRONG_USAGE if isinstance(error, SettingsError) else FAILED
