"""What is looked up, as Discord messages: passages, documents, their text, the state of things."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import wording
from bot.escaping import escaped_lines, escaped_within
from bot.excerpt import Excerpt
from bot.layout import Block, Press, Reply, Rule, Text
from bot.paging import packed, sheet, turning, turns
from bot.quoting import path_markup, quote_markup, source_markup
from bot.rendering import GREY, RED, TEAL
from bot.surroundings import Page
from bot.words import Words
from index.records import Citation, DocumentEntry, Hit

_HITS = 5
_HIT_ROOM = 380
_ENTRIES = 10
_TITLE = 100
_LINES_ROOM = 3000
_PIECE = 1000
_QUERY = 200
_CLAMPED = 200
_TROUBLE = 1500


def hits_reply(query: str, hits: Sequence[Hit], page: int, *, row: str, words: Words) -> Reply:
    """One page of passages, best first."""
    shown, at = sheet(hits, page, size=_HITS)
    asked = Text(words("**Passages for** {query}", query=escaped_within(query, _QUERY)))
    if not shown:
        return Reply((asked, Text(words("Nothing matches."))), GREY)
    passages = [_hit(hit, words) for hit in shown]
    foot = Text(f"-# {at.said(words)}") if at.count > 1 else None
    return Reply((asked, *passages, *_some(foot), *turning("hits", row, at, words)), TEAL)


def documents_reply(entries: Sequence[DocumentEntry], page: int, *, words: Words) -> Reply:
    """One page of the list of documents."""
    shown, at = sheet(entries, page, size=_ENTRIES)
    if not shown:
        return Reply((Text(words("There are no documents here yet.")),), GREY)
    head = Text(f"**{words.plural('{count} document', '{count} documents', len(entries))}**")
    listed = [_entry(entry, words) for entry in shown]
    foot = Text(f"-# {at.said(words)}") if at.count > 1 else None
    return Reply((head, *listed, *_some(foot), *turning("documents", "-", at, words)), TEAL)


def lines_reply(excerpt: Excerpt, page: int, *, row: str, words: Words) -> Reply:
    """One page of a document's lines, each behind its number."""
    pages = packed(_numbered(excerpt), room=_LINES_ROOM)
    (lines,), at = sheet(pages, page, size=1)
    head = Text(f"**{escaped_within(excerpt.title, _TITLE)}** · {path_markup(excerpt.document)}")
    body = Text("\n".join(lines) or words("(empty)"))
    notes = [
        escaped_within(excerpt.clamped, _CLAMPED) if excerpt.clamped else "",
        at.said(words) if at.count > 1 else "",
    ]
    foot = " · ".join(filter(None, notes))
    blocks = (head, Rule(), body, *_some(Text(f"-# {foot}") if foot else None))
    return Reply((*blocks, *turning("lines", row, at, words)), TEAL)


def context_reply(
    citation: Citation,
    page: Page,
    lines: tuple[int, int],
    press: Press,
    *,
    words: Words,
    note: str = "",
) -> Reply:
    """One page of the text around a quote. ``press`` is for this page: row, citation, number.

    ``note`` is what is to be said of the quote, if anything.
    """
    where = wording.line_range(*lines, words)
    title = escaped_within(citation.title, _TITLE)
    said = f"\n-# ✏️ {note}" if note else ""
    head = Text(f"**{title}** · {path_markup(citation.document)} · {where}{said}")
    body = Text(page.markup or words("(nothing but white space)"))
    blocks: tuple[Block, ...] = (head, Rule(), body)
    if not (page.earlier or page.later):
        return Reply(blocks, TEAL)
    which, number = press.numbers
    earlier = Press(press.action, press.row, (which, number - 1))
    later = Press(press.action, press.row, (which, number + 1))
    turn = turns(earlier, later, words, first=not page.earlier, last=not page.later)
    return Reply((*blocks, turn), TEAL)


@dataclass(frozen=True, slots=True)
class Status:
    """What ``/status`` tells. Seconds; None where nothing was measured yet."""

    generation: str | None
    documents: int
    passages: int
    model: str
    median: float | None
    slowest: float | None
    uptime: float
    shard: str
    trouble: str | None = None
    held: bool = False


def status_reply(status: Status, *, words: Words) -> Reply:
    """How the bot is."""
    generation = status.generation or words("none yet")
    passages = _passages(status.passages, words)
    documents = words.number(status.documents)
    up = duration(status.uptime, words=words)
    lines = [
        words("**Index** generation {generation}, rolled back to", generation=generation)
        if status.held
        else words("**Index** generation {generation}", generation=generation),
        words("**Documents** {documents} with {passages}", documents=documents, passages=passages),
        words("**Model** {model}", model=escaped_within(status.model, _TITLE)),
        words("**Answers take** {time}", time=_took(status.median, status.slowest, words)),
        words("**Up for** {time} · shard {shard}", time=up, shard=status.shard),
    ]
    trouble = Text(f"⚠️ {escaped_within(status.trouble, _TROUBLE)}") if status.trouble else None
    return Reply((Text("\n".join(lines)), *_some(trouble)), RED if trouble else TEAL)


def help_reply(mention: str, commands: Sequence[tuple[str, str]], *, words: Words) -> Reply:
    """How to ask, and what each command does; ``mention`` is how the bot is called."""
    how = words(
        "**I answer questions from the documents here, and quote the sentence that says so.** "
        "When they don't say, I tell you.\n"
        "Mention me ({mention} how often does the group meet?), reply to one of my answers, "
        "write to me directly, or use a command:",
        mention=mention,
    )
    listed = "\n".join(f"{name} – {description}" for name, description in commands)
    return Reply((Text(how), Text(listed)), TEAL)


def duration(seconds: float, *, words: Words) -> str:
    """A time for a person: "42 s", "3 min", "5 h 12 min", "2 d 3 h"."""
    minutes, hours, days = int(seconds) // 60, int(seconds) // 3600, int(seconds) // 86_400
    if days:
        return words("{days} d {hours} h", days=days, hours=hours % 24)
    if hours:
        return words("{hours} h {minutes} min", hours=hours, minutes=minutes % 60)
    if minutes:
        return words("{minutes} min", minutes=minutes)
    return words("{seconds} s", seconds=int(seconds))


def _hit(hit: Hit, words: Words) -> Text:
    quote = quote_markup(hit.citation, room=_HIT_ROOM)
    return Text(f"{quote}\n-# {source_markup(hit.citation, words)}")


def _entry(entry: DocumentEntry, words: Words) -> Text:
    title = escaped_within(entry.title, _TITLE)
    passages = _passages(entry.passages, words)
    when = entry.indexed_at[:16].replace("T", " ")
    state = words("{passages} · indexed {when} UTC", passages=passages, when=when)
    return Text(f"**{title}** · {path_markup(entry.id)}\n-# {state}")


def _passages(count: int, words: Words) -> str:
    return words.plural("{count} passage", "{count} passages", count)


def _numbered(excerpt: Excerpt) -> list[str]:
    """The lines, escaped, each behind its number; long ones in pieces."""
    found: list[str] = []
    for number, line in enumerate(excerpt.split(), start=excerpt.lines[0]):
        text = line.rstrip("\r\n")
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)] or [""]
        found.append(f"`{number}` {escaped_lines(pieces[0])}".rstrip())
        found += [escaped_lines(piece) for piece in pieces[1:] if piece.strip()]
    return found


def _took(median: float | None, slowest: float | None, words: Words) -> str:
    if median is None or slowest is None:
        return words("(none given yet)")
    usual, most = _milliseconds(median, words), _milliseconds(slowest, words)
    return words("{median}, 99 of 100 at most {slowest}", median=usual, slowest=most)


def _milliseconds(seconds: float, words: Words) -> str:
    if seconds < 10:
        return words("{count} ms", count=words.number(seconds * 1000, "0"))
    return words("{seconds} s", seconds=words.number(seconds, "0.0"))


def _some(block: Block | None) -> list[Block]:
    return [] if block is None else [block]
