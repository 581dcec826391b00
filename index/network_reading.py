"""Reading and reranking with a network, whoever runs it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.embedding import unfit
from index.feeding import Network, Tokens, in_batches, padded
from index.models import ModelIdentity
from index.pairing import QUESTION_PIECES, Laid, Layout, Tokenizer, cut, cut_pair
from index.reading import Extract, Reading
from index.roles import READER, RERANKER

Logits: TypeAlias = NDArray[np.float32]

SPAN_PIECES: Final = 30
"""The longest stretch that is looked for."""

_NOTHING: Final = -100.0
"""The margin of a sentence that has no word piece to be read."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What a network says of one extract.

    Attributes:
        starts: how well each word piece of the row begins the stretch that answers.
        ends: how well it ends it.
        relevance: how well the sentence answers; None of a network that does not tell.
    """

    starts: Logits
    ends: Logits
    relevance: float | None


class NetworkReader:
    """A reader with its network and its layout. As shareable as these are."""

    def __init__(
        self,
        network: Network,
        layout: Layout,
        *,
        padding: int,
        identity: ModelIdentity,
        alone: bool = False,
    ) -> None:
        """``padding`` is the word piece that rows are filled up with.

        ``alone``: each row is read on its own, as a network without a mask must.
        """
        self._network = network
        self._layout = layout
        self._padding = padding
        self._alone = alone
        self.identity = identity

    def read(self, question: str, extracts: Sequence[Extract]) -> list[Reading]:
        """As ``Reader`` promises."""
        laid = self.lay(question, extracts)
        scored: list[Scored | None] = [None] * len(laid)
        for batch in self._batches(laid):
            for at, one in zip(batch, self.scored([laid[at] for at in batch]), strict=True):
                scored[at] = one
        return [best(one, said) for one, said in zip(laid, scored, strict=True) if said]

    def _batches(self, laid: Sequence[Laid]) -> Iterable[list[int]]:
        if self._alone:
            return [[at] for at in range(len(laid))]
        return in_batches([len(one.tokens.ids) for one in laid])

    def lay(self, question: str, extracts: Sequence[Extract]) -> list[Laid]:
        """What the network will be given."""
        return self._layout.lay(question, extracts)

    def scored(self, batch: Sequence[Laid]) -> list[Scored]:
        """What the network says of rows, all in one batch.

        Raises:
            EncoderError: it is something else than a number for each word piece.
        """
        fed = padded([one.tokens for one in batch], padding=self._padding)
        found = self._network.run(fed)
        starts, ends = found["start_logits"], found["end_logits"]
        relevance = found.get("relevance")
        wanted = fed["input_ids"].shape
        shapes = [starts.shape == wanted, ends.shape == wanted]
        if relevance is not None:
            shapes.append(relevance.shape == wanted[:1] and bool(np.isfinite(relevance).all()))
        lengths = [len(one.tokens.ids) for one in batch]
        rows = [Scored(starts[at, :n], ends[at, :n], None) for at, n in enumerate(lengths)]
        if not all(shapes) or not all(map(_is_finite, rows)):
            why = "gives something else than numbers for each word piece"
            raise unfit(self.identity, why, setting=READER.setting)
        if relevance is None:
            return rows
        return [
            Scored(row.starts, row.ends, float(told))
            for row, told in zip(rows, relevance, strict=True)
        ]


def _is_finite(row: Scored) -> bool:
    return bool(np.isfinite(row.starts).all() and np.isfinite(row.ends).all())


def best(laid: Laid, scored: Scored) -> Reading:
    """The best stretch of at most ``SPAN_PIECES`` word pieces of the sentence."""
    none = float(scored.starts[laid.none_at] + scored.ends[laid.none_at])
    (readable,) = np.nonzero(laid.places[:, 1] > laid.places[:, 0])
    if not len(readable):
        relevance = _NOTHING if scored.relevance is None else scored.relevance
        return Reading(0, 0, _NOTHING, relevance)
    sums = scored.starts[readable, np.newaxis] + scored.ends[readable]
    apart = readable - readable[:, np.newaxis]  # of a stretch's last word piece from its first
    sums[(apart < 0) | (apart >= SPAN_PIECES)] = -np.inf
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    margin = float(sums[first, last]) - none
    return Reading(
        start=int(laid.places[readable[first], 0]),
        end=int(laid.places[readable[last], 1]),
        margin=margin,
        relevance=margin if scored.relevance is None else scored.relevance,
    )


class NetworkReranker:
    """A cross-encoder with its network. As shareable as that and the tokenizer are."""

    def __init__(
        self,
        network: Network,
        tokenizer: Tokenizer,
        *,
        most_tokens: int,
        padding: int,
        identity: ModelIdentity,
    ) -> None:
        """``most_tokens`` are read of a question and a text together."""
        self._network = network
        self._tokenizer = tokenizer
        self._most = most_tokens
        self._padding = padding
        self.identity = identity

    def score(self, question: str, texts: Sequence[str]) -> Logits:
        """As ``Reranker`` promises."""
        rows = self.lay(question, texts)
        scores = np.empty(len(rows), np.float32)
        for batch in in_batches([len(one.ids) for one in rows]):
            scores[batch] = self.scored([rows[at] for at in batch])
        return scores

    def lay(self, question: str, texts: Sequence[str]) -> list[Tokens]:
        """What the network will be given."""
        asked = cut(self._tokenizer, question, QUESTION_PIECES)
        return [cut_pair(self._tokenizer, asked, text, self._most) for text in texts]

    def scored(self, batch: Sequence[Tokens]) -> Logits:
        """What the network says of rows, all in one batch: float32 [n].

        Raises:
            EncoderError: it is something else than a number for each.
        """
        found = self._network.run(padded(batch, padding=self._padding))["logits"]
        if found.shape != (len(batch), 1) or not np.isfinite(found).all():
            why = "gives something else than a number for each text"
            raise unfit(self.identity, why, setting=RERANKER.setting)
        return found[:, 0]
