"""Files: what people attach and bots upload, kept under ``/cdn``."""

from collections.abc import Callable
from dataclasses import dataclass
from mimetypes import guess_type
from urllib.parse import quote

from tests.discord_server.json_types import Json


@dataclass(frozen=True, eq=False)
class Attachment:
    """A file with its address on the CDN."""

    id: int
    name: str
    data: bytes
    base: str
    description: str | None = None

    @property
    def path(self) -> str:
        """Where the CDN has it."""
        return f"/cdn/attachments/{self.id}/{quote(self.name)}"

    @property
    def url(self) -> str:
        """Its whole address."""
        return self.base + self.path

    @property
    def json(self) -> Json:
        """As Discord sends an attachment."""
        described = {} if self.description is None else {"description": self.description}
        return described | {
            "id": str(self.id),
            "filename": self.name,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": guess_type(self.name)[0] or "application/octet-stream",
            "flags": 0,
        }


class Files:
    """All attachments, by id; ``base`` gives the server's address once it is known."""

    def __init__(self, new_id: Callable[[], int], base: Callable[[], str]) -> None:
        self._new_id = new_id
        self._base = base
        self._kept: dict[int, Attachment] = {}

    def keep(self, name: str, data: bytes, description: str | None = None) -> Attachment:
        """Store a file."""
        file = Attachment(self._new_id(), name, data, self._base(), description)
        self._kept[file.id] = file
        return file

    def find(self, id: int) -> Attachment | None:
        """The file with this id."""
        return self._kept.get(id)
