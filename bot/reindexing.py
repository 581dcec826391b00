"""Re-indexing as Discord messages: what would change, how far it is, what came of it.

A server is told of what it may see: other servers' documents are neither named nor counted.
"""

from collections.abc import Iterable, Sequence

from bot.corpus import Progress
from bot.escaping import escaped_within
from bot.layout import Button, Buttons, Press, Reply, Text
from bot.lookups import duration
from bot.quoting import path_markup
from bot.rendering import AMBER, GREEN, GREY, RED, TEAL
from bot.visibility import Scope, collection_of
from bot.words import N_, Words
from index.records import Changes, RefreshReport, RollbackPlan, Skipped

STAGES = (N_("reading"), N_("splitting"), N_("embedding"))
"""What the library says that it is doing."""

_NAMED = 6  # documents of each kind
_SKIPPED = 6
_REASON = 160
_PATH = 80
_BAR = 20


def changes_reply(changes: Changes, scope: Scope, *, held: bool = False, words: Words) -> Reply:
    """What re-indexing would do, to be confirmed. ``held``: it ends a rollback."""
    blocks = (
        Text(words("**Re-index the documents?**")),
        *([Text(words("The index was rolled back; this ends it."))] if held else []),
        Text("\n".join(_lines(changes, scope, words))),
        *_skips(changes.skipped, scope, words),
    )
    confirm = Button(Press("reindex", "-"), words("Re-index"), style="primary")
    cancel = Button(Press("cancel", "-"), words("Cancel"))
    return Reply((*blocks, Buttons((confirm, cancel))), TEAL)


def progress_reply(progress: Progress | None, *, left: float | None = None, words: Words) -> Reply:
    """How far it is, and how many seconds are left, if that is known."""
    if progress is None or progress.total <= 0:
        return Reply((Text(words("⏳ **Re-indexing** …")),), TEAL)
    done = min(progress.done / progress.total, 1.0)
    full = round(done * _BAR)
    bar = "█" * full + "░" * (_BAR - full)
    # No numbers: they would count what other servers have.
    head = words("⏳ **Re-indexing** · {stage}", stage=words(progress.stage))
    lines = f"{head}\n`{bar}` {words.percent(done)}"
    if left is not None:
        time = duration(left, words=words)
        lines = f"{lines}\n-# {words('About {time} left in this step', time=time)}"
    return Reply((Text(lines),), TEAL)


def report_reply(report: RefreshReport, scope: Scope, *, first: str = "", words: Words) -> Reply:
    """What came of it. ``first`` is a line of markup about why it was done."""
    head = first or words("**The documents are indexed.**")
    took = words.number(report.seconds, "0.0")
    foot = words(
        "Generation {generation} · {seconds} s", generation=report.generation, seconds=took
    )
    lines = Text("\n".join(_lines(report, scope, words)))
    blocks = (Text(head), lines, *_skips(report.skipped, scope, words), Text(f"-# {foot}"))
    seen = _seen(report.skipped, scope)
    return Reply(blocks, AMBER if seen else GREEN)


def rollback_reply(plan: RollbackPlan, scope: Scope, *, words: Words) -> Reply:
    """What rolling back would do, to be confirmed."""
    told = words(
        "**Roll the index back?**\nGeneration {before} would answer in the place of {current}, and "
        "be held until somebody re-indexes.",
        before=plan.before,
        current=plan.current,
    )
    press = Press("rollback", "-", (int(plan.current),))
    confirm = Button(press, words("Roll back"), style="danger")
    cancel = Button(Press("cancel", "-"), words("Cancel"))
    lines = Text("\n".join(_lines(plan.changes, scope, words)))
    return Reply((Text(told), lines, Buttons((confirm, cancel))), AMBER)


def removal_reply(document: str, title: str, row: str, *, words: Words) -> Reply:
    """A removal, to be confirmed."""
    told = words(
        "**Remove {title}?**\n{document} will be deleted.",
        title=escaped_within(title, 100),
        document=path_markup(document),
    )
    remove = Button(Press("remove", row), words("Remove"), style="danger")
    cancel = Button(Press("cancel", "-"), words("Cancel"))
    return Reply((Text(told), Buttons((remove, cancel))), AMBER)


def failure_reply(why: str, *, first: str = "", words: Words) -> Reply:
    """Why nothing came of it; ``first`` tells what was done nevertheless. Both are markup."""
    later = words("It will be found once the documents have been indexed.")
    return Reply((Text(f"{first}\n{later}"), Text(why)) if first else (Text(why),), RED)


def elsewhere_reply(*, words: Words) -> Reply:
    """The result stands elsewhere."""
    return Reply((Text(words("That took long; the result is in the channel.")),), GREY)


def cancelled_reply(*, words: Words) -> Reply:
    """Nothing was done."""
    return Reply((Text(words("Nothing was changed.")),), GREY)


def _lines(changes: Changes | RefreshReport, scope: Scope, words: Words) -> list[str]:
    kinds = (
        (changes.added, N_("**+{count} added**: {names}")),
        (changes.changed, N_("**~{count} changed**: {names}")),
        (changes.removed, N_("**−{count} removed**: {names}")),
    )
    told = [
        words(line, count=len(seen), names=_named(seen, words))
        for ids, line in kinds
        if (seen := _visible(ids, scope))
    ]
    unchanged = words.plural(
        "{count} document unchanged",
        "{count} documents unchanged",
        len(_visible(changes.unchanged, scope)),
    )
    return [*(told or [words("Nothing differs.")]), f"-# {unchanged}"]


def _named(ids: Sequence[str], words: Words) -> str:
    names = ", ".join(path_markup(id, _PATH) for id in ids[:_NAMED])
    more = len(ids) - _NAMED
    return words("{names} and {count} more", names=names, count=more) if more > 0 else names


def _skips(skipped: Iterable[Skipped], scope: Scope, words: Words) -> list[Text]:
    """The files left out, each with its reason."""
    seen = _seen(skipped, scope)
    if not seen:
        return []
    lines = [
        f"{path_markup(one.document, _PATH)}: {escaped_within(one.reason, _REASON)}"
        for one in seen[:_SKIPPED]
    ]
    left = len(seen) - _SKIPPED
    more = [words("… and {count} more", count=left)] if left > 0 else []
    head = words.plural("⚠️ **{count} file left out**", "⚠️ **{count} files left out**", len(seen))
    return [Text("\n".join([head, *lines, *more]))]


def _seen(skipped: Iterable[Skipped], scope: Scope) -> list[Skipped]:
    named = {one.document: one for one in skipped}
    return [named[id] for id in _visible(list(named), scope)]


def _visible(ids: Sequence[str], scope: Scope) -> list[str]:
    return [id for id in ids if collection_of(id) in scope]
