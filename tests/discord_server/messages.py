"""A message, as its channel keeps it and as a session or a person sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any

from tests.discord_server.channels import Channel
from tests.discord_server.files import Attachment
from tests.discord_server.intents import Intent
from tests.discord_server.json_types import Json
from tests.discord_server.mentions import Mentions
from tests.discord_server.people import User


class Flag(IntFlag):
    """The flags of a message that matter here."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(eq=False, repr=False)
class Message:
    """A message; ``payload`` is the last JSON the bot sent for it, ``history`` what came before."""

    id: int
    channel: Channel
    author: User
    created: str
    content: str = ""
    kind: int = 0
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: Mentions = field(default_factory=Mentions)
    reply_to: Message | None = None
    reference: Json | None = None
    nonce: str | int | None = None
    edited: str | None = None
    deleted: bool = False
    thread: Channel | None = None
    extra: Json = field(default_factory=dict)
    payload: Json = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)
    reactions: list[tuple[User, str]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Message {self.id} by {self.author.name}: {self.text[:60]!r}>"

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who asked sees it."""
        return bool(self.flags & Flag.EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it only says that the bot is thinking."""
        return bool(self.flags & Flag.LOADING)

    @property
    def is_v2(self) -> bool:
        """Whether it is made of components only."""
        return bool(self.flags & Flag.COMPONENTS_V2)

    @property
    def text(self) -> str:
        """All that can be read in it: content, embeds, text displays; joined with newlines."""
        embedded = [word for embed in self.embeds for word in _embed_words(embed)]
        shown = [c["content"] for c in walk(self.components) if c.get("type") == 10]
        return "\n".join(word for word in (self.content, *embedded, *shown) if word)

    @property
    def buttons(self) -> list[Json]:
        """All buttons in it, in order."""
        return [part for part in walk(self.components) if part.get("type") == 2]

    def button(self, part: str) -> Json:
        """The one button whose label is ``part``, or whose label or custom_id contains it."""
        exact = [b for b in self.buttons if part in (b.get("label"), b.get("custom_id"))]
        near = [b for b in self.buttons if part in f"{b.get('label')}\n{b.get('custom_id')}"]
        found = exact or near
        if len(found) != 1:
            names = [b.get("label") for b in self.buttons]
            raise LookupError(f"{len(found)} buttons for {part!r} among {names}")
        return found[0]

    def component(self, custom_id: str) -> Json | None:
        """The component with this custom_id, as the message is now."""
        parts = (part for part in walk(self.components) if part.get("custom_id") == custom_id)
        return next(parts, None)

    def readable(self, intents: int, bot: User) -> bool:
        """Whether a bot with these intents may read what stands in it."""
        mine = self.author is bot or bot in self.mentions.users
        return bool(intents & Intent.MESSAGE_CONTENT) or self.channel.is_private or mine

    def json(self, intents: int, bot: User, *, quoted: bool = False) -> Json:
        """As Discord sends it to a bot with these intents."""
        words = self._words() if self.readable(intents, bot) else self._silence()
        data = self._frame() | words | self.extra
        if self.reference:
            data["message_reference"] = self.reference
            if not quoted:
                gone = self.reply_to is None or self.reply_to.deleted
                there = None if gone else self.reply_to
                data["referenced_message"] = there and there.json(intents, bot, quoted=True)
        if self.thread:
            data["thread"] = self.thread.json
        return data

    def event(self, intents: int, bot: User) -> Json:
        """As MESSAGE_CREATE and MESSAGE_UPDATE carry it: with guild and member."""
        data = self.json(intents, bot)
        guild = self.channel.guild
        if guild:
            data["guild_id"] = str(guild.id)
            member = guild.members.get(self.author.id)
            if member and "webhook_id" not in data:
                data["member"] = member.partial
        if self.nonce is not None:
            data["nonce"] = self.nonce
        return data

    def _frame(self) -> Json:
        return {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json,
            "type": self.kind,
            "flags": int(self.flags),
            "timestamp": self.created,
            "edited_timestamp": self.edited,
            "tts": False,
            "pinned": False,
            "mention_everyone": self.mentions.everyone,
            "mentions": [self._mentioned(user) for user in self.mentions.users],
            "mention_roles": [str(role.id) for role in self.mentions.roles],
        }

    def _mentioned(self, user: User) -> Json:
        member = self.channel.guild and self.channel.guild.members.get(user.id)
        return user.json | ({"member": member.partial} if member else {})

    def _words(self) -> Json:
        return {
            "content": self.content,
            "embeds": self.embeds,
            "components": self.components,
            "attachments": [file.json for file in self.attachments],
        }

    def _silence(self) -> Json:
        return {"content": "", "embeds": [], "components": [], "attachments": []}


def walk(parts: list[Json]) -> Iterator[Json]:
    """All components, each before those inside it."""
    for part in parts:
        yield part
        inner: list[Any] = [*(part.get("components") or ())]
        inner += [part[key] for key in ("accessory", "component") if part.get(key)]
        yield from walk(inner)


def _embed_words(embed: Json) -> Iterator[str]:
    yield (embed.get("author") or {}).get("name") or ""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for field_ in embed.get("fields") or ():
        yield field_.get("name") or ""
        yield field_.get("value") or ""
    yield (embed.get("footer") or {}).get("text") or ""
