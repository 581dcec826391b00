"""The bot from start to end: side by side with the index, and back by itself after trouble."""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import aiohttp
import discord

from bot import advice
from bot.advice import FatalError
from bot.gateway.backend import Backend
from bot.gateway.client import FootnoteClient
from bot.memory import Memory
from bot.progress import ProgressLines
from bot.secret import Secret
from bot.tracking import track

_log = logging.getLogger(__name__)

_DAY = 86_400.0
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 90.0
_HEALTHY = 600.0  # seconds; a session that lasted so long was no part of a crash loop
_LEAVING = 8.0  # seconds that a session has to end, once answers under way are given

# Closing codes after which no other try fares better, but for those told apart below.
_FATAL: Mapping[int, str] = MappingProxyType(
    {
        4010: "Discord refused this shard.",
        4011: "Discord wants this bot to be sharded.",
        4012: "Discord does not speak this version of its gateway any more; update discord.py.",
        4013: "Discord does not know the intents that were asked for; update discord.py.",
    }
)


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach Discord."""

    token: Secret
    api_url: str | None = None


async def run(
    backend: Backend,
    login: Login,
    *,
    stopping: asyncio.Event,
    tell: Callable[[str], None],
    retention_days: int,
    watched: Path | None = None,
    settled: Callable[[], None] = lambda: None,
) -> None:
    """Run until ``stopping`` is set.

    Args:
        backend: what answers.
        login: how to reach Discord.
        stopping: ends it; answers under way are given first.
        tell: is given lines for whoever watches.
        retention_days: how long questions are kept.
        watched: the folder of documents that the index is to keep track of, if any.
        settled: is called once all is loaded.

    Raises:
        FatalError: it cannot run, and would not after another try.
    """
    aside = [_start(backend, tell, settled), _forget(backend.memory, retention_days)]
    if watched is not None:
        aside.append(track(backend.service, watched))
    tasks = [asyncio.create_task(one) for one in aside]
    try:
        await _sessions(backend, login, stopping=stopping, tell=tell)
    finally:
        await backend.prose.close()
        await backend.service.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def stop_on_signals(stopping: asyncio.Event) -> None:
    """Set ``stopping`` on SIGINT and SIGTERM; discord.py itself heeds only the first."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt there
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)


async def _forget(memory: Memory, days: int) -> None:
    """Every day, delete what is older than it is to be kept."""
    while True:
        await memory.purge(days)
        await asyncio.sleep(_DAY)


async def _start(
    backend: Backend, tell: Callable[[str], None], settled: Callable[[], None]
) -> None:
    """Load the index and the model, while the login goes on."""
    await backend.service.start(ProgressLines(tell).report)
    settled()
    trouble = backend.service.trouble
    if trouble is not None:
        tell(f"The index could not be brought up to date. {trouble}")
    else:
        if hold := await backend.service.held():
            tell(f"The index is held at generation {hold.generation}, to which it was rolled back.")
        count = len(backend.service.catalog.entries)
        tell(f"Ready to answer from {count} document{'' if count == 1 else 's'}.")


async def _sessions(
    backend: Backend, login: Login, *, stopping: asyncio.Event, tell: Callable[[str], None]
) -> None:
    """One session after the other, with pauses that grow while they keep failing."""
    pause = _FIRST_PAUSE
    while not stopping.is_set():
        began = asyncio.get_running_loop().time()
        try:
            await _session(backend, login, stopping=stopping, tell=tell)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _raise_if_fatal(error)
            lasted = asyncio.get_running_loop().time() - began
            pause = _FIRST_PAUSE if lasted > _HEALTHY else pause
            tell(f"No connection to Discord ({type(error).__name__}); again in {pause:.0f} s.")
            _log.warning("The session ended: %s", error)
        except Exception:
            _log.exception("The session ended by an error; again in %.0f s.", pause)
        await _until(stopping, pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _session(
    backend: Backend, login: Login, *, stopping: asyncio.Event, tell: Callable[[str], None]
) -> None:
    """Log in and serve, until the session ends or the process is to."""
    client = FootnoteClient(backend, api_url=login.api_url)
    serving = asyncio.create_task(client.start(login.token.reveal()))
    telling = asyncio.create_task(_tell_ready(client, tell))
    ending = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        if ending.done():
            await backend.service.stop()  # what waits is told so
        else:
            await serving  # raises what ended it
    finally:
        telling.cancel()
        ending.cancel()
        with suppress(asyncio.TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError):
            await asyncio.wait_for(client.close(), _LEAVING)
        serving.cancel()
        await asyncio.gather(telling, ending, serving, return_exceptions=True)


async def _tell_ready(client: FootnoteClient, tell: Callable[[str], None]) -> None:
    await client.logged_in.wait()
    await client.wait_until_ready()
    servers = len(client.guilds)
    tell(f"Logged in as {client.user}, in {servers} server{'' if servers == 1 else 's'}.")
    tell(f"Invite the bot: {advice.invite(client.application_id or 0)}")


def _raise_if_fatal(error: Exception) -> None:
    """Raise ``FatalError`` where trying again would change nothing."""
    if isinstance(error, discord.LoginFailure):
        raise FatalError(advice.WRONG_TOKEN) from None
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise FatalError(advice.NO_MESSAGE_CONTENT) from None
    if isinstance(error, discord.ConnectionClosed):
        if error.code == 4004:
            raise FatalError(advice.WRONG_TOKEN) from None
        if error.code in _FATAL:
            raise FatalError(_FATAL[error.code]) from None


async def _until(stopping: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the process is to end."""
    if seconds > 0:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopping.wait(), seconds)
