"""A language model behind an API that is compatible with OpenAI's: the one way out to it.

A request is sent once: a second try might cost its owner a second time. It is sent to the address
that was set and nowhere else, whatever is answered there.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.secret import Secret
from bot.sse import Events

_DONE = "[DONE]"
_ENDED_WELL = frozenset({"stop", "length"})


class EndpointError(Exception):
    """Nothing useful came back. The message goes on after "The endpoint", and holds no secret."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers, under which name, and with which key, if it needs one."""

    url: str
    model: str
    key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long all of an answer may take, in seconds, and how long it may be, in bytes."""

    seconds: float = 30.0
    size: int = 1_000_000


async def write(
    endpoint: Endpoint, messages: Sequence[Mapping[str, str]], limits: Limits | None = None
) -> str:
    """What the model answers to these messages, once it is there as a whole.

    Raises:
        EndpointError: it is not there in time, too long, cut off, or no such answer.
    """
    limits = limits or Limits()
    asked = {"model": endpoint.model, "messages": list(messages), "stream": True}
    async with _errors_named(limits), _session(endpoint) as session:
        url = f"{endpoint.url}/chat/completions"
        async with session.post(url, json=asked, allow_redirects=False) as response:
            _check(response)
            if response.content_type != "text/event-stream":
                raise EndpointError("does not answer with a stream of events.")
            return await _text(response, limits)


async def models(endpoint: Endpoint, limits: Limits | None = None) -> tuple[str, ...] | None:
    """The names of the models that are there; None where the endpoint does not tell. Costs nothing.

    Raises:
        EndpointError: it does not answer, or refuses.
    """
    limits = limits or Limits(seconds=5.0)
    async with _errors_named(limits), _session(endpoint) as session:
        url = f"{endpoint.url}/models"
        async with session.get(url, allow_redirects=False) as response:
            if response.status in (404, 405, 501):
                return None
            _check(response)
            told = json.loads(b"".join([part async for part in _parts(response, limits)]))
    listed = told.get("data") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        return None
    return tuple(str(one["id"]) for one in listed if isinstance(one, dict) and "id" in one)


@asynccontextmanager
async def _errors_named(limits: Limits) -> AsyncIterator[None]:
    """Within this time, whatever goes wrong is an ``EndpointError``."""
    try:
        async with asyncio.timeout(limits.seconds):
            yield
    except TimeoutError:
        raise EndpointError(f"took longer than {limits.seconds:g} s.") from None
    except (aiohttp.ClientError, OSError) as error:
        raise EndpointError(f"could not be reached ({type(error).__name__}).") from None
    except (ValueError, RecursionError) as error:
        raise EndpointError(f"answered what cannot be read ({type(error).__name__}).") from None


def _session(endpoint: Endpoint) -> aiohttp.ClientSession:
    # What is compressed may be a thousand times larger when it is read.
    headers = {"Accept-Encoding": "identity"}
    if endpoint.key is not None:
        headers["Authorization"] = f"Bearer {endpoint.key.reveal()}"
    return aiohttp.ClientSession(
        headers=headers,
        timeout=aiohttp.ClientTimeout(total=None),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


def _check(response: aiohttp.ClientResponse) -> None:
    if 300 <= response.status < 400:
        raise EndpointError(f"redirects elsewhere ({response.status}), which is not followed.")
    if response.status != 200:
        raise EndpointError(f"answered with status {response.status}.")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise EndpointError("answered compressed, which was not asked for.")


async def _parts(response: aiohttp.ClientResponse, limits: Limits) -> AsyncIterator[bytes]:
    """The answer as it comes; ends in an error where it is too long."""
    length = 0
    async for part in response.content.iter_any():
        length += len(part)
        if length > limits.size:
            raise EndpointError(f"wrote more than {limits.size} bytes.")
        yield part


async def _text(response: aiohttp.ClientResponse, limits: Limits) -> str:
    events, draft = Events(), _Draft()
    async for part in _parts(response, limits):
        if draft.take(events.feed(part)):
            return draft.text
    if draft.take(events.end()) or draft.ended:
        return draft.text
    raise EndpointError("was cut off in the middle.")


class _Draft:
    """An answer that is being written."""

    def __init__(self) -> None:
        self.text = ""
        self.ended = False

    def take(self, events: Sequence[str]) -> bool:
        """Read on; whether there is no more to come. Raises EndpointError, ValueError."""
        for event in events:
            if event == _DONE:
                return True
            self._take(json.loads(event))
        return False

    def _take(self, told: Any) -> None:
        if not isinstance(told, dict) or "error" in told:
            raise EndpointError("reports an error in the middle.")
        choices = told.get("choices", [])
        if not isinstance(choices, list):
            raise EndpointError("answered something else than choices.")
        for choice in choices[:1]:
            self._add(choice)

    def _add(self, choice: Any) -> None:
        delta = choice.get("delta") if isinstance(choice, dict) else None
        said = delta.get("content") if isinstance(delta, dict) else None
        if not isinstance(said, str | None):
            raise EndpointError("answered something else than text.")
        self.text += said or ""
        reason = choice.get("finish_reason") if isinstance(choice, dict) else None
        if reason is not None and reason not in _ENDED_WELL:
            raise EndpointError("stopped for another reason than that all was said.")
        self.ended = self.ended or reason is not None
