"""Documents in every format are asked, and cited with the page and the line."""

import io
import re
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.formats import NAMES, read_here
from index.formats.columns import Piece
from index.formats.pages import text_of
from index.parsing import parse
from index.records import Document
from index.segmenting import segment
from tests.places import Place, answered
from tests.words import WordEncoder
from tests.writers import epub, page, pdf, pdf_of_lines, table, word

FILLER = "The board writes down what it has seen. It goes on for some time about the weather."
LONG = " ".join([FILLER] * 12)

STORY = (
    "<h1>The cheese market</h1><p>Every farmer of the valley brings cheese to the market, and "
    "many visitors come from far away to see how it is weighed and sold.</p>"
    "<h2>Opening</h2><p>The cheese market opens on every second Friday.<br>Bring a basket.</p>"
    "<ul><li>No dogs</li><li>No bicycles</li></ul>"
    "<table><tr><th>Cheese</th><th>Price</th></tr><tr><td>Gruyère</td><td>19 francs</td></tr>"
    "<tr><td>Tilsiter</td><td>14 francs</td></tr></table>"
    "<pre>weigh(cheese)\nsell(cheese)</pre>"
    "<p>Whoever sells must be there at six in the morning, when the bell is rung for the first "
    "time and the guild master reads the rules of the market aloud.</p>"
)

CORPUS: Mapping[str, str | bytes] = {
    "lamp.pdf": pdf(
        [
            ["# The lighthouse", LONG],
            ["# Its lamp", LONG, "The lamp of the lighthouse was replaced in 1907."],
            ["# Its keeper", "The keeper climbs 199 steps each evening."],
        ],
        report=True,
    ),
    "minutes.docx": word(
        [
            "# Minutes",
            "## Attendance",
            FILLER,
            "The treasurer of the club is Grace Hopper.",
            "- tea",
        ],
        table=[["Room", "Seats"], ["Aula", "220 seats"], ["Attic", "12 seats"]],
    ),
    "market.html": page(STORY, title="The cheese market - Valley News"),
    "voyage.epub": epub(
        {
            "two%20.xhtml".replace("%20", "-"): "<h1>Departure</h1><p>They left at dawn.</p>",
            "one.xhtml": "<h1>Storm</h1><p>The storm broke the mast&nbsp;near Madeira.</p>",
        },
        title="The Voyage of the Heron",
    ),
    "towers.csv": table(
        [["Tower", "Height"], ["Bell", "40 m"], ["Clock", "61 m"], ["Water", "33 m"]]
    ),
    "notes.md": "# Notes\n\nThe orchard has ninety trees.\n",
    "old.txt": "The bakery closes at noon, à midi.\n".encode("utf-16"),
    "latin.txt": "The café has a view of the glacier.\n".encode("latin-1"),
}

ASKED = [
    ("when was the lamp of the lighthouse replaced?", "lamp.pdf", "1907", 2),
    ("how many steps does the keeper climb?", "lamp.pdf", "199 steps", 3),
    ("who is the treasurer of the club?", "minutes.docx", "Grace Hopper", None),
    ("how many seats has the room aula?", "minutes.docx", "Room: Aula | Seats: 220 seats", None),
    ("when does the cheese market open on friday?", "market.html", "every second Friday", None),
    ("what price has the cheese Tilsiter?", "market.html", "Price: 14 francs", None),
    ("where did the storm break the mast?", "voyage.epub", "near Madeira", None),
    ("what height has the tower clock?", "towers.csv", "Tower: Clock | Height: 61 m", None),
    ("how many trees has the orchard?", "notes.md", "ninety trees", None),
    ("when does the bakery close?", "old.txt", "at noon, à midi", None),
    ("what has the café a view of?", "latin.txt", "the glacier", None),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("formats"))
    report = place.index(CORPUS)
    assert report.skipped == ()
    return place


@pytest.mark.parametrize(("question", "document", "fact", "page_number"), ASKED)
def test_each_fact_is_found_and_cited_with_its_page_and_line(
    place: Place, question: str, document: str, fact: str, page_number: int | None
) -> None:
    library = place.library(min_confidence=0.0)
    found = answered(library.ask(question)).citations[0]
    assert (found.document, found.page) == (document, page_number)
    assert fact in found.quote
    text = library.document(document).text
    assert text[found.start : found.end] == found.quote
    lines = text.split("\n")[found.lines[0] - 1 : found.lines[1]]
    assert found.quote in "\n".join(lines)
    assert fact in "\n".join(lines)


def test_a_page_begins_where_its_first_line_does(place: Place) -> None:
    document = place.library().document("lamp.pdf")
    openings = [document.text[start:].split("\n")[0] for start in document.page_starts]
    assert openings == ["# The lighthouse", "# Its lamp", "# Its keeper"]


def test_running_headers_and_footers_are_left_out(place: Place) -> None:
    text = place.library().document("lamp.pdf").text
    assert "Annual report" not in text
    assert "Page" not in text


def test_titles_are_what_the_documents_call_themselves(place: Place) -> None:
    titles = {one.id: one.title for one in place.library().documents()}
    assert titles == {
        "lamp.pdf": "The lighthouse",
        "minutes.docx": "Minutes",
        "market.html": "The cheese market",
        "voyage.epub": "The Voyage of the Heron",
        "towers.csv": "towers",
        "notes.md": "Notes",
        "old.txt": "old",
        "latin.txt": "latin",
    }


def test_what_is_no_part_of_the_story_is_not_in_its_text(place: Place) -> None:
    library = place.library()
    market, minutes = (library.document(one).text for one in ("market.html", "minutes.docx"))
    assert not re.search("Home|Shop|newsletter|Imprint|tracked|color", market)
    assert "Confidential" not in minutes


def test_nothing_is_parsed_again_while_its_bytes_are_the_same(place: Place) -> None:
    before = place.library().document("lamp.pdf")
    place.embedded()
    report = place.library().refresh()
    assert sorted(report.unchanged) == sorted(CORPUS)
    assert place.embedded() == []
    assert place.library().document("lamp.pdf") == before


def read(suffix: str, content: bytes) -> str:
    return read_here(suffix, content).text


def test_words_parted_at_a_lines_end_are_joined() -> None:
    lines = ["The council is respon-", "sible for the well-known bridge, a well-", "known one"]
    lines += ["and of Anglo-", "Saxon make, and com-", "pleted."]
    text = read(".pdf", pdf_of_lines([(20, 30 + 5 * at, line) for at, line in enumerate(lines)]))
    assert text.split("\n") == [
        "The council is responsible",
        "for the well-known bridge, a well-known",
        "one",
        "and of Anglo-Saxon",
        "make, and completed.",
    ]


def test_a_sentence_that_goes_on_overleaf_is_one_and_begins_on_its_page() -> None:
    first = [FILLER, *["More is told of it here."] * 3, "The council of the town has decided that"]
    content = pdf([first, ["the bridge is closed in winter.", FILLER]], report=True)
    parsed = read_here(".pdf", content)
    assert "has decided that\nthe bridge is closed in winter." in parsed.text
    assert parsed.text[parsed.page_starts[1] :].startswith("the bridge")


def lines_of(*texts: str) -> list[Piece]:
    """A page of rows, from top to bottom, with cells between bars."""
    return [
        Piece(cell, 20 + 100 * column, 90 + 100 * column, 800 - 20 * at, 10)
        for at, text in enumerate(texts)
        for column, cell in enumerate(text.split(" | "))
    ]


RUNNING: list[tuple[list[list[Piece]], str]] = [
    (  # a header that names the chapter is told by the number of the page
        [
            lines_of(f"{name} | {at + 7}", f"The {name} is {word}.")
            for at, (name, word) in enumerate(
                [("river", "long"), ("river", "cold"), ("lake", "deep"), ("sea", "wide")]
            )
        ],
        "The river is long.\n\nThe river is cold.\n\nThe lake is deep.\n\nThe sea is wide.",
    ),
    (  # two pages are few, but the same line at the edge of both is one
        [
            lines_of("Board", "It meets.", "Page 1 of 2"),
            lines_of("Board", "It ends.", "Page 2 of 2"),
        ],
        "It meets.\n\nIt ends.",
    ),
    (  # left and right pages have their own
        [lines_of(["Left", "Right"][at % 2], f"It is {word}.") for at, word in enumerate("abcdef")],
        "\n\n".join(f"It is {word}." for word in "abcdef"),
    ),
    (  # rows of a table differ by numbers that do not run with the pages
        [lines_of(f"Tower {n} | {n * n} m", f"{n} is high.") for n in (3, 9, 4)],
        "\n\n".join(f"Tower {n} | {n * n} m\n\n{n} is high." for n in (3, 9, 4)),
    ),
    (  # a page is never emptied
        [lines_of("The same on both."), lines_of("The same on both.")],
        "The same on both.\n\nThe same on both.",
    ),
]


@pytest.mark.parametrize(("pages", "text"), RUNNING)
def test_what_runs_along_is_left_out_and_nothing_else(pages: list[list[Piece]], text: str) -> None:
    assert text_of(pages).text == text


def test_the_lines_of_an_item_stay_together() -> None:
    lines = [
        (20.0, 30.0, "- The gate of the field is closed at night, for"),
        (24, 35, "the sheep."),
    ]
    drawn = [
        *lines,
        (20.0, 40.0, "- Feed them well, and count them before you leave"),
        (24, 45, "them."),
    ]
    assert read(".pdf", pdf_of_lines(drawn)).split("\n\n") == [
        "- The gate of the field is closed at night, for\nthe sheep.",
        "- Feed them well, and count them before you leave\nthem.",
    ]


def test_columns_are_read_one_after_the_other_in_whatever_order_they_were_drawn() -> None:
    left = [f"left line {at} goes on with words" for at in range(12)]
    right = [f"right line {at} goes on with words" for at in range(12)]
    rows = zip(range(12), left, right, strict=True)
    drawn = [(20.0, 20.0, "What stands across both columns of the page is read before them all")]
    drawn += [each for at, a, b in rows for each in ((20, 30 + 5 * at, a), (110, 30 + 5 * at, b))]
    lines = [line for line in read(".pdf", pdf_of_lines(drawn)).split("\n") if line]
    assert lines[1:] == [*left, *right]


def test_a_table_of_a_pdf_is_read_row_by_row() -> None:
    cells = [["Tower", "Height", "Bells"], ["North", "40 m", "3"], ["South", "61 m", "12"]]
    drawn = [
        (20 + 40 * x, 30 + 6 * y, cell) for y, row in enumerate(cells) for x, cell in enumerate(row)
    ]
    assert read(".pdf", pdf_of_lines(drawn)) == (
        "Tower | Height | Bells\nNorth | 40 m | 3\nSouth | 61 m | 12"
    )


def test_an_empty_page_counts() -> None:
    parsed = read_here(".pdf", pdf([[], ["One."], [], ["Two is here."], []]))
    document = Document("a.pdf", "a", parsed.text, "", 0, parsed.page_starts)
    at = [document.page(parsed.text.index(word)) for word in ("One", "Two")]
    assert at == [2, 4]
    assert len(parsed.page_starts) == 5
    assert parsed.page_starts[0] == 0


def test_numbered_paragraphs_and_bullets_of_a_pdf_stand_by_themselves() -> None:
    items = ["1. Close the gate of the field at night.", "2. Feed the sheep.", "- Count them."]
    text = read(".pdf", pdf_of_lines([(20, 30 + 5 * at, item) for at, item in enumerate(items)]))
    assert text.split("\n\n") == items


def test_word_documents_keep_what_was_inserted_and_drop_what_was_deleted() -> None:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    written = docx.Document()
    body = written.element.body
    for xml in (
        "<w:p><w:r><w:t>It meets </w:t></w:r><w:ins><w:r><w:t>twice a year</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Chosen</w:t><w:tab/><w:t>from a list.</w:t></w:r>"
        "</w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><w:t>One line</w:t><w:br/><w:t>and another.</w:t></w:r></w:p>",
    ):
        body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {names}>", 1)))
    stream = io.BytesIO()
    written.save(stream)
    assert read(".docx", stream.getvalue()).split("\n\n") == [
        "It meets twice a year.",
        "Chosen from a list.",
        "One line\nand another.",
    ]


def test_lists_and_tables_of_word_are_laid_out() -> None:
    text = read(".docx", word(["# A", "- one", "- two", "End."], table=[["X", "Y"], ["1", "2"]]))
    assert text == "# A\n\n- one\n- two\n\nEnd.\n\nX: 1 | Y: 2"


def test_a_pages_structure_is_kept() -> None:
    assert read(".html", page(STORY)).split("\n\n")[2:] == [
        "## Opening",
        "The cheese market opens on every second Friday.\nBring a basket.",
        "- No dogs\n- No bicycles",
        "Cheese: Gruyère | Price: 19 francs\nCheese: Tilsiter | Price: 14 francs",
        "weigh(cheese)\nsell(cheese)",
        "Whoever sells must be there at six in the morning, when the bell is rung for the first"
        " time and the guild master reads the rules of the market aloud.",
    ]


PAGES = [
    (b"<p>Only this.", "Only this."),
    (page("<h1>Dam</h1><p>It is 40 m high.</p>"), "# Dam\n\nIt is 40 m high."),
    (
        page("<p>Le café ouvre à huit heures.</p>", charset="iso-8859-1"),
        "Le café ouvre à huit heures.",
    ),
    (b"<meta charset=nonsense><p>fa\xc3\xa7ade", "façade"),
    (
        b"<p>a &lt;b&gt; &amp; c<script>x</script><!-- y --><p># of seats",
        "a <b> & c\n\n#\xa0of seats",
    ),
    (b"<table><tr><td>a<p>b</td><td></td><td>c</td></tr></table>", "a b | c"),
    (b"<table><tr><th>a</th><th>b</th></tr></table>", "a | b"),
    (b"<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>", "- a\n\n- b\n- c\n\nd"),
    (b"<nav>nothing else</nav>", "nothing else"),
    (b"", ""),
    (b"<!DOCTYPE html>", ""),
    ("<p>ünïcode".encode("utf-16"), "ünïcode"),
]


@pytest.mark.parametrize(("content", "text"), PAGES)
def test_a_page_is_read_as_it_is_shown(content: bytes, text: str) -> None:
    assert read(".html", content) == text


def test_chapters_come_in_the_order_of_reading_and_broken_ones_are_mended() -> None:
    chapters = {"z.xhtml": "<p>First.</p>", "a.xhtml": "<p>Second <b>of them.</p>"}
    assert read(".epub", epub(chapters, title="A")) == "First.\n\nSecond of them."


TABLES = [
    (
        table([["City", "Founded"], ["Bern", "1191"]]),
        "# City | Founded\nCity: Bern | Founded: 1191",
    ),
    (table([["a;b", "c"], ["1", "2"]], delimiter=";"), "# a;b | c\na;b: 1 | c: 2"),
    (table([["a", "b"], ["x\ny", ""]], delimiter="\t"), "# a | b\na: x y"),
    (table([["1", "2"], ["3", "4"]]), "1 | 2\n3 | 4"),
    (table([["a", "b"], [], ["1", "2"], ["", ""]]), "# a | b\n\na: 1 | b: 2\n"),
    (table([["a", "b"], ["1", "2", "3"], ["4"]]), "# a | b\na: 1 | b: 2 | 3\na: 4"),
    (
        table([["Ort", "Straße"], ["Köln", "Ring"]], encoding="cp1252"),
        "# Ort | Straße\nOrt: Köln | Straße: Ring",
    ),
    (b"sep=;\r\na,b;c\r\n1;2\r\n", "# a,b | c\na,b: 1 | c: 2"),
    (b"name\nAda\nGrace\n", "# name\nname: Ada\nname: Grace"),
]


@pytest.mark.parametrize(("content", "text"), TABLES)
def test_each_row_of_a_table_names_its_columns_on_its_line(content: bytes, text: str) -> None:
    assert read(".csv", content) == text


def test_a_row_is_a_passage_and_quoted_whole(place: Place) -> None:
    document = place.library().document("towers.csv")
    found = segment(document, pieces=WordEncoder().pieces, most=60, room=60)
    quoted = [document.text[passage.start : passage.end] for passage in found.passages]
    assert quoted == document.text.split("\n")[1:]
    assert all(len(passage.sentences) == 1 for passage in found.passages)


letters = st.text(st.characters(categories=["L", "Nd", "Po"]), min_size=1, max_size=8)
words = st.lists(letters, min_size=1, max_size=6).map(" ".join)
bodies = st.lists(
    st.one_of(
        words.map(lambda said: f"<p>{said.replace('&', ' ').replace('<', ' ')}</p>"),
        st.sampled_from(
            ["<h2>Head</h2>", "<ul><li>a b</li></ul>", "<br>", "<table><tr><td>x<td>y"]
        ),
    ),
    min_size=1,
    max_size=6,
).map("".join)
cells = st.lists(st.lists(words, min_size=1, max_size=3), min_size=1, max_size=5)
contents = st.one_of(
    bodies.map(lambda body: (".html", body.encode())),
    cells.map(lambda rows: (".csv", table(rows))),
)


@given(contents)
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
def test_every_quote_stands_verbatim_in_the_text_and_holds_words(made: tuple[str, bytes]) -> None:
    suffix, content = made
    text = read(suffix, content)
    document = Document(f"a{suffix}", "a", text, "", 0)
    found = segment(document, pieces=WordEncoder().pieces, most=60, room=60)
    spans = [sentence for passage in found.passages for sentence in passage.sentences]
    quotes = [text[span.start : span.end] for span in spans]
    assert all(any(map(str.isalnum, quote)) and quote == quote.strip() for quote in quotes)
    assert spans == sorted(spans, key=lambda span: span.start)
    assert bool(quotes) or not any(map(str.isalnum, text))


named = st.integers(0, 9999).map(lambda one: "".join(chr(97 + int(digit)) for digit in f"{one:04}"))
pieces = st.builds(
    Piece,
    text=st.lists(named, min_size=1, max_size=6).map(" ".join),
    left=st.floats(0, 400),
    right=st.floats(400, 600),
    baseline=st.floats(0, 800),
    size=st.sampled_from([8.0, 11.0, 18.0]),
    bold=st.booleans(),
)


@given(st.lists(pieces, max_size=20, unique_by=lambda piece: piece.text), st.integers(1, 4))
@hypothesis_settings(deadline=None, max_examples=60)
def test_no_word_of_a_page_is_lost_and_pages_begin_in_order(
    written: list[Piece], count: int
) -> None:
    laid = text_of([written[at::count] for at in range(count)])
    assert len(laid.page_starts) == count
    assert sorted(re.findall("[a-z]+", laid.text)) == sorted(
        word for piece in written for word in piece.text.split()
    )
    assert list(laid.page_starts) == sorted(laid.page_starts)
    assert all(0 <= start <= len(laid.text) for start in laid.page_starts)


def test_every_format_has_its_module_and_reads_by_any_case_of_its_ending() -> None:
    folder = Path(__file__).parent.parent / "index" / "formats"
    assert {f"{name}.py" for name in NAMES.values()} <= {path.name for path in folder.iterdir()}
    document = parse(table([["Tower"], ["Bell"]]), id="Towers.CSV")
    assert document.text.startswith("# Tower")
