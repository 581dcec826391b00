"""How Discord refuses: a status, a code of its own, a sentence, and for forms a tree.

Exception
├── ApiError         a REST request is refused; the bot gets it as JSON
└── NotOffered       a person tries what Discord's client would not show them; the test gets it
"""

from types import MappingProxyType

from tests.discord_server.json_types import Json

REFUSALS = MappingProxyType(
    {
        0: (404, "404: Not Found"),
        10003: (404, "Unknown Channel"),
        10004: (404, "Unknown Guild"),
        10007: (404, "Unknown Member"),
        10008: (404, "Unknown Message"),
        10013: (404, "Unknown User"),
        10015: (404, "Unknown Webhook"),
        10062: (404, "Unknown interaction"),
        40001: (401, "401: Unauthorized"),
        40005: (413, "Request entity too large"),
        40060: (400, "Interaction has already been acknowledged."),
        50001: (403, "Missing Access"),
        50003: (403, "Cannot execute action on a DM channel"),
        50005: (403, "Cannot edit a message authored by another user"),
        50006: (400, "Cannot send an empty message"),
        50007: (403, "Cannot send messages to this user"),
        50008: (400, "Cannot send messages in a non-text channel"),
        50013: (403, "Missing Permissions"),
        50024: (400, "Cannot execute action on this channel type"),
        50027: (401, "Invalid Webhook Token"),
        50083: (400, "Thread is archived"),
        50109: (400, "The request body contains invalid JSON."),
        160004: (400, "A thread has already been created for this message"),
    }
)


class ApiError(Exception):
    """A request is refused with ``status`` and Discord's own ``code``."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> Json:
        """The JSON of the answer."""
        tree = {} if self.errors is None else {"errors": self.errors}
        return {"message": self.message, "code": self.code} | tree


class NotOffered(Exception):
    """Discord's client would not let this person do this here."""


def refusal(code: int) -> ApiError:
    """The refusal that has this code."""
    status, message = REFUSALS[code]
    if code == 40001:
        return ApiError(401, 0, message)
    return ApiError(status, code, message)
