"""Server-sent events, read from bytes as they come."""

import re

_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")  # behind a last \r there may be a \n still to come


class Events:
    """Puts bytes together to the data of events; whatever else an event has is left out."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self._is_first = True

    def feed(self, data: bytes) -> list[str]:
        """The data of each event that these bytes end.

        Raises:
            UnicodeDecodeError: they are not UTF-8.
        """
        *lines, self._rest = _LINE_END.split(self._rest + data)
        return [event for line in lines for event in self._take(line)]

    def end(self) -> list[str]:
        """The data of an event that no empty line ended. Raises as ``feed``."""
        return [*self.feed(b"\n"), *self.feed(b"\n")]

    def _take(self, line: bytes) -> list[str]:
        text = line.removeprefix(b"\xef\xbb\xbf" if self._is_first else b"").decode()
        self._is_first = False
        if text:
            name, _, value = text.partition(":")
            if name == "data":
                self._data.append(value.removeprefix(" "))
            return []
        ended, self._data = self._data, []
        return ["\n".join(ended)] if ended else []
