"""Question sets: JSON Lines of questions with their acceptable answers, to score the index by."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from index.errors import CorpusError

ANSWER_TYPES = (
    "how many", "how often", "when", "where", "who", "which", "why", "how", "what", "yes/no",
    "other",
)  # fmt: skip

_YES_NO = re.compile(
    r"\W*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may"
    r"|might|must)(?:n['’]?t)?\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:(?P<how_many>how (?:many|much|few))|(?P<how_often>how (?:often|frequently))"
    r"|(?P<when>when|(?:what|which) (?:year|date|day|month|decade|century|time))"
    r"|(?P<where>where)|(?P<who>who|whom|whose)|(?P<which>which)|(?P<why>why|how come)"
    r"|(?P<how>how)|(?P<what>what))(?:['’]?s|['’]re|['’]d)?\b",
    re.IGNORECASE,
)


class QuestionSetError(CorpusError):
    """A question set cannot be read; says which line is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question and what answers it.

    Attributes:
        answers: acceptable answers; none means that the documents do not answer it.
        document: id of the document that answers; None where any may.
        answer_at: offsets in that document's text where answers begin, if they are known.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    document: str | None = None
    answer_at: tuple[int, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether there is anything to find."""
        return bool(self.answers)

    @property
    def answer_type(self) -> str:
        """What kind of answer is asked for, one of ``ANSWER_TYPES``, by the first asking word."""
        if _YES_NO.match(self.question):
            return "yes/no"
        found = _ASKING.search(self.question)
        return (found.lastgroup or "other").replace("_", " ") if found else "other"


def load_questions(path: Path) -> list[EvalQuestion]:
    """Read a question set, one JSON object a line; blank lines are passed over.

    Each has ``id``, ``question``, ``answers`` (a list of strings, empty if unanswerable) and
    ``document`` (an id or null), and may have ``answer_at`` (an offset or a list of them). Other
    keys are ignored.

    Raises:
        QuestionSetError: the file cannot be read, a line is wrong, an id comes twice, or there is
            no question.
    """
    questions: dict[str, EvalQuestion] = {}
    for number, line in enumerate(_content(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            question = _question(line)
            if question.id in questions:
                raise ValueError(f"the id {question.id!r} comes twice; ids must differ")
        except ValueError as error:
            raise QuestionSetError(f"{path}, line {number}: {error}.") from None
        questions[question.id] = question
    if not questions:
        raise QuestionSetError(f"{path} holds no question. Write one JSON object a line.")
    return list(questions.values())


def _content(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuestionSetError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise QuestionSetError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None


def _question(line: str) -> EvalQuestion:
    """One line read; ValueError says what is wrong with it."""
    record = _object(line)
    answers = _answers(record.get("answers"))
    document = record.get("document")
    if not isinstance(document, str | None):
        raise ValueError('"document" must be a document\'s id, or null')
    answer_at = _offsets(record.get("answer_at"))
    if answer_at and not (answers and document):
        raise ValueError('"answer_at" needs "answers" and the "document" that it counts in')
    return EvalQuestion(
        id=_text(record, "id"),
        question=_text(record, "question"),
        answers=answers,
        document=document,
        answer_at=answer_at,
    )


def _object(line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from None
    except RecursionError:
        raise ValueError("too many brackets within brackets") from None
    if not isinstance(record, dict):
        raise ValueError('write a JSON object such as {"id": …, "question": …, "answers": […]}')
    return record


def _text(record: dict[str, object], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'"{key}" must be a string that is not blank')
    return value


def _answers(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(a, str) and a.strip() for a in value):
        raise ValueError('"answers" must be a list of strings, none blank; [] if unanswerable')
    return tuple(value)


def _offsets(value: object) -> tuple[int, ...]:
    offsets = [] if value is None else value if isinstance(value, list) else [value]
    if not all(type(offset) is int and offset >= 0 for offset in offsets):
        raise ValueError('"answer_at" must be an offset (0 or more), or a list of offsets')
    return tuple(offsets)
