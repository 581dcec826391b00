"""What the documents did not answer, as a message, as a file, and as a weekly digest."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.escaping import escaped_within
from bot.history.gaps import Gap
from bot.layout import Attached, Button, Buttons, Press, Reply, Text
from bot.paging import sheet, turns
from bot.rendering import GREY, TEAL
from bot.words import Words

FILE = "gaps.csv"
COLUMNS = (
    *("group", "question", "asked_at", "outcome", "votes_down", "wishes", "expected", "link"),
)

_PAGE = 5
_QUESTION = 200
_EXPECTED = 150
_IN_DIGEST = 5
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # by which spreadsheets know a formula


@dataclass(frozen=True, slots=True)
class Group:
    """Gaps that ask the same, newest first; never empty."""

    gaps: tuple[Gap, ...]

    @property
    def newest(self) -> Gap:
        """The one asked last, whose wording is shown."""
        return self.gaps[0]

    @property
    def down(self) -> int:
        """How many found an answer wrong."""
        return sum(one.down for one in self.gaps)

    @property
    def wishes(self) -> int:
        """How many wish to be told."""
        return sum(one.wishes for one in self.gaps)

    @property
    def expected(self) -> list[str]:
        """What was expected, newest first."""
        return [words for one in self.gaps for words in one.expected]


def groups_of(gaps: Sequence[Gap], places: Sequence[Sequence[int]]) -> list[Group]:
    """The groups that ``Library.group`` found, the largest first, then the newest."""
    found = [Group(tuple(gaps[at] for at in sorted(group))) for group in places]
    return sorted(found, key=lambda one: (-len(one.gaps), -one.newest.created))


def link(guild: int, gap: Gap) -> str:
    """The address of the message that says so; empty where there is none."""
    if gap.message is None:
        return ""
    return f"https://discord.com/channels/{guild}/{gap.channel}/{gap.message}"


def gaps_reply(groups: Sequence[Group], page: int, *, guild: int, days: int, words: Words) -> Reply:
    """One page of groups, with buttons to turn it and for all of it as a file."""
    head = words.plural(
        "**Not answered in the last {count} day**",
        "**Not answered in the last {count} days**",
        days,
    )
    shown, at = sheet(groups, page, size=_PAGE)
    if not shown:
        return Reply((Text(head), Text(words("Nothing: all was answered."))), GREY)
    first = at.number * _PAGE + 1
    listed = [_group(one, first + n, guild, words) for n, one in enumerate(shown)]
    blocks = [Text(head), *listed]
    if at.count > 1:
        before, behind = (Press("gaps", "-", (at.number + step, days)) for step in (-1, 1))
        last = at.number == at.count - 1
        blocks.append(Text(f"-# {at.said(words)}"))
        turning = turns(before, behind, words, first=at.number == 0, last=last).buttons
    else:
        turning = ()
    as_file = Button(Press("gapsfile", "-", (days,)), words("All as CSV"), "📄")
    return Reply((*blocks, Buttons((*turning, as_file))), TEAL)


def file_reply(words: Words) -> Reply:
    """The message with the file."""
    return Reply(
        (Text(words("One row for each question; rows of a group ask the same.")), Attached(FILE)),
        TEAL,
    )


def gaps_file(groups: Sequence[Group], *, guild: int) -> bytes:
    """All of it as CSV in UTF-8, for spreadsheets: nothing in it is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number, group in enumerate(groups, start=1):
        for gap in group.gaps:
            writer.writerow(_row(number, gap, guild))
    return text.getvalue().encode("utf-8-sig", "replace")


@dataclass(frozen=True, slots=True)
class Week:
    """What a week was like: how many questions were answered and not, and the gaps."""

    answered: int
    unanswered: int
    groups: Sequence[Group]


def digest_reply(week: Week, *, guild: int, words: Words) -> Reply:
    """The weekly digest."""
    asked = week.answered + week.unanswered
    head = words(
        "**This week** · {asked} asked, {answered} answered", asked=asked, answered=week.answered
    )
    if not week.groups:
        return Reply((Text(head),), TEAL)
    top = [
        _group(one, number, guild, words)
        for number, one in enumerate(week.groups[:_IN_DIGEST], start=1)
    ]
    told = words("What the documents did not answer most often:")
    foot = words("-# `/gaps` shows all of it to those who manage this server.")
    return Reply((Text(head), Text(told), *top, Text(foot)), TEAL)


def _group(group: Group, number: int, guild: int, words: Words) -> Text:
    question = escaped_within(group.newest.question, _QUESTION)
    counts = [words.plural("asked {count} time", "asked {count} times", len(group.gaps))]
    if group.down:
        counts.append(f"👎 {group.down}")
    if group.wishes:
        counts.append(f"🔔 {group.wishes}")
    where = link(guild, group.newest)
    if where:
        counts.append(f"[{words('show')}](<{where}>)")
    lines = [f"**{number}.** {question}", f"-# {' · '.join(counts)}"]
    if group.expected:
        expected = escaped_within(group.expected[0], _EXPECTED)
        lines.append("-# " + words("Expected: {expected}", expected=expected))
    return Text("\n".join(lines))


def _row(number: int, gap: Gap, guild: int) -> list[str]:
    asked = datetime.fromtimestamp(gap.created, UTC).isoformat(timespec="seconds")
    outcome = "wrong" if gap.wrong else "unanswered"
    cells = [
        *(str(number), gap.question, asked, outcome, str(gap.down), str(gap.wishes)),
        *(" / ".join(gap.expected), link(guild, gap)),
    ]
    return [_inert(cell) for cell in cells]


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
