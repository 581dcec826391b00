"""Headings, furniture and content, told apart by structure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.blocks import Kind, plain_blocks
from index.markdown import markdown_blocks
from index.outline import outline
from index.records import Span
from index.relatedness import Relatedness

SEED = Path(__file__).parent.parent / "seeds" / "000_8be179ed4e282a42.txt"
PROSE = (
    "The group will meet every six months to keep abreast of the latest advances in the field. "
    "Washington sends a dozen experts, and so does Beijing."
)


@dataclass(frozen=True)
class Found:
    """An outline in words: paragraphs under their headings, and furniture."""

    sections: list[tuple[str | None, list[str]]]
    furniture: list[str]

    @property
    def quotable(self) -> list[str]:
        return [paragraph for _, paragraphs in self.sections for paragraph in paragraphs]

    @property
    def headings(self) -> list[str]:
        return list(dict.fromkeys(heading for heading, _ in self.sections if heading))


def read(text: str, *, markdown: bool = False) -> Found:
    found = outline(text, (markdown_blocks if markdown else plain_blocks)(text))

    def shown(spans: Iterable[Span]) -> list[str]:
        return [text[span.start : span.end] for span in spans]

    sections = [
        (shown([section.heading])[0] if section.heading else None, shown(section.paragraphs))
        for section in found.sections
    ]
    return Found(sections, shown(found.furniture))


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


# --- the article that everybody tries first


def test_the_seed_document_is_outlined_as_a_reader_sees_it() -> None:
    found = read(SEED.read_text("utf-8"))
    opening = [
        (heading, [told[:10] for told in paragraphs]) for heading, paragraphs in found.sections
    ]
    working_group = "A working group to mitigate the shortage of semiconductors"
    assert opening == [
        ("The United States and China will Work Together", ["Washington"]),
        (working_group, ["The China "]),
        (working_group, ["Several an"]),
        (
            "Supporting signs for the Sino-US relationship",
            ["The CSIA s", "According ", "An announc"],
        ),
    ]
    assert found.furniture == [
        "ARM China CEO still won’t give up his seat",
        "Share on social media",
        "How Does Web Servers Work?",
        "Are Thierry Breton and Elon Musk on the Same Wavelength?",
    ]


RELATED = [
    "Tesla Opens a Factory Outside Berlin",
    "why your next phone will fold in three",
    "Banksy painting fetches a record at auction",
    "Ten Tricks for Faster Spreadsheets",
    "Champions League draw pits Bayern against Lazio",
    "How to Grow Tomatoes and Beans on a Balcony",
]
BARS = [
    ["Share on social media"],
    ["Share", "Tweet", "Pin it"],
    ["Facebook", "Twitter", "LinkedIn", "WhatsApp"],
    ["Follow us", "Newsletter"],
    ["You may also like", "What Is a Blockchain?", "The Ten Best Headphones of the Year"],
    ["Partager", "Plus d’informations"],
]


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: bar[0])
@pytest.mark.parametrize("place", [2, 4, 5, 6, 8])
@pytest.mark.parametrize("related", RELATED)
def test_other_furniture_at_other_places_of_the_seed_document_is_found_too(
    related: str, place: int, bar: list[str]
) -> None:
    story = [
        part.strip()
        for part in SEED.read_text("utf-8").split("\n\n")
        if not part.strip().startswith(("ARM China", "Share", "How Does", "Are Thierry"))
    ]
    parts = [*story[:place], related, *story[place:], *bar]
    found = read("\n\n".join(parts))
    assert found.furniture == [related, *bar]
    assert found.headings == [part for part in story if len(part) < 80]
    assert found.quotable == [part for part in story if len(part) >= 80]


# --- articles nobody has written: invented words, so that no list of words can help

VOWELS = "aeiou"


def invented(consonants: str) -> st.SearchStrategy[str]:
    syllable = st.tuples(st.sampled_from(consonants), st.sampled_from(VOWELS)).map("".join)
    return st.lists(syllable, min_size=3, max_size=4).map("".join)


STORY = invented("bdgk")
ELSEWHERE = invented("lmnr")


def phrase(word: st.SearchStrategy[str], fewest: int, most: int) -> st.SearchStrategy[str]:
    words = st.lists(word, min_size=fewest, max_size=most, unique=True)
    return words.map(lambda found: " ".join(found).capitalize())


@dataclass(frozen=True)
class Article:
    sections: list[tuple[str, list[str]]]
    related: list[str]
    bar: list[str]
    text: str


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Sections, the first under the title; related links before paragraphs, a bar at the end."""
    vocabulary = st.sampled_from(draw(st.lists(STORY, min_size=12, max_size=20, unique=True)))
    sentence = phrase(vocabulary, 8, 12).map(lambda words: f"{words}.")
    paragraph = st.lists(sentence, min_size=2, max_size=4).map(" ".join)
    paragraphs = st.lists(paragraph, min_size=2, max_size=4)
    sections = []
    for _ in range(draw(st.integers(2, 4))):
        told = draw(paragraphs)
        heading = " ".join(draw(st.permutations(told[0].rstrip(".").split()[:6])))
        sections.append((heading.replace(".", "").capitalize(), told))
    headline = phrase(ELSEWHERE, 4, 9) | phrase(ELSEWHERE, 4, 9).map(str.title)
    related = draw(st.lists(headline, max_size=2, unique=True))
    short = phrase(ELSEWHERE, 1, 3) | headline.map(lambda line: f"{line}?")
    bar = draw(st.lists(short, max_size=4, unique=True))
    parts = [part for heading, told in sections for part in (heading, *told)]
    for line in related:
        told = draw(st.sampled_from([told for _, told in sections]))
        at = parts.index(draw(st.sampled_from(told)))
        parts.insert(at, line)
    gap = draw(st.sampled_from(["\n\n", "\n\n\n", "\r\n\r\n", "\n \n"]))
    in_order = sorted(related, key=parts.index)
    return Article(sections, in_order, bar, gap.join([*parts, *bar]))


@settings(max_examples=40)
@given(article=articles())
def test_furniture_is_known_by_structure_and_meaning_not_by_its_words(article: Article) -> None:
    found = read(article.text)
    assert found.furniture == [*article.related, *article.bar]
    told = [(heading, part) for heading, parts in found.sections for part in parts]
    assert told == [(heading, part) for heading, parts in article.sections for part in parts]


# --- headings

P1, P2, P3 = f"First. {PROSE}", f"Second. {PROSE}", f"Third. {PROSE}"


@pytest.mark.parametrize(
    ("text", "sections", "furniture"),
    [
        (f"Title\n\n{P1}", [("Title", [P1])], []),
        (P1, [(None, [P1])], []),
        (f"{P1}\n\nThe Group\n\n{P2}", [(None, [P1]), ("The Group", [P2])], []),
        # of headings in a run, the last one counts
        (
            f"Title\n\nPart One\n\nChapter One\n\n{P1}\n\nPart Two\n\nChapter Two\n\n{P2}",
            [("Chapter One", [P1]), ("Chapter Two", [P2])],
            ["Part One", "Part Two"],
        ),
        # a menu is no heading of what follows it
        (f"Title\n\nNews\n\nSport\n\nLogin\n\n{P1}", [("Title", [P1])], ["News", "Sport", "Login"]),
        (
            f"Title\n\n{P1}\n\nNews\n\nSport\n\nLogin\n\n{P2}",
            [("Title", [P1]), ("Title", [P2])],
            ["News", "Sport", "Login"],
        ),
        (
            f"Title\n\n{P1}\n\nLatest advances\n\nNews\n\nSport\n\nLogin\n\n{P2}",
            [("Title", [P1]), ("Latest advances", [P2])],
            ["News", "Sport", "Login"],
        ),
        # a heading keeps its section if a link to something else stands between
        (
            f"Title\n\n{P1}\n\nLatest advances\n\nBanksy painting fetches a record\n\n{P2}",
            [("Title", [P1]), ("Latest advances", [P2])],
            ["Banksy painting fetches a record"],
        ),
        # headings that share no word with their paragraphs
        (f"Title\n\n{P1}\n\nInstallation\n\n{P2}", [("Title", [P1]), ("Installation", [P2])], []),
        (
            f"Title\n\n{P1}\n\nMinutes of the annual assembly on 5 March\n\n{P2}",
            [("Title", [P1]), ("Minutes of the annual assembly on 5 March", [P2])],
            [],
        ),
        (
            f"Title\n\n{P1}\n\nHow do I reset my forgotten account password?\n\n{P2}",
            [("Title", [P1]), ("How do I reset my forgotten account password?", [P2])],
            [],
        ),
        (
            f"Title\n=====\n\nBanksy painting fetches a record\n-----\n\n{P1}",
            [("Banksy painting fetches a record", [P1])],
            [],
        ),
        # right above their paragraphs
        (f"Title\n{P1}\nThe Group\n{P2}", [("Title", [P1]), ("The Group", [P2])], []),
    ],
)  # fmt: skip
def test_a_heading_stands_over_its_paragraphs(
    text: str, sections: list[tuple[str | None, list[str]]], furniture: list[str]
) -> None:
    assert read(text) == Found(sections, furniture)


@pytest.mark.parametrize(
    ("text", "sections", "furniture"),
    [
        (
            f"# Guide\n\n## Setup\n\n### Linux\n\n{P1}\n\n### Windows\n\n{P2}\n\n## Use\n\n{P3}",
            [("Linux", [P1]), ("Windows", [P2]), ("Use", [P3])],
            [],
        ),
        (
            f"# Guide\n\n{P1}\n\n## Nothing here\n\n## Use\n\n{P2}\n\n## Nothing there",
            [("Guide", [P1]), ("Use", [P2])],
            ["Nothing here", "Nothing there"],
        ),
        (
            f"# Guide\n\n[![ci](x)](y)\n\n{P1}\n\n[Home](x)\n\n{P2}",
            [("Guide", [P1]), ("Guide", [P2])],
            ["[![ci](x)](y)", "[Home](x)"],
        ),
        (
            f"---\ntitle: X\n---\n\n**Bold title**\n\n{P1}\n\n**The group**\n\n{P2}",
            [("**Bold title**", [P1]), ("**The group**", [P2])],
            ["---\ntitle: X\n---\n"],
        ),
        ("# Only a title", [(None, ["Only a title"])], []),
        ("# A list\n\n- Milk\n- Eggs", [("A list", ["Milk", "Eggs"])], []),
    ],
)
def test_markdown_headings_are_believed(
    text: str, sections: list[tuple[str | None, list[str]]], furniture: list[str]
) -> None:
    assert read(text, markdown=True) == Found(sections, furniture)


# --- documents written in short lines

IN_SHORT_LINES = {
    "one line": "The group meets every six months",
    "one lower-case line": "the group meets every six months",
    "a title": "The Group",
    "opening hours": "Opening hours\n\nMonday 9 to 5\nTuesday 9 to 6\n\nClosed on Sunday",
    "opening hours apart": "Opening hours\n\nMonday\n\n9 to 5\n\nSunday\n\n10 to 2\n\nElse closed",
    "contacts": "Anna Smith\nHead of Sales\nanna@example.com\n\nBob Jones\nCTO\n+44 555 1234",
    "contacts apart": "Anna Smith\n\nHead of Sales\n\nanna@example.com\n\nBob Jones\n\nCTO",
    "shopping": "Shopping List\n\nMilk\nEggs\nBread\n\nSoap",
    "shopping apart": "Shopping list\n\nMilk\n\nEggs\n\nBread",
    "values": "Server\n\nHost: example.com\nPort: 8080\n\nOwner: Anna",
    "chat": "[10:01] alice: hi there\n[10:02] bob: hello\n[10:03] alice: where do we meet",
    "chat by name": "alice\nhi there\n\nbob\nhello\n\nalice\nwhere do we meet",
    "poem": "The Road\n\nTwo roads diverged\nAnd I took one\n\nAnd that has made\nAll of it",
    "poem apart": "The Road\n\nTwo roads diverged in a wood\n\nAnd I took one\n\nAnd that was it",
    "bullets": "To do\n\n- Milk\n- Eggs\n\n* Call Bob\n\n• Sleep",
    "numbers": "Steps\n\n1. Open the lid\n2. Press start\n\n3) Wait",
    "minutes": "Minutes\n\nPresent\nAnn, Bob\n\nDecisions\nWe meet on Mondays\n\nNext\nRoom 4",
    "address": "Contact\n\nFootnote Ltd\n12 High Street\nLondon\n\nTel 555",
    "answers": "FAQ\n\nWhere are you?\n\nIn Rome\n\nDo You Ship?\n\nYes\n\nWhen?",
    "script": "HAMLET\nTo be or not to be\n\nOPHELIA\nGood my lord",
    "table": "Name\tAge\nBob\t5\nAnn\t6",
    "Chinese": "购物清单\n\n牛奶\n\n鸡蛋",
}


@pytest.mark.parametrize("markdown", [False, True])
@pytest.mark.parametrize("text", IN_SHORT_LINES.values(), ids=IN_SHORT_LINES.keys())
def test_a_document_of_short_lines_loses_none_of_its_content(text: str, markdown: bool) -> None:
    found = read(text, markdown=markdown)
    title = text.splitlines()[0]
    assert found.furniture == []
    assert all(line == title or line.endswith("?") for line in found.headings)
    told = "\n".join([*found.headings, *found.quotable])
    told += "" if title in told.splitlines() else title
    numbers = re.compile(r"^\d[.)]", re.MULTILINE)  # Markdown writes them itself
    assert sorted(letters(told)) == sorted(letters(numbers.sub("", text) if markdown else text))


def test_short_lines_that_are_too_much_to_lose_are_content() -> None:
    lines = ["Milk and honey", "Bread with butter", "A dozen eggs", "Salt", "Soap for the hands"]
    found = read("\n\n".join(["Market", "Please bring all of this from the market.", *lines]))
    assert found.furniture == []
    assert found.quotable == ["Please bring all of this from the market.", *lines]


def test_short_lines_that_a_sentence_introduces_are_content() -> None:
    intro = "Please bring all of the following:"
    text = "\n\n".join(["Title", P1, P2, intro, "A towel", "Sun cream", P3, "Share", "Follow us"])
    assert read(text).quotable == [P1, P2, intro, "A towel", P3]
    assert read(text).furniture == ["Share", "Follow us"]


def test_a_text_of_nothing_has_no_outline() -> None:
    assert read(" \n\n***\n") == Found([], [])


# --- invariants

LINES = st.sampled_from(
    ["Title", "The Group", "Milk", "Name: Ada", "Why?", "=====", "- Eggs", "9 to 5", "🎈", P1, P2]
)


@given(lines=st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n"])).map("".join), max_size=15))
def test_every_block_is_paragraph_heading_or_furniture_and_only_one_of_them(
    lines: list[str],
) -> None:
    text = "".join(lines)
    blocks = plain_blocks(text)
    found = outline(text, blocks)
    paragraphs = [span for section in found.sections for span in section.paragraphs]
    headings = {section.heading for section in found.sections if section.heading}
    assert all(section.paragraphs for section in found.sections)
    assert paragraphs == sorted(paragraphs, key=lambda span: span.start)
    used = [*paragraphs, *found.furniture, *headings]
    assert len(used) == len(set(used))
    rest = {block.span: block.kind for block in blocks if block.span not in used}
    # What is left is the title, and marked headings that stand over others.
    assert {kind for at, kind in rest.items() if at != blocks[0].span} <= {Kind.HEADING}


@given(lines=st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n"])).map("".join), min_size=1))
def test_a_document_with_a_letter_in_it_can_be_quoted(lines: list[str]) -> None:
    text = "".join(lines)
    assert bool(outline(text, plain_blocks(text)).sections) == bool(letters(text))


# --- relatedness


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("The latest advances of Beijing’s experts", False),
        ("Banksy painting fetches a record at auction", True),
        ("Beijing painting fetches a record at auction", True),
        ("Banksy paints", False),
        ("Banksy painting of 2021 fetches a record", False),
        ("How to do it", False),
    ],
)
def test_a_line_is_foreign_if_its_words_hardly_occur(line: str, foreign: bool) -> None:
    text = f"{line}\n{P1}\n{P2}"
    start = len(line) + 1
    paragraphs = [Span(start, start + len(P1)), Span(start + len(P1) + 1, len(text))]
    assert Relatedness(text, paragraphs).is_foreign(Span(0, len(line))) is foreign
