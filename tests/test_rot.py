"""What rots on the disk: noticed when it is read, and told; the generation before answers.

Over the files that indexing really writes, with a model that counts words.
"""

import itertools
import logging
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.durable import MANIFEST, SEAL
from index.errors import IndexMissing, UnreadableDocument
from index.generation import GenerationStore
from index.refusals import Refusals
from index.snapshot import to_files
from tests.corpora import snapshot_of
from tests.places import ASKED, BREAD, TALKS, Place, answered

FLIPS = 200
FILES = [*to_files(snapshot_of({"a.txt": BREAD})), MANIFEST, SEAL]
OFTEN = {"000001": "every six months", "000002": "every nine months", "000003": "every ten months"}


def texts(often: str) -> dict[str, str | bytes]:
    more = {f"{n}.txt": f"Rocket {n}\n\nRocket {n} lands in harbour {n}." for n in range(9)}
    return {"bread.txt": BREAD, "talks.txt": TALKS.replace("every six months", often), **more}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Where two generations are, which answer differently."""
    place = Place(tmp_path)
    for name in ("000001", "000002"):
        assert place.index(texts(OFTEN[name])).generation == name
    return place


@pytest.fixture
def current(place: Place) -> Path:
    return place.data / "generations" / "000002"


def flips(content: bytes, seed: str) -> Iterator[bytes]:
    """The content with one bit flipped, in turn; at so many places as there are, or ``FLIPS``."""
    bits = random.Random(seed)
    for bit in bits.sample(range(len(content) * 8), min(FLIPS, len(content) * 8)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


def assert_answered(place: Place, generation: str) -> None:
    outcome = answered(place.library().ask(ASKED))
    assert outcome.generation == generation
    assert outcome.answer == OFTEN[generation]


def assert_told(caplog: pytest.LogCaptureFixture, *said: str) -> None:
    """That one warning says all of that, and no more came."""
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    for one in said:
        assert one in record.getMessage()
    caplog.clear()


def assert_passed_over(place: Place, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """That the one before is loaded, and that it is told why."""
    loaded = GenerationStore(place.data).load()
    assert loaded is not None
    assert loaded.name == "000001"
    what = "its manifest" if name in (MANIFEST, SEAL) else name
    served = "Generation 000001 serves instead."
    assert_told(caplog, f"Generation 000002 is damaged: {what} ", "Index again to mend it.", served)


def assert_mended(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """That indexing again serves what the seeds folder holds, from then on without a word."""
    assert place.library().refresh().generation == "000003"
    caplog.clear()
    outcome = answered(place.library().ask(ASKED))
    assert (outcome.generation, outcome.answer) == ("000003", OFTEN["000002"])
    assert place.library().refresh().generation == "000003"
    assert not caplog.records


def test_a_generation_is_of_these_files(current: Path) -> None:
    assert sorted(path.name for path in current.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_noticed_and_the_generation_before_answers(
    place: Place, current: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    content, tried = (current / name).read_bytes(), 0
    for flipped in flips(content, name):
        (current / name).write_bytes(flipped)
        assert_passed_over(place, name, caplog)
        if tried % 20 == 0:
            assert_answered(place, "000001")
            caplog.clear()
        tried += 1
    assert tried == min(FLIPS, len(content) * 8)
    assert_mended(place, caplog)


@pytest.mark.parametrize("name", FILES)
def test_where_none_is_left_all_is_made_anew_from_the_documents(
    place: Place, current: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(place.data / "generations" / "000001")
    (current / name).write_bytes(next(flips((current / name).read_bytes(), name)))
    with pytest.raises(IndexMissing, match=r"is damaged, .*\. Run: footnote index"):
        place.library().ask(ASKED)
    assert_told(
        caplog,
        "Generation 000002 is damaged",
        "No other generation can be used; indexing makes all anew",
    )
    place.embedded()
    assert_mended(place, caplog)
    assert len(place.embedded()) >= 15


def tear(path: Path, place: random.Random) -> None:
    os.truncate(path, place.randrange(path.stat().st_size))


def blank_a_page(path: Path, place: random.Random) -> None:
    content = bytearray(path.read_bytes())
    at = place.randrange(len(content)) // 4096 * 4096
    page = content[at : at + 4096]
    content[at : at + 4096] = bytes(len(page))
    if not any(page):
        content[at] = 1  # it was blank
    path.write_bytes(content)


def lose(path: Path, place: random.Random) -> None:
    path.unlink()


def empty(path: Path, place: random.Random) -> None:
    path.write_bytes(b"")


def grow(path: Path, place: random.Random) -> None:
    path.write_bytes(path.read_bytes() + place.randbytes(1))


def make_a_folder(path: Path, place: random.Random) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("harm", "times"),
    [(tear, 20), (blank_a_page, 5), (lose, 1), (empty, 1), (grow, 5), (make_a_folder, 1)],
)
def test_whatever_else_becomes_of_a_file_is_noticed(
    harm: Callable[[Path, random.Random], None],
    times: int,
    place: Place,
    current: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, n in itertools.product(FILES, range(times)):
        content = (current / name).read_bytes()
        harm(current / name, random.Random(f"{name} {n}"))
        assert_passed_over(place, name, caplog)
        if (current / name).is_dir():
            (current / name).rmdir()
        (current / name).write_bytes(content)
    assert_answered(place, "000002")
    assert not caplog.records


def test_two_files_that_have_changed_places_are_noticed(
    place: Place, current: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tried = 0
    for one, other in itertools.combinations(sorted(current.iterdir()), 2):
        contents = one.read_bytes(), other.read_bytes()
        if contents[0] != contents[1]:
            tried += 1
            one.write_bytes(contents[1])
            other.write_bytes(contents[0])
            loaded = GenerationStore(place.data).load()
            assert loaded is not None
            assert loaded.name == "000001"
            assert_told(caplog, "Generation 000002 is damaged", "Generation 000001 serves instead")
            one.write_bytes(contents[0])
            other.write_bytes(contents[1])
    assert tried > 100
    assert_answered(place, "000002")


def test_the_files_of_another_generation_are_noticed(
    place: Place, current: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in FILES:
        other = current.parent / "000001" / name
        content = (current / name).read_bytes()
        if other.read_bytes() != content:
            shutil.copy(other, current / name)
            assert_answered(place, "000001")
            assert_told(caplog, "Generation 000002 is damaged")
            (current / name).write_bytes(content)
    assert_answered(place, "000002")


# The pointer, which has no checksum: it names a generation, and that has


def test_every_flipped_bit_of_the_pointer_leaves_a_whole_generation_and_is_mended(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.index(texts(OFTEN["000003"]))
    pointer, served = place.data / "CURRENT", set()
    for flipped in flips(pointer.read_bytes(), "CURRENT"):
        pointer.write_bytes(flipped)
        name = answered(place.library().ask(ASKED)).generation
        assert_answered(place, name)
        # Named by a flip, the one kept beside it cannot be told from one that was meant.
        assert ("serves instead" in caplog.text) == (flipped != b"000002\n")
        served.add(name)
        caplog.clear()
    assert served == {"000002", "000003"}
    pointer.write_bytes(b"000002\n")
    assert place.library().refresh().changed == ("talks.txt",)
    assert answered(place.library().ask(ASKED)).answer == OFTEN["000003"]


def test_what_a_pointer_of_chance_bytes_names_is_never_something_else(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(3)
    for _ in range(FLIPS):
        (place.data / "CURRENT").write_bytes(chance.randbytes(chance.randrange(12)))
        assert_answered(place, "000002")
        assert_told(caplog, "CURRENT names no generation. Generation 000002 serves instead.")


def test_a_pointer_to_a_generation_that_is_gone_leaves_the_newest(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(place.data / "generations" / "000002")
    assert_passed_over(place, MANIFEST, caplog)
    assert_mended(place, caplog)


# A library that has loaded what then rots


def test_a_loaded_generation_goes_on_answering_whatever_becomes_of_the_folder(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    library = place.library()
    assert answered(library.ask(ASKED)).generation == "000002"
    shutil.rmtree(place.data)
    for _ in range(3):
        assert answered(library.ask(ASKED)).answer == OFTEN["000002"]
    assert_told(caplog, "Generation 000002 goes on answering, from memory.", "footnote index")
    library.refresh()
    assert answered(library.ask(ASKED)).generation == "000001"
    assert not caplog.records


def test_a_loaded_generation_goes_on_answering_where_a_newer_one_cannot_be_used(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    library = place.library()
    assert answered(library.ask(ASKED)).generation == "000002"
    place.index(texts(OFTEN["000003"]))
    for name in place.generations():
        lose(place.data / "generations" / name / "words.json", random.Random())
    assert answered(library.ask(ASKED)).answer == OFTEN["000002"]
    assert "Generation 000002 goes on answering, from memory." in caplog.text
    caplog.clear()
    assert library.refresh().generation == "000004"
    assert answered(library.ask(ASKED)).answer == OFTEN["000003"]


# What could not be read


def test_a_flipped_bit_in_what_could_not_be_read_makes_it_be_tried_again(tmp_path: Path) -> None:
    path, kept = tmp_path / "refused.json", Refusals(tmp_path / "refused.json")
    error = UnreadableDocument("It took more than {seconds} seconds.", seconds="60")
    kept.add(".pdf", b"bad", error)
    kept.save()
    with pytest.raises(UnreadableDocument, match=str(error)):
        Refusals(path).check(".pdf", b"bad")
    content = path.read_bytes()
    for bit in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        Refusals(path).check(".pdf", b"bad")
