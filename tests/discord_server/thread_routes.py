"""The routes of threads: to start, post, change, and list them."""

from tests.discord_server.channels import Channel, Kind
from tests.discord_server.drafts import CREATE, inspect
from tests.discord_server.errors import refusal
from tests.discord_server.form import Form
from tests.discord_server.guilds import Guild
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Flag
from tests.discord_server.permissions import Permission
from tests.discord_server.places import Places
from tests.discord_server.posting import Posting
from tests.discord_server.recording import Asked
from tests.discord_server.rest import Rest
from tests.discord_server.world import World

START = frozenset({"name", "auto_archive_duration", "rate_limit_per_user"})
OPEN = START | {"type", "invitable"}
POST = OPEN | {"message", "applied_tags"}
CHANGE = START | {"archived", "locked", "applied_tags", "flags", "invitable"}


class ThreadRoutes(Places):
    """Threads under ``/channels``."""

    def __init__(self, world: World, posting: Posting) -> None:
        super().__init__(world)
        self._posting = posting

    def serve(self, rest: Rest) -> None:
        """Add the routes."""
        one = "/channels/{channel}"
        rest.route("POST", one + "/messages/{message}/threads", self.start)
        rest.route("POST", one + "/threads", self.open)
        rest.route("PATCH", one, self.change)
        rest.route("PUT", one + "/thread-members/@me", self.join)
        rest.route("GET", one + "/threads/archived/{kind}", self.archived)

    def start(self, asked: Asked) -> Json:
        """Start a thread from a message; it has the message's id."""
        message = self._message(asked)
        channel = message.channel
        guild = self._guild(channel)
        if channel.is_thread:
            raise refusal(50024)
        self._may(channel, Permission.CREATE_PUBLIC_THREADS)
        name = self._name(Form(asked.body), START)
        if message.thread:
            raise refusal(160004)
        bot = self._world.bot
        message.thread = guild.start_thread(channel, name, bot, at=message.id)
        message.flags |= Flag.HAS_THREAD
        self._world.changed(message, edited=False)
        return message.thread.json

    def open(self, asked: Asked) -> Json:
        """Start a thread without a message, or a post in a forum with one."""
        channel = self._channel(asked)
        guild = self._guild(channel)
        if not channel.has_messages:
            return self._post(channel, guild, asked)
        name = self._name(Form(asked.body), OPEN)
        private = asked.body.get("type", Kind.PRIVATE_THREAD) == Kind.PRIVATE_THREAD
        kind = "PRIVATE" if private else "PUBLIC"
        self._may(channel, Permission[f"CREATE_{kind}_THREADS"])
        return guild.start_thread(channel, name, self._world.bot, private=private).json

    def _post(self, forum: Channel, guild: Guild, asked: Asked) -> Json:
        self._may(forum, Permission.SEND_MESSAGES)
        form = Form(asked.body)
        name = self._name(form, POST)
        draft = inspect(form.at("message").json, CREATE, asked.files, path=("message",))
        thread = guild.start_thread(forum, name, self._world.bot)
        message = self._posting.compose(thread, draft, asked.files, id=thread.id)
        return thread.json | {"message": self._json(self._world.publish(message))}

    def change(self, asked: Asked) -> Json:
        """Rename, archive or lock a thread."""
        thread = self._channel(asked)
        guild, form = self._guild(thread), Form(asked.body)
        form.known(CHANGE)
        name = form.text("name", 1, 100) or thread.name
        locks = form.flag("locked") if "locked" in asked.body else thread.locked
        archives = form.flag("archived") if "archived" in asked.body else thread.archived
        form.submit()
        if not thread.is_thread:
            self._may(thread, Permission.MANAGE_CHANNELS)
        elif thread.owner is not self._world.bot or locks != thread.locked:
            self._may(thread, Permission.MANAGE_THREADS)
        thread.name = name
        guild.archive(thread, archived=archives, locked=locks)
        return thread.json

    def join(self, asked: Asked) -> None:
        """Become a member of a thread."""
        thread = self._channel(asked)
        if self._world.bot not in thread.recipients:
            thread.recipients.append(self._world.bot)

    def archived(self, asked: Asked) -> Json:
        """The archived threads of a channel."""
        channel = self._channel(asked)
        private = asked.parts["kind"] == "private"
        threads = [
            thread.json
            for thread in self._guild(channel).channels.values()
            if thread.parent is channel
            and thread.archived
            and (thread.kind == Kind.PRIVATE_THREAD) == private
        ]
        return {"threads": threads, "members": [], "has_more": False}

    def _guild(self, channel: Channel) -> Guild:
        if channel.guild is None:
            raise refusal(50024)
        return channel.guild

    def _name(self, form: Form, fields: frozenset[str]) -> str:
        form.known(fields)
        name = form.text("name", 1, 100, required=True)
        form.submit()
        return name
