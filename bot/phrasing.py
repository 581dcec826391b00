"""Answers put into words by a language model, where one is set. It never takes an answer away."""

import asyncio
import logging
from typing import Final

from bot.corpus import Corpus
from bot.endpoint import Endpoint, EndpointError, Limits, write
from index.phrasing import orders
from index.records import Abstained, Answer, Phrase

_AT_ONCE: Final = 8
"""Answers that are put into words at once; those that come meanwhile stay as they are."""

_log = logging.getLogger(__name__)


class Phraser:
    """Has a model write what quotes say, and keeps of that what they support."""

    def __init__(self, corpus: Corpus, endpoint: Endpoint, limits: Limits | None = None) -> None:
        self._corpus = corpus
        self._endpoint = endpoint
        self._limits = limits
        self._under_way = 0

    async def phrase(self, result: Answer | Abstained) -> tuple[Phrase, ...]:
        """An answer in a few sentences, each supported by the quotes it points to; perhaps none.

        None where there is no answer, where documents disagree, which prose would smooth over, and
        where anything goes wrong: that is logged. Raises nothing.
        """
        if isinstance(result, Abstained) or result.claims:
            return ()
        if self._under_way >= _AT_ONCE:
            _log.info("An answer was not put into words: %d are being so already.", _AT_ONCE)
            return ()
        self._under_way += 1
        try:
            return await self._phrased(result)
        except EndpointError as error:
            _log.warning("An answer was not put into words: the endpoint %s", error)
        except Exception:
            _log.exception("An answer was not put into words.")
        finally:
            self._under_way -= 1
        return ()

    async def _phrased(self, answer: Answer) -> tuple[Phrase, ...]:
        asked = orders(answer.question, answer.citations)
        prose = await write(self._endpoint, asked, self._limits)
        kept = await asyncio.to_thread(self._corpus.supported, prose, answer.citations)
        if not kept:
            _log.info("Nothing that a model wrote of an answer was supported by its quotes.")
        return kept
