"""``footnote run``: the Discord bot."""

import time

import typer

from bot import advice
from bot.commands.options import AsJson, Data, Seeds
from bot.corpus import Corpus
from bot.desk import FAILED
from bot.secret import Secret
from bot.session import log_as_set, open_corpus, phraser_for, with_folders, world_of
from bot.settings import Settings, load
from bot.terminal import Terminal

_ANSWERING = 4
"""Threads that answer: what of them waits for the model is encoded together."""


def run(
    context: typer.Context,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Run the Discord bot until it is stopped (Ctrl-C, or SIGTERM).

    It needs DISCORD_TOKEN; without one, it tells how to get one.
    """
    import asyncio  # 17 ms, which no other command needs

    world = world_of(context)
    settings = with_folders(load(world.environ, world.dotenv), seeds=seeds, data=data)
    log_as_set(settings)
    terminal = world.terminal(as_json=as_json)
    token = settings.discord_token
    if token is None:
        terminal.fail(advice.NO_TOKEN)
        raise typer.Exit(FAILED)
    try:
        asyncio.run(_serve(open_corpus(world, settings), settings, token, terminal))
    except advice.FatalError as error:
        terminal.fail(str(error))
        raise typer.Exit(FAILED) from None


async def _serve(corpus: Corpus, settings: Settings, token: Secret, terminal: Terminal) -> None:
    import asyncio
    import gc

    from bot.catalogues import Languages
    from bot.gateway.backend import Backend
    from bot.gateway.prose import Prose
    from bot.gateway.running import Login, run, stop_on_signals
    from bot.gateway.tongues import Tongues
    from bot.memory import Memory
    from bot.recollecting import Recollection
    from bot.service import Service
    from bot.uploads import Uploads

    def tell(line: str) -> None:
        if terminal.as_json:
            terminal.json({"event": line})
        else:
            terminal.show(line)

    memory = await Memory.open(settings.data / "history.sqlite")
    service = Service(corpus, threads=_ANSWERING)
    backend = Backend(
        service=service,
        memory=memory,
        recollection=Recollection(service, memory),
        uploads=Uploads(settings.seeds),
        tongues=Tongues(Languages.load(), memory.servers),
        reads_messages=settings.message_content,
        began=time.monotonic(),
        prose=Prose(phraser_for(corpus, settings), service.published),
        retention_days=settings.retention_days,
    )
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    try:
        await run(
            backend,
            Login(token, settings.discord_api_url),
            stopping=stopping,
            tell=tell,
            retention_days=settings.retention_days,
            watched=settings.seeds if settings.watch else None,
            # What has been loaded stays. To look through all of it for garbage takes a quarter of
            # a second, in which nobody is answered.
            settled=gc.freeze,
        )
    finally:
        await memory.close()
