"""The commands a bot has registered."""

from tests.discord_server.command_forms import check_commands
from tests.discord_server.json_types import Json
from tests.discord_server.nature import Nature


class Commands:
    """Registered commands: global ones, and those of one guild."""

    def __init__(self, nature: Nature, application_id: int) -> None:
        self._nature = nature
        self._application_id = application_id
        self.everywhere: list[Json] = []
        self.of_guilds: dict[int, list[Json]] = {}

    def overwrite(self, given: object, guild_id: int = 0) -> list[Json]:
        """Replace all commands of a guild, or (0) the global ones."""
        old = self.of_guilds.get(guild_id, []) if guild_id else self.everywhere
        ids = {(c["type"], c["name"]): c["id"] for c in old}
        new = [self._registered(command, ids, guild_id) for command in check_commands(given)]
        if guild_id:
            self.of_guilds[guild_id] = new
        else:
            self.everywhere = new
        return new

    def find(self, name: str, kind: int, guild_id: int = 0) -> Json:
        """The command of this name; KeyError when the bot has registered none."""
        offered = [*self.of_guilds.get(guild_id, []), *self.everywhere]
        for command in offered:
            if (command["name"], command["type"]) == (name, kind):
                return command
        raise KeyError(f"the bot has registered no command {name!r} of type {kind}")

    def _registered(self, given: Json, ids: dict[tuple[int, str], str], guild_id: int) -> Json:
        kind = given.get("type", 1)
        permissions = given.get("default_member_permissions")
        kept: str = ids.get((kind, given["name"])) or str(self._nature.new_id())
        owner = {"guild_id": str(guild_id)} if guild_id else {}
        command: Json = {
            **given,
            **owner,
            "id": kept,
            "application_id": str(self._application_id),
            "type": kind,
            "version": str(self._nature.new_id()),
            "description": given.get("description") or "",
            "default_member_permissions": None if permissions is None else str(permissions),
            "nsfw": given.get("nsfw", False),
            "integration_types": given.get("integration_types") or [0],
            "contexts": given.get("contexts"),
        }
        return command
