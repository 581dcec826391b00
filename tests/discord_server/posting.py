"""Messages as the bot sends and edits them: checked, then made part of the world."""

import copy
import re

from tests.discord_server.channels import Channel
from tests.discord_server.drafts import Draft, check_uploads
from tests.discord_server.errors import refusal
from tests.discord_server.files import Attachment
from tests.discord_server.json_types import Json
from tests.discord_server.mentions import Allowed
from tests.discord_server.messages import Flag, Message, walk
from tests.discord_server.world import World


class Posting:
    """Turns payloads of the bot into messages, and edits those."""

    def __init__(self, world: World) -> None:
        self._world = world

    def compose(
        self,
        channel: Channel,
        draft: Draft,
        files: dict[str, bytes],
        *,
        reply_to: Message | None = None,
        flags: int = 0,
        id: int | None = None,
    ) -> Message:
        """A message of the bot that is not yet published."""
        check_uploads(files)
        message = self._world.compose(self._world.bot, channel, reply_to=reply_to, id=id)
        message.flags = draft.flags | flags
        self._fill(message, draft, files)
        return message

    def edit(self, message: Message, draft: Draft, files: dict[str, bytes]) -> Message:
        """Make ``message`` what the payload says; what it does not name stays."""
        check_uploads(files)
        draft.check_switch(message)
        thought = message.flags & ~Flag.LOADING
        changed = copy.copy(message)
        changed.flags = thought | (draft.flags & (Flag.COMPONENTS_V2 | Flag.SUPPRESS_EMBEDS))
        self._fill(changed, draft, files)
        if message.payload or not message.loading:
            changed.history = [*message.history, message.payload]
        vars(message).update(vars(changed))
        return message

    def _fill(self, message: Message, draft: Draft, files: dict[str, bytes]) -> None:
        body = draft.body
        message.attachments = self._attached(message.attachments, body, files)
        message.content = body.get("content", message.content) or ""
        message.embeds = body.get("embeds", message.embeds) or []
        components = body.get("components", message.components) or []
        message.components = _finished(components, message.attachments)
        message.payload = body
        self._world.read_mentions(message, Allowed.of(body.get("allowed_mentions")))
        parts = (message.text.strip(), message.embeds, message.components, message.attachments)
        if not any((*parts, body.get("poll"), body.get("sticker_ids"))):
            raise refusal(50006)

    def _attached(
        self, old: list[Attachment], body: Json, files: dict[str, bytes]
    ) -> list[Attachment]:
        named = body.get("attachments")
        kept = {str(file.id): file for file in old}
        if named is None:
            return [*old, *(self._keep(key, {}, data) for key, data in files.items())]
        fresh = {_index(key): (key, data) for key, data in files.items()}
        attached = []
        for note in named:
            id = str(note.get("id"))
            attached.append(
                kept[id] if id in kept else self._keep(fresh[id][0], note, fresh[id][1])
            )
        return attached

    def _keep(self, key: str, note: Json, data: bytes) -> Attachment:
        name = note.get("filename") or key
        return self._world.files.keep(name, data, note.get("description"))


def _index(key: str) -> str:
    return re.sub(r"^files\[(\d+)\]$", r"\1", key)


def _finished(parts: list[Json], attachments: list[Attachment]) -> list[Json]:
    """The components as Discord keeps them: each with an id, and files with their address."""
    made = copy.deepcopy(parts)
    taken = {part["id"] for part in walk(made) if part.get("id")}
    number = 0
    for part in walk(made):
        if not part.get("id"):
            number = next(n for n in range(number + 1, 10_000) if n not in taken)
            part["id"] = number
        for default in part.get("default_values") or ():
            default["id"] = str(default["id"])
        for media in _media(part):
            _resolve(media, attachments)
    return made


def _media(part: Json) -> list[Json]:
    items = [item["media"] for item in part.get("items") or ()]
    return [*items, *(part[key] for key in ("media", "file") if part.get(key))]


def _resolve(media: Json, attachments: list[Attachment]) -> None:
    name = str(media["url"]).removeprefix("attachment://")
    found = next((file for file in attachments if file.name == name), None)
    url = found.url if found else media["url"]
    known = {"content_type": found.json["content_type"]} if found else {}
    media |= {"url": url, "proxy_url": url, "placeholder": "", "loading_state": 2} | known
