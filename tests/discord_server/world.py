"""All there is: users, guilds, channels, files, and the messages in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from tests.discord_server.channels import Channel, Kind
from tests.discord_server.events import Event
from tests.discord_server.files import Attachment, Files
from tests.discord_server.guilds import Guild
from tests.discord_server.intents import Intent
from tests.discord_server.json_types import Json
from tests.discord_server.mentions import Allowed, mentioned
from tests.discord_server.messages import Flag, Message
from tests.discord_server.nature import Nature
from tests.discord_server.people import User
from tests.discord_server.permissions import Permission


class World:
    """The state of a little Discord, as one bot may know it."""

    def __init__(
        self, base: Callable[[], str], clock: Callable[[], float] = time.monotonic, granted: int = 0
    ) -> None:
        self.nature = Nature(clock)
        self.granted = granted
        self.application_id = self.nature.new_id()
        self.files = Files(self.nature.new_id, base)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.directs: dict[int, Channel] = {}
        self.bot = self.add_user("footnote", bot=True)
        self.maker = self.add_user("maker")
        self.team: dict[User, str] = {}
        self._watchers: list[Callable[[Message], None]] = []

    @property
    def me(self) -> Json:
        """The bot's own user, as only the bot sees it."""
        mine = {"verified": True, "mfa_enabled": False, "email": None, "flags": 0}
        return self.bot.json | mine | {"locale": self.bot.locale}

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """A new user, in no guild yet."""
        user = User(self.nature.new_id(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, permissions: int, *, with_bot: bool) -> Guild:
        """A new guild with an owner of its own; the bot's role there carries ``permissions``."""
        guild = Guild(self.nature, name, self.add_user(f"owner of {name}"), self.bot)
        self.guilds[guild.id] = guild
        if with_bot:
            role = guild.add_role(self.bot.name, permissions, mentionable=False)
            role.managed, role.bot_id = True, self.bot.id
            guild.join(self.bot, roles=[role])
            self.welcome(guild)
        return guild

    def welcome(self, guild: Guild) -> None:
        """Tell the bot of a guild."""
        events = self.nature.events
        events.tell(Event("GUILD_CREATE", guild.id, Intent.GUILDS, guild.json))

    def remove_guild(self, guild: Guild) -> None:
        """The bot is removed from a guild, and the guild is gone."""
        del self.guilds[guild.id]
        for channel in guild.channels.values():
            channel.deleted = True
        guild.tell("GUILD_DELETE", {"id": str(guild.id)})

    def hide(self, guild: Guild) -> None:
        """An outage: the guild cannot be reached, but the bot is still a member."""
        guild.tell("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    def dm(self, person: User) -> Channel:
        """The direct channel of the bot and a person."""
        for channel in self.directs.values():
            if channel.kind == Kind.DM and channel.recipients == [person]:
                return channel
        return self._direct(Kind.DM, [person])

    def group_dm(self, people: Iterable[User]) -> Channel:
        """A group of people without the bot."""
        return self._direct(Kind.GROUP_DM, list(people))

    def channels(self) -> Iterator[Channel]:
        """All channels there are."""
        yield from self.directs.values()
        for guild in self.guilds.values():
            yield from guild.channels.values()

    def channel(self, id: int) -> Channel | None:
        """The channel with this id."""
        return next((channel for channel in self.channels() if channel.id == id), None)

    def allowed(self, user: User, channel: Channel) -> int:
        """What a user may do in a channel; in direct channels, all that can be done there."""
        if channel.guild:
            return channel.guild.allowed(user, channel)
        is_bot_here = channel.kind == Kind.DM or user is not self.bot
        return int(Permission.ALL) if is_bot_here else 0

    def hears(self, channel: Channel) -> bool:
        """Whether the bot is told what happens in a channel."""
        return bool(self.allowed(self.bot, channel) & Permission.VIEW_CHANNEL)

    def compose(
        self,
        author: User,
        channel: Channel,
        content: str = "",
        *,
        reply_to: Message | None = None,
        allowed: Allowed | None = None,
        attachments: Iterable[Attachment] = (),
        id: int | None = None,
    ) -> Message:
        """A message that is not yet sent."""
        message = Message(id or self.nature.new_id(), channel, author, self.nature.stamp(), content)
        message.attachments = list(attachments)
        message.reply_to = reply_to
        if reply_to:
            message.kind, message.reference = 19, self.reference(reply_to)
        self.read_mentions(message, allowed or Allowed.everything())
        return message

    def read_mentions(self, message: Message, allowed: Allowed) -> None:
        """Work out anew whom a message mentions."""
        replied = message.reply_to.author if message.reply_to else None
        message.mentions = mentioned(
            message.text, message.author, message.channel, self.users, allowed, replied
        )

    def reference(self, message: Message) -> Json:
        """What points to a message."""
        guild = {"guild_id": str(message.channel.guild_id)} if message.channel.guild else {}
        ids = {"message_id": str(message.id), "channel_id": str(message.channel.id)}
        return {"type": 0} | ids | guild

    def watch(self, watcher: Callable[[Message], None]) -> None:
        """Have ``watcher`` called with each message that comes, changes or goes, for whomever."""
        self._watchers.append(watcher)

    def _show(self, message: Message) -> None:
        for watcher in self._watchers:
            watcher(message)

    def publish(self, message: Message) -> Message:
        """Put a message into its channel, and tell the bot."""
        if not message.ephemeral:
            message.channel.messages[message.id] = message
        self._tell("MESSAGE_CREATE", message)
        self._show(message)
        return message

    def changed(self, message: Message, *, edited: bool = True) -> None:
        """Tell that a message is no longer what it was."""
        message.edited = self.nature.stamp() if edited else message.edited
        self._tell("MESSAGE_UPDATE", message)
        self._show(message)

    def delete(self, message: Message) -> None:
        """Delete a message, and tell."""
        self._forget(message)
        if not message.ephemeral:
            self._report("MESSAGE_DELETE", message.channel, {"id": str(message.id)})

    def delete_many(self, channel: Channel, messages: Iterable[Message]) -> None:
        """Delete messages of one channel at once, and tell of all together."""
        ids = [str(message.id) for message in messages]
        for id in ids:
            self._forget(channel.messages[int(id)])
        self._report("MESSAGE_DELETE_BULK", channel, {"ids": ids})

    def react(self, user: User, message: Message, emoji: str) -> None:
        """Put a reaction, once, and tell."""
        if (user, emoji) in message.reactions:
            return
        message.reactions.append((user, emoji))
        self._show(message)
        channel = message.channel
        guild_id = channel.guild_id
        intent = Intent.GUILD_MESSAGE_REACTIONS if guild_id else Intent.DIRECT_MESSAGE_REACTIONS
        data: Json = {
            "user_id": str(user.id),
            "message_id": str(message.id),
            "message_author_id": str(message.author.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        member = channel.guild and channel.guild.members.get(user.id)
        data |= {"member": member.json} if member else {}
        self._report("MESSAGE_REACTION_ADD", channel, data, intent)

    def _forget(self, message: Message) -> None:
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        self._show(message)

    def _report(self, name: str, channel: Channel, data: Json, intent: int = 0) -> None:
        if not self.hears(channel):
            return
        guild_id = channel.guild_id
        place = {"channel_id": str(channel.id)} | ({"guild_id": str(guild_id)} if guild_id else {})
        usual = Intent.GUILD_MESSAGES if guild_id else Intent.DIRECT_MESSAGES
        self.nature.events.emit(name, guild_id, intent or usual, data | place)

    def _tell(self, name: str, message: Message) -> None:
        if message.flags & Flag.EPHEMERAL or not self.hears(message.channel):
            return
        guild_id = message.channel.guild_id
        intent = Intent.GUILD_MESSAGES if guild_id else Intent.DIRECT_MESSAGES

        def payload(intents: int) -> Json:
            return message.event(intents, self.bot)

        self.nature.events.tell(Event(name, guild_id, intent, payload))

    def _direct(self, kind: int, people: list[User]) -> Channel:
        channel = Channel(self.nature.new_id(), kind, recipients=people)
        self.directs[channel.id] = channel
        return channel
