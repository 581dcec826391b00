"""Commands under inspection, when a bot registers them."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from tests.discord_server.choices import check_choice
from tests.discord_server.form import Form
from tests.discord_server.json_types import Json

COMMAND = frozenset(
    {
        "id", "name", "name_localizations", "description", "description_localizations", "options",
        "default_member_permissions", "dm_permission", "integration_types", "contexts", "type",
        "nsfw", "default_permission",
    }
)  # fmt: skip
NAMING = frozenset(
    {"type", "name", "name_localizations", "description", "description_localizations"}
)
SUBCOMMAND, GROUP, STRING, INTEGER, CHANNEL, NUMBER = 1, 2, 3, 4, 7, 10
VALUE = NAMING | {"required"}
NUMERIC = VALUE | {"choices", "min_value", "max_value", "autocomplete"}
OPTION = MappingProxyType(
    {
        SUBCOMMAND: NAMING | {"options"},
        GROUP: NAMING | {"options"},
        STRING: VALUE | {"choices", "min_length", "max_length", "autocomplete"},
        INTEGER: NUMERIC,
        5: VALUE,
        6: VALUE,
        CHANNEL: VALUE | {"channel_types"},
        8: VALUE,
        9: VALUE,
        NUMBER: NUMERIC,
        11: VALUE,
    }
)
LOCALES = frozenset(
    {
        "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
        "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi",
        "th", "zh-CN", "ja", "zh-TW", "ko",
    }
)  # fmt: skip
VALUES = frozenset(OPTION) - {SUBCOMMAND, GROUP}


def check_commands(given: object) -> list[Json]:
    """The commands, if Discord would register them."""
    whole = Form({"commands": given})
    forms = whole.each("commands", 0, 130)
    for form in forms:
        _check_command(form)
    _check_set(whole.at("commands"), forms)
    whole.submit()
    return [form.json for form in forms]


def _check_set(whole: Form, forms: list[Form]) -> None:
    names = [(form.kind(1), str(form.get("name"))) for form in forms]
    if len(set(names)) < len(names):
        whole.refuse(
            "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME"
        )
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        if sum(name[0] == kind for name in names) > most:
            whole.refuse(f"At most {most} of type {kind}", "APPLICATION_COMMANDS_MAX")


def _check_command(form: Form) -> None:
    form.known(COMMAND)
    kind = form.number("type", 1, 3, 1)
    form.flag("nsfw")
    form.subset("integration_types", (0, 1))
    form.subset("contexts", (0, 1, 2))
    if kind == 1:
        _check_naming(form)
        _check_options(form, depth=0)
    else:
        form.text("name", 1, 32, required=True)
        for key in ("description", "options"):
            if form.get(key):
                form.at(key).refuse("Context menu commands have none.")
    if sum(map(len, _words(form))) > 8000:
        told = "Command exceeds maximum size (8000)"
        form.refuse(told, "APPLICATION_COMMAND_TOO_LARGE")


def _check_naming(form: Form) -> None:
    _check_name(form.at("name"), form.text("name", 1, 32, required=True))
    form.text("description", 1, 100, required=True)
    for locale, name in form.words("name_localizations").items():
        _check_name(form.at("name_localizations").at(locale), name)
    for locale, text in form.words("description_localizations").items():
        form.at("description_localizations").at(locale).length(len(text), 1, 100)
    for key in ("name_localizations", "description_localizations"):
        for locale in sorted(form.words(key).keys() - LOCALES):
            form.at(key).at(locale).refuse("Not a locale of Discord's.", "ENUM_TYPE_COERCE")


def _check_name(part: Form, name: str) -> None:
    if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
        part.refuse("Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")


def _check_options(form: Form, depth: int) -> None:
    options = form.each("options", 0, 25)
    kinds = {option.kind() for option in options}
    nesting = frozenset({SUBCOMMAND, GROUP} if depth == 0 else {SUBCOMMAND} if depth == 1 else ())
    if form.kind() == GROUP and depth > 0:
        allowed = nesting
    elif depth > 0:
        allowed = VALUES
    else:
        allowed = nesting if kinds & nesting else VALUES
    for option in options:
        _check_option(option, allowed, depth)
    _check_order(form, options)


def _check_option(option: Form, allowed: frozenset[int], depth: int) -> None:
    kind = option.kind()
    if kind not in allowed:
        told = "Sub-command and sub-command group option types are mutually exclusive to all others"
        option.at("type").refuse(told, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID")
        return
    option.known(OPTION[kind])
    _check_naming(option)
    if kind in (SUBCOMMAND, GROUP):
        _check_options(option, depth + 1)
        return
    option.flag("required")
    choices = option.each("choices", 0, 25)
    for choice in choices:
        check_choice(choice)
    if option.flag("autocomplete") and choices:
        told = "Autocomplete cannot be used together with choices."
        option.refuse(told, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_AND_CHOICES")
    if kind == STRING:
        option.number("min_length", 0, 6000)
        option.number("max_length", 1, 6000)


def _check_order(form: Form, options: list[Form]) -> None:
    needed = [option.get("required") is True for option in options]
    if needed != sorted(needed, reverse=True):
        told = "Required options must be placed before non-required options"
        form.at("options").refuse(told, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
    names = [str(option.get("name")) for option in options]
    if len(set(names)) < len(names):
        told = "Option names must be unique"
        form.at("options").refuse(told, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS")


def _words(form: Form) -> Iterator[str]:
    """All texts that count for a command's size; of translations, the longest."""
    for key in ("name", "description"):
        texts = [str(form.get(key, "")), *form.words(f"{key}_localizations").values()]
        yield max(texts, key=len)
    yield str(form.get("value", ""))
    for key in ("options", "choices"):
        for part in form.each(key, 0, 25):
            yield from _words(part)
