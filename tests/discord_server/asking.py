"""Interactions as Discord sends them to the bot."""

from collections.abc import Mapping
from typing import Any

from tests.discord_server.calls import Ask, Call, Calls
from tests.discord_server.channels import Channel
from tests.discord_server.commands import Commands
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Message
from tests.discord_server.offering import check_person, check_place, choose_install, context_of
from tests.discord_server.options import Resolved, descend, fill, wrapped
from tests.discord_server.people import User
from tests.discord_server.world import World


class Asking:
    """Builds interactions and dispatches them."""

    def __init__(self, world: World, commands: Commands, calls: Calls) -> None:
        self.world = world
        self._commands = commands
        self._calls = calls
        self.attachment_size_limit = 10 << 20

    def slash(
        self,
        user: User,
        channel: Channel,
        name: str,
        values: Mapping[str, Any],
        *,
        installed_for: str | None = None,
        override: bool = False,
        focused: str | None = None,
    ) -> Call:
        """Use a slash command, or (with ``focused``) ask for completions of an option."""
        first, *names = name.split(" ")
        command = self._commands.find(first, 1, channel.guild_id)
        install = self._admitted(command, user, channel, installed_for, override=override)
        inner, way = descend(command, names)
        resolved = Resolved(channel)
        options = wrapped(way, fill(inner, values, resolved, focused))
        data = self._command(command, resolved) | {"options": options}
        kind = Ask.AUTOCOMPLETE if focused else Ask.COMMAND
        return self.ask(kind, user, channel, data, install)

    def context_menu(
        self,
        user: User,
        target: Message | User,
        channel: Channel,
        name: str,
        *,
        installed_for: str | None = None,
        override: bool = False,
    ) -> Call:
        """Use a context menu on a message or a user."""
        kind = 3 if isinstance(target, Message) else 2
        command = self._commands.find(name, kind, channel.guild_id)
        install = self._admitted(command, user, channel, installed_for, override=override)
        resolved = Resolved(channel)
        data = {"target_id": resolved.add(target)} | self._command(command, resolved)
        return self.ask(Ask.COMMAND, user, channel, data, install)

    def ask(
        self,
        kind: Ask,
        user: User,
        channel: Channel,
        data: Json,
        installed_for: str,
        source: Message | None = None,
    ) -> Call:
        """Send an interaction to the bot."""
        call = self._calls.open(kind, user, channel)
        call.installed_for, call.source = installed_for, source
        call.payload = self._payload(call, data)
        self.world.nature.events.emit("INTERACTION_CREATE", channel.guild_id, 0, call.payload)
        return call

    def _admitted(
        self,
        command: Json,
        user: User,
        channel: Channel,
        wished: str | None,
        *,
        override: bool,
    ) -> str:
        check_place(command, channel)
        if not override:
            check_person(self.world, command, user, channel)
        return choose_install(command, channel, wished)

    def _command(self, command: Json, resolved: Resolved) -> Json:
        data = {key: command[key] for key in ("id", "name", "type")}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": resolved.json} if resolved.json else {})

    def _payload(self, call: Call, data: Json) -> Json:
        channel = call.channel
        bits = str(self.world.allowed(call.user, channel))
        payload: Json = {
            "id": str(call.id),
            "application_id": str(self.world.application_id),
            "type": int(call.kind),
            "token": call.token,
            "version": 1,
            "data": data,
            "channel": channel.json | {"permissions": bits},
            "channel_id": str(channel.id),
            "app_permissions": str(self.world.allowed(self.world.bot, channel)),
            "locale": call.user.locale,
            "entitlements": [],
            "context": context_of(channel),
            "attachment_size_limit": self.attachment_size_limit,
            "authorizing_integration_owners": self._owners(call),
        }
        if call.source:
            payload["message"] = call.source.json(-1, self.world.bot)
        return payload | self._who(call, bits)

    def _owners(self, call: Call) -> Json:
        if call.installed_for == "user":
            return {"1": str(call.user.id)}
        return {"0": str(call.channel.guild_id)}

    def _who(self, call: Call, bits: str) -> Json:
        guild = call.channel.guild
        if guild is None:
            return {"user": call.user.json}
        member = guild.members[call.user.id].json | {"permissions": bits}
        ids = {"guild_id": str(guild.id), "guild_locale": guild.locale}
        return {"guild": guild.partial, "member": member} | ids
