"""What every reader promises: which stretch of a sentence answers, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from index.models import ModelIdentity

MOST_SURE: Final = 6.0


@dataclass(frozen=True, slots=True)
class Extract:
    """A sentence to be read, and what is needed to understand it.

    Attributes:
        context: what stands before it: title, section, the sentence before; may be "".
        sentence: in which the answer is looked for.
    """

    context: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one sentence. Scores are logits, and always finite.

    Attributes:
        start: where the stretch that answers best begins, in characters of the sentence.
        end: where it ends, half-open; both are 0 where there is none, as in a blank sentence.
        margin: the stretch's score, less that of "no answer here". Above 0 it answers, as far as
            the reader can tell.
        relevance: how well the sentence answers. That of a reader that does not tell is its margin.
    """

    start: int
    end: int
    margin: float
    relevance: float

    @property
    def evidence(self) -> tuple[float, float]:
        """Margin and relevance as they are weighed: what goes beyond ``MOST_SURE`` says no more.

        A reader is as sure where words are only alike, and then outvotes all else. On natural
        questions the answer was among the first three in .825 so, in .794 without.
        """
        within = (max(-MOST_SURE, min(MOST_SURE, one)) for one in (self.margin, self.relevance))
        margin, relevance = within
        return margin, relevance


class Reader(Protocol):
    """A loaded reader."""

    @property
    def identity(self) -> ModelIdentity:
        """Which reader it is."""
        ...

    def read(self, question: str, extracts: Sequence[Extract]) -> list[Reading]:
        """A reading of each extract, in the order given.

        What is longer than it reads is cut: of a context the end is kept, of question and sentence
        the beginning.

        Raises:
            EncoderError: the model answers something else than a number for each word piece.
        """
        ...
