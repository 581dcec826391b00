"""What is asked of the server, as tests read it afterwards."""

from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.errors import ApiError
from tests.discord_server.json_types import Json


@dataclass(eq=False)
class Recorded:
    """A request. ``status`` is 0 while it is unanswered, or when it was cut off.

    ``json`` is that of a multipart form too. ``uploads`` are by their field.
    """

    method: str
    path: str
    query: dict[str, str]
    at: float
    json: Any = None
    uploads: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answer: Any = None
    authorization: str | None = None
    crash: Exception | None = None

    @property
    def files(self) -> dict[str, bytes]:
        """The uploaded files by their names."""
        return {self.names[key]: data for key, data in self.uploads.items()}

    @property
    def body(self) -> Json:
        """The JSON object of the request."""
        if self.json is None:
            return {}
        if not isinstance(self.json, dict):
            raise ApiError(400, 50035, "Invalid Form Body")
        return self.json


@dataclass(frozen=True)
class Asked:
    """A request as a handler gets it, with the parts of its path."""

    recorded: Recorded
    parts: dict[str, str]

    @property
    def body(self) -> Json:
        """The JSON object of the request."""
        return self.recorded.body

    @property
    def files(self) -> dict[str, bytes]:
        """Uploaded files, by their field: ``files[0]`` and so on."""
        return self.recorded.uploads

    def id(self, part: str) -> int:
        """A part of the path that is an id; 0 when it is no number."""
        text = self.parts[part]
        return int(text) if text.isdecimal() else 0

    def says(self, key: str) -> bool:
        """Whether the query has ``key`` switched on."""
        return self.recorded.query.get(key, "").lower() in ("1", "true")
