"""What is looked up, as Discord messages: passages, documents, their text, the state of things."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import wording
from bot.escaping import escaped_lines, escaped_within
from bot.excerpt import Excerpt
from bot.layout import Block, Button, Buttons, Press, Reply, Rule, Text
from bot.paging import packed, sheet, turning
from bot.quoting import path_markup, quote_markup, source_markup
from bot.rendering import GREY, RED, TEAL
from bot.surroundings import Page
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


def hits_reply(query: str, hits: Sequence[Hit], page: int, *, row: str) -> Reply:
    """One page of passages, best first."""
    shown, at = sheet(hits, page, size=_HITS)
    asked = Text(f"**Passages for** {escaped_within(query, _QUERY)}")
    if not shown:
        return Reply((asked, Text("Nothing matches.")), GREY)
    passages = [_hit(hit) for hit in shown]
    foot = Text(f"-# {at}") if at.count > 1 else None
    return Reply((asked, *passages, *_some(foot), *turning("hits", row, at)), TEAL)


def documents_reply(entries: Sequence[DocumentEntry], page: int) -> Reply:
    """One page of the list of documents."""
    shown, at = sheet(entries, page, size=_ENTRIES)
    if not shown:
        return Reply((Text("There are no documents here yet."),), GREY)
    head = Text(f"**{wording.counted(len(entries), 'document')}**")
    foot = Text(f"-# {at}") if at.count > 1 else None
    return Reply((head, *map(_entry, shown), *_some(foot), *turning("documents", "-", at)), TEAL)


def lines_reply(excerpt: Excerpt, page: int, *, row: str) -> Reply:
    """One page of a document's lines, each behind its number."""
    pages = packed(_numbered(excerpt), room=_LINES_ROOM)
    (lines,), at = sheet(pages, page, size=1)
    head = Text(f"**{escaped_within(excerpt.title, _TITLE)}** · {path_markup(excerpt.document)}")
    body = Text("\n".join(lines) or "(empty)")
    notes = [
        escaped_within(excerpt.clamped, _CLAMPED) if excerpt.clamped else "",
        str(at) if at.count > 1 else "",
    ]
    foot = " · ".join(filter(None, notes))
    blocks = (head, Rule(), body, *_some(Text(f"-# {foot}") if foot else None))
    return Reply((*blocks, *turning("lines", row, at)), TEAL)


def context_reply(citation: Citation, page: Page, lines: tuple[int, int], press: Press) -> Reply:
    """One page of the text around a quote. ``press`` is for this page: row, citation, number."""
    first, last = lines
    where = f"lines {first}-{last}" if first != last else f"line {first}"
    title = escaped_within(citation.title, _TITLE)
    head = Text(f"**{title}** · {path_markup(citation.document)} · {where}")
    blocks: tuple[Block, ...] = (head, Rule(), Text(page.markup or "(nothing but white space)"))
    if not (page.earlier or page.later):
        return Reply(blocks, TEAL)
    which, number = press.numbers
    earlier = Press(press.action, press.row, (which, number - 1))
    later = Press(press.action, press.row, (which, number + 1))
    turn = Buttons(
        (
            Button(earlier, "Earlier", "◀️", disabled=not page.earlier),
            Button(later, "Later", "▶️", disabled=not page.later),
        )
    )
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


def status_reply(status: Status) -> Reply:
    """How the bot is."""
    lines = [
        f"**Index** generation {status.generation or 'none yet'}",
        f"**Documents** {status.documents} with {wording.counted(status.passages, 'passage')}",
        f"**Model** {escaped_within(status.model, _TITLE)}",
        f"**Answers take** {_took(status.median, status.slowest)}",
        f"**Up for** {duration(status.uptime)} · shard {status.shard}",
    ]
    trouble = Text(f"⚠️ {escaped_within(status.trouble, _TROUBLE)}") if status.trouble else None
    return Reply((Text("\n".join(lines)), *_some(trouble)), RED if trouble else TEAL)


def help_reply(mention: str, commands: Sequence[tuple[str, str]]) -> Reply:
    """How to ask, and what each command does; ``mention`` is how the bot is called."""
    how = (
        "**I answer questions from the documents here, and quote the sentence that says so.** "
        "When they don't say, I tell you.\n"
        f"Mention me ({mention} how often does the group meet?), reply to one of my answers, "
        "write to me directly, or use a command:"
    )
    listed = "\n".join(f"{name} – {description}" for name, description in commands)
    return Reply((Text(how), Text(listed)), TEAL)


def duration(seconds: float) -> str:
    """A time for a person: "42 s", "3 min", "5 h 12 min", "2 d 3 h"."""
    minutes, hours, days = int(seconds) // 60, int(seconds) // 3600, int(seconds) // 86_400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"


def _hit(hit: Hit) -> Text:
    quote = quote_markup(hit.citation, room=_HIT_ROOM)
    return Text(f"{quote}\n-# {source_markup(hit.citation)}")


def _entry(entry: DocumentEntry) -> Text:
    title = escaped_within(entry.title, _TITLE)
    passages = wording.counted(entry.passages, "passage")
    when = entry.indexed_at[:16].replace("T", " ")
    return Text(f"**{title}** · {path_markup(entry.id)}\n-# {passages} · indexed {when} UTC")


def _numbered(excerpt: Excerpt) -> list[str]:
    """The lines, escaped, each behind its number; long ones in pieces."""
    found: list[str] = []
    for number, line in enumerate(excerpt.split(), start=excerpt.lines[0]):
        text = line.rstrip("\r\n")
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)] or [""]
        found.append(f"`{number}` {escaped_lines(pieces[0])}".rstrip())
        found += [escaped_lines(piece) for piece in pieces[1:] if piece.strip()]
    return found


def _took(median: float | None, slowest: float | None) -> str:
    if median is None or slowest is None:
        return "(none given yet)"
    return f"{_milliseconds(median)}, 99 of 100 at most {_milliseconds(slowest)}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def _some(block: Block | None) -> list[Block]:
    return [] if block is None else [block]
