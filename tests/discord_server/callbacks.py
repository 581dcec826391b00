"""The bot's answers to interactions: the callback, and the webhook that follows it."""

from tests.discord_server.calls import Ask, Call, Calls, Reply, check_type
from tests.discord_server.choices import check_choices
from tests.discord_server.drafts import CALLBACK, FOLLOWUP, WEBHOOK_EDIT, Draft, inspect
from tests.discord_server.errors import refusal
from tests.discord_server.form import Form
from tests.discord_server.json_types import Json
from tests.discord_server.messages import Flag, Message
from tests.discord_server.modals import check_modal
from tests.discord_server.posting import Posting
from tests.discord_server.recording import Asked
from tests.discord_server.rest import Rest
from tests.discord_server.world import World


class Callbacks:
    """The routes that need no Authorization, because the token in the path is one."""

    def __init__(self, world: World, calls: Calls, posting: Posting) -> None:
        self._world = world
        self._calls = calls
        self._posting = posting

    def serve(self, rest: Rest) -> None:
        """Add the routes."""
        hook = "/webhooks/{app}/{token}"
        rest.route("POST", "/interactions/{id}/{token}/callback", self.acknowledge, is_open=True)
        rest.route("POST", hook, self.follow, is_open=True)
        rest.route("GET", hook + "/messages/{message}", self.read, is_open=True)
        rest.route("PATCH", hook + "/messages/{message}", self.edit, is_open=True)
        rest.route("DELETE", hook + "/messages/{message}", self.delete, is_open=True)

    def acknowledge(self, asked: Asked) -> Json | None:
        """The first answer, due within three seconds."""
        call = self._calls.to_acknowledge(asked.id("id"), asked.parts["token"])
        form = Form(asked.body)
        form.known(frozenset({"type", "data"}))
        form.submit()
        reply = check_type(call, asked.body.get("type"))
        data = asked.body.get("data") or {}
        self._take(call, reply, data, asked.files)
        call.callback_type, call.callback = reply, asked.body
        call.acknowledged_after = call.age
        return self._told(call) if asked.says("with_response") else None

    def _take(self, call: Call, reply: Reply, data: Json, files: dict[str, bytes]) -> None:
        match reply:
            case Reply.CHOICES:
                call.choices = check_choices(data)
            case Reply.MODAL:
                call.modal = check_modal(data)
            case Reply.MESSAGE:
                self._respond(call, data, files)
            case Reply.DEFER:
                self._think(call, data)
            case Reply.UPDATE:
                assert call.source
                call.message = call.source
                self._edit(call.source, data, files, CALLBACK)
            case Reply.DEFER_UPDATE:
                call.message = call.source
                call.source_payload = call.source.payload if call.source else None

    def _respond(self, call: Call, data: Json, files: dict[str, bytes]) -> None:
        draft = inspect(data, CALLBACK, files, path=("data",))
        call.message = self._send(call, draft, files, ephemeral=draft.ephemeral)

    def _think(self, call: Call, data: Json) -> None:
        ephemeral = inspect(data, CALLBACK, {}, path=("data",)).ephemeral
        message = self._world.compose(self._world.bot, call.channel)
        message.flags = Flag.LOADING | (Flag.EPHEMERAL if ephemeral else 0)
        call.message = self._publish(call, message)

    def _send(
        self, call: Call, draft: Draft, files: dict[str, bytes], *, ephemeral: bool
    ) -> Message:
        flags = Flag.EPHEMERAL if ephemeral else 0
        reply_to = call.source if call.kind is Ask.COMPONENT else None
        message = self._posting.compose(call.channel, draft, files, reply_to=reply_to, flags=flags)
        return self._publish(call, message)

    def _publish(self, call: Call, message: Message) -> Message:
        application = str(self._world.application_id)
        owners = call.payload["authorizing_integration_owners"]
        about = {
            "id": str(call.id),
            "type": call.kind,
            "user": call.user.json,
            "authorizing_integration_owners": owners,
        }
        message.extra = {"webhook_id": application, "application_id": application}
        message.extra["interaction_metadata"] = about
        if call.kind is Ask.COMMAND and call.message is None:
            message.kind = 23 if call.payload["data"].get("target_id") else 20
        return self._world.publish(message)

    def _told(self, call: Call) -> Json:
        about: Json = {"id": str(call.id), "type": call.kind}
        if call.message is None:
            return {"interaction": about, "resource": {"type": call.callback_type}}
        about |= {
            "response_message_id": str(call.message.id),
            "response_message_loading": call.message.loading,
            "response_message_ephemeral": call.message.ephemeral,
        }
        resource: Json = {"type": call.callback_type}
        if call.callback_type is not Reply.DEFER_UPDATE:
            resource["message"] = self._json(call.message)
        return {"interaction": about, "resource": resource}

    def follow(self, asked: Asked) -> Json | None:
        """A further message; after a deferral the first one is the original response."""
        call = self._call(asked)
        draft = inspect(asked.body, FOLLOWUP, asked.files)
        if call.message and call.message.loading:
            message = self._edit(call.message, asked.body, asked.files, FOLLOWUP)
        else:
            message = self._send(call, draft, asked.files, ephemeral=draft.ephemeral)
            call.followups.append(message)
        return self._json(message) if asked.says("wait") else None

    def read(self, asked: Asked) -> Json:
        """A message of this interaction."""
        return self._json(self._message(asked))

    def edit(self, asked: Asked) -> Json:
        """Edit a message of this interaction."""
        message = self._message(asked)
        return self._json(self._edit(message, asked.body, asked.files, WEBHOOK_EDIT))

    def delete(self, asked: Asked) -> None:
        """Delete a message of this interaction."""
        message = self._message(asked)
        call = self._call(asked)
        call.deleted = call.deleted or message is call.message
        self._world.delete(message)

    def _edit(
        self, message: Message, body: Json, files: dict[str, bytes], fields: frozenset[str]
    ) -> Message:
        draft = inspect(body, fields, files, message)
        self._posting.edit(message, draft, files)
        self._world.changed(message)
        return message

    def _call(self, asked: Asked) -> Call:
        return self._calls.to_follow(asked.id("app"), asked.parts["token"])

    def _message(self, asked: Asked) -> Message:
        call, name = self._call(asked), asked.parts["message"]
        # The message of a button can be edited by its id, whatever the button was answered with.
        known = (call.message, call.source, *call.followups)
        ours = [message for message in known if message]
        for message in ours:
            named = message is call.message if name == "@original" else name == str(message.id)
            if named and not message.deleted:
                return message
        raise refusal(10008)

    def _json(self, message: Message) -> Json:
        return message.json(-1, self._world.bot)
