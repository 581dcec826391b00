"""``python -m tests.playground``: run the bot and the page, until Ctrl-C."""

import argparse
import asyncio
import contextlib
import secrets
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path

from tests.discord_server import DiscordServer
from tests.playground.bots import running
from tests.playground.scene import settle
from tests.playground.site import Playground


def main() -> int:
    """Read the options, and run; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.playground", description=__doc__)
    parser.add_argument("--no-open", action="store_true", help="open no browser")
    parser.add_argument("--port", type=int, default=0, help="the page's port (default: any)")
    options = parser.parse_args()
    return asyncio.run(_serve(port=options.port, opens=not options.no_open))


async def _serve(*, port: int, opens: bool) -> int:
    token = f"MTIzNDU2.playground.{secrets.token_urlsafe(24)}"
    with tempfile.TemporaryDirectory(prefix="footnote-playground-") as folder:
        async with DiscordServer(token=token) as discord:
            scene = settle(discord)
            async with (
                Playground(scene, port=port) as page,
                running(scene, Path(folder), _tell) as process,
            ):
                _tell(f"The playground is at {page.url}")
                if opens:
                    await asyncio.to_thread(webbrowser.open, page.url)
                return await _until_stopped(process)


async def _until_stopped(process: asyncio.subprocess.Process) -> int:
    """Wait for Ctrl-C or SIGTERM, or the end of the bot, which then is a failure."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    waits = [asyncio.create_task(process.wait()), asyncio.create_task(stopping.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in waits:
        task.cancel()
    if stopping.is_set():
        return 0
    print("The bot has ended; so does the playground.", file=sys.stderr)
    return 1


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
