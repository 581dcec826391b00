"""The settings: read once from a mapping, checked all together, frozen.

``DISCORD_TOKEN=… FOOTNOTE_SEEDS=papers footnote run``: the environment comes first, then the file
``.env`` of the working folder. A setting left empty counts as not given, so that
``FOOTNOTE_MODEL= footnote ask …`` sets aside what ``.env`` says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot import setting_values as values
from bot.secret import Secret

PREFIX = "FOOTNOTE_"
_NAMELESS = "needs FOOTNOTE_LLM_MODEL, the name of a model there."


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong setting: its key, where it was found, and what it must be.

    Never the value: a token pasted into the wrong line must not be shown either.
    """

    key: str
    source: str
    fix: str

    def __str__(self) -> str:
        return f"{self.key} (in {self.source}) {self.fix}"


class SettingsError(Exception):
    """Some settings are wrong.

    Attributes:
        problems: every one of them, in the order of the settings; never empty.
        usable: the settings with the wrong ones left at their defaults.
    """

    def __init__(self, problems: tuple[Problem, ...], usable: "Settings") -> None:
        self.problems = problems
        self.usable = usable
        count = "A setting is" if len(problems) == 1 else f"{len(problems)} settings are"
        super().__init__("\n".join([f"{count} wrong:", *(f"- {problem}" for problem in problems)]))


def _read_from(
    key: str, parse: Callable[[str], object], *, stripped: bool = True
) -> dict[str, Any]:
    """What a field is read from, and by what; ``parse`` raises ValueError(fix)."""
    return {"key": key, "parse": parse, "stripped": stripped}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. ``None`` means: not given, the default of whoever uses it.

    Paths are relative to the working folder. ``min_confidence`` is the share of right answers
    below which an answer is not shown. ``retention_days`` is how long questions are kept. Prefixes
    keep the space at their end, which a model that knows them was taught.
    """

    discord_token: Secret | None = field(default=None, metadata=_read_from("DISCORD_TOKEN", Secret))
    discord_api_url: str | None = field(
        default=None, metadata=_read_from("DISCORD_API_URL", values.api_url)
    )
    seeds: Path = field(default=Path("seeds"), metadata=_read_from("FOOTNOTE_SEEDS", values.path))
    data: Path = field(default=Path("data"), metadata=_read_from("FOOTNOTE_DATA", values.path))
    model: str | None = field(default=None, metadata=_read_from("FOOTNOTE_MODEL", values.text))
    query_prefix: str | None = field(
        default=None,
        metadata=_read_from("FOOTNOTE_QUERY_PREFIX", values.text, stripped=False),
    )
    passage_prefix: str | None = field(
        default=None,
        metadata=_read_from("FOOTNOTE_PASSAGE_PREFIX", values.text, stripped=False),
    )
    reranker: str | None = field(
        default=None, metadata=_read_from("FOOTNOTE_RERANKER", values.text)
    )
    reader: str | None = field(default=None, metadata=_read_from("FOOTNOTE_READER", values.text))
    min_confidence: float | None = field(
        default=None, metadata=_read_from("FOOTNOTE_MIN_CONFIDENCE", values.share)
    )
    message_content: bool = field(
        default=False, metadata=_read_from("FOOTNOTE_MESSAGE_CONTENT", values.switch)
    )
    watch: bool = field(default=True, metadata=_read_from("FOOTNOTE_WATCH", values.switch))
    retention_days: int = field(
        default=30, metadata=_read_from("FOOTNOTE_RETENTION_DAYS", values.days)
    )
    log_level: str = field(
        default="WARNING", metadata=_read_from("FOOTNOTE_LOG_LEVEL", values.log_level)
    )
    llm_url: str | None = field(
        default=None, metadata=_read_from("FOOTNOTE_LLM_URL", values.endpoint_url)
    )
    llm_model: str | None = field(
        default=None, metadata=_read_from("FOOTNOTE_LLM_MODEL", values.text)
    )
    llm_key: Secret | None = field(
        default=None, metadata=_read_from("FOOTNOTE_LLM_KEY", values.header_secret)
    )

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys of all settings, in the order of the fields."""
        return tuple(setting.metadata["key"] for setting in fields(cls))

    @classmethod
    def from_mapping(
        cls,
        environ: Mapping[str, str],
        dotenv: Mapping[str, str | None] = MappingProxyType({}),
    ) -> "Settings":
        """Read the settings from ``environ`` and, where that has no such key, from ``dotenv``.

        Raises:
            SettingsError: a value is wrong, or a ``FOOTNOTE_`` key is no setting. All are named.
        """
        return _read(environ, dotenv, problems=[])


def load(environ: Mapping[str, str], dotenv: Path) -> Settings:
    """Read the settings from ``environ`` and the file ``dotenv``, which may be missing.

    Raises:
        SettingsError: as ``Settings.from_mapping``; also where the file cannot be read.
    """
    from dotenv import dotenv_values

    try:
        stored = dotenv_values(dotenv, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        problem = Problem(".env", str(dotenv.parent.absolute()), f"cannot be read: {reason}.")
        return _read(environ, {}, problems=[problem])
    return _read(environ, stored, problems=[])


def _read(
    environ: Mapping[str, str], dotenv: Mapping[str, str | None], *, problems: list[Problem]
) -> Settings:
    parsed: dict[str, Any] = {}
    for setting in fields(Settings):
        key = setting.metadata["key"]
        given = environ[key] if key in environ else dotenv.get(key) or ""
        if setting.metadata["stripped"]:
            given = given.strip()
        try:
            if given.strip():
                parsed[setting.name] = setting.metadata["parse"](given)
        except ValueError as error:
            problems.append(Problem(key, _source(key, environ), str(error)))
    problems += _unknown(environ, dotenv)
    if "llm_url" in parsed and "llm_model" not in parsed:
        parsed.pop("llm_url")
        problems.append(
            Problem("FOOTNOTE_LLM_URL", _source("FOOTNOTE_LLM_URL", environ), _NAMELESS)
        )
    settings = Settings(**parsed)
    if problems:
        raise SettingsError(tuple(problems), settings)
    return settings


def _source(key: str, environ: Mapping[str, str]) -> str:
    return "the environment" if key in environ else ".env"


def _unknown(environ: Mapping[str, str], dotenv: Mapping[str, str | None]) -> Iterator[Problem]:
    """A problem for each ``FOOTNOTE_`` key that is no setting, with the name it may have meant."""
    known = Settings.keys()
    for key in sorted({*environ, *dotenv}):
        if key.startswith(PREFIX) and key not in known:
            near = get_close_matches(key, known, n=1)
            fix = f"did you mean {near[0]}?" if near else "remove it, or see .env.example."
            yield Problem(key, _source(key, environ), f"is no setting; {fix}")
