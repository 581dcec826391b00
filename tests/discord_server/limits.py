"""Rate limits: buckets for routes, and the global one."""

import hashlib
import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.discord_server.json_types import Json


@dataclass
class Bucket:
    """At most ``limit`` requests in any ``per`` seconds."""

    method: str
    pattern: str
    limit: int
    per: float
    times: deque[float] = field(default_factory=deque)

    def matches(self, method: str, path: str) -> bool:
        """Whether this request counts."""
        return self.method in (method, "*") and bool(re.search(self.pattern, path))

    def admit(self, now: float) -> bool:
        """Count a request, unless there were too many."""
        while self.times and now - self.times[0] >= self.per:
            self.times.popleft()
        if len(self.times) >= self.limit:
            return False
        self.times.append(now)
        return True

    def headers(self, now: float, epoch: float) -> dict[str, str]:
        """What Discord tells of the bucket with each answer."""
        after = max(0.0, self.times[0] + self.per - now) if self.times else self.per
        name = hashlib.sha256(f"{self.method} {self.pattern}".encode()).hexdigest()[:32]
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - len(self.times)),
            "X-RateLimit-Reset": f"{epoch + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": name,
        }


@dataclass(frozen=True)
class Verdict:
    """Whether a request is let through; ``refusal`` is the body of the 429 otherwise."""

    headers: dict[str, str]
    refusal: Json | None = None


class Limits:
    """All limits in force."""

    def __init__(self, clock: Callable[[], float], now: Callable[[], float]) -> None:
        self._clock = clock
        self._now = now
        self._buckets: list[Bucket] = []
        self._global_until = -math.inf

    def add(self, method: str, path_regex: str, limit: int, per: float) -> None:
        """Limit a kind of request."""
        self._buckets.append(Bucket(method, path_regex, limit, per))

    def stop_all(self, seconds: float) -> None:
        """Refuse every request for a while."""
        self._global_until = self._clock() + seconds

    def judge(self, method: str, path: str, *, exempt: bool) -> Verdict:
        """Count a request; interactions are ``exempt`` from the global limit."""
        now = self._clock()
        if now < self._global_until and not exempt:
            wait = self._global_until - now
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return Verdict(
                headers | {"Retry-After": _whole(wait)}, _too_many(wait, everywhere=True)
            )
        bucket = next((b for b in self._buckets if b.matches(method, path)), None)
        if bucket is None:
            return Verdict({})
        admitted, headers = bucket.admit(now), bucket.headers(now, self._now())
        if admitted:
            return Verdict(headers)
        wait = float(headers["X-RateLimit-Reset-After"])
        headers |= {"Retry-After": _whole(wait), "X-RateLimit-Scope": "user"}
        return Verdict(headers, _too_many(wait, everywhere=False))


def _whole(seconds: float) -> str:
    return str(math.ceil(seconds))


def _too_many(seconds: float, *, everywhere: bool) -> Json:
    message = "You are being rate limited."
    return {"message": message, "retry_after": round(seconds, 3), "global": everywhere}
