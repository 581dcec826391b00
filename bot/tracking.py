"""The index keeps track of the documents: brought up to date whenever files have changed."""

import asyncio
import logging
from pathlib import Path

from bot.service import Service
from bot.worker import ServiceError, StoppedError
from index.errors import CorpusError, IndexHeld
from index.watching import Watcher

_log = logging.getLogger(__name__)

_AGAIN = 30.0  # seconds before another try, where it could not be done


async def track(service: Service, seeds: Path, *, quiet: float = 0.4) -> None:
    """Track the documents in ``seeds`` until cancelled.

    Questions are answered meanwhile, from the index before. Where it cannot be brought up to date,
    the disk being full or another program at it, it is tried again.
    """
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    watcher = Watcher(seeds, lambda: _set(loop, changed), quiet=quiet)
    watcher.start()
    try:
        await service.until_ready()
        while True:
            await changed.wait()
            changed.clear()
            if not await _refreshed(service):
                await asyncio.sleep(_AGAIN)
                changed.set()
    finally:
        watcher.stop()


def _set(loop: asyncio.AbstractEventLoop, changed: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(changed.set)


async def _refreshed(service: Service) -> bool:
    """Whether the index is up to date now, as far as it can be."""
    try:
        report = await service.refresh()
    except StoppedError:
        return True
    except IndexHeld as error:
        _log.info("%s", error)
        return True
    except (CorpusError, ServiceError) as error:
        _log.warning("The index could not be kept up to date; it is tried again: %s", error)
        return False
    except Exception:
        _log.exception("The index could not be kept up to date; it is tried again.")
        return False
    _log.info("The documents have changed; generation %s serves.", report.generation)
    return True
