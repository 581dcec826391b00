"""What a member may do in a channel: role bits, then the channel's overwrites."""

from collections.abc import Iterable
from enum import IntFlag


class Permission(IntFlag):
    """The bits that matter here; any other bit is kept as it is."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    ALL = (1 << 53) - 1


def ordinary() -> int:
    """What @everyone may do in a new guild, and the bot's role too."""
    p = Permission
    talk = p.VIEW_CHANNEL | p.SEND_MESSAGES | p.EMBED_LINKS | p.ATTACH_FILES | p.ADD_REACTIONS
    read = p.READ_MESSAGE_HISTORY | p.MENTION_EVERYONE | p.USE_EXTERNAL_EMOJIS
    threads = p.CREATE_PUBLIC_THREADS | p.CREATE_PRIVATE_THREADS | p.SEND_MESSAGES_IN_THREADS
    return int(talk | read | threads | p.USE_APPLICATION_COMMANDS | p.USE_EXTERNAL_APPS)


def overwritten(base: int, layers: Iterable[Iterable[tuple[int, int]]]) -> int:
    """``base`` after layers of (allow, deny); in one layer all denials come before all allows."""
    for layer in layers:
        pairs = list(layer)
        for _, deny in pairs:
            base &= ~deny
        for allow, _ in pairs:
            base |= allow
    return base


def implied(bits: int) -> int:
    """Without sight of a channel, nothing can be done there."""
    return bits if bits & Permission.VIEW_CHANNEL else 0
