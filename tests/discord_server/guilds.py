"""A guild: its roles, members and channels, and who may do what where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.discord_server.channels import Channel, Kind, Overwrite
from tests.discord_server.intents import Intent
from tests.discord_server.json_types import Json
from tests.discord_server.nature import Nature
from tests.discord_server.people import Member, Role, User
from tests.discord_server.permissions import Permission, implied, ordinary, overwritten


class Guild:
    """A server on Discord. What is changed here is told to the bot, when it is a member."""

    def __init__(self, nature: Nature, name: str, owner: User, bot: User) -> None:
        self.id = nature.new_id()
        self.name = name
        self.owner = owner
        self.bot = bot
        self.locale = "en-US"
        self.channels: dict[int, Channel] = {}
        self.members: dict[int, Member] = {}
        self.everyone = Role(self.id, "@everyone", ordinary())
        self.roles: dict[int, Role] = {self.id: self.everyone}
        self._nature = nature
        self._admit(owner, [])

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member, and so hears of what happens here."""
        return self.bot.id in self.members

    def tell(self, name: str, data: Json, intents: int = Intent.GUILDS) -> None:
        """Tell the bot of an event here."""
        if self.has_bot:
            self._nature.events.emit(name, self.id, intents, data | {"guild_id": str(self.id)})

    def add_role(self, name: str, permissions: int = 0, *, mentionable: bool = True) -> Role:
        """A new role above the others."""
        place = len(self.roles)
        role = Role(self._nature.new_id(), name, permissions, place, mentionable=mentionable)
        self.roles[role.id] = role
        self.tell("GUILD_ROLE_CREATE", {"role": role.json})
        return role

    def change_role(self, role: Role, permissions: int) -> None:
        """Give a role other permissions."""
        role.permissions = permissions
        self.tell("GUILD_ROLE_UPDATE", {"role": role.json})

    def join(self, user: User, permissions: int = 0, roles: Iterable[Role] = ()) -> Member:
        """Make ``user`` a member; a role of their own carries ``permissions``."""
        held = list(roles)
        if permissions:
            held.append(self.add_role(f"{user.name}'s", permissions))
        member = self._admit(user, held)
        if user is not self.bot:
            self.tell("GUILD_MEMBER_ADD", member.json, Intent.GUILD_MEMBERS)
        return member

    def leave(self, user: User) -> None:
        """End a membership."""
        del self.members[user.id]
        self.tell("GUILD_MEMBER_REMOVE", {"user": user.json}, Intent.GUILD_MEMBERS)

    def give(self, user: User, role: Role) -> None:
        """Give a member a role."""
        member = self.members[user.id]
        member.roles.append(role)
        self._member_changed(member)

    def take(self, user: User, role: Role) -> None:
        """Take a role from a member."""
        member = self.members[user.id]
        member.roles.remove(role)
        self._member_changed(member)

    def add_channel(
        self,
        name: str,
        overwrites: Iterable[Overwrite | tuple[User | Role, int, int]] = (),
        kind: int = Kind.TEXT,
    ) -> Channel:
        """A new channel; an overwrite is also (who, allow, deny)."""
        layers = [o if isinstance(o, Overwrite) else Overwrite(*o) for o in overwrites]
        new_id, place = self._nature.new_id(), len(self.channels)
        channel = Channel(new_id, kind, name, self, position=place, overwrites=layers)
        self.channels[channel.id] = channel
        self.tell("CHANNEL_CREATE", channel.json)
        return channel

    def add_forum(
        self, name: str, overwrites: Iterable[Overwrite | tuple[User | Role, int, int]] = ()
    ) -> Channel:
        """A new forum."""
        return self.add_channel(name, overwrites, Kind.FORUM)

    def start_thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        *,
        private: bool = False,
        at: int | None = None,
    ) -> Channel:
        """A new thread; of a message when ``at`` is that message's id."""
        kind = Kind.PRIVATE_THREAD if private else Kind.PUBLIC_THREAD
        stamp, new_id = self._nature.stamp(), at or self._nature.new_id()
        thread = Channel(new_id, kind, name, self, parent, owner, stamp, recipients=[owner])
        self.channels[thread.id] = thread
        if self.allowed(self.bot, thread) & Permission.VIEW_CHANNEL:
            self.tell("THREAD_CREATE", thread.json | {"newly_created": True})
        return thread

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread, and the threads in it."""
        for thread in [c for c in self.channels.values() if c.parent is channel]:
            thread.deleted = True
            del self.channels[thread.id]
        channel.deleted = True
        del self.channels[channel.id]
        self.tell("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel.json)

    def archive(self, thread: Channel, *, archived: bool = True, locked: bool = False) -> None:
        """Archive a thread, and perhaps lock it; or open it again."""
        thread.archived, thread.locked = archived, locked
        self.tell("THREAD_UPDATE", thread.json)

    def deny(
        self,
        channel: Channel,
        permissions: int = Permission.VIEW_CHANNEL,
        who: User | Role | None = None,
    ) -> None:
        """Take permissions in a channel from a user or role; from the bot when none is named."""
        channel.overwrites.append(Overwrite(who or self.bot, 0, permissions))
        self.tell("CHANNEL_UPDATE", channel.json)

    def allowed(self, user: User, channel: Channel | None = None) -> int:
        """What ``user`` may do here, or in one channel."""
        member = self.members.get(user.id)
        if member is None:
            return 0
        base = member.has(self.everyone.permissions)
        if user is self.owner or base & Permission.ADMINISTRATOR:
            return int(Permission.ALL)
        return base if channel is None else self._in_channel(base, member, channel)

    def _in_channel(self, base: int, member: Member, channel: Channel) -> int:
        layers = channel.layers(self.everyone, member.roles, member.user)
        bits = overwritten(base, [[(o.allow, o.deny) for o in layer] for layer in layers])
        hidden = channel.kind == Kind.PRIVATE_THREAD and member.user not in channel.recipients
        if hidden and not bits & Permission.MANAGE_THREADS:
            return 0
        return implied(bits)

    def _admit(self, user: User, roles: Sequence[Role]) -> Member:
        member = Member(user, self._nature.stamp(), list(roles))
        self.members[user.id] = member
        return member

    def _member_changed(self, member: Member) -> None:
        always = member.user is self.bot
        self.tell("GUILD_MEMBER_UPDATE", member.json, 0 if always else Intent.GUILD_MEMBERS)

    @property
    def partial(self) -> Json:
        """As interactions carry a guild."""
        return {"id": str(self.id), "locale": self.locale, "features": []}

    def json(self, intents: int) -> Json:
        """As GUILD_CREATE has it; without the members intent only the bot is among the members."""
        everyone = intents & Intent.GUILD_MEMBERS
        seen = [m for m in self.members.values() if everyone or m.user is self.bot]
        visible = [c for c in self.channels.values() if not c.archived]
        threads = [c for c in visible if c.is_thread and self.allowed(self.bot, c)]
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner.id),
            "roles": [role.json for role in self.roles.values()],
            "channels": [c.json for c in visible if not c.is_thread],
            "threads": [thread.json for thread in threads],
            "members": [member.json for member in seen],
            "member_count": len(self.members),
            "preferred_locale": self.locale,
            "large": len(self.members) > 250,
            "unavailable": False,
            "emojis": [],
            "stickers": [],
            "features": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "system_channel_flags": 0,
            "joined_at": self.members[self.bot.id].joined_at if self.has_bot else None,
        }
