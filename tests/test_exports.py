import os
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from index import durable
from index.exports import WEIGHTS, ExportStore
from index.models import ModelIdentity
from index.originals.network import Exported
from index.word_vectors import WordTable

MODEL = ModelIdentity("a-model", "ab" * 32)
MADE = Exported(
    b"a network",
    b"weights",
    '{"a": "tokenizer"}',
    {"dimension": 32, "query_prompt": "query: "},
    (None, 4_096, 30_522, 32),
)


def published(folder: Path, digest: str = MODEL.digest) -> ExportStore:
    store = ExportStore(folder)
    with store.writing():
        store.draft(ModelIdentity("a-model", digest), MADE)
        store.publish(ModelIdentity("a-model", digest))
    return store


def age(folder: Path, seconds: int) -> None:
    changed = folder.stat().st_mtime - seconds
    os.utime(folder, (changed, changed))


def test_what_was_published_is_found(tmp_path: Path) -> None:
    found = published(tmp_path / "models").find(MODEL)
    assert found is not None
    assert found.network.read_bytes() == MADE.network
    assert found.network.with_name(WEIGHTS).read_bytes() == MADE.weights
    assert (found.tokenizer, found.traits) == (MADE.tokenizer, MADE.traits)
    assert found.words == WordTable(found.network.with_name(WEIGHTS), 4_096, 30_522, 32)
    assert found.of(Path("elsewhere")) == found


def test_words_that_the_model_has_are_told_as_they_are_seen_from_its_folder(
    tmp_path: Path,
) -> None:
    store, words = ExportStore(tmp_path), ("part/model.safetensors", 96, 30_522, 32)
    with store.writing():
        store.draft(MODEL, replace(MADE, words=words))
        store.publish(MODEL)
    found = store.find(MODEL)
    assert found
    model = tmp_path / "model"
    assert found.of(model).words == WordTable(model / words[0], *words[1:])


def test_a_draft_can_be_tried_and_is_not_found(tmp_path: Path) -> None:
    store = ExportStore(tmp_path)
    with store.writing():
        draft = store.draft(MODEL, MADE)
    assert draft.network.read_bytes() == MADE.network
    assert store.find(MODEL) is None
    with store.writing():
        store.refuse(MODEL, "it is odd")
    assert not draft.network.exists()


def test_nothing_is_found_where_nothing_was_published(tmp_path: Path) -> None:
    assert ExportStore(tmp_path / "none").find(MODEL) is None
    store = published(tmp_path)
    assert store.find(ModelIdentity("a-model", "cd" * 32)) is None
    assert store.find(ModelIdentity("never/fetched", "")) is None


@pytest.mark.parametrize(
    "name", ["encoder.onnx", WEIGHTS, "tokenizer.json", durable.MANIFEST, durable.SEAL]
)
@pytest.mark.parametrize("harm", ["flipped", "cut", "gone"])
def test_a_damaged_export_is_not_found_and_can_be_made_again(
    tmp_path: Path, name: str, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = published(tmp_path)
    file = tmp_path / MODEL.digest / name
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(content[:-1] if harm == "cut" else bytes([content[0] ^ 1]) + content[1:])
    assert store.find(MODEL) is None
    assert caplog.messages == ["The export of a-model is damaged and is made again."]
    assert published(tmp_path).find(MODEL) is not None


def test_an_export_held_against_its_original_by_another_runtime_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = published(tmp_path)
    monkeypatch.setattr("index.exports.runtimes", lambda: {"onnxruntime": "0.0.1"})
    assert store.find(MODEL) is None


def test_a_model_that_was_refused_is_remembered_with_the_reason(tmp_path: Path) -> None:
    store = ExportStore(tmp_path)
    assert store.refusal(MODEL) is None
    with store.writing():
        store.refuse(MODEL, "it is odd")
        store.refuse(ModelIdentity("other", "ef" * 32), "so is this")
    assert ExportStore(tmp_path).refusal(MODEL) == "it is odd"
    assert store.refusal(ModelIdentity("third", "12" * 32)) is None


@pytest.mark.parametrize(
    ("changed", "version"),
    [
        ("index.exports.runtimes", lambda: {"onnxruntime": "0.0.1"}),
        ("index.exports._version", lambda name: "0.0.1"),
    ],
)
def test_a_refusal_holds_until_a_version_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str, version: object
) -> None:
    store = ExportStore(tmp_path)
    with store.writing():
        store.refuse(MODEL, "it is odd")
    monkeypatch.setattr(changed, version)
    assert store.refusal(MODEL) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b'{"x": 1}'])
def test_a_spoilt_list_of_refusals_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "refused.json").write_bytes(content)
    assert ExportStore(tmp_path).refusal(MODEL) is None


@pytest.mark.parametrize("note", ["1", "null", "[]", "{}", '{"made": 1}', '{"mad`": {}}'])
def test_a_spoilt_note_of_a_model_is_none(tmp_path: Path, note: str) -> None:
    (tmp_path / "refused.json").write_text(f'{{"{MODEL.digest}": {note}}}')
    assert ExportStore(tmp_path).refusal(MODEL) is None


def test_an_export_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = published(tmp_path)

    def fail(folder: Path, *_: object) -> NoReturn:
        folder.mkdir()
        (folder / "encoder.onnx").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "seal", fail)
        with store.writing(), pytest.raises(OSError, match="No space"):
            store.draft(MODEL, MADE)
    assert store.find(MODEL) is not None
    assert published(tmp_path).find(MODEL) is not None


def test_one_other_export_is_kept_and_what_a_crash_left_is_not(tmp_path: Path) -> None:
    for at, digest in enumerate(["11" * 32, "22" * 32, "33" * 32]):
        published(tmp_path, digest)
        age(tmp_path / digest, 300 - 100 * at)
    (tmp_path / f"{'44' * 32}.unfinished").mkdir()
    published(tmp_path)
    folders = {one.name for one in tmp_path.iterdir() if one.is_dir()}
    assert folders == {MODEL.digest, "33" * 32}
