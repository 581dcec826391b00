"""The bot's own words in a language. What documents say is quoted as it is, in any language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; English, which is what is given, until translated."""

    language: str = "en"

    def __call__(self, text: str, **values: object) -> str:
        """``text`` in this language, with ``values`` in the place of its ``{names}``."""
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """``one`` or ``many`` in this language, as ``count`` needs it, which may stand in it."""
        return (one if count == 1 else many).format(count=count, **values)


ENGLISH = Words()
