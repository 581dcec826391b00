"""Uploads with names and contents as hostile as they come."""

import os
import tempfile
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.uploads import (
    LONGEST_NAME,
    MOST_FILES,
    Stored,
    UploadRefused,
    Uploads,
    is_server_folder,
    safe_name,
    server_folder,
)
from index.parsing import MAX_BYTES
from index.walking import walk
from tests.writers import pdf

GUILD, OTHER = 11, 12
TEXT = b"They meet every six months."


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return tmp_path / "seeds"


@pytest.fixture
def uploads(seeds: Path) -> Uploads:
    return Uploads(seeds)


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file below ``folder``, hidden ones too, by path."""
    paths = [path for path in folder.rglob("*") if not path.is_dir()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def walked(seeds: Path) -> list[str]:
    found = walk(seeds)
    assert found.skipped == ()
    return [file.id for file in found.files]


# Names

SAFE = [
    ("a.txt", "a.txt"),
    ("Minutes of 2021-03.md", "Minutes of 2021-03.md"),
    ("../../x.txt", "x.txt"),
    ("..\\..\\x.txt", "x.txt"),
    ("/etc/x.txt", "x.txt"),
    ("C:\\x.txt", "x.txt"),
    ("C:x.txt", "C-x.txt"),
    ("\\\\host\\share\\x.txt", "x.txt"),
    ("server-12/x.txt", "x.txt"),
    ("..x.txt", "x.txt"),
    (".hidden.txt", "hidden.txt"),
    (" . .x.txt. . ", "x.txt"),
    ("x .txt", "x.txt"),
    ("x....txt", "x.txt"),
    ("x.exe.txt", "x.exe.txt"),
    ("x.TXT", "x.TXT"),
    ("CON.txt", "_CON.txt"),
    ("nul.txt", "_nul.txt"),
    ("com1.a.txt", "_com1.a.txt"),
    ("LPT¹.md", "_LPT¹.md"),
    ("aux .txt", "_aux.txt"),
    ("console.txt", "console.txt"),
    ("com10.txt", "com10.txt"),
    ("a\0b.txt", "a b.txt"),
    ("a\r\nb\x1b[31m.txt", "a b [31m.txt"),
    ("a\u2028b\x85c.txt", "a b c.txt"),
    ("invoice\u202etxt.md", "invoicetxt.md"),
    ("a\u200b\ufeff\u2066b.txt", "ab.txt"),
    ("a\ud800b.txt", "ab.txt"),
    ("a\u00a0\u3000\t b.txt", "a b.txt"),
    ('a<b>|c?*".txt', "a-b--c---.txt"),
    ("e\u0301te\u0301.txt", "été.txt"),
    ("e\u200b\u0301.txt", "é.txt"),
    ("日本語.md", "日本語.md"),
    ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
    ("👩\u200d🚀.txt", "👩\u200d🚀.txt"),
    ("$(rm -rf).txt", "$(rm -rf).txt"),
    ("%2e%2e%2fx.txt", "%2e%2e%2fx.txt"),
    ("a" * 300 + ".txt", "a" * 116 + ".txt"),
    ("日" * 300 + ".txt", "日" * 83 + ".txt"),
    ("a" * 115 + " b.txt", "a" * 115 + ".txt"),
]


@pytest.mark.parametrize(("name", "safe"), SAFE)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


REFUSED = [
    "",
    ".",
    "..",
    "/",
    "x.txt/",
    ".txt",
    "....txt",
    " .txt",
    "\u200b.txt",
    "\u2800.md",
    "\u200d.txt",
    "a/.md",
    "x",
    "x.pdf.exe",
    "x.exe",
    "x.txt.exe",
    "x.txt:stream",
    "x.txt~",
    "x.txt.part",
    "x.tx\u2024t",
    "x." + "a" * 5_000,
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_cannot_be_made_safe_is_refused_kindly(name: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        safe_name(name)
    said = str(refused.value)
    assert said.endswith(".")
    assert len(said) < 400
    assert "\n" not in said


def test_who_uploads_another_format_is_told_the_formats() -> None:
    with pytest.raises(UploadRefused, match=r"ending in \.exe are not read.*\.txt.*\.md"):
        safe_name("x.pdf.exe")


PARTS = (
    *("..", "/", "\\", ":", ".", " ", "\0", "\n", "\u202e", "\u200d", "\u0301", "CON", "nul"),
    *("e", "ß", "日", "😀", "~", ".txt", ".TXT", ".md", ".exe", "\ud800", "\u2028", "İ", "ſ"),
)
names = st.one_of(
    st.text(st.characters(), max_size=300),
    st.lists(st.sampled_from(PARTS), max_size=8).map("".join),
).flatmap(lambda stem: st.sampled_from([stem, f"{stem}.txt", f"{stem}.MD"]))


@given(names)
@example("CON.txt")
@example("\u0301.txt")
@example("a." + "\u0301" * 200 + ".txt")
def test_a_safe_name_is_one_plain_component_and_stays_as_it_is(name: str) -> None:
    try:
        safe = safe_name(name)
    except UploadRefused:
        return
    assert safe_name(safe) == safe
    assert Path(safe).name == safe
    assert not set(safe) & set('/\\:*?"<>|\0')
    assert safe.strip(" .") == safe
    assert len(safe) <= LONGEST_NAME
    assert len(safe.encode()) <= 255
    assert unicodedata.is_normalized("NFC", safe)


@given(names)
@example("../../x.txt")
@example("%s.txt" % ("日" * 200))
def test_whatever_its_name_a_file_lands_in_its_folder_and_is_found_or_is_refused(
    name: str,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        uploads = Uploads(seeds)
        try:
            stored = uploads.store(GUILD, name, TEXT)
        except UploadRefused:
            assert files(Path(folder)) == {}
            return
        assert walked(seeds) == [stored.document]
        assert files(Path(folder)) == {f"seeds/{stored.document}": TEXT}
        assert stored.document.split("/")[:-1] == [server_folder(GUILD)]
        assert uploads.owned(GUILD, stored.document)
        uploads.remove(GUILD, stored.document)
        assert files(Path(folder)) == {}


def test_a_server_folder_is_known_by_its_name() -> None:
    assert is_server_folder(server_folder(GUILD))
    for other in ["", "server-", "server-x", "server-1x", "Server-1", "server-1/", "server-１"]:
        assert not is_server_folder(other)
    assert not is_server_folder("server-1\n")


# Storing


def test_a_file_is_stored_and_replaced(seeds: Path, uploads: Uploads) -> None:
    assert uploads.store(GUILD, "a.txt", TEXT) == Stored("server-11/a.txt", replaced=False)
    assert uploads.store(GUILD, "a.txt", b"No more.") == Stored("server-11/a.txt", replaced=True)
    assert files(seeds) == {"server-11/a.txt": b"No more."}


def test_two_servers_may_use_one_name(seeds: Path, uploads: Uploads) -> None:
    for guild in (GUILD, OTHER):
        assert not uploads.store(guild, "a.txt", str(guild).encode()).replaced
    assert files(seeds) == {"server-11/a.txt": b"11", "server-12/a.txt": b"12"}


@pytest.mark.parametrize(
    ("there", "uploaded"),
    [
        ("Minutes.txt", "MINUTES.TXT"),
        ("Ärzte.txt", "ärzte.txt"),
        (unicodedata.normalize("NFD", "été.txt"), "ÉTÉ.txt"),
    ],
)
def test_a_file_whose_name_differs_by_case_alone_is_replaced(
    seeds: Path, uploads: Uploads, there: str, uploaded: str
) -> None:
    folder = seeds / server_folder(GUILD)
    folder.mkdir(parents=True)
    (folder / there).write_bytes(b"old")
    assert uploads.store(GUILD, uploaded, TEXT) == Stored(f"server-11/{there}", replaced=True)
    assert files(folder) == {there: TEXT}
    assert walked(seeds) == [f"server-11/{there}"]


def test_of_two_that_differ_by_case_the_very_same_is_replaced(
    seeds: Path, uploads: Uploads
) -> None:
    folder = seeds / server_folder(GUILD)
    folder.mkdir(parents=True)
    for name in ("A.txt", "a.txt"):
        (folder / name).write_bytes(b"old")
    uploads.store(GUILD, "a.txt", TEXT)
    assert files(folder) == {"A.txt": b"old", "a.txt": TEXT}


def test_names_that_differ_by_more_than_case_are_two_files(seeds: Path, uploads: Uploads) -> None:
    uploads.store(GUILD, "Maße.txt", TEXT)
    assert not uploads.store(GUILD, "Masse.txt", TEXT).replaced
    assert len(files(seeds)) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "There is no text in it"),
        (b" \n ", "There is no text in it"),
        (b"\x89PNG\0\0", "binary file"),
        ("Sie treffen sich häufig in Köln.".encode()[:-8] + b"\xff", "not UTF-8"),
        (b"a" * (MAX_BYTES + 1), "MB is the most"),
    ],
)
def test_what_is_no_document_is_refused_before_anything_is_written(
    seeds: Path, uploads: Uploads, content: bytes, reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason):
        uploads.store(GUILD, "a.txt", content)
    assert not seeds.exists()
    uploads.store(GUILD, "a.txt", TEXT)
    with pytest.raises(UploadRefused, match=reason):
        uploads.store(GUILD, "a.txt", content)
    assert files(seeds) == {"server-11/a.txt": TEXT}


def test_other_formats_are_stored_if_they_can_be_read(seeds: Path, uploads: Uploads) -> None:
    stored = uploads.store(GUILD, "Minutes.PDF", pdf([["The group meets twice."]]))
    assert stored.document == f"server-{GUILD}/Minutes.PDF"
    with pytest.raises(UploadRefused, match="locked with a password") as caught:
        uploads.store(GUILD, "locked.pdf", pdf([["Secret."]], password="x"))
    assert caught.value.text == "It is locked with a password. Save a copy without one."
    with pytest.raises(UploadRefused, match="no DOCX file"):
        uploads.store(GUILD, "minutes.docx", b"PK")
    assert len(files(seeds)) == 1


def test_a_full_server_may_replace_but_not_add(seeds: Path, uploads: Uploads) -> None:
    folder = seeds / server_folder(GUILD)
    folder.mkdir(parents=True)
    for n in range(MOST_FILES):
        (folder / f"{n}.txt").touch()
    with pytest.raises(UploadRefused, match=r"has 1,000 documents, .* Remove one first"):
        uploads.store(GUILD, "a.txt", TEXT)
    assert uploads.store(GUILD, "7.TXT", TEXT).replaced
    uploads.store(OTHER, "a.txt", TEXT)
    assert len([*folder.iterdir()]) == MOST_FILES


def fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_full_disk_is_told_and_harms_nothing(
    seeds: Path, uploads: Uploads, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    uploads.store(GUILD, "a.txt", TEXT)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(UploadRefused, match="could not be stored: No space left"):
            uploads.store(GUILD, "a.txt", b"No more.")
    assert files(seeds) == {"server-11/a.txt": TEXT}


def test_what_a_killed_process_left_is_not_found_and_not_in_the_way(
    seeds: Path, uploads: Uploads
) -> None:
    uploads.store(GUILD, "a.txt", TEXT)
    (seeds / "server-11" / ".upload").write_bytes(b"half a fi")
    assert walked(seeds) == ["server-11/a.txt"]
    uploads.store(GUILD, "b.txt", TEXT)
    assert files(seeds) == {"server-11/a.txt": TEXT, "server-11/b.txt": TEXT}


def test_many_may_upload_at_once(seeds: Path, uploads: Uploads) -> None:
    with ThreadPoolExecutor(8) as pool:
        stored = pool.map(lambda n: uploads.store(GUILD, f"{n % 5}.txt", TEXT), range(40))
        assert sum(not each.replaced for each in stored) == 5
    assert files(seeds) == {f"server-11/{n}.txt": TEXT for n in range(5)}


# Links


def link_folder(seeds: Path, outside: Path) -> None:
    (seeds / "server-11").symlink_to(outside, target_is_directory=True)


def link_file(seeds: Path, outside: Path) -> None:
    (seeds / "server-11").mkdir()
    (seeds / "server-11" / "a.txt").symlink_to(outside / "a.txt")


@pytest.mark.parametrize("make_link", [link_folder, link_file])
def test_no_link_leads_out_of_the_folder(
    seeds: Path, uploads: Uploads, tmp_path: Path, make_link: Callable[[Path, Path], None]
) -> None:
    outside = tmp_path / "outside"
    for folder in (outside, seeds):
        folder.mkdir()
    (outside / "a.txt").write_bytes(b"mine")
    make_link(seeds, outside)
    with pytest.raises(UploadRefused, match="Ask who runs the bot"):
        uploads.store(GUILD, "A.txt", TEXT)
    with pytest.raises(UploadRefused, match="was not uploaded here"):
        uploads.remove(GUILD, "server-11/a.txt")
    assert files(outside) == {"a.txt": b"mine"}
    assert (seeds / "server-11" / "a.txt").exists()


def test_a_leftover_that_is_a_link_is_not_written_through(
    seeds: Path, uploads: Uploads, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (seeds / "server-11").mkdir(parents=True)
    (seeds / "server-11" / ".upload").symlink_to(tmp_path / "mine")
    uploads.store(GUILD, "a.txt", TEXT)
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert files(seeds) == {"server-11/a.txt": TEXT}


# Removing


def test_a_server_removes_its_own(seeds: Path, uploads: Uploads) -> None:
    for name in ("a.txt", "b.txt"):
        uploads.store(GUILD, name, TEXT)
    uploads.remove(GUILD, "server-11/a.txt")
    assert files(seeds) == {"server-11/b.txt": TEXT}


NOT_OWN = [
    "",
    "a.txt",
    "server-12/a.txt",
    "server-1/a.txt",
    "server-111/a.txt",
    "server-11",
    "server-11/",
    "server-11/..",
    "server-11/../a.txt",
    "server-11/../server-12/a.txt",
    "server-11/./a.txt",
    "server-11//a.txt",
    "/server-11/a.txt",
    "../seeds/server-11/a.txt",
    "server-11\\a.txt",
    "server-11/..\\a.txt",
    "server-11/sub/a.txt",
    "server-11/.upload",
    "server-11/a.txt\0",
    "server-11/C:a.txt",
    "SERVER-11/a.txt",
]


@pytest.mark.parametrize("document", NOT_OWN)
def test_a_server_removes_nothing_but_its_own(seeds: Path, uploads: Uploads, document: str) -> None:
    for folder in (".", "server-1", "server-11/sub", "server-111"):
        (seeds / folder).mkdir(parents=True, exist_ok=True)
        (seeds / folder / "a.txt").write_bytes(b"theirs")
    for guild in (GUILD, OTHER):
        uploads.store(guild, "a.txt", TEXT)
    (seeds / "server-11" / ".upload").write_bytes(b"")
    before = files(seeds)
    assert not uploads.owned(GUILD, document)
    with pytest.raises(UploadRefused, match="was not uploaded here"):
        uploads.remove(GUILD, document)
    assert files(seeds) == before


def test_a_folder_is_not_removed(seeds: Path, uploads: Uploads) -> None:
    (seeds / "server-11" / "sub.txt").mkdir(parents=True)
    with pytest.raises(UploadRefused, match="was not uploaded here"):
        uploads.remove(GUILD, "server-11/sub.txt")
    with pytest.raises(UploadRefused, match="was not uploaded here"):
        uploads.store(GUILD, "sub.txt", TEXT)
    assert (seeds / "server-11" / "sub.txt").is_dir()


def test_what_is_gone_already_is_told_kindly(uploads: Uploads) -> None:
    uploads.store(GUILD, "a.txt", TEXT)
    uploads.remove(GUILD, "server-11/a.txt")
    with pytest.raises(UploadRefused, match=r"no document server-11/a\.txt any more"):
        uploads.remove(GUILD, "server-11/a.txt")


@given(st.text(max_size=40).flatmap(lambda rest: st.sampled_from([rest, f"server-11/{rest}"])))
def test_no_id_removes_what_is_not_its_own(document: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        uploads = Uploads(Path(folder, "seeds"))
        uploads.store(OTHER, "a.txt", TEXT)
        with pytest.raises(UploadRefused):
            uploads.remove(GUILD, document)
        assert len(files(Path(folder))) == 1
