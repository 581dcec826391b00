"""A file that could not be read is not tried again until it changes, or all is made anew."""

import hashlib
import json
from pathlib import Path

import pytest

from index.errors import EmptyDocument, UnreadableDocument
from index.records import Skipped
from index.refusals import Refusals
from tests.places import TEXTS, Place

BAD = b"This is no PDF."


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.index(TEXTS | {"bad.pdf": BAD})
    return place


def retold(place: Place, reason: str) -> None:
    """Have another reason remembered, by which it shows whether a file is tried again."""
    path = place.data / "refused.json"
    kept = json.loads(path.read_text())
    kept["files"] = {key: [reason, {}] for key in kept["files"]}
    kept["sha256"] = hashlib.sha256(json.dumps(kept["files"]).encode()).hexdigest()
    path.write_text(json.dumps(kept))


def reasons(skipped: tuple[Skipped, ...]) -> list[str]:
    return [one.reason for one in skipped]


def test_the_reason_is_remembered_and_told_again(place: Place) -> None:
    retold(place, "As before.")
    assert reasons(place.library().pending().skipped) == ["As before."]
    assert reasons(place.library().refresh().skipped) == ["As before."]
    assert reasons(place.library().refresh().skipped) == ["As before."]


def test_a_file_that_changes_is_tried_again(place: Place) -> None:
    retold(place, "As before.")
    place.write(TEXTS | {"bad.pdf": BAD + b" Nor is this."})
    assert "no PDF" in reasons(place.library().refresh().skipped)[0]


def test_the_same_bytes_under_another_ending_are_tried(place: Place) -> None:
    retold(place, "As before.")
    place.write(TEXTS | {"good.txt": BAD, "bad.docx": BAD})
    report = place.library().refresh()
    assert report.added == ("good.txt",)
    assert "no DOCX" in reasons(report.skipped)[0]


def test_all_is_tried_again_when_all_is_made_anew(place: Place) -> None:
    retold(place, "As before.")
    assert "no PDF" in reasons(place.library().refresh(rebuild=True).skipped)[0]


def test_what_is_gone_is_forgotten(place: Place) -> None:
    place.index(TEXTS)
    assert json.loads((place.data / "refused.json").read_text())["files"] == {}


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"rule": "other", "files": {}}', '{"rule": 1}'])
def test_a_damaged_memory_or_another_rules_is_no_memory(place: Place, kept: str) -> None:
    (place.data / "refused.json").write_text(kept)
    assert "no PDF" in reasons(place.library().refresh().skipped)[0]


def test_a_memory_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path / "missing" / "refused.json")
    refusals.add(".pdf", BAD, UnreadableDocument("It has {count} faults.", count=2))
    refusals.save()


def test_values_of_a_reason_are_kept_and_a_file_without_text_is_no_matter(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path / "refused.json")
    refusals.add(".pdf", BAD, UnreadableDocument("It has {count} faults.", count=2))
    refusals.add(".csv", b"", EmptyDocument("There is no text in it."))
    refusals.save()
    later = Refusals(tmp_path / "refused.json")
    later.check(".csv", b"")
    with pytest.raises(UnreadableDocument, match="It has 2 faults") as caught:
        later.check(".pdf", BAD)
    assert caught.value.values == {"count": 2}
