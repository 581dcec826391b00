"""What a person sees, and what a program reads: hostile text stays idle, offsets stay exact."""

import io
import json
import logging
import unicodedata
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rich.console import Console

from bot import jsonlines, wording
from bot.excerpt import excerpt, parse_lines
from bot.inert import flat, inert
from bot.logs import CleanFormatter
from bot.progress import ProgressLines
from bot.progress_bars import ProgressBars
from bot.secret import Secret
from bot.terminal import OutputClosedError, Terminal
from bot.views import hits_view, numbered_line, report_view, result_view, size
from index.records import (
    Abstained,
    Answer,
    Citation,
    Claim,
    Document,
    Hit,
    RefreshReport,
    Skipped,
)

unhurried = hypothesis_settings(deadline=None)
TEXT = "The rules\n\nThis group will meet every six months, they say.\nIt has no chair.\n"
QUOTE = "This group will meet every six months, they say."
ACTIVE = (
    "\x1b]0;owned\x07\x1b[2J\r\x08\x9b31m\u202egnp.exe\u2066\u2069\u200f[red]x[/red]:smile:\ud800"
)

anything = st.text(st.characters(exclude_categories=()), max_size=60) | st.just(ACTIVE)


def citation(
    *, quote: str = QUOTE, answer: str = "every six months", n: int = 1, **changes: object
) -> Citation:
    start = TEXT.find(quote) if quote in TEXT else 0
    begins = start + quote.index(answer)
    given_: dict[str, object] = {
        "n": n, "document": "news/rules.txt", "title": "The rules", "start": start,
        "end": start + len(quote), "lines": (3, 3), "page": None, "quote": quote,
        "answer_start": begins, "answer_end": begins + len(answer),
    }  # fmt: skip
    return Citation(**{**given_, **changes})  # type: ignore[arg-type]


def answer(*citations: Citation) -> Answer:
    shown = citations or (citation(),)
    return Answer("how often?", shown[0].answer, 0.931, shown, "000001", 0.0212345)


def abstained(*nearest: Citation) -> Abstained:
    return Abstained("how tall?", 0.12, nearest, "000001", 0.02)


def printed(result: Answer | Abstained, *, width: int = 200, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
    )
    console.print(result_view(result))
    return out.getvalue()


# Making text inert


@unhurried
@given(anything)
def test_inert_text_is_as_long_and_obeyed_by_no_terminal(text: str) -> None:
    shown = inert(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in set(shown) - set("\n\t"))
    assert not any(
        unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "PDI"}
        for char in shown
    )


@unhurried
@given(anything)
def test_flat_text_is_one_line(text: str) -> None:
    assert len(flat(text).splitlines()) <= 1
    assert flat(text) == inert(flat(text))


def test_words_of_every_script_are_left_alone() -> None:
    text = "Fußnote, сноска, 脚注, הערת שוליים, حاشية, 👩‍👩‍👧, e\u0301"
    assert inert(text) == flat(text) == text


# Answers for people


def test_an_answer_shows_itself_its_quote_and_where_that_stands() -> None:
    assert printed(answer()).splitlines() == [
        "every six months",
        "",
        "This group will meet every six months, they say.",
        "[1] The rules · news/rules.txt · line 3",
        "",
        "Confidence: high, 93%",
    ]


def test_the_answer_is_bold_and_coloured_and_stands_out_in_its_quote() -> None:
    shown = printed(answer(), colour=True)
    assert "\x1b[1;32mevery six months\x1b[0m\n" in shown
    assert "This group will meet \x1b[1mevery six months\x1b[0m, they say." in shown


def test_further_quotes_are_fainter_and_numbered() -> None:
    other = citation(quote="It has no chair.", answer="It has no chair.", n=2, lines=(4, 5))
    shown = printed(answer(citation(), other), colour=True)
    assert "\x1b[2mIt has no chair.\x1b[0m\n" in shown
    assert "[2] The rules · news/rules.txt · lines 4-5" in shown


YEARLY = "The group meets every year."
BOTH = (
    citation(quote=YEARLY, answer="every year", document="guide.txt", title="Guide"),
    citation(n=2),
)


def disagreeing() -> Answer:
    claims = (Claim(1, "2021-03-11", True), Claim(2, "", False))
    return replace(answer(*BOTH, citation(n=3)), claims=claims)


def test_answers_that_disagree_are_told_the_newest_first() -> None:
    shown = printed(disagreeing())
    assert shown.startswith(
        "The documents disagree:\n[1] every year · dated March 11, 2021\n[2] every six months\n\n"
    )
    assert shown.index("[1] Guide · guide.txt") < shown.index("[2] The rules · news/rules.txt")
    assert shown.index("[3] The rules") < shown.index("Confidence: high")


def test_a_whole_quote_is_shown_once_and_nothing_in_it_is_bold() -> None:
    shown = printed(answer(citation(answer=QUOTE)), colour=True)
    assert shown.count(QUOTE) == 1
    assert "\x1b[1" not in shown


def test_section_and_page_are_named_where_there_are_any() -> None:
    paged = citation(section="Meetings", page=2, lines=(40, 41))
    assert (
        wording.source(paged) == "[1] The rules › Meetings · news/rules.txt · page 2, lines 40-41"
    )


def test_a_section_named_as_the_document_is_not_named_twice() -> None:
    opening = citation(section="The rules")
    assert wording.source(opening) == "[1] The rules · news/rules.txt · line 3"


def test_abstaining_says_so_and_shows_what_comes_nearest() -> None:
    assert printed(abstained(citation())).splitlines() == [
        "The documents don't say.",
        "",
        "What comes nearest:",
        "",
        "This group will meet every six months, they say.",
        "[1] The rules · news/rules.txt · line 3",
        "",
        "Confidence: very low, 12%",
    ]


def test_what_the_quotes_do_not_name_is_told() -> None:
    told = replace(answer(), missing=("2019", "Ada\x1b[31m"))
    assert "\nNothing here about 2019, Ada" in printed(told)
    assert "\x1b" not in printed(told)
    untold = replace(abstained(), missing=("2019",))
    assert printed(untold).startswith("The documents don't say. Nothing here about 2019.\n")
    assert jsonlines.result_record(told)["missing"] == ["2019", "Ada\x1b[31m"]
    assert jsonlines.result_record(untold)["missing"] == ["2019"]
    assert "missing" not in jsonlines.result_record(answer())
    assert "missing" not in jsonlines.result_record(abstained())


def test_abstaining_with_nothing_near_says_only_that() -> None:
    assert "nearest" not in printed(abstained())


def test_a_quote_over_several_lines_is_shown_on_one() -> None:
    wrapped = citation(quote="It meets\r\n   every six\n months.", answer="every six\n months")
    assert printed(answer(wrapped)).splitlines()[:3] == [
        "every six months", "", "It meets every six months.",
    ]  # fmt: skip


@unhurried
@given(before=anything, middle=anything.filter(bool), after=anything, title=anything)
def test_hostile_documents_are_inert_on_the_terminal(
    before: str, middle: str, after: str, title: str
) -> None:
    hostile = citation(
        quote=before + middle + after,
        answer=middle,
        answer_start=len(before),
        answer_end=len(before) + len(middle),
        title=title,
        document=f"{title}.txt",
        section=after,
    )
    plain = printed(answer(hostile), width=10_000)
    assert inert(plain) == plain
    assert flat(title).strip() in plain
    hits = str(hits_view([Hit(hostile, 0.5)]))
    assert inert(hits) == hits


def test_markup_and_emoji_codes_are_shown_as_they_are_written() -> None:
    hostile = citation(quote="[bold red]x[/] :smile: [link=http://x]", answer="x", title="[red]")
    assert "[bold red]x[/] :smile: [link=http://x]" in printed(answer(hostile))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "very low, 0%"), (0.349, "very low, 35%"), (0.35, "low, 35%"), (0.6, "fair, 60%"),
        (0.85, "high, 85%"), (0.999, "high, 99%"), (1.0, "high, 99%"),
    ],
)  # fmt: skip
def test_confidence_in_words_and_percent(value: float, words: str) -> None:
    assert wording.confidence(value) == words


def test_what_indexing_did_is_told_in_a_line() -> None:
    skipped = (Skipped("b.pdf", "It is encrypted."),)
    report = RefreshReport("000002", ("a.txt",), (), (), ("c.txt", "d.txt"), skipped, 12, 0.25)
    assert report_view(report).plain == (
        "Generation 000002: 1 added, 2 unchanged, 1 skipped; 12 passages, 0.2 s"
    )


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3024, "3.0 kB"), (12_400_000, "12.4 MB")],
)
def test_sizes_for_people(count: int, shown: str) -> None:
    assert size(count) == shown


def test_a_numbered_line_is_inert_and_without_its_end() -> None:
    assert numbered_line(7, "a\x1b[31m[red]\r\n", width=3).plain == "  7  a␛[31m[red]"


# Records for programs


def test_an_answer_as_json_has_exactly_the_contract_s_shape() -> None:
    assert json.loads(jsonlines.line(jsonlines.result_record(answer(citation(section="S"))))) == {
        "question": "how often?",
        "answered": True,
        "answer": "every six months",
        "confidence": 0.931,
        "citations": [
            {
                "n": 1,
                "document": "news/rules.txt",
                "title": "The rules",
                "start": 11,
                "end": 59,
                "lines": [3, 3],
                "page": None,
                "quote": QUOTE,
                "answer_start": 32,
                "answer_end": 48,
            }
        ],
        "nearest": [],
        "generation": "000001",
        "seconds": 0.0212,
    }


def test_a_disagreement_as_json_is_one_key_more() -> None:
    plain = jsonlines.result_record(answer(*BOTH, citation(n=3)))
    told = jsonlines.result_record(disagreeing())
    assert told.keys() - plain.keys() == {"disagree"}
    assert told["disagree"] == [
        {"n": 1, "date": "2021-03-11", "answer": "every year"},
        {"n": 2, "date": None, "answer": "every six months"},
    ]
    assert {**told, "disagree": 0} == {**plain, "disagree": 0}
    assert json.loads(jsonlines.line(told))["disagree"] == told["disagree"]


def test_an_abstention_as_json_has_no_answer_and_no_citation() -> None:
    record = jsonlines.result_record(abstained(citation()))
    assert (record["answered"], record["answer"], record["citations"]) == (False, None, [])
    assert record["nearest"] == [jsonlines.citation_record(citation())]


def test_a_refused_question_has_the_shape_of_an_abstention_and_says_why() -> None:
    refused = jsonlines.refused_record("?", error="Ask more.", generation=None, seconds=0.5)
    assert refused.keys() - jsonlines.result_record(abstained()).keys() == {"error"}
    assert (refused["answered"], refused["confidence"], refused["generation"]) == (False, 0.0, None)


def test_a_hit_as_json_is_its_citation_and_the_score() -> None:
    record = jsonlines.hit_record(Hit(citation(), 0.75))
    assert record == {**jsonlines.citation_record(citation()), "score": 0.75}


@unhurried
@given(before=anything, quote=anything.filter(bool), after=anything, data=st.data())
def test_offsets_survive_json_whatever_the_text(
    before: str, quote: str, after: str, data: st.DataObject
) -> None:
    start = len(before)
    begins = data.draw(st.integers(0, len(quote) - 1))
    ends = data.draw(st.integers(begins + 1, len(quote)))
    cited = citation(
        quote=quote, answer="", start=start, end=start + len(quote),
        answer_start=start + begins, answer_end=start + ends,
    )  # fmt: skip
    text = before + quote + after
    record = json.loads(jsonlines.line(jsonlines.result_record(answer(cited))).decode("utf-8"))
    read = record["citations"][0]
    assert text[read["start"] : read["end"]] == read["quote"]
    assert text[read["answer_start"] : read["answer_end"]] == record["answer"]


@unhurried
@given(anything)
def test_a_json_line_is_one_inert_line_of_utf8_whoever_splits_it(text: str) -> None:
    line = jsonlines.line({"text": text}).decode("utf-8", errors="strict")
    assert json.loads(line) == {"text": text}
    assert len(line.splitlines()) == 1
    assert inert(line) == line


def test_letters_of_other_scripts_are_not_escaped_in_json() -> None:
    assert jsonlines.line({"text": "’é漢"}) == '{"text": "’é漢"}\n'.encode()


def test_a_number_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        jsonlines.line({"score": float("nan")})


# Lines of a document


def paper(text: str) -> Document:
    return Document("a.txt", "A", text, "0" * 64, len(text))


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [("3", (3, 3)), ("3-5", (3, 5)), (" 1-1 ", (1, 1)), ("2-999999", (2, 999999))],
)
def test_a_range_of_lines_is_read(given_: str, wanted: tuple[int, int]) -> None:
    assert parse_lines(given_) == wanted


@pytest.mark.parametrize("given_", ["", "0", "0-3", "5-3", "a-b", "3-", "-3", "1-2-3", "٣", "1e3"])
def test_what_is_no_range_of_lines_is_refused_with_the_fix(given_: str) -> None:
    with pytest.raises(ValueError, match="write 3-5"):
        parse_lines(given_)


@unhurried
@given(st.text("ab\n\r\x0b\u2028", min_size=1, max_size=40), st.data())
def test_lines_are_those_that_citations_count(text: str, data: st.DataObject) -> None:
    document = paper(text)
    count = document.lines(len(text) - 1, len(text))[1]
    first = data.draw(st.integers(1, count))
    last = data.draw(st.integers(first, count))
    shown = excerpt(document, (first, last))
    start = len(excerpt(document, (1, first)).text) - len(excerpt(document, (first, first)).text)
    assert (shown.lines, shown.clamped) == ((first, last), "")
    assert text[start : start + len(shown.text)] == shown.text
    assert document.lines(start, start + len(shown.text)) == (first, last)
    assert len(shown.split()) == last - first + 1


@unhurried
@given(st.text("ab\n", max_size=20))
def test_all_lines_together_are_the_text(text: str) -> None:
    shown = excerpt(paper(text))
    assert (shown.text, "".join(shown.split()), shown.clamped) == (text, text, "")


@pytest.mark.parametrize(
    ("wanted", "lines", "text"),
    [((2, 9), (2, 3), "b\nc"), ((7, 9), (3, 3), "c"), ((1, 3), (1, 3), "a\nb\nc")],
)
def test_lines_beyond_the_end_are_clamped_and_it_is_said(
    wanted: tuple[int, int], lines: tuple[int, int], text: str
) -> None:
    shown = excerpt(paper("a\nb\nc"), wanted)
    assert (shown.lines, shown.text) == (lines, text)
    assert bool(shown.clamped) == (wanted != lines)


# The terminal itself


def test_a_piped_table_has_tabs_between_its_cells_and_no_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "x" * 300
    Terminal(as_json=False, colour=True).table(("a", "b"), [("1\t2", long), ("\x1b[31m", "[red]")])
    assert capsys.readouterr().out == f"a\tb\n1 2\t{long}\n␛[31m\t[red]\n"


def test_what_is_piped_is_not_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(as_json=False, colour=True).show("word " * 100)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_warnings_go_to_stderr_inert(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(as_json=True, colour=True).warn("Skipped \x1b[2J[red]")
    assert capsys.readouterr() == ("", "Skipped ␛[2J[red]\n")


def test_a_reader_that_went_away_is_told_apart_from_any_other_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, _: object) -> int:
            raise BrokenPipeError

    gone = io.TextIOWrapper(io.BufferedWriter(Gone(), 1), write_through=True)
    monkeypatch.setattr("sys.stdout", gone)
    with pytest.raises(OutputClosedError):
        Terminal(as_json=False, colour=True).show("x")
    with pytest.raises(OutputClosedError):
        Terminal(as_json=True, colour=True).json({"x": 1})


# Progress


@dataclass(frozen=True)
class Step:
    stage: str
    done: int
    total: int


def progress_of(*steps: Step, patience: float) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system=None, width=100)
    with ProgressBars(console, patience=patience) as bars:
        for step in steps:
            bars.report(step)
    return out.getvalue()


def test_progress_shows_a_bar_for_each_stage_and_takes_names_literally() -> None:
    steps = (Step("[red]reading", 1, 2), Step("[red]reading", 2, 2), Step("embedding", 7, 9))
    shown = progress_of(*steps, patience=0)
    assert "[red]reading" in shown
    assert "100%" in shown
    assert "embedding" in shown
    assert "78%" in shown


def test_work_that_reports_nothing_or_is_soon_done_shows_nothing() -> None:
    assert progress_of(patience=0) == ""
    assert progress_of(Step("reading", 1, 1), patience=60) == ""


def lines_of(*steps: tuple[float, Step]) -> list[str]:
    """What is told of steps, each at its second."""
    now, told = [0.0], list[str]()
    lines = ProgressLines(told.append, clock=lambda: now[0])
    for at, step in steps:
        now[0] = at
        lines.report(step)
    return told


def test_where_there_is_no_terminal_a_line_comes_every_ten_seconds() -> None:
    steps = [(at / 2, Step("embedding", at * 50, 6000)) for at in range(80)]
    assert lines_of(*steps) == [
        "embedding: 17%, 100 characters/s, about 0:50 left",
        "embedding: 33%, 100 characters/s, about 0:40 left",
        "embedding: 50%, 100 characters/s, about 0:30 left",
    ]


def test_a_stage_counts_from_its_own_beginning() -> None:
    told = lines_of(
        (0, Step("reading", 0, 10)),
        (9, Step("reading", 10, 10)),
        (9, Step("embedding", 0, 40_000)),
        (10, Step("embedding", 10, 40_000)),
        (19, Step("embedding", 90, 40_000)),
        (21, Step("embedding", 120, 40_000)),
    )
    assert told == ["embedding: 0%, 9 characters/s, about 1:13:54 left"]


def test_what_stands_still_or_has_nothing_to_do_is_told_without_a_rate() -> None:
    still = [(0.0, Step("reading", 5, 10)), (30.0, Step("reading", 5, 10))]
    assert lines_of(*still) == ["reading: 50%"]
    assert lines_of((0.0, Step("other", 0, 0)), (30.0, Step("other", 0, 0))) == ["other: 100%"]


def test_a_terminal_that_is_piped_reports_lines_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.progress._EVERY", -1.0)
    with Terminal(as_json=True, colour=False).progress() as report:
        report(Step("reading", 1, 4))
    assert capsys.readouterr() == ("", "reading: 25%\n")


# Logging


@unhurried
@given(anything)
def test_a_log_line_is_inert_and_tells_no_secret(text: str) -> None:
    secret = "canary-" + text
    formatter = CleanFormatter((Secret(secret),))
    record = logging.LogRecord("bot", logging.ERROR, "", 1, "failed with %s", (secret,), None)
    shown = formatter.format(record)
    assert "canary" not in shown
    assert inert(shown) == shown


def test_a_traceback_tells_no_secret() -> None:
    try:
        raise ValueError("canary")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("bot", logging.ERROR, "", 1, "failed", (), info)
    shown = CleanFormatter((Secret("canary"),)).format(record)
    assert "ValueError: ***" in shown
