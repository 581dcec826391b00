"""The bot as a process of its own, over a scratch folder, at the little Discord."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

from bot.memory import Memory
from tests.playground.scene import Scene, arrange, furnish

ROOT = Path(__file__).parent.parent.parent
# An invitation to the real Discord; and what discord.py thinks when an answer to its heartbeat is
# there before it has noted when it sent that, as happens on loopback.
MISLEADING = ("/oauth2/authorize", "Can't keep up")


@contextlib.asynccontextmanager
async def running(
    scene: Scene, folder: Path, tell: Callable[[str], None]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot in ``folder``; what it says is told line by line."""
    furnish(folder / "seeds", scene, copied=ROOT / "seeds")
    (folder / "data").mkdir()
    memory = await Memory.open(folder / "data" / "history.sqlite")
    await arrange(memory, scene)
    await memory.close()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=folder,
        env=_surroundings(scene, os.environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    listening = asyncio.create_task(_listen(process, tell))
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
        await listening


def _surroundings(scene: Scene, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the bot: nothing of what is set for a real one."""
    ours = ("FOOTNOTE_", "DISCORD_")
    kept = {key: value for key, value in environ.items() if not key.startswith(ours)}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DISCORD_TOKEN": scene.discord.token,
        "DISCORD_API_URL": scene.discord.api_url,
        "FOOTNOTE_MESSAGE_CONTENT": "on",
        "FOOTNOTE_SEEDS": "seeds",
        "FOOTNOTE_DATA": "data",
    }


async def _listen(process: asyncio.subprocess.Process, tell: Callable[[str], None]) -> None:
    assert process.stdout
    async for line in process.stdout:
        text = line.decode(errors="replace").rstrip()
        if not any(part in text for part in MISLEADING):
            tell(text)
