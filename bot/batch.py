"""Answering a stream of questions: one line in, one record out, at once and in order."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter
from typing import Any, Protocol

from bot.desk import ends_all, explain
from bot.jsonlines import refused_record, result_record
from index.errors import QuestionError
from index.records import Abstained, Answer

LONGEST_LINE = 65_536


class Lines(Protocol):
    """A stream of bytes that can be read a line at a time."""

    def readline(self, limit: int, /) -> bytes:
        """The next line, or its first ``limit`` bytes; nothing at the end."""


def answer_lines(
    lines: Lines,
    *,
    ask: Callable[[str], Answer | Abstained],
    generation: Callable[[], str | None],
    emit: Callable[[Mapping[str, Any]], None],
) -> bool:
    """Answer each line as it comes, and emit its record before the next is read.

    ``generation`` tells which index a line that could not be answered was asked of.

    A line that is no question gets a record with ``error``, and so does one that meets an
    unexpected error: neither stops the ones after it.

    Returns:
        Whether no line met an unexpected error.

    Raises:
        CorpusError: nothing can be answered, such as where there is no index.
    """
    all_well = True
    for raw in read_lines(lines):
        began = perf_counter()
        try:
            record = result_record(ask(_question(raw)))
        except Exception as error:
            if ends_all(error):
                raise
            all_well &= isinstance(error, QuestionError)
            record = refused_record(
                raw.decode(errors="replace"),
                error=explain(error),
                generation=generation(),
                seconds=perf_counter() - began,
            )
        emit(record)
    return all_well


def read_lines(lines: Lines, *, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """The lines without their ends, each as soon as it is there, and at most ``longest`` bytes.

    What is longer is cut, so that no line can fill the memory; it is far too long for a question
    and refused as such.
    """
    while line := lines.readline(longest):
        rest = line
        while len(rest) == longest and not rest.endswith(b"\n"):
            rest = lines.readline(longest)
        yield line.removeprefix(BOM_UTF8).rstrip(b"\r\n")


def _question(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise QuestionError("This line is not UTF-8 text; save the questions as UTF-8.") from None
