"""What goes wrong on purpose: refusals, cut connections, delays."""

import re
from dataclasses import dataclass, field

from tests.discord_server.json_types import Json


@dataclass
class Fault:
    """Something that befalls the next ``times`` requests of a kind."""

    method: str
    pattern: str
    times: int
    status: int = 0
    reset: bool = False
    seconds: float = 0
    json: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    after_accepting: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Whether it befalls this request."""
        return (
            self.times > 0 and self.method in (method, "*") and bool(re.search(self.pattern, path))
        )

    @property
    def body(self) -> Json:
        """The JSON that a failure is answered with."""
        return self.json or {"message": f"{self.status}: by order of the test", "code": 0}


class Faults:
    """The faults that are still to come; ``method`` is also "*"."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def fail(
        self,
        method: str,
        path_regex: str,
        status: int = 500,
        times: int = 1,
        json: Json | None = None,
        headers: dict[str, str] | None = None,
        *,
        after_accepting: bool = False,
    ) -> None:
        """Answer with ``status``; with ``after_accepting`` the request's work is done first."""
        fault = Fault(method, path_regex, times, status, json=json, headers=headers or {})
        fault.after_accepting = after_accepting
        self._coming.append(fault)

    def reset(
        self, method: str, path_regex: str, times: int = 1, *, after_accepting: bool = False
    ) -> None:
        """Reset the connection instead of answering."""
        fault = Fault(method, path_regex, times, reset=True, after_accepting=after_accepting)
        self._coming.append(fault)

    def slow(self, method: str, path_regex: str, seconds: float, times: int = 1) -> None:
        """Let the request wait before it is looked at."""
        self._coming.append(Fault(method, path_regex, times, seconds=seconds))

    def take(self, method: str, path: str) -> tuple[float, Fault | None]:
        """The delay, and the fault, of this request; both are used up by it."""
        befalling = [fault for fault in self._coming if fault.matches(method, path)]
        delays = [fault for fault in befalling if fault.seconds]
        wrong = [fault for fault in befalling if not fault.seconds][:1]
        for fault in (*delays, *wrong):
            fault.times -= 1
        return sum(fault.seconds for fault in delays), next(iter(wrong), None)
