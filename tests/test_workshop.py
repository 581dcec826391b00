"""Files that are damaged, locked or hostile end with a reason; all others are read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.errors import DocumentError, OversizedDocument, UnreadableDocument
from index.formats import NAMES
from index.parsing import parse
from index.workbench import MOST_CHARACTERS, replied
from index.workshop import MEMORY, Workshop
from tests.places import TEXTS, Place
from tests.writers import CONTAINER, epub, packed, page, pdf, pdf_of_lines, repacked, table, word

ROOT = Path(__file__).parent.parent
GOOD_PDF = pdf([["The pump has a red handle."]])
GOOD_WORD = word(["The pump has a blue handle."])
GOOD_EPUB = epub({"a.xhtml": "<p>The pump has a green handle.</p>"}, title="Pumps")

LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "lol"}">' for at in range(12))
BILLION = (
    f'<?xml version="1.0"?><!DOCTYPE w:document [{LAUGHS}]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>"
)
SECRET = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"'
    ' xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:CipherData>'
    '<e:CipherReference URI="OEBPS/a.xhtml"/></e:CipherData></e:EncryptedData></encryption>'
)
LOOPING = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9999999>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>>>endobj\n"
    b"4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>"
    b"/Length 5>>stream\n/X Do\nendstream endobj\n"
    b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"
)

BAD = {
    "empty.pdf": (b"", "damaged or cut short"),
    "text.pdf": (b"This is no PDF.", "damaged or cut short"),
    "truncated.pdf": (GOOD_PDF[: len(GOOD_PDF) // 3], "damaged or cut short"),
    "locked.pdf": (pdf([["Secret."]], password="x"), "locked with a password"),
    "scanned.pdf": (pdf([[], []]), "pictures"),
    "looping.pdf": (LOOPING, ""),
    "empty.docx": (b"", "damaged, or no DOCX file"),
    "text.docx": (b"This is no Word file.", "damaged, or no DOCX file"),
    "truncated.docx": (GOOD_WORD[:-200], "damaged, or no DOCX file"),
    "torn.docx": (GOOD_WORD[:3000] + b"\0" * 500 + GOOD_WORD[3500:], "damaged, or no DOCX file"),
    "zip.docx": (packed({"a.txt": "a"}), "damaged, or no DOCX file"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 4096, "locked with a password"),
    "laughs.docx": (repacked(GOOD_WORD, {"word/document.xml": BILLION}), "XML entities"),
    "blank.docx": (word([]), "There is no text in it"),
    "text.epub": (b"This is no book.", "damaged, or no EPUB file"),
    "zip.epub": (packed({"a.txt": "a"}), "It is no EPUB book"),
    "lost.epub": (packed({"META-INF/container.xml": CONTAINER}), "damaged, or no EPUB file"),
    "laughs.epub": (repacked(GOOD_EPUB, {"OEBPS/a.xhtml": BILLION}), "XML entities"),
    "outside.epub": (repacked(GOOD_EPUB, {"OEBPS/a.xhtml": SECRET + "<p>&x;</p>"}), "XML entities"),
    "sold.epub": (repacked(GOOD_EPUB, {"META-INF/encryption.xml": ENCRYPTION}), "by the shop"),
    "empty.html": (b"<html><body></body></html>", "There is no text in it"),
    "binary.html": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary file"),
    "binary.csv": (b"a,b\n\0,1\n", "binary file"),
    "quote.csv": (b'a,b\n"' + b"x,y\n" * 400_000, "a quotation mark is never closed"),
    "line.txt": (b"x" * 50_000_000, "Line 1 has 50,000,000 characters"),
    "line.html": (b"<p>" + b"word " * 600_000, "Line 1 has"),
}


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A document that unpacks to a thousand times its size."""
    return repacked(GOOD_WORD, {"word/media/image1.png": bytes(400_000_000)})


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    with Workshop() as workshop:
        yield workshop


def test_each_bad_file_is_skipped_with_its_reason_and_all_others_are_indexed(
    tmp_path: Path, bomb: bytes
) -> None:
    place = Place(tmp_path)
    started = time.monotonic()
    good = {"good.pdf": GOOD_PDF, "good.docx": GOOD_WORD, "good.epub": GOOD_EPUB}
    bad = {name: content for name, (content, _) in BAD.items()}
    report = place.index(bad | good | TEXTS | {"bomb.docx": bomb})
    reasons = {one.document: one.reason for one in report.skipped}
    assert sorted(report.added) == sorted(good.keys() | TEXTS.keys())
    assert reasons.keys() == BAD.keys() | {"bomb.docx"}
    assert {
        name: reason for name, reason in reasons.items() if BAD.get(name, ("", ""))[1] not in reason
    } == {}
    assert "zip bomb" in reasons["bomb.docx"]
    assert {
        reason for reason in reasons.values() if not reason.endswith(".") or len(reason) > 200
    } == set()
    assert time.monotonic() - started < 30


def test_no_file_outside_is_read_and_none_is_named(workshop: Workshop) -> None:
    hostile = repacked(
        GOOD_WORD, {"word/document.xml": SECRET + BILLION[BILLION.index("<w:doc") :]}
    )
    with pytest.raises(UnreadableDocument, match="XML entities"):
        workshop.read(".docx", hostile)


def test_what_takes_too_long_is_given_up_and_the_next_file_is_read() -> None:
    slow = table([["a", "b"], *[["x y", "z"]] * 1_000_000])
    with Workshop(seconds=1) as workshop:
        assert workshop.read(".csv", b"a,b\n1,2\n").text == "# a | b\na: 1 | b: 2"
        started = time.monotonic()
        with pytest.raises(UnreadableDocument, match="could not be read within 1 seconds"):
            workshop.read(".csv", slow)
        assert time.monotonic() - started < 3
        assert "red handle" in workshop.read(".pdf", GOOD_PDF).text


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit no process's memory")
def test_what_takes_too_much_memory_is_given_up_and_the_next_file_is_read() -> None:
    before, _, after = BILLION[BILLION.index("<w:doc") :].partition("&l11;")
    paragraphs = "".join(["<w:p><w:r><w:t>x</w:t></w:r></w:p>"] * 2_000_000)
    greedy = repacked(
        GOOD_WORD,
        {
            "word/document.xml": before
            + "</w:t></w:r></w:p>"
            + paragraphs
            + "<w:p><w:r><w:t>"
            + after
        },
    )
    with Workshop(memory=MEMORY // 2) as workshop:
        with pytest.raises(UnreadableDocument, match="too much memory"):
            workshop.read(".docx", greedy)
        assert "blue handle" in workshop.read(".docx", GOOD_WORD).text


def test_more_text_than_may_be_is_refused() -> None:
    rows = [["word " * 1000] for _ in range(MOST_CHARACTERS // 5000 + 1)]
    reply = replied(".csv", table(rows))
    assert reply["error"] == OversizedDocument.__name__
    assert reply["values"]["most"] == 20


def test_one_process_serves_all_files_and_ends_with_the_workshop() -> None:
    with Workshop() as workshop:
        assert workshop.process is None
        workshop.read(".csv", b"a,b\n1,2\n")
        first = workshop.process
        assert first is not None
        with pytest.raises(DocumentError):
            workshop.read(".pdf", b"")
        workshop.read(".pdf", GOOD_PDF)
        assert workshop.process == first
        os.kill(first, signal.SIGTERM)
        with pytest.raises(UnreadableDocument, match="Reading it failed"):
            workshop.read(".pdf", GOOD_PDF)
        assert workshop.read(".pdf", GOOD_PDF).page_starts == (0,)
        second = workshop.process
        assert second not in (None, first)
    assert workshop.process is None
    assert not lives(first)


def test_the_process_ends_with_the_one_that_began_it() -> None:
    script = (
        "import os\n"
        "from index.workshop import Workshop\n"
        "workshop = Workshop()\n"
        "workshop.read('.csv', b'a,b')\n"
        "print(workshop.process, flush=True)\n"
        "os._exit(1)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    began = time.monotonic()
    while lives(int(done.stdout)) and time.monotonic() - began < 10:
        time.sleep(0.02)
    assert time.monotonic() - began < 10


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or ") Z " not in state.read_text()  # dead, though nobody looked


def test_text_is_read_without_a_process() -> None:
    with Workshop() as workshop:
        assert parse(b"Bread is baked.", id="a.txt", workshop=workshop).text == "Bread is baked."
        assert workshop.process is None
        parse(b"a,b", id="a.csv", workshop=workshop)
        assert workshop.process is not None


@given(st.sampled_from(sorted(NAMES)), st.binary(max_size=300))
@hypothesis_settings(deadline=None, max_examples=80)
def test_any_bytes_give_a_text_or_a_reason(suffix: str, content: bytes) -> None:
    reply = replied(suffix, content)
    assert reply.keys() >= ({"error", "text", "values"} if "error" in reply else {"text", "title"})


@given(st.sampled_from([GOOD_PDF, GOOD_WORD, GOOD_EPUB]), st.data())
@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_good_file_with_bytes_changed_gives_a_text_or_a_reason(
    content: bytes, data: st.DataObject
) -> None:
    suffix = {GOOD_PDF: ".pdf", GOOD_WORD: ".docx", GOOD_EPUB: ".epub"}[content]
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 20))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert replied(suffix, bytes(broken))


def test_importing_the_library_and_asking_for_help_loads_no_reader() -> None:
    script = (
        "import sys, bot.cli, index.library, index.workbench\n"
        "print({'docx', 'lxml', 'pypdfium2', 'trafilatura', 'charset_normalizer'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_parse_reads_other_formats_with_a_workshop_of_its_own() -> None:
    document = parse(GOOD_PDF, id="a.PDF")
    assert document.text == "The pump has a red handle."
    assert (document.page(0), document.lines(0, 5)) == (1, (1, 1))


def test_a_page_that_is_nested_a_hundred_thousand_times_is_read_or_refused(
    workshop: Workshop,
) -> None:
    for deep in (
        b"<div>" * 100_000 + b"word",
        b"<ul><li>word" * 100_000,
        page("<b>" * 50_000 + "word"),
    ):
        try:
            workshop.read(".html", deep)
        except UnreadableDocument:
            continue
    assert workshop.read(".pdf", pdf_of_lines([(20, 20, "Still here.")])).text == "Still here."


def test_the_process_is_given_no_environment_and_so_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary.of.the.tests")
    with Workshop() as workshop:
        assert "1" in workshop.read(".csv", b"a,b\n1,2\n3,4\n").text
        told = Path(f"/proc/{workshop.process}/environ")
        assert not told.exists() or b"canary" not in told.read_bytes()
