"""What a follow-up question follows up: the turn before it."""

from dataclasses import dataclass

from index.records import Abstained, Answer


@dataclass(frozen=True, slots=True)
class Previous:
    """The turn before.

    Attributes:
        question: as it was understood.
        answer: the stretch that answered; empty where none shorter than the quote was found.
        quote: the sentence that answered; empty where the documents did not say.
    """

    question: str
    answer: str = ""
    quote: str = ""

    @classmethod
    def of(cls, result: Answer | Abstained) -> "Previous":
        """The turn that came to this result."""
        if isinstance(result, Abstained):
            return cls(result.question)
        first = result.citations[0]
        return cls(result.question, "" if first.is_whole else first.answer, first.quote)
