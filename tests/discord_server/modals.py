"""Modals under inspection: a title, and one to five rows."""

from tests.discord_server.form import Form
from tests.discord_server.inputs import FIELDS, TEXT_INPUT, check_input
from tests.discord_server.json_types import Json
from tests.discord_server.messages import walk

ROW, TEXT, LABEL = 1, 10, 18


def check_modal(data: Json) -> Json:
    """The modal, if it is such as Discord accepts."""
    form = Form(data, ("data",))
    form.known(frozenset({"custom_id", "title", "components"}))
    form.text("custom_id", 1, 100, required=True)
    form.text("title", 1, 45, required=True)
    for row in form.each("components", 1, 5):
        _check_row(row)
    form.submit()
    _check_names(form, data)
    return data


def _check_row(row: Form) -> None:
    match row.kind():
        case 1:
            row.known(frozenset({"type", "id", "components"}))
            for part in row.each("components", 1, 1):
                _check_part(part, frozenset({TEXT_INPUT}), labelled=False)
        case 10:
            row.known(frozenset({"type", "id", "content"}))
            row.text("content", 1, 4000, required=True)
        case 18:
            row.known(frozenset({"type", "id", "label", "description", "component"}))
            row.text("label", 1, 45, required=True)
            row.text("description", 0, 100)
            _check_part(row.at("component"), frozenset(FIELDS), labelled=True)
        case _:
            row.at("type").refuse(f"Value of field type must be one of {(ROW, TEXT, LABEL)}.")


def _check_part(part: Form, allowed: frozenset[int], *, labelled: bool) -> None:
    if part.kind() not in allowed:
        part.at("type").refuse(f"Value of field type must be one of {sorted(allowed)}.")
    else:
        check_input(part, labelled=labelled)


def _check_names(form: Form, data: Json) -> None:
    names = [part["custom_id"] for part in walk(data["components"]) if "custom_id" in part]
    if len(set(names)) < len(names):
        told = "Component custom id cannot be duplicated"
        form.at("components").refuse(told, "COMPONENT_CUSTOM_ID_DUPLICATED")
    form.submit()
