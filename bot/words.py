"""The bot's own words in a language. What documents say is quoted as it is, in any language.

A text is named by its English: ``words("{count} more", count=3)``, written out where it is called,
so that it is found for the catalogues. ``N_`` marks one that is said elsewhere.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

COMMAND = "command"
"""What a command is called, apart from the same word elsewhere."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; English, which is what is given, until translated.

    Attributes:
        language: its code, as servers choose it: "en", "de", "zh-CN".
        translations: its catalogue. It holds sound translations only, see ``bot.catalogues``.
    """

    language: str = "en"
    translations: gettext.NullTranslations = field(
        default_factory=gettext.NullTranslations, compare=False, repr=False
    )

    def __call__(self, text: str, /, **values: object) -> str:
        """``text`` in this language, with ``values`` in the place of its ``{names}``."""
        said = self.translations.gettext(text) if text else ""
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """``one`` or ``many`` in this language, as ``count`` needs it, which may stand in it."""
        said = self.translations.ngettext(one, many, count)
        return said.format(count=self.number(count), **values)

    def name(self, command: str) -> str:
        """What a command is called in this language."""
        return self.translations.pgettext(COMMAND, command)

    def number(self, value: float, pattern: str | None = None) -> str:
        """A number as this language writes it; ``pattern`` "0.0" shows one digit at the end."""
        from babel.numbers import format_decimal  # 12 ms, which a question from the shell saves

        return format_decimal(value, format=pattern, locale=self._locale)

    def percent(self, share: float) -> str:
        """A share of 0 to 1 as this language writes it, in whole percent."""
        if self.language == "en":  # all that an answer in a shell says of numbers: 25 ms sooner
            return f"{round(Decimal(str(share)) * 100)}%"
        from babel.numbers import format_percent

        return format_percent(share, locale=self._locale)

    def date(self, day: str) -> str:
        """A date in ISO 8601 as this language writes it; a year or month alone as it is."""
        from babel.dates import format_date, format_skeleton

        exact = len(day) == len("2021-03-11")
        found = date.fromisoformat(f"{day}-01-01"[:10])
        if exact:
            return format_date(found, "long", locale=self._locale)
        skeleton = "yMMMM" if "-" in day else "y"
        return format_skeleton(skeleton, found, locale=self._locale)

    @property
    def _locale(self) -> str:
        return self.language.replace("-", "_")


ENGLISH = Words()


def N_(text: str, /) -> str:  # noqa: N802 - what gettext calls it everywhere
    """``text``, marked as one to be said later, in whatever language."""
    return text


class Told(Exception):
    """What a person is told instead of what they asked for, in any language.

    ``text`` is English and ``values`` stand in it: ``Told("{limit} MB is the most.", limit=10)``.
    """

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values: Mapping[str, object] = MappingProxyType(values)

    def __str__(self) -> str:
        return self.said(ENGLISH)

    def said(self, words: Words) -> str:
        """It in a language; not markup, and not escaped."""
        return words(self.text, **self.values)
