"""Catalogues in gettext's format, one a language, and which of them a person or a server reads."""

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.words import ENGLISH, Words

LANGUAGES = MappingProxyType(
    {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "zh-CN": "简体中文"}
)
"""The languages that the bot speaks, by code, as each calls itself."""

FOLDER = Path(__file__).parent / "locale"

# What Discord calls a language, where its first part is not what we call it.
_READ_AS = MappingProxyType({"zh": "zh-CN", "zh-TW": "zh-CN"})


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages, read once."""

    spoken: Mapping[str, Words]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Languages":
        """The catalogues of a folder. A language that has none there speaks English."""
        read = {code: words_from(path_of(code, folder), code) for code in LANGUAGES}
        return cls(MappingProxyType(read))

    def words(self, code: str | None) -> Words:
        """The words of a language, by our code or by Discord's; English where there are none."""
        return self.spoken.get(language_of(code), ENGLISH)


def language_of(code: str | None) -> str:
    """The language of ours that is read by who reads ``code``.

    >>> language_of("es-419"), language_of("zh-TW"), language_of("tlh"), language_of(None)
    ('es', 'zh-CN', 'en', 'en')
    """
    given = code or ""
    own = (given, _READ_AS.get(given, given), given.partition("-")[0])
    return next((one for one in own if one in LANGUAGES), "en")


def path_of(code: str, folder: Path = FOLDER) -> Path:
    """Where a language's catalogue is, or would be."""
    return folder / code.replace("-", "_") / "LC_MESSAGES" / "footnote.po"


def words_from(path: Path, code: str) -> Words:
    """The words of a catalogue, without the translations that would not say what is meant."""
    if not path.is_file():
        return Words(code) if code == "en" else ENGLISH
    return Words(code, translations_of(read_catalogue(path)))


def read_catalogue(path: Path) -> Catalog:
    """A catalogue as it is written."""
    with path.open("rb") as file:
        return read_po(file)


def translations_of(catalogue: Catalog) -> gettext.GNUTranslations:
    """What can be looked up in a catalogue: what is translated, and soundly."""
    for message in list(catalogue):
        if message.id and not is_sound(message):
            catalogue.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def is_sound(message: Message) -> bool:
    """Whether it is translated, and a translation takes just the values that the English takes.

    One for certain numbers may leave out how many there are: "a document", not "1 document".
    """
    if message.fuzzy:
        return False
    if isinstance(message.id, str):
        said = str(message.string)
        return bool(said) and fields(said) == fields(message.id)
    wanted = fields(message.id[1])
    said_forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(
        form and fields(form) in (wanted, _without(wanted, "count"))
        for form in map(str, said_forms)
    )


def fields(text: str) -> tuple[str, ...] | None:
    """The names in braces, sorted, with how they are to be written; None where braces are amiss."""
    try:
        parsed = [*Formatter().parse(text)]
    except ValueError:
        return None
    return tuple(
        sorted(f"{name}!{how}:{spec}" for _, name, spec, how in parsed if name is not None)
    )


def _without(wanted: Iterable[str] | None, name: str) -> tuple[str, ...] | None:
    if wanted is None:
        return None
    return tuple(one for one in wanted if not one.startswith(f"{name}!"))
