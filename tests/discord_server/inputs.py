"""Components that take input, in messages and in modals, under inspection."""

from types import MappingProxyType

from tests.discord_server.form import Form

STRING, TEXT_INPUT, CHANNEL, UPLOAD, RADIO, GROUP, CHECKBOX = 3, 4, 8, 19, 21, 22, 23
SELECTS = frozenset({STRING, 5, 6, 7, CHANNEL})
NAMED = frozenset({"type", "id", "custom_id"})
DEFAULTS = MappingProxyType(
    {5: ("user",), 6: ("role",), 7: ("user", "role"), CHANNEL: ("channel",)}
)
CHOOSING = NAMED | {"placeholder", "min_values", "max_values", "disabled", "required"}
FIELDS = MappingProxyType(
    {
        STRING: CHOOSING | {"options"},
        TEXT_INPUT: NAMED
        | {"style", "label", "min_length", "max_length", "required", "value", "placeholder"},
        5: CHOOSING | {"default_values"},
        6: CHOOSING | {"default_values"},
        7: CHOOSING | {"default_values"},
        CHANNEL: CHOOSING | {"default_values", "channel_types"},
        UPLOAD: NAMED | {"min_values", "max_values", "required"},
        RADIO: NAMED | {"options", "required"},
        GROUP: NAMED | {"options", "min_values", "max_values", "required"},
        CHECKBOX: NAMED | {"default"},
    }
)


def check_select(part: Form, *, in_modal: bool) -> None:
    """Check a select; in a modal it cannot be disabled."""
    kind = part.kind()
    part.known(FIELDS[kind])
    part.text("placeholder", 0, 150)
    part.flag("required")
    if part.flag("disabled") and in_modal:
        part.at("disabled").refuse("A select in a modal cannot be disabled.")
    _check_amounts(part, 25)
    if kind == STRING:
        check_options(part, 1, 25)
    else:
        _check_defaults(part, kind)
    if kind == CHANNEL:
        part.subset("channel_types", tuple(range(17)))


def _check_defaults(part: Form, kind: int) -> None:
    """What is chosen at first: no more than can be, each once, each of a type that fits."""
    defaults = part.each("default_values", 0, 25)
    for default in defaults:
        default.known(frozenset({"id", "type"}))
        if not str(default.get("id")).isdecimal():
            default.at("id").refuse("Not a snowflake.", "NUMBER_TYPE_COERCE")
        if default.get("type") not in DEFAULTS[kind]:
            default.at("type").refuse(f"Value must be one of {DEFAULTS[kind]}.")
    ids = [str(default.get("id")) for default in defaults]
    if len(set(ids)) < len(ids):
        part.at("default_values").refuse("Default values must be unique.")
    low, high = part.number("min_values", 0, 25, 1), part.number("max_values", 1, 25, 1)
    if defaults and not low <= len(defaults) <= high:
        told = f"Number of default values must be between {low} and {high}."
        part.at("default_values").refuse(told)


def check_options(part: Form, low: int, high: int) -> None:
    """Check the options that can be chosen."""
    options = part.each("options", low, high)
    values = [option.get("value") for option in options]
    for option in options:
        option.known(frozenset({"label", "value", "description", "emoji", "default"}))
        option.text("label", 1, 100, required=True)
        option.text("value", 1, 100, required=True)
        option.text("description", 0, 100)
        option.flag("default")
    if len(set(map(str, values))) < len(values):
        part.at("options").refuse(
            "The option values are not unique", "SELECT_OPTION_VALUE_DUPLICATED"
        )
    if part.number("max_values", 1, 25, 1) > max(len(values), 1):
        part.at("max_values").refuse("More than there are options.")


def check_input(part: Form, *, labelled: bool) -> None:
    """Check an input of a modal; only one outside a Label has a label of its own."""
    kind = part.kind()
    part.text("custom_id", 1, 100, required=True)
    if kind in SELECTS:
        check_select(part, in_modal=True)
        return
    part.known(FIELDS[kind])
    if kind == TEXT_INPUT:
        _check_text(part, labelled=labelled)
    elif kind == CHECKBOX:
        part.flag("default")
    else:
        part.flag("required")
        _check_amounts(part, 10)
    if kind in (RADIO, GROUP):
        check_options(part, 2 if kind == RADIO else 1, 10)


def _check_text(part: Form, *, labelled: bool) -> None:
    if part.get("style") not in (1, 2):
        part.at("style").refuse("Value of field style must be one of (1, 2).")
    if labelled and part.get("label") is not None:
        part.at("label").refuse("A text input in a Label has no label of its own.")
    elif not labelled:
        part.text("label", 1, 45, required=True)
    part.text("placeholder", 0, 100)
    part.text("value", 0, 4000)
    part.flag("required")
    low, high = part.number("min_length", 0, 4000), part.number("max_length", 1, 4000, 4000)
    if low > high:
        part.at("min_length").refuse("Must not be greater than max_length.")


def _check_amounts(part: Form, most: int) -> None:
    low, high = part.number("min_values", 0, most, 1), part.number("max_values", 1, most, 1)
    if low > high:
        part.at("min_values").refuse("Must not be greater than max_values.")
