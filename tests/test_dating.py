"""From when documents are: what they say themselves, and what their files say."""

import io
import os
from datetime import UTC, datetime

import docx
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from index.dating import day_of, iso_date, own_date
from index.parsing import parse
from index.records import Document
from index.snapshot import read_documents, to_files
from tests.corpora import SETTLED, document, snapshot_of
from tests.places import ASKED, TEXTS, Place, answered
from tests.writers import epub, page, repacked, word

SETTLED_DAY = "2020-09-13"
LATER = SETTLED + 500 * 86_400
STORY = "The lighthouse was painted last week. " * 12


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Title\n\nPublished: 11 March 2021\n\nText.", "2021-03-11"),
        ("Title\n\nPublished 11 March 2021\nLast updated on May 5th, 2021\n\nText.", "2021-05-05"),
        ("Title\n\nText.\n\nLast modified: 2020-01-02", "2020-01-02"),
        ("Version 2.1, May 2020\n\nText.", "2020-05"),
        ("Title\n\nDate: 31.12.2019\n\nText.", "2019-12-31"),
        ("Title\n\nThursday, 11 March 2021, 18:30\n\nText.", "2021-03-11"),
        ("By Ada Winter | 11 March 2021\n\nText.", "2021-03-11"),
        ("Ada Winter · Mar. 11, 2021\n\nText.", "2021-03-11"),
        ("BEIJING, March 11, 2021 — The group said that it was set up.", "2021-03-11"),
        ("Minutes of the meeting of 3 May 2020\n\nAll were there.", "2020-05-03"),
        ("# Annual report, March 2020\n\nAll is well.", "2020-03"),
        ("Title\n\nOn 11 March 2021 the group met in Alaska.", ""),
        ("Title\n\nThe group met on 11 March 2021.", ""),
        ("The fire of 11 March 2021\n\nIt burnt.", ""),
        ("Date: 31 February 2021", ""),
        ("Published: yesterday", ""),
        ("Published: 11 March 3021", ""),
        ("Line.\n" * 20 + "Published: 11 March 2021\n" + "Line.\n" * 20, ""),
    ],
)
def test_a_date_is_taken_from_lines_that_are_there_to_tell_it(text: str, date: str) -> None:
    assert own_date(text, "a.txt") == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("minutes/2021-03-11.txt", "2021-03-11"),
        ("20210311_minutes.txt", "2021-03-11"),
        ("minutes 11.3.2021.txt", "2021-03-11"),
        ("2021-03_minutes.txt", "2021-03"),
        ("report-2020.pdf", "2020"),
        ("room2001a.txt", ""),
        ("2021-13-45.txt", "2021"),
        ("2021-02-31.txt", ""),
        ("000_8be179ed4e282a42.txt", ""),
        ("2019/minutes.txt", ""),
    ],
)
def test_a_date_is_taken_from_the_file_s_name_where_there_is_no_other(name: str, date: str) -> None:
    assert own_date("All were there.", name) == date
    assert own_date("Updated: 5 May 2011\n\nAll were there.", name) == "2011-05-05"


def test_front_matter_tells_the_date_of_markdown() -> None:
    text = "---\ntitle: Rules\ndate: 2021-03-11T10:00:00\nlastmod: 2022-01-02\n---\n\n# Rules\n"
    assert own_date(text, "rules.md") == "2022-01-02"
    assert document(text, "rules.md").dated == "2022-01-02"


@given(st.text(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_told_a_date_is_one_or_none(text: str, name: str, told: str) -> None:
    for found in (own_date(text, name, told), iso_date(told)):
        assert not found or datetime.fromisoformat(f"{found}-01-01"[:10])


@given(st.integers(-(2**70), 2**70))
def test_any_time_of_a_file_is_a_day_or_none(time: int) -> None:
    assert day_of(time) == "" or len(day_of(time)) == 10


def test_text_comes_before_what_the_format_tells_and_that_before_the_name() -> None:
    assert own_date("Updated: 5 May 2021\n\nx", "2010.txt", "2015-01-01") == "2021-05-05"
    assert own_date("x", "2010.txt", "2015-01-01T09:30:00Z") == "2015-01-01"
    assert own_date("x", "2010.txt", "soon") == "2010"


# Formats


def test_a_pdf_tells_when_it_was_made() -> None:
    written = FPDF()
    written.set_creation_date(datetime(2021, 3, 11, 9, 30, tzinfo=UTC))
    written.add_page()
    written.set_font("Times", size=11)
    written.multi_cell(0, 6, STORY)
    assert parse(bytes(written.output()), id="a.pdf").dated == "2021-03-11"


def test_a_word_document_tells_when_it_was_saved_but_a_library_s_template_does_not() -> None:
    written = docx.Document(io.BytesIO(word([STORY])))
    assert parse(word([STORY]), id="a.docx").dated == ""
    written.core_properties.modified = datetime(2021, 3, 11, tzinfo=UTC)
    stream = io.BytesIO()
    written.save(stream)
    assert parse(stream.getvalue(), id="a.docx").dated == "2021-03-11"


@pytest.mark.parametrize(
    "told",
    [
        '<meta property="article:published_time" content="2021-03-11T10:00:00Z">',
        '<meta name="date" content="2021-03-11">',
        '<script type="application/ld+json">{"datePublished": "2021-03-11T10:00:00Z"}</script>',
    ],
)
def test_a_web_page_tells_when_it_was_published_or_changed(told: str) -> None:
    content = page(f"<h1>Paint</h1><p>{STORY}</p>", title="Paint")
    assert parse(content, id="a.html").dated == ""
    later = '<meta property="article:modified_time" content="2021-05-05T10:00:00Z">'
    for head, date in ((told, "2021-03-11"), (told + later, "2021-05-05")):
        dated = content.replace(b"</title>", b"</title>" + head.encode())
        assert parse(dated, id="a.html").dated == date


def test_a_book_tells_when_it_was_published() -> None:
    content = epub({"one.xhtml": f"<h1>One</h1><p>{STORY}</p>"}, title="Paint")
    assert parse(content, id="a.epub").dated == ""
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Paint</dc:title>'
        '<dc:date>2021-03</dc:date><meta property="dcterms:modified">2022-01-01T00:00:00Z</meta>'
        '</metadata><manifest><item id="c" href="one.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="c"/></spine></package>'
    )
    dated = repacked(content, {"OEBPS/book.opf": package})
    assert parse(dated, id="a.epub").dated == "2021-03"


# Files


def filed(place: Place) -> dict[str, str]:
    return {one.id: place.library().document(one.id).filed for one in place.library().documents()}


def test_a_document_without_a_date_has_its_file_s(indexed: Place) -> None:
    assert filed(indexed) == dict.fromkeys(TEXTS, SETTLED_DAY)
    assert indexed.library().document("bread.txt").date == SETTLED_DAY


def test_a_file_that_is_only_touched_changes_nothing(indexed: Place) -> None:
    os.utime(indexed.seeds / "bread.txt", (LATER, LATER))
    report = indexed.library().refresh()
    assert report.generation == "000001"
    assert report.changed == ()
    assert filed(indexed)["bread.txt"] == SETTLED_DAY


@pytest.mark.parametrize("rebuild", [False, True])
def test_the_day_of_a_file_is_the_one_when_its_bytes_were_first_seen(
    indexed: Place, rebuild: bool
) -> None:
    (indexed.seeds / "news" / "talks.txt").write_text("Talks\n\nThe group meets every year.")
    for name in ("bread.txt", "news/talks.txt"):
        os.utime(indexed.seeds / name, (LATER, LATER))
    assert indexed.library().refresh(rebuild=rebuild).generation == "000002"
    assert filed(indexed) == {"bread.txt": SETTLED_DAY, "news/talks.txt": "2022-01-26"}


def test_dates_are_kept_in_the_generation(indexed: Place) -> None:
    dated = document("Talks\n\nPublished: 11 March 2021\n\nThe group meets.")
    snapshot = snapshot_of({"a.txt": dated.text})
    files = {name: memoryview(data) for name, data in to_files(snapshot).items()}
    (kept,) = read_documents(files)
    assert kept == dated
    assert (kept.dated, kept.filed, kept.date) == ("2021-03-11", "", "2021-03-11")
    assert answered(indexed.library().ask(ASKED)).claims == ()


def test_a_document_that_was_made_without_dates_has_none() -> None:
    assert Document(id="a", title="a", text="x", sha256="", size=1).date == ""
