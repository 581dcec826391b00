"""Re-indexing as Discord messages: what would change, how far it is, what came of it.

A server is told of what it may see: other servers' documents are neither named nor counted.
"""

from collections.abc import Iterable, Sequence

from bot import wording
from bot.corpus import Progress
from bot.escaping import escaped_within
from bot.layout import Button, Buttons, Press, Reply, Text
from bot.quoting import path_markup
from bot.rendering import AMBER, GREEN, GREY, RED, TEAL
from bot.visibility import Scope, collection_of
from index.records import Changes, RefreshReport, Skipped

_NAMED = 6  # documents of each kind
_SKIPPED = 6
_REASON = 160
_PATH = 80
_BAR = 20


def changes_reply(changes: Changes, scope: Scope) -> Reply:
    """What re-indexing would do, to be confirmed."""
    lines = _lines(changes, scope)
    blocks = (
        Text("**Re-index the documents?**"),
        Text("\n".join(lines)),
        *_skips(changes.skipped, scope),
    )
    confirm = Button(Press("reindex", "-"), "Re-index", style="primary")
    return Reply((*blocks, Buttons((confirm, Button(Press("cancel", "-"), "Cancel")))), TEAL)


def progress_reply(progress: Progress | None) -> Reply:
    """How far it is."""
    if progress is None or progress.total <= 0:
        return Reply((Text("⏳ **Re-indexing** …"),), TEAL)
    done = min(progress.done / progress.total, 1.0)
    full = round(done * _BAR)
    bar = "█" * full + "░" * (_BAR - full)
    # No numbers: they would count what other servers have.
    return Reply((Text(f"⏳ **Re-indexing** · {progress.stage}\n`{bar}` {done:.0%}"),), TEAL)


def report_reply(report: RefreshReport, scope: Scope, *, first: str = "") -> Reply:
    """What came of it. ``first`` is a line of markup about why it was done."""
    head = first or "**The documents are indexed.**"
    foot = f"-# Generation {report.generation} · {report.seconds:.1f} s"
    lines = Text("\n".join(_lines(report, scope)))
    blocks = (Text(head), lines, *_skips(report.skipped, scope), Text(foot))
    seen = _seen(report.skipped, scope)
    return Reply(blocks, AMBER if seen else GREEN)


def removal_reply(document: str, title: str, row: str) -> Reply:
    """A removal, to be confirmed."""
    told = f"**Remove {escaped_within(title, 100)}?**\n{path_markup(document)} will be deleted."
    remove = Button(Press("remove", row), "Remove", style="danger")
    return Reply((Text(told), Buttons((remove, Button(Press("cancel", "-"), "Cancel")))), AMBER)


def failure_reply(why: str, *, first: str = "") -> Reply:
    """Why nothing came of it; ``first`` tells what was done nevertheless. Both are markup."""
    later = "It will be found once the documents have been indexed."
    return Reply((Text(f"{first}\n{later}"), Text(why)) if first else (Text(why),), RED)


def elsewhere_reply() -> Reply:
    """The result stands elsewhere."""
    return Reply((Text("That took long; the result is in the channel."),), GREY)


def cancelled_reply() -> Reply:
    """Nothing was done."""
    return Reply((Text("Nothing was changed."),), GREY)


def _lines(changes: Changes | RefreshReport, scope: Scope) -> list[str]:
    kinds = (
        ("+", changes.added, "added"),
        ("~", changes.changed, "changed"),
        ("−", changes.removed, "removed"),
    )
    told = [_line(sign, seen, word) for sign, ids, word in kinds if (seen := _visible(ids, scope))]
    unchanged = len(_visible(changes.unchanged, scope))
    return [
        *(told or ["Nothing differs."]),
        f"-# {wording.counted(unchanged, 'document')} unchanged",
    ]


def _line(sign: str, ids: Sequence[str], word: str) -> str:
    named = ", ".join(path_markup(id, _PATH) for id in ids[:_NAMED])
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"**{sign}{len(ids)} {word}**: {named}{more}"


def _skips(skipped: Iterable[Skipped], scope: Scope) -> list[Text]:
    """The files left out, each with its reason."""
    seen = _seen(skipped, scope)
    if not seen:
        return []
    lines = [
        f"{path_markup(one.document, _PATH)}: {escaped_within(one.reason, _REASON)}"
        for one in seen[:_SKIPPED]
    ]
    more = [f"… and {len(seen) - _SKIPPED} more"] if len(seen) > _SKIPPED else []
    head = f"⚠️ **{wording.counted(len(seen), 'file')} left out**"
    return [Text("\n".join([head, *lines, *more]))]


def _seen(skipped: Iterable[Skipped], scope: Scope) -> list[Skipped]:
    named = {one.document: one for one in skipped}
    return [named[id] for id in _visible(list(named), scope)]


def _visible(ids: Sequence[str], scope: Scope) -> list[str]:
    return [id for id in ids if collection_of(id) in scope]
