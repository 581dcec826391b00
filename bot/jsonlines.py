r"""Records as JSON Lines: the shapes that other programs rely on.

The bytes are UTF-8 whatever the locale. Everything a terminal might obey, everything that some
reader takes for the end of a line, and lone surrogates are written as ``\uXXXX``: an equal value
to whoever parses it, and one harmless line to whoever does not.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from index.records import (
    Abstained,
    Answer,
    Citation,
    Claim,
    DocumentEntry,
    Hit,
    Phrase,
    RefreshReport,
)

_ESCAPED = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def line(record: Mapping[str, Any]) -> bytes:
    """One line of JSON, its line feed included.

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def citation_record(citation: Citation) -> dict[str, Any]:
    """A citation as the contract has it: all fields but the section and the digest."""
    return _without(citation, "section", "sha256")


def result_record(result: Answer | Abstained) -> dict[str, Any]:
    """What ``ask`` found, or that it found nothing.

    Where documents disagree, and only there, ``disagree`` lists the citations that do, newest
    first, each with its document's date and what it answers. Where the question names numbers or
    names that the first quote's place does not hold, and only there, ``missing`` lists them.
    """
    if isinstance(result, Answer):
        record = _record(result, answer=result.answer, citations=result.citations, nearest=())
        told = [_claim_record(claim, cited) for claim, cited in result.told()]
        return record | ({"disagree": told} if told else {})
    return _record(result, answer=None, citations=(), nearest=result.nearest)


def phrased_record(result: Answer | Abstained, prose: Sequence[Phrase]) -> dict[str, Any]:
    """``result_record`` where answers are put into words: ``phrased`` lists the sentences."""
    told = [{"text": phrase.text, "citations": [*phrase.marks]} for phrase in prose]
    return {**result_record(result), "phrased": told}


def refused_record(
    question: str, *, error: str, generation: str | None, seconds: float
) -> dict[str, Any]:
    """A question of a batch that could not be asked: an abstention that says why."""
    abstained = Abstained(
        question=question, confidence=0.0, nearest=(), generation=generation or "", seconds=seconds
    )
    return {**result_record(abstained), "generation": generation, "error": error}


def hit_record(hit: Hit) -> dict[str, Any]:
    """One search result: its citation's fields and the score."""
    return {**citation_record(hit.citation), "score": hit.score}


def report_record(report: RefreshReport) -> dict[str, Any]:
    """What indexing did."""
    return {**asdict(report), "seconds": round(report.seconds, 4)}


def entry_record(entry: DocumentEntry) -> dict[str, Any]:
    """One line of the list of documents, as the contract has it: without the digest."""
    return _without(entry, "sha256")


def _without(record: Citation | DocumentEntry, *names: str) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if name not in names}


def _claim_record(claim: Claim, cited: Citation) -> dict[str, Any]:
    return {"n": claim.n, "date": claim.date or None, "answer": cited.answer}


def _record(
    result: Answer | Abstained,
    *,
    answer: str | None,
    citations: tuple[Citation, ...],
    nearest: tuple[Citation, ...],
) -> dict[str, Any]:
    missing = {"missing": list(result.missing)} if result.missing else {}
    return {
        "question": result.question,
        "answered": answer is not None,
        "answer": answer,
        "confidence": result.confidence,
        "citations": [citation_record(citation) for citation in citations],
        "nearest": [citation_record(citation) for citation in nearest],
        "generation": result.generation,
        "seconds": round(result.seconds, 4),
        **missing,
    }
