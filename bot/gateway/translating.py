"""What commands are called and do, in the languages of those who look for them."""

import json
import re
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Where

from bot.catalogues import Languages, language_of
from bot.gateway.asking import Tree
from bot.words import Words

MOST_NAME: Final = 32
MOST_DESCRIPTION: Final = 100
"""Also of what a choice is called."""

_SLASH_NAME = re.compile(r"[-_'\w]{1,32}")
_NAMES = frozenset({Where.command_name, Where.group_name})


class CatalogueTranslator(app_commands.Translator):
    """Takes translations from the catalogues; what options are called stays as it is."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in a language; None where Discord is to show the English one."""
        if language_of(locale.value) == "en" or context.location is Where.parameter_name:
            return None
        words = self._languages.words(locale.value)
        if context.location in _NAMES:
            is_menu = isinstance(context.data, app_commands.ContextMenu)
            return command_name(string.message, words, is_menu=is_menu)
        translated = words(string.message)
        return translated if 0 < len(translated) <= MOST_DESCRIPTION else None


def command_name(name: str, words: Words, *, is_menu: bool = False) -> str | None:
    """What a command is called in a language; None where Discord would not take that."""
    translated = words.name(name)
    if is_menu:
        return translated if 0 < len(translated) <= MOST_NAME else None
    fit = _SLASH_NAME.fullmatch(translated) and translated == translated.lower()
    return translated if fit else None


async def payload_of(tree: Tree) -> list[dict[str, Any]]:
    """All that Discord is told of the commands, translations included, in a fixed order."""
    translator = tree.translator
    listed = [
        await command.get_translated_payload(tree, translator)
        if translator
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    return sorted(listed, key=lambda one: (one["type"], one["name"]))


async def serialised(tree: Tree) -> str:
    """The same as text: another one whenever Discord is to be told anew."""
    return json.dumps(await payload_of(tree), sort_keys=True)
