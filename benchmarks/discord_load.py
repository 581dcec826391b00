"""The bot under load: a process of its own, over the tests' Discord server.

``python -m benchmarks.discord_load`` asks 20 questions a second, completes 30, and chats 300
messages a second, while 1,000 documents are indexed. Latencies count from when each was due.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bots import TOKEN, Town, settle
from tests.discord_server import DiscordServer

ROOT = Path(__file__).parent.parent
QUESTIONS = (
    "how often does the group meet?",
    "how many companies are in the association?",
    "when was the working group announced?",
    "who is the American president?",
)

Act = Callable[[int], Awaitable[None]]


class Meter:
    """Latencies by kind, in seconds from when each was due, and what failed."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self.failed: dict[str, int] = {}

    def row(self, kind: str) -> str:
        """One line of the table."""
        found = sorted(self.seconds.get(kind, [])) or [float("nan")]
        shown = (found[int(share * (len(found) - 1))] * 1000 for share in (0.5, 0.99, 1.0))
        figures = " | ".join(f"{one:.0f}" for one in shown)
        return f"| {kind} | {len(found)} | {figures} | {self.failed.get(kind, 0)} |"

    def add(self, kind: str, seconds: float) -> None:
        """Note one latency."""
        self.seconds.setdefault(kind, []).append(seconds)


async def steady(act: Act, *, kind: str, rate: float, seconds: float, meter: Meter) -> None:
    """Begin ``act`` so many times a second, whether the ones before are done or not."""
    began = time.monotonic()
    tasks = []
    for n in range(int(rate * seconds)):
        due = began + n / rate
        await asyncio.sleep(max(due - time.monotonic(), 0))
        tasks.append(asyncio.create_task(_timed(act, n, due, kind, meter)))
    await asyncio.gather(*tasks)


async def _timed(act: Act, n: int, due: float, kind: str, meter: Meter) -> None:
    try:
        await act(n)
    except Exception as error:
        meter.failed[kind] = meter.failed.get(kind, 0) + 1
        print(f"{kind} {n}: {error!r}", file=sys.stderr)
    else:
        meter.add(kind, time.monotonic() - due)


def write_documents(seeds: Path, count: int) -> None:
    """So many documents of a few paragraphs each."""
    for n in range(count):
        lines = [
            f"Report {n}: the committee of town {n} met on {1 + n % 28} March with {n % 90} guests."
            f" Its budget for project {k} was {n * k + 100} euros. Nobody objected."
            for k in range(1, 6)
        ]
        (seeds / f"report-{n:04}.txt").write_text(f"Town {n}\n\n" + "\n\n".join(lines))


async def load(town: Town, meter: Meter, *, seconds: float) -> None:
    """All three kinds at once."""
    discord, people = town.discord, []
    for n in range(50):
        people.append(discord.add_user(f"p{n}"))
        town.guild.join(people[-1])

    async def ask(n: int) -> None:
        options = {"question": QUESTIONS[n % len(QUESTIONS)]}
        call = await discord.slash(people[n % 50], town.channel, "ask", options)
        await call.acknowledged(10)
        meter.add("acknowledged", call.acknowledged_after or 0.0)
        await call.answered(60)

    async def complete(n: int) -> None:
        options = {"document": "rep"}
        await discord.autocomplete(people[n % 50], town.channel, "ask", options, "document")

    async def chat(n: int) -> None:
        await discord.say(people[n % 50], town.channel, "nothing to see here")

    await asyncio.gather(
        steady(ask, kind="answered", rate=20, seconds=seconds, meter=meter),
        steady(complete, kind="completed", rate=30, seconds=seconds, meter=meter),
        steady(chat, kind="chat", rate=300, seconds=seconds, meter=meter),
    )


async def burst(town: Town, meter: Meter, *, count: int) -> None:
    """So many questions in one second."""

    async def ask(n: int) -> None:
        options = {"question": QUESTIONS[n % len(QUESTIONS)]}
        call = await town.discord.slash(town.ada, town.channel, "ask", options)
        await call.answered(60)

    await steady(ask, kind="burst", rate=count, seconds=1.0, meter=meter)


async def measure(*, documents: int, seconds: float) -> Meter:
    """Run the bot, and load it."""
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for seed in (ROOT / "seeds").iterdir():
            (seeds / seed.name).write_bytes(seed.read_bytes())
        async with DiscordServer(token=TOKEN) as discord:
            town = settle(discord)
            environ = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": discord.api_url}
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            )  # fmt: skip
            try:
                await discord.ready(60)
                first = await town.slash("ask", question=QUESTIONS[0])
                await discord.until(lambda: "six months" in first.text, 60)
                await burst(town, meter, count=200)
                write_documents(seeds, documents)
                preview = await town.slash("reindex", town.admin)
                await town.press(preview, "reindex", town.admin)
                await load(town, meter, seconds=seconds)
                meter.failed["indexing not over"] = int("indexed" not in preview.text)
            finally:
                process.terminate()
                await process.wait()
    return meter


def main() -> None:
    """Print a table of latencies in milliseconds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=30.0)
    given = options.parse_args()
    meter = asyncio.run(measure(documents=given.documents, seconds=given.seconds))
    print("| | count | p50 ms | p99 ms | slowest ms | failed |\n|---|---|---|---|---|---|")
    for kind in ("acknowledged", "answered", "completed", "chat", "burst"):
        print(meter.row(kind))
    print("indexing was still going on at the end" if meter.failed["indexing not over"] else "")


if __name__ == "__main__":
    main()
