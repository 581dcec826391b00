"""A message payload under inspection: what Discord accepts of one, and no more."""

from dataclasses import dataclass

from tests.discord_server.components import check_components
from tests.discord_server.embeds import check_embeds
from tests.discord_server.errors import refusal
from tests.discord_server.form import Form
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Flag, Message

CREATE = frozenset(
    {
        "content", "tts", "nonce", "enforce_nonce", "embeds", "allowed_mentions", "attachments",
        "message_reference", "components", "sticker_ids", "flags", "poll",
    }
)  # fmt: skip
EDIT = frozenset(
    {"content", "tts", "embeds", "flags", "allowed_mentions", "components", "attachments"}
)
CALLBACK = frozenset(
    {
        "content", "tts", "embeds", "allowed_mentions", "flags", "components", "attachments",
        "poll",
    }
)  # fmt: skip
FOLLOWUP = CALLBACK | {"username", "avatar_url", "thread_name", "applied_tags"}
WEBHOOK_EDIT = EDIT | {"poll"}
ATTACHMENT = frozenset(
    {
        "id", "filename", "description", "size", "url", "proxy_url", "content_type", "spoiler",
        "height", "width", "ephemeral", "title", "flags", "duration_secs", "waveform",
    }
)  # fmt: skip
REFERENCE = frozenset({"type", "message_id", "channel_id", "guild_id", "fail_if_not_exists"})
MIB = 1 << 20


@dataclass(frozen=True)
class Draft:
    """A payload that passed inspection."""

    body: Json

    @property
    def flags(self) -> int:
        """The flags a bot may set."""
        settable = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
        return int(self._given & settable)

    @property
    def ephemeral(self) -> bool:
        """Whether it asks to be seen by one person only."""
        return bool(self._given & Flag.EPHEMERAL)

    @property
    def _given(self) -> int:
        flags = self.body.get("flags")
        return flags if isinstance(flags, int) else 0

    def check_switch(self, message: Message) -> None:
        """Refuse words of the old kind in a message that is made of components."""
        if not (message.is_v2 or self.flags & Flag.COMPONENTS_V2):
            return
        form = Form(self.body)
        for key, old in (("content", message.content), ("embeds", message.embeds)):
            if self.body.get(key, old):
                _refuse_legacy(form, key)
        form.submit()


def inspect(
    body: Json,
    fields: frozenset[str],
    files: dict[str, bytes],
    edited: Message | None = None,
    path: tuple[str, ...] = (),
) -> Draft:
    """Check a payload, with the files that come with it, and the message it edits."""
    form, draft = Form(body, path), Draft(body)
    form.known(fields)
    form.text("content", 0, 2000)
    form.number("flags", 0, 2**31)
    form.flag("tts")
    _check_nonce(form)
    check_embeds(form)
    check_mentions(form)
    _check_reference(form.at("message_reference"))
    names = _check_attachments(form, files, edited)
    v2 = bool(draft.flags & Flag.COMPONENTS_V2) or bool(edited and edited.is_v2)
    check_components(form, names, v2=v2)
    for key in ("content", "embeds", "poll", "sticker_ids") if v2 else ():
        if form.get(key):
            _refuse_legacy(form, key)
    form.submit()
    return draft


def _check_nonce(form: Form) -> None:
    if isinstance(form.get("nonce"), int):
        form.number("nonce", -(2**63), 2**64)
    else:
        form.text("nonce", 0, 25)
    form.flag("enforce_nonce")


def _check_reference(reference: Form) -> None:
    if reference.given is None:
        return
    reference.known(REFERENCE)
    reference.number("type", 0, 0)
    reference.flag("fail_if_not_exists")
    for key in ("message_id", "channel_id", "guild_id"):
        if not str(reference.get(key, "0")).isdecimal():
            reference.at(key).refuse("Not a snowflake.", "NUMBER_TYPE_COERCE")


def check_mentions(form: Form) -> None:
    """Check ``allowed_mentions``: what is named one by one is not also allowed as a kind."""
    allowed = form.at("allowed_mentions")
    if allowed.given is None:
        return
    allowed.known(frozenset({"parse", "users", "roles", "replied_user"}))
    allowed.flag("replied_user")
    kinds = allowed.subset("parse", ("users", "roles", "everyone"))
    for kind in ("users", "roles"):
        if allowed.ids(kind, 100) and kind in kinds:
            told = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            allowed.refuse(told, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE")


def _check_attachments(
    form: Form, files: dict[str, bytes], edited: Message | None
) -> frozenset[str]:
    """Check ``attachments``; the names of the files the message will have."""
    old = {str(file.id): file.name for file in edited.attachments} if edited else {}
    if form.get("attachments") is None:
        return frozenset({*old.values(), *files})
    names = set()
    for note in form.each("attachments", 0, 10):
        note.known(ATTACHMENT)
        note.text("description", 0, 1024)
        id = str(note.get("id"))
        if id not in old and f"files[{id}]" not in files:
            note.at("id").refuse("No such file was uploaded.", "ATTACHMENT_NOT_FOUND")
        names.add(old.get(id) or note.text("filename", 1, 260) or f"files[{id}]")
    return frozenset(names)


def _refuse_legacy(form: Form, key: str) -> None:
    form.at(key).refuse(
        f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    )


def check_uploads(files: dict[str, bytes]) -> None:
    """Refuse files of more than 10 MiB, or 25 MiB together."""
    sizes = [len(data) for data in files.values()]
    if any(size > 10 * MIB for size in sizes) or sum(sizes) > 25 * MIB:
        raise refusal(40005)
