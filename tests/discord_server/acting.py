"""What people do on Discord, and what they see of the bot."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.discord_server.asking import Asking
from tests.discord_server.calls import Call
from tests.discord_server.channels import Channel
from tests.discord_server.choices import check_choices
from tests.discord_server.errors import NotOffered
from tests.discord_server.events import until
from tests.discord_server.files import Attachment
from tests.discord_server.json_types import Json
from tests.discord_server.mentions import Allowed
from tests.discord_server.messages import Message
from tests.discord_server.people import User
from tests.discord_server.permissions import Permission
from tests.discord_server.using import Using
from tests.discord_server.world import World


class Acting:
    """The acts of people: to write, to ask, to click; and to read and wait."""

    def __init__(self, world: World, asking: Asking) -> None:
        self.world = world
        self.asking = asking
        self._using = Using(asking)

    def attach(self, name: str, data: bytes) -> Attachment:
        """A file that a person is about to send."""
        return self.world.files.keep(name, data)

    async def say(
        self,
        author: User,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        attachments: Iterable[Attachment] = (),
    ) -> Message:
        """A person sends a message; ``ping`` says whether a reply notifies its author."""
        self._check_voice(author, channel)
        if not len(text) + len(files := list(attachments)) > 0 or len(text) > 4000:
            raise NotOffered("a message has 1 to 4000 characters, or files")
        allowed = Allowed.everything(replied_user=ping)
        message = self.world.compose(
            author, channel, text, reply_to=reply_to, allowed=allowed, attachments=files
        )
        return self.world.publish(message)

    def _check_voice(self, author: User, channel: Channel) -> None:
        bits = self.world.allowed(author, channel)
        in_thread = Permission.SEND_MESSAGES_IN_THREADS
        if not bits & (in_thread if channel.is_thread else Permission.SEND_MESSAGES):
            raise NotOffered(f"{author.name} may not write in {channel.name or 'this channel'}")

    async def post(
        self, author: User, forum: Channel, title: str, body: str
    ) -> tuple[Channel, Message]:
        """A person starts a post in a forum: a thread, and a first message with its id."""
        thread = forum.add_thread(title, author)
        first = self.world.compose(author, thread, body, id=thread.id)
        return thread, self.world.publish(first)

    async def edit(self, message: Message, text: str) -> None:
        """The author edits a message."""
        message.content = text
        self.world.read_mentions(message, Allowed.everything())
        self.world.changed(message)

    async def delete(self, message: Message) -> None:
        """Someone deletes a message."""
        self.world.delete(message)

    async def delete_many(self, channel: Channel, messages: Iterable[Message]) -> None:
        """Someone deletes messages of a channel at once."""
        self.world.delete_many(channel, messages)

    async def react(self, user: User, message: Message, emoji: str) -> None:
        """A person reacts to a message."""
        self.world.react(user, message, emoji)

    async def slash(
        self,
        user: User,
        channel: Channel,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        installed_for: str | None = None,
        override: bool = False,
    ) -> Call:
        """Use a registered slash command; ``override``: an admin opened it to this member."""
        how: dict[str, Any] = {"installed_for": installed_for, "override": override}
        return self.asking.slash(user, channel, name, options or {}, **how)

    async def message_command(
        self,
        user: User,
        message: Message,
        name: str,
        *,
        installed_for: str | None = None,
        override: bool = False,
    ) -> Call:
        """Use a registered context menu of messages."""
        how: dict[str, Any] = {"installed_for": installed_for, "override": override}
        return self.asking.context_menu(user, message, message.channel, name, **how)

    async def user_command(
        self,
        user: User,
        channel: Channel,
        target: User,
        name: str,
        *,
        installed_for: str | None = None,
        override: bool = False,
    ) -> Call:
        """Use a registered context menu of users."""
        how: dict[str, Any] = {"installed_for": installed_for, "override": override}
        return self.asking.context_menu(user, target, channel, name, **how)

    async def autocomplete(
        self,
        user: User,
        channel: Channel,
        name: str,
        options: Mapping[str, Any],
        focused: str,
        *,
        installed_for: str | None = None,
    ) -> list[Json]:
        """The choices a person gets while they type; TimeoutError when none come in 3 s."""
        how: dict[str, Any] = {"installed_for": installed_for, "focused": focused}
        call = self.asking.slash(user, channel, name, options, **how)
        await call.acknowledged(3)
        return check_choices({"choices": call.choices})

    async def click(
        self, user: User, message: Message, custom_id: str, values: Sequence[Any] = ()
    ) -> Call:
        """Press a button, or choose ``values`` in a select."""
        return self._using.click(user, message, custom_id, values)

    async def submit(self, user: User, call: Call, values: Mapping[str, Any]) -> Call:
        """Send the modal that ``call`` was answered with, filled in."""
        await call.acknowledged()
        return self._using.submit(user, call, values)

    def messages(self, channel: Channel) -> list[Message]:
        """What everyone can read in a channel, in order."""
        return [m for m in channel.messages.values() if not m.loading]

    async def next_message(
        self, channel: Channel, after: Message | None = None, timeout: float = 10
    ) -> Message:
        """The bot's next message there, after a certain one or of all."""

        def found() -> Message | None:
            fresh = (m for m in self.messages(channel) if after is None or m.id > after.id)
            return next((m for m in fresh if m.author is self.world.bot), None)

        await until(found, timeout)
        message = found()
        assert message
        return message
