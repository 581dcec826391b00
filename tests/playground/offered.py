"""The commands that Discord would offer to somebody, in their language."""

from collections.abc import Iterator

from tests.discord_server import Channel, DiscordServer, NotOffered, User
from tests.discord_server.json_types import Json
from tests.discord_server.offering import check_person, check_place, choose_install

SLASH, SUBCOMMAND, GROUP = 1, 1, 2


def offered(discord: DiscordServer, person: User, channel: Channel) -> list[Json]:
    """Every command to be used there, each subcommand as one of its own, sorted by name."""
    registry = discord.registry
    known = [*registry.of_guilds.get(channel.guild_id, []), *registry.everywhere]
    here = [command for command in known if _is_offered(discord, command, person, channel)]
    leaves = [leaf for command in here for leaf in _leaves(command, person.locale)]
    return sorted(leaves, key=lambda leaf: (leaf["type"], leaf["label"]))


def _is_offered(discord: DiscordServer, command: Json, person: User, channel: Channel) -> bool:
    try:
        check_place(command, channel)
        check_person(discord.world, command, person, channel)
        choose_install(command, channel, None)
    except NotOffered:
        return False
    return True


def _leaves(
    command: Json, locale: str, names: tuple[str, ...] = (), labels: tuple[str, ...] = ()
) -> Iterator[Json]:
    names, labels = (*names, command["name"]), (*labels, _said(command, "name", locale))
    inner = command.get("options") or []
    nested = [option for option in inner if option["type"] in (SUBCOMMAND, GROUP)]
    for option in nested:
        for leaf in _leaves(option, locale, names, labels):
            yield leaf | {"type": SLASH}
    if not nested:
        yield {
            "type": command["type"],
            "name": " ".join(names),
            "label": " ".join(labels),
            "description": _said(command, "description", locale),
            "options": [_option(option, locale) for option in inner],
        }


def _option(option: Json, locale: str) -> Json:
    kept = ("name", "type", "required", "autocomplete", "channel_types", "min_value", "max_value")
    choices = [
        {"name": _said(choice, "name", locale), "value": choice["value"]}
        for choice in option.get("choices") or ()
    ]
    return {key: option[key] for key in kept if key in option} | {
        "label": _said(option, "name", locale),
        "description": _said(option, "description", locale),
        "choices": choices,
    }


def _said(part: Json, key: str, locale: str) -> str:
    """A name or a description in somebody's language, where there is one."""
    return str((part.get(f"{key}_localizations") or {}).get(locale) or part.get(key) or "")
