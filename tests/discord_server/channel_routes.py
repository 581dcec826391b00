"""The routes of channels: messages, threads, reactions, typing."""

from urllib.parse import unquote

from tests.discord_server.channels import Channel
from tests.discord_server.drafts import CREATE, EDIT, inspect
from tests.discord_server.errors import refusal
from tests.discord_server.form import Form
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Message
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Places
from tests.discord_server.posting import Posting
from tests.discord_server.recording import Asked
from tests.discord_server.rest import Rest
from tests.discord_server.world import World

NONCE_LIFE = 300


class ChannelRoutes(Places):
    """``/channels`` and ``/users/@me/channels``."""

    def __init__(self, world: World, posting: Posting) -> None:
        super().__init__(world)
        self._posting = posting
        self._nonces: dict[tuple[int, str], tuple[float, Message]] = {}

    def serve(self, rest: Rest) -> None:
        """Add the routes."""
        one = "/channels/{channel}/messages/{message}"
        rest.route("POST", "/users/@me/channels", self.open_direct)
        rest.route("GET", "/channels/{channel}", lambda asked: self._channel(asked).json)
        rest.route("POST", "/channels/{channel}/typing", self.type)
        rest.route("GET", "/channels/{channel}/messages", self.list)
        rest.route("POST", "/channels/{channel}/messages", self.create)
        rest.route("GET", one, self.read)
        rest.route("PATCH", one, self.edit)
        rest.route("DELETE", one, self.delete)
        rest.route("PUT", one + "/reactions/{emoji}/@me", self.react)
        rest.route("DELETE", one + "/reactions/{emoji}/@me", self.unreact)

    def open_direct(self, asked: Asked) -> Json:
        """The direct channel with a person."""
        wanted = str(asked.body.get("recipient_id"))
        user = self._world.users.get(int(wanted) if wanted.isdecimal() else 0)
        if user is None or user.bot:
            raise refusal(50007 if user else 10013)
        return self._world.dm(user).json

    def type(self, asked: Asked) -> None:
        """Typing has only to be allowed."""
        channel = self._channel(asked)
        self._may(channel, self._speaking(channel))
        channel.typed = self._world.nature.clock()

    def list(self, asked: Asked) -> list[Json]:
        """The last messages, newest first."""
        channel = self._channel(asked)
        self._may(channel, Permission.READ_MESSAGE_HISTORY)
        query = asked.recorded.query
        below, above = int(query.get("before", 1 << 63)), int(query.get("after", 0))
        found = [m for m in channel.messages.values() if above < m.id < below]
        count = Form({"limit": int(query.get("limit", 50))}).number("limit", 1, 100)
        chosen = found[:count] if above else found[-count:]
        return [self._json(message) for message in reversed(chosen)]

    def create(self, asked: Asked) -> Json:
        """Send a message, once for each nonce."""
        channel = self._channel(asked)
        if not channel.has_messages:
            raise refusal(50008)
        if not all(person.accepts_dms for person in channel.recipients if channel.is_private):
            raise refusal(50007)
        self._may(channel, self._speaking(channel))
        if asked.files:
            self._may(channel, Permission.ATTACH_FILES)
        draft = inspect(asked.body, CREATE, asked.files)
        sent = self._sent_before(channel, asked.body)
        if sent:
            return self._json(sent)
        reply_to = self._replied(channel, asked.body)
        self._check_thread(channel)
        message = self._posting.compose(channel, draft, asked.files, reply_to=reply_to)
        message.nonce = asked.body.get("nonce")
        self._remember(channel, message)
        return self._json(self._world.publish(message))

    def _sent_before(self, channel: Channel, body: Json) -> Message | None:
        if body.get("nonce") is None or not body.get("enforce_nonce"):
            return None
        at, message = self._nonces.get((channel.id, str(body["nonce"])), (None, None))
        if at is None or self._world.nature.clock() - at > NONCE_LIFE:
            return None
        return message

    def _remember(self, channel: Channel, message: Message) -> None:
        if message.nonce is not None:
            entry = (self._world.nature.clock(), message)
            self._nonces[channel.id, str(message.nonce)] = entry

    def _replied(self, channel: Channel, body: Json) -> Message | None:
        reference = body.get("message_reference")
        if not reference:
            return None
        found = channel.messages.get(int(reference.get("message_id") or 0))
        if found is None and reference.get("fail_if_not_exists") is not False:
            form = Form(body)
            told = "Unknown message", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
            form.at("message_reference").refuse(*told)
            form.submit()
        if found:
            self._may(channel, Permission.READ_MESSAGE_HISTORY)
        return found

    def _check_thread(self, channel: Channel) -> None:
        if channel.locked and not self._bits(channel) & Permission.MANAGE_THREADS:
            raise refusal(50083)
        channel.archived = False

    def read(self, asked: Asked) -> Json:
        """One message."""
        self._may(self._channel(asked), Permission.READ_MESSAGE_HISTORY)
        return self._json(self._message(asked))

    def edit(self, asked: Asked) -> Json:
        """Edit a message of the bot's own."""
        message = self._message(asked)
        if message.author is not self._world.bot:
            raise refusal(50005)
        draft = inspect(asked.body, EDIT, asked.files, message)
        self._posting.edit(message, draft, asked.files)
        self._world.changed(message)
        return self._json(message)

    def delete(self, asked: Asked) -> None:
        """Delete a message; another's only with the permission."""
        message = self._message(asked)
        if message.author is not self._world.bot:
            if message.channel.is_private:
                raise refusal(50003)
            self._may(message.channel, Permission.MANAGE_MESSAGES)
        self._world.delete(message)

    def react(self, asked: Asked) -> None:
        """Put a reaction."""
        message = self._message(asked)
        self._may(message.channel, Permission.ADD_REACTIONS)
        self._world.react(self._world.bot, message, unquote(asked.parts["emoji"]))

    def unreact(self, asked: Asked) -> None:
        """Take the bot's own reaction back."""
        message = self._message(asked)
        mine = (self._world.bot, unquote(asked.parts["emoji"]))
        if mine in message.reactions:
            message.reactions.remove(mine)
