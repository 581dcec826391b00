"""Which events a session asked for, and whose words it may read."""

from enum import IntFlag


class Intent(IntFlag):
    """The bits of IDENTIFY's ``intents``."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15
    PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
    KNOWN = (1 << 26) - 1  # any of these may be asked for


def application_flags(granted: int) -> int:
    """The flags of an application that was granted these privileged intents (unverified)."""
    limited = ((Intent.GUILD_PRESENCES, 13), (Intent.GUILD_MEMBERS, 15))
    pairs = (*limited, (Intent.MESSAGE_CONTENT, 19))
    return sum(1 << bit for intent, bit in pairs if granted & intent)
