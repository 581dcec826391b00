"""What is kept of a person, told to that person."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.history.personal import Account
from bot.layout import Attached, Button, Buttons, Press, Reply, Text
from bot.rendering import AMBER, GREEN, TEAL
from bot.words import Words

FILE = "footnote-data.json"


def account_reply(account: Account, *, held: int, retention_days: int, words: Words) -> Reply:
    """How much is kept. ``held`` answers are only in memory, of servers without a history."""
    head = Text(words("**What I keep of you**"))
    lines = _lines(account, words)
    if held:
        lines.append(
            words.plural(
                "{count} answer is held in memory for a day at most, and is written nowhere",
                "{count} answers are held in memory for a day at most, and are written nowhere",
                held,
            )
        )
    body = "\n".join(f"- {line}" for line in lines) or words("Nothing.")
    where = words.plural(
        "-# On the computer of whoever runs me, for {count} day at most; nothing is passed on.",
        "-# On the computer of whoever runs me, for {count} days at most; nothing is passed on.",
        retention_days,
    )
    blocks = (head, Text(body), Text(where))
    if account.is_empty and not held:
        return Reply(blocks, TEAL)
    buttons = Buttons(
        (
            Button(Press("export", "-"), words("Download"), "📄"),
            Button(Press("erase", "-"), words("Delete everything"), style="danger"),
        )
    )
    return Reply((*blocks, buttons), TEAL)


def export_reply(words: Words) -> Reply:
    """The file with all that is kept."""
    told = words("This is what I keep of you; what documents answered is left out.")
    return Reply((Text(told), Attached(FILE)), TEAL)


def export_file(kept: Mapping[str, Any]) -> bytes:
    """What is kept, for a person to read and a program to use."""
    return json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


def erasure_reply(words: Words) -> Reply:
    """Whether everything is really to be deleted."""
    told = words(
        "**Delete everything that I keep of you?**\n"
        "Your questions with their answers, votes, wishes to be told and choices, in all servers. "
        "The buttons below those answers will do nothing any more. My messages stay; you can "
        "dismiss them first."
    )
    erase = Button(Press("erased", "-"), words("Delete everything"), style="danger")
    cancel = Button(Press("cancel", "-"), words("Cancel"))
    return Reply((Text(told), Buttons((erase, cancel))), AMBER)


def erased_reply(words: Words) -> Reply:
    """It is done."""
    return Reply((Text(words("✅ Everything that I kept of you is deleted.")),), GREEN)


def _lines(account: Account, words: Words) -> list[str]:
    """What is kept, a line each."""
    kept = account
    told = (
        (
            kept.questions,
            words.plural(
                "{count} question with its answer", "{count} questions with answers", kept.questions
            ),
        ),
        (kept.votes, words.plural("{count} vote", "{count} votes", kept.votes)),
        (
            kept.wishes,
            words.plural("{count} wish to be told", "{count} wishes to be told", kept.wishes),
        ),
        (
            kept.requests,
            words.plural(
                "{count} list that you paged in", "{count} lists that you paged in", kept.requests
            ),
        ),
        (
            kept.choices,
            words.plural(
                "{count} server chosen for direct messages",
                "{count} servers chosen for direct messages",
                kept.choices,
            ),
        ),
    )
    lines = [line for count, line in told if count]
    if account.since is not None and lines:
        day = datetime.fromtimestamp(account.since, UTC).date().isoformat()
        lines[0] += " " + words("(since {day})", day=day)
    return lines
