"""That documents are new, have changed or are gone, as a message to a channel."""

from collections.abc import Mapping, Sequence

from bot.escaping import escaped_within
from bot.layout import Reply, Text
from bot.quoting import path_markup
from bot.rendering import TEAL
from bot.visibility import Scope, collection_of
from bot.words import Words
from index.records import RefreshReport

_NAMED = 10
_TITLE = 50
_PATH = 60  # of three kinds ten of each fit into a message


def announcement(
    report: RefreshReport, scope: Scope, titles: Mapping[str, str], words: Words
) -> Reply | None:
    """What changed of the documents in ``scope``; None where nothing did.

    ``titles`` are those of documents that are there, by id.
    """
    kinds = (
        ("🆕", report.added, words("New")),
        ("✏️", report.changed, words("Changed")),
        ("🗑️", report.removed, words("Removed")),
    )
    told = [
        Text(_listed(sign, word, seen, titles, words))
        for sign, ids, word in kinds
        if (seen := [id for id in ids if collection_of(id) in scope])
    ]
    if not told:
        return None
    return Reply((Text(words("**The documents have changed**")), *told), TEAL)


def _listed(
    sign: str, word: str, ids: Sequence[str], titles: Mapping[str, str], words: Words
) -> str:
    lines = [f"{sign} **{word}**", *(_line(id, titles.get(id)) for id in ids[:_NAMED])]
    if len(ids) > _NAMED:
        lines.append(words("… and {count} more", count=len(ids) - _NAMED))
    return "\n".join(lines)


def _line(id: str, title: str | None) -> str:
    path = path_markup(id, _PATH)
    return f"- {escaped_within(title, _TITLE)} · {path}" if title else f"- {path}"
