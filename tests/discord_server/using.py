"""What people do with a message's components, and with a modal."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.discord_server.asking import Asking
from tests.discord_server.calls import Ask, Call
from tests.discord_server.errors import NotOffered
from tests.discord_server.files import Attachment
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Message, walk
from tests.discord_server.options import Resolved
from tests.discord_server.people import User
from tests.discord_server.permissions import Permission

BUTTON, TEXT_INPUT, UPLOAD, RADIO, CHECKBOX = 2, 4, 19, 21, 23


class Using:
    """Clicks, choices and submitted modals."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def click(
        self,
        user: User,
        message: Message,
        custom_id: str,
        values: Sequence[Any] = (),
    ) -> Call:
        """Press a button or choose in a select; NotOffered when it is not there to be used."""
        part = message.component(custom_id)
        if part is None or message.deleted or not self._sees(user, message):
            raise NotOffered(f"the message has no component {custom_id!r}")
        if part.get("disabled"):
            raise NotOffered(f"{custom_id!r} is disabled")
        resolved = Resolved(message.channel)
        data: Json = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"]}
        if part["type"] != BUTTON:
            data["values"] = _chosen(part, values, resolved)
        if resolved.json:
            data["resolved"] = resolved.json
        install, channel = _install(message), message.channel
        return self._asking.ask(Ask.COMPONENT, user, channel, data, install, message)

    def _sees(self, user: User, message: Message) -> bool:
        if message.ephemeral:
            return _asked_by(message) == str(user.id)
        bits = self._asking.world.allowed(user, message.channel)
        return bool(bits & Permission.VIEW_CHANNEL)

    def submit(self, user: User, call: Call, values: Mapping[str, Any]) -> Call:
        """Fill in and send the modal that ``call`` was answered with."""
        if call.modal is None:
            raise NotOffered("no modal was shown")
        resolved = Resolved(call.channel)
        inputs = {
            part["custom_id"] for part in walk(call.modal["components"]) if "custom_id" in part
        }
        if unknown := values.keys() - inputs:
            raise KeyError(f"the modal has no inputs {sorted(unknown)}")
        rows = [_filled(row, values, resolved) for row in call.modal["components"]]
        data: Json = {"custom_id": call.modal["custom_id"], "components": rows}
        if resolved.json:
            data["resolved"] = resolved.json
        kind, source = Ask.MODAL, call.source
        return self._asking.ask(kind, user, call.channel, data, call.installed_for, source)


def _asked_by(message: Message) -> str:
    return str(message.extra["interaction_metadata"]["user"]["id"])


def _install(message: Message) -> str:
    about = message.extra.get("interaction_metadata") or {}
    return "user" if "1" in about.get("authorizing_integration_owners", ()) else "guild"


def _chosen(part: Json, values: Sequence[Any], resolved: Resolved) -> list[str]:
    low, high = (_or(part.get(key), 1) for key in ("min_values", "max_values"))
    if not low <= len(values) <= high:
        raise ValueError(f"{part['custom_id']} takes {low} to {high} values, not {len(values)}")
    offered = {option["value"] for option in part.get("options") or ()}
    if offered and not offered.issuperset(values):
        raise ValueError(f"{part['custom_id']} offers {sorted(offered)}")
    return [value if isinstance(value, str) else resolved.add(value) for value in values]


def _or(number: int | None, default: int) -> int:
    return default if number is None else number


def _filled(row: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    sent: Json = {"type": row["type"], "id": row.get("id", 0)}
    if "component" in row:
        return sent | {"component": _input(row["component"], values, resolved)}
    if row.get("components"):
        return sent | {"components": [_input(c, values, resolved) for c in row["components"]]}
    return sent


def _input(part: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    name, kind = part["custom_id"], part["type"]
    sent: Json = {"type": kind, "custom_id": name, "id": part.get("id", 0)}
    given = values.get(name)
    required = part.get("required", True)
    if kind == TEXT_INPUT:
        return sent | {"value": _typed(part, given, required=required)}
    if kind == CHECKBOX:
        return sent | {"value": bool(given)}
    if kind == RADIO:
        return sent | {"value": given}
    listed: list[Any] = [given] if isinstance(given, str | Attachment) else list(given or ())
    if listed or required:
        listed = _chosen(part, listed, resolved)
    return sent | {"values": listed}


def _typed(part: Json, given: str | None, *, required: bool) -> str:
    text = part.get("value") or "" if given is None else given
    low, high = _or(part.get("min_length"), int(required)), _or(part.get("max_length"), 4000)
    if (text or required) and not low <= len(text) <= high:
        raise ValueError(f"{part['custom_id']} takes {low} to {high} characters, not {len(text)}")
    return text
