"""Prose that a language model wrote, taken apart: sentences, and the marks that each carries."""

import re
import unicodedata
from dataclasses import dataclass

from index.records import Span
from index.sentences import split_sentences

MOST_PROSE = 4_000
"""Characters that are read; what is longer is no answer in a few sentences."""

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(r"\s*\[([0-9]{1,2}(?:[,;]\s?[0-9]{1,2}){0,5})\]")
_LIST = re.compile(r"^\s*(?:[-*•]|[0-9]{1,2}[.)])\s+")
_BEFORE_STOP = re.compile(r"\s+([.,;:!?])")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as it was written, on one line.

    Attributes:
        text: the sentence without its marks.
        marks: the numbers in them, each once, in reading order; perhaps none.
    """

    text: str
    marks: tuple[int, ...]


def read_prose(prose: str) -> list[Written]:
    """The sentences of what a model wrote, in reading order; none where it wrote too much.

    A mark, ``[1]`` or ``[1, 2]``, belongs to the sentence in which it stands, or right behind. What
    a model thinks aloud before it answers is left out, and so are bold type and what makes a list.

    >>> read_prose("It meets often [2]. Ada leads it. [1][3]")
    [Written(text='It meets often.', marks=(2,)), Written(text='Ada leads it.', marks=(1, 3))]
    """
    if len(prose) > MOST_PROSE:
        return []
    text = unicodedata.normalize("NFC", _THOUGHT.sub("", prose)).replace("**", "")
    return [written for line in text.splitlines() for written in _sentences(_LIST.sub("", line))]


def _sentences(line: str) -> list[Written]:
    return [
        _written(" ".join(line[found.start : found.end].split()))
        for found in split_sentences(line, Span(0, len(line)))
    ]


def _written(sentence: str) -> Written:
    numbers = [int(n) for mark in _MARK.findall(sentence) for n in re.findall("[0-9]+", mark)]
    bare = _BEFORE_STOP.sub(r"\1", _MARK.sub("", sentence)).strip()
    return Written(bare, tuple(dict.fromkeys(numbers)))
