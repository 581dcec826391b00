"""Kept values as rows of the database, and back."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from bot.history.stored import Frame, Past, Posted, Request
from bot.visibility import collections_of
from index.records import Abstained, Answer, Citation, Claim

Values: TypeAlias = Mapping[str, str | int | float | None]
"""The parameters of a statement, by name."""


def posted_values(posted: Posted) -> Values:
    """Every column of a row of ``posted``."""
    return {
        "id": posted.id,
        "guild": posted.guild,
        "channel": posted.channel,
        "message": posted.message,
        "asker": posted.asker,
        "question": posted.question,
        "folded": " ".join(posted.question.casefold().split()),
        "document": posted.document,
        "private": posted.private,
        "surface": posted.surface,
        "created": posted.created,
        "authors": json.dumps(posted.authors),
        "frame": None if posted.frame is None else json.dumps(asdict(posted.frame)),
        **result_values(posted.result),
        "collections": json.dumps(sorted(collections_of(posted.result) | posted.drawn)),
    }


def result_values(result: Answer | Abstained) -> Values:
    """The columns of a row of ``posted`` that hold what was found."""
    return {
        "answered": isinstance(result, Answer),
        "generation": result.generation,
        "collections": json.dumps(sorted(collections_of(result))),
        "result": json.dumps(asdict(result)),
    }


def read_posted(row: sqlite3.Row) -> Posted:
    """The value that the row was made of.

    Raises:
        ValueError, KeyError, TypeError: the row is not as ``posted_values`` makes it.
    """
    return Posted(
        id=row["id"],
        guild=row["guild"],
        channel=row["channel"],
        message=row["message"],
        asker=row["asker"],
        question=row["question"],
        document=row["document"],
        private=bool(row["private"]),
        surface=row["surface"],
        result=_read_result(json.loads(row["result"]), answered=row["answered"]),
        created=row["created"],
        authors=tuple(json.loads(row["authors"])),
        frame=None if row["frame"] is None else _read_frame(json.loads(row["frame"])),
    )


def read_past(row: sqlite3.Row) -> Past:
    """What a list tells of an answer. Raises as ``read_posted``."""
    return Past(
        id=row["id"],
        guild=row["guild"],
        channel=row["channel"],
        asker=row["asker"],
        question=row["question"],
        folded=row["folded"],
        private=bool(row["private"]),
        generation=row["generation"],
        collections=frozenset(json.loads(row["collections"])),
    )


def request_values(request: Request) -> Values:
    """Every column of a row of ``requests``; TypeError where JSON cannot hold the argument."""
    return {
        "id": request.id,
        "kind": request.kind,
        "guild": request.guild,
        "channel": request.channel,
        "person": request.person,
        "argument": json.dumps(dict(request.argument)),
        "created": request.created,
    }


def read_request(row: sqlite3.Row) -> Request:
    """The value that the row was made of; ValueError where its argument is no JSON."""
    return Request(
        id=row["id"],
        kind=row["kind"],
        guild=row["guild"],
        channel=row["channel"],
        person=row["person"],
        argument=json.loads(row["argument"]),
        created=row["created"],
    )


def _read_frame(record: dict[str, Any]) -> Frame:
    return Frame(**{**record, "drawn": tuple(record.get("drawn", ()))})


def _read_result(record: dict[str, Any], *, answered: bool) -> Answer | Abstained:
    record = {**record, "missing": tuple(dict(record).get("missing", ()))}  # older rows have none
    if answered:
        claims = tuple(Claim(**claim) for claim in record.get("claims", ()))
        cited = _read_citations(record["citations"])
        return Answer(**{**record, "citations": cited, "claims": claims})
    return Abstained(**{**record, "nearest": _read_citations(record["nearest"])})


def _read_citations(records: list[dict[str, Any]]) -> tuple[Citation, ...]:
    return tuple(map(read_citation, records))


def read_citation(record: dict[str, Any]) -> Citation:
    """The citation that ``asdict`` gave, through JSON. Raises as ``read_posted``."""
    return Citation(**{**record, "lines": tuple(record["lines"])})
