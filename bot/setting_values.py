"""The kinds of value a setting may have.

Each function reads one stripped, non-empty string and raises ValueError with what the value must
be, to be read after the setting's name; the message never repeats the value.
"""

from pathlib import Path
from urllib.parse import urlsplit

from bot.secret import Secret

ON = frozenset({"1", "on", "true", "yes"})
OFF = frozenset({"0", "off", "false", "no"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
MOST_DAYS = 36_500


def text(given: str) -> str:
    """Any text without control characters."""
    if not given.isprintable():
        raise ValueError("must be one line of text without control characters.")
    return given


def path(given: str) -> Path:
    """The path of a file or folder, which need not exist."""
    if "\0" in given:
        raise ValueError("must be a path, without NUL characters.")
    return Path(given)


def switch(given: str) -> bool:
    """On or off."""
    word = given.lower()
    if word not in ON | OFF:
        raise ValueError("must be on or off (or 1/0, true/false, yes/no).")
    return word in ON


def share(given: str) -> float:
    """A number from 0 to 1."""
    try:
        number = float(given)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ValueError("must be a number from 0 to 1, such as 0.6.")
    return number


def days(given: str) -> int:
    """A whole number of days."""
    digits = given.isascii() and given.isdecimal() and len(given) <= len(str(MOST_DAYS))
    if not digits or int(given) > MOST_DAYS:
        raise ValueError(f"must be a whole number of days from 0 to {MOST_DAYS}.")
    return int(given)


def log_level(given: str) -> str:
    """The name of a level of ``logging``."""
    level = given.upper()
    if level not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}.")
    return level


def api_url(given: str) -> str:
    """The base of Discord's REST API, without the slash at its end."""
    return _base_url(given, example="http://127.0.0.1:8080/api/v10")


def endpoint_url(given: str) -> str:
    """The base of an API that is compatible with OpenAI's, without the slash at its end."""
    return _base_url(given, example="http://127.0.0.1:11434/v1")


def header_secret(given: str) -> Secret:
    """A secret that is sent in a header of HTTP."""
    if not (given.isascii() and given.isprintable()):
        raise ValueError("must be one line of ASCII without control characters.")
    return Secret(given)


def _base_url(given: str, *, example: str) -> str:
    fix = f"must be a web address such as {example}, without user name or query."
    try:
        parts = urlsplit(given)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(fix) from None
    if not sound or not given.isprintable() or {"@", "?", "#", " "} & set(given):
        raise ValueError(fix)
    return given.rstrip("/")
