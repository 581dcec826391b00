"""``python -m tests.playground.pictures docs/pictures``: the pictures of the documentation."""

import asyncio
import secrets
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType

from PIL import Image

from tests.discord_server import DiscordServer
from tests.playground.bots import running
from tests.playground.scene import settle
from tests.playground.site import Playground
from tests.playground.tour import ask, tour
from tests.playground.visiting import ADVICE, Visitor, browser, find_chromium

WIDTH, HEIGHT = 1080, 860
HEIGHTS = MappingProxyType({"answer": 780, "context": 1000, "search": 1000, "settings": 880})


def main() -> int:
    """Take the pictures; the exit status."""
    executable = find_chromium()
    if executable is None:
        print(ADVICE, file=sys.stderr)
        return 1
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_take(executable, folder))
    return 0


async def _take(executable: str, folder: Path) -> None:
    ready = asyncio.Event()

    def tell(line: str) -> None:
        if "Ready to answer" in line:
            ready.set()

    token = f"MTIzNDU2.pictures.{secrets.token_urlsafe(24)}"
    with tempfile.TemporaryDirectory() as scratch:
        async with DiscordServer(token=token) as discord:
            scene = settle(discord)
            async with (
                Playground(scene) as page,
                running(scene, Path(scratch), tell),
                browser(executable) as opened,
            ):
                await asyncio.wait_for(ready.wait(), 120)
                await discord.ready(60)
                visitor = await Visitor.enter(opened, page.url, width=WIDTH, height=HEIGHT)

                async def pause(name: str) -> None:
                    height = HEIGHTS.get(name, HEIGHT)
                    await visitor.page.set_viewport_size({"width": WIDTH, "height": height})
                    await visitor.photograph(folder / f"{name}.png")

                await tour(visitor, pause)
                narrow = await Visitor.enter(opened, page.url, width=380, height=760)
                await ask(narrow)
                await narrow.photograph(folder / "narrow.png")
    for path in folder.glob("*.png"):
        _shrink(path)


def _shrink(path: Path) -> None:
    """Let a picture of few colours take little room."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
