"""Plain text into blocks, by its shape alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import (
    Block,
    is_title_case,
    looks_like_heading,
    plain_blocks,
    reads_as_prose,
    unwrapped,
)
from index.records import Span

PROSE = "The group will meet every six months to keep abreast of the latest advances in the field."
WRAPPED = (
    "The group will meet every six months to\n"
    "keep abreast of the latest advances.\n"
    "Washington sends a dozen experts, and so\n"
    "does Beijing, if nothing comes between."
)

HEADINGS = [
    "A working group to mitigate the shortage of semiconductors",
    "ARM China CEO still won’t give up his seat",
    "How Does Web Servers Work?",
    "Are Thierry Breton and Elon Musk on the Same Wavelength?",
    "Where are you?",
    "Join Us Now!",
    "Introduction",
    "OPENING HOURS",
    "Chapter 1",
    "5 Ways to Fix Your Router",
    "Copyright 2021",
    "Semiconductors: The United States and China Will Work Together",
    "Read more...",
    "Plus d’informations",
    "半导体短缺",
]
NO_HEADINGS = [
    "",
    "  \t",
    "***",
    "1984",
    "The group meets every six months.",
    "会议每六个月举行一次。",
    "We won the cup!",
    "“Why now?”",
    "It rained. Why did it?",
    "and so on,",
    "Bring the following:",
    "- Milk",
    "• Milk",
    "1. Open the lid",
    "a) Open the lid",
    "Name: Bob",
    "Opens: at nine in the morning, but later on Mondays",
    "Monday 9:00-17:00",
    "Monday to Friday 9 to 5",
    "Phone 555 1234",
    "ada@example.com",
    "See https://example.com",
    "word " * 15,
    "x" * 101,
]
PROSE_TEXTS = [PROSE, "We meet at nine on every Monday.", "“We meet at nine on every Monday.”"]
NO_PROSE_TEXTS = ["In Rome.", "We meet at nine on every Monday", "Monday\n9 to 5", "Name: Bob"]

# Each text with its blocks as kind and text.
LAYOUTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("", []),
    (" \n\t\n", []),
    ("Title", [("line", "Title")]),
    (f"Title\n\n{PROSE}", [("line", "Title"), ("text", PROSE)]),
    (f"  Title \t\n \n\t{PROSE}  \n", [("line", "Title"), ("text", PROSE)]),
    # right above its paragraph
    (f"Opening hours\n{PROSE}", [("line", "Opening hours"), ("text", PROSE)]),
    (
        f"Opening hours\n{PROSE}\nWhere we are\n{PROSE}",
        [("line", "Opening hours"), ("text", PROSE), ("line", "Where we are"), ("text", PROSE)],
    ),
    (f"Opening hours\n{WRAPPED}", [("line", "Opening hours"), ("text", WRAPPED)]),
    ("Title\nShort line", [("text", "Title"), ("text", "Short line")]),
    # underlined
    (f"Title\n=====\n{PROSE}", [("heading 1", "Title"), ("text", PROSE)]),
    (f"Title\n-----\n\n{PROSE}", [("heading 2", "Title"), ("text", PROSE)]),
    (f"{PROSE}\nTitle\n~~~~~\nx y.", [("text", PROSE), ("heading 2", "Title"), ("text", "x y.")]),
    ("Step 1: Open\n***\nthe lid.", [("heading 1", "Step 1: Open"), ("text", "the lid.")]),
    # a rule is no underline
    (f"{PROSE}\n-----\nTitle", [("text", PROSE), ("line", "Title")]),
    (f"{WRAPPED}\n-----", [("text", WRAPPED)]),
    ("Title\n\n-----\n\nx y.", [("line", "Title"), ("text", "x y.")]),
    ("Title\n--\nx y.", [("line", "Title"), ("text", "x y.")]),
    ("Title\n=-=-=\nx y.", [("line", "Title"), ("text", "x y.")]),
    # wrapped by hand, or a line each
    (WRAPPED, [("text", WRAPPED)]),
    (f"{WRAPPED}\n\n{WRAPPED}", [("text", WRAPPED), ("text", WRAPPED)]),
    (
        "Washington and Beijing want to ease the tensions; on Thursday\nAntony Blinken said so.",
        [
            (
                "text",
                "Washington and Beijing want to ease the tensions; on Thursday\n"
                "Antony Blinken said so.",
            )
        ],
    ),
    (f"{PROSE * 2}\n{PROSE * 2}", [("text", PROSE * 2), ("text", PROSE * 2)]),
    (f"{PROSE * 2} But\nthen, no.", [("text", f"{PROSE * 2} But\nthen, no.")]),
    ("milk\neggs\nbread", [("text", "milk"), ("text", "eggs"), ("text", "bread")]),
    ("Name: Ada\nBorn: 1815", [("text", "Name: Ada"), ("text", "Born: 1815")]),
    (
        "Address: 12 High Street, London\nPhone: 555 1234 at any time of day",
        [
            ("text", "Address: 12 High Street, London"),
            ("text", "Phone: 555 1234 at any time of day"),
        ],
    ),
    (
        "[10:01] alice: hi there everybody\n[10:02] bob: where do we meet?",
        [
            ("text", "[10:01] alice: hi there everybody"),
            ("text", "[10:02] bob: where do we meet?"),
        ],
    ),
    (
        "Two roads diverged in a yellow wood,\nAnd sorry I could not travel both\nAnd be one, long",
        [
            ("text", "Two roads diverged in a yellow wood,"),
            ("text", "And sorry I could not travel both"),
            ("text", "And be one, long"),
        ],
    ),
    (
        "- Milk and bread, the brown one of rye,\n  not the white\n* Eggs",
        [("text", "- Milk and bread, the brown one of rye,\n  not the white"), ("text", "* Eggs")],
    ),
]
WORDED = ["Title", PROSE, "Name: Ada", "- Milk", "milk", "It will meet every six months and"]
WORDLESS = ["", " ", "=====", "---", "...", "* * *", "😀", "“", "\u200b"]
LINES = st.sampled_from(WORDED + WORDLESS + ["漢字。", "e\u0301", "A\tB"]) | st.text(max_size=20)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b", "\x0c", "\n\n"])
TEXTS = st.lists(st.tuples(LINES, ENDS).map("".join), max_size=12).map("".join)


def shown(text: str, blocks: list[Block]) -> list[tuple[str, str]]:
    return [
        (
            f"{block.kind.value} {block.level}" if block.level else block.kind.value,
            text[block.span.start : block.span.end],
        )
        for block in blocks
    ]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize("line", HEADINGS)
def test_a_line_in_the_shape_of_a_heading_looks_like_one(line: str) -> None:
    assert looks_like_heading(line)
    assert looks_like_heading(f" {line}\t")


@pytest.mark.parametrize("line", NO_HEADINGS)
def test_sentences_items_and_values_look_like_no_heading(line: str) -> None:
    assert not looks_like_heading(line)


@pytest.mark.parametrize("text", PROSE_TEXTS)
def test_a_sentence_reads_as_prose(text: str) -> None:
    assert reads_as_prose(text)


@pytest.mark.parametrize("text", NO_PROSE_TEXTS)
def test_a_few_words_do_not_read_as_prose(text: str) -> None:
    assert not reads_as_prose(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("How to Do It", True),
        ("“Quoted” Title (2021)", True),
        ("2021 in Review", True),
        ("How to do it", False),
        ("Alone", False),
        ("of the", False),
    ],
)
def test_title_case_has_capitals_but_for_small_words(words: str, expected: bool) -> None:
    assert is_title_case(words.split()) is expected


@pytest.mark.parametrize(("text", "blocks"), LAYOUTS)
def test_a_layout_is_read_as_a_person_reads_it(text: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(text, plain_blocks(text)) == blocks


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028"])
@pytest.mark.parametrize(("text", "blocks"), LAYOUTS)
def test_any_line_end_ends_a_line(text: str, blocks: list[tuple[str, str]], end: str) -> None:
    written = text.replace("\n", end)
    assert shown(written, plain_blocks(written)) == [
        (kind, quoted.replace("\n", end)) for kind, quoted in blocks
    ]


@given(text=TEXTS)
def test_blocks_are_exact_in_order_and_hold_every_letter(text: str) -> None:
    blocks = plain_blocks(text)
    edges = [0, *(at for b in blocks for at in (b.span.start, b.span.end)), len(text)]
    assert edges == sorted(edges)
    quoted = [text[block.span.start : block.span.end] for block in blocks]
    assert all(letters(quote) and quote == quote.strip() for quote in quoted)
    assert letters("".join(quoted)) == letters(text)


@given(text=TEXTS)
def test_unwrapping_loses_no_letter(text: str) -> None:
    found = unwrapped(text, Span(0, len(text)))
    assert letters("".join(text[span.start : span.end] for span in found)) == letters(text)


HOSTILE = {
    "one line": "word " * 200_000,
    "one word": "a" * 1_000_000,
    "blank lines": "\n" * 200_000,
    "blank lines with spaces": " \t\n" * 200_000,
    "short lines": "ab\n" * 100_000,
    "short paragraphs": "Ab cd\n\n" * 50_000,
    "headings": "Title\n=====\n" * 30_000,
    "labels": "a: b\n" * 50_000,
    "colons": ":" * 500_000,
    "dots": "." * 500_000,
    "bullets": "- " * 200_000,
    "rules": "---\n" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_takes_long_to_read(text: str) -> None:
    started = time.process_time()
    plain_blocks(text)
    assert time.process_time() - started < 5
