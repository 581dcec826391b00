"""Quotes that aged, in Discord's markup: where they stand now, or struck through."""

from bot.layout import Text
from bot.quoting import quote_markup, source_markup
from bot.words import Words
from index.fates import Changed, Fate, Gone, Kept, Moved
from index.lists import lines_of
from index.records import Citation

_LABELS = 120  # units that what stands above an old and a new quote may take
_STRIKES = 4


def is_supported(fate: Fate) -> bool:
    """Whether the documents still say it."""
    return isinstance(fate, Kept | Moved)


def cited_markup(citation: Citation, fate: Fate, *, room: int, words: Words) -> str:
    """A quote above its source, as things stand; the quotes of about ``room`` units."""
    match fate:
        case Kept():
            return f"{quote_markup(citation, room=room)}\n-# {source_markup(citation, words)}"
        case Moved(now):
            return f"{quote_markup(now, room=room)}\n-# {source_markup(now, words)}"
        case Changed(now):
            return _changed(citation, now, room=(room - _LABELS) // 2, words=words)
        case Gone():
            where = words("no longer in the documents")
            source = source_markup(citation, words, where=where)
            return f"{_struck_quote(citation, room)}\n-# {source}"


def struck(markup: str) -> str:
    """Markup of one line, struck through."""
    return f"~~{bare}~~" if (bare := markup.strip()) else markup


def closing(fate: Fate, words: Words) -> Text:
    """What is said below an answer that is not supported any more, in place of how sure it was."""
    if isinstance(fate, Changed):
        told = words("✏️ The document has changed since. Ask again for what it says now.")
    else:
        told = words("🗑️ What answered this is no longer in the documents.")
    return Text(f"-# {told}")


def _changed(before: Citation, now: Citation, *, room: int, words: Words) -> str:
    lines = (
        f"-# {words('The document said:')}",
        _struck_quote(before, room),
        f"-# {words('It says now:')}",
        quote_markup(now, room=room),
        f"-# {source_markup(now, words)}",
    )
    return "\n".join(lines)


def _struck_quote(citation: Citation, room: int) -> str:
    """A list has a strike in each of its lines."""
    strikes = _STRIKES * len(lines_of(citation.quote))
    lines = quote_markup(citation, room=room - strikes).split("\n")
    return "\n".join(f"> {struck(line.removeprefix('> '))}" for line in lines)
