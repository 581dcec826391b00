"""Answers given earlier in a conversation on the terminal, and which of them have aged."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.aging import is_supported
from bot.corpus import Corpus
from index.fates import KEPT, Fate
from index.records import Abstained, Answer

MOST = 50
"""Answers that are followed, the newest."""


@dataclass
class _Followed:
    answer: Answer
    at: str
    fate: Fate = KEPT


@dataclass
class Given:
    """What was answered from a corpus, of which only ``collections`` were asked (None: all)."""

    corpus: Corpus
    collections: frozenset[str] | None = None
    _followed: "deque[_Followed]" = field(default_factory=lambda: deque(maxlen=MOST))
    _generation: str | None = None

    def add(self, result: Answer | Abstained) -> None:
        """Follow an answer from now on; there is nothing to follow where there is none."""
        if isinstance(result, Answer):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._followed.append(_Followed(result, now))
            self._generation = self._generation or result.generation

    def aged(self) -> Iterator[tuple[Answer, Fate]]:
        """The answers whose first quote was changed or is gone since this was last asked.

        Costs nothing where the index is the same as then.

        Raises:
            IndexMissing: there is none any more.
        """
        generation = self.corpus.generation
        if not self._followed or generation == self._generation:
            return
        from index.aging import judge_all

        shelf = self.corpus.shelf(collections=self.collections)
        for one in self._followed:
            before, cited = one.fate, one.answer.citations
            one.fate = judge_all(cited, shelf, since=one.at, before=(before,))[0].fate
            if one.fate != before and not is_supported(one.fate):
                yield one.answer, one.fate
        self._generation = generation
