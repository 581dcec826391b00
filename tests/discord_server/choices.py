"""Autocomplete choices: at most 25, each with a name and a value."""

from tests.discord_server.form import Form
from tests.discord_server.json_types import Json


def check_choices(data: Json) -> list[Json]:
    """The choices, if they are such as Discord accepts."""
    form = Form(data, ("data",))
    form.known(frozenset({"choices"}))
    for choice in form.each("choices", 0, 25):
        check_choice(choice)
    form.submit()
    return list(data.get("choices") or ())


def check_choice(choice: Form) -> None:
    """Check one choice, of a command or of an autocompletion."""
    choice.known(frozenset({"name", "name_localizations", "value"}))
    choice.text("name", 1, 100, required=True)
    value = choice.get("value")
    if value is None:
        choice.at("value").refuse("This field is required", "BASE_TYPE_REQUIRED")
    elif isinstance(value, str):
        choice.text("value", 1, 100)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        choice.at("value").refuse("Neither text nor number.")
