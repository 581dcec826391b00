"""Which collections may be seen from where.

What lies directly in the seeds folder, or in a folder that its owner made there, is for all; what
a server uploaded is for that server alone.
"""

from collections.abc import Iterable

from bot.uploads import is_server_folder, server_folder


def visible(collections: Iterable[str], guild: int | None) -> frozenset[str]:
    """Those of ``collections`` that may be seen in a server, or in direct messages (None)."""
    own = None if guild is None else server_folder(guild)
    return frozenset(one for one in collections if one == own or not is_server_folder(one))
