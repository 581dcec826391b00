"""Logging to stderr: harmless to a terminal, and without secrets."""

import logging
from typing import TextIO

from bot.inert import inert
from bot.secret import Secret

OURS = ("bot", "index")


class CleanFormatter(logging.Formatter):
    """Formats a record, its traceback included, with secrets masked and control codes idle."""

    def __init__(self, secrets: tuple[Secret, ...]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; see the class."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret.reveal(), str(secret))
        return inert(text)


def start_logging(level: str, *, secrets: tuple[Secret, ...], stream: TextIO) -> None:
    """Log to ``stream``: what is ours from ``level`` on, what is not from WARNING on.

    Does nothing where logging was set up before.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(CleanFormatter(secrets))
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, _number(level)))
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level]
