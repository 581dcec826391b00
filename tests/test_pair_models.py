"""Readers and rerankers from a folder: exported, held against their originals, shared."""

import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import exporting, sources
from index.bundled_reader import BundledReaderSource
from index.encoders import ModelSource, ReaderSource, RerankerSource
from index.errors import EncoderError
from index.exports import ExportStore
from index.library import Library
from index.models import ModelIdentity, identify
from index.onnx_reading import OnnxReader, OnnxReranker
from index.originals.pairs import OriginalReader, OriginalReranker
from index.reading import Extract, Reading
from index.roles import READER, RERANKER
from index.shared_reading import SharedReader
from tests.tiny_pairs import make_other_reader, make_reader, make_reranker

pytestmark = pytest.mark.usefixtures("offline")

ASKED = "how often does the group meet"
EXTRACTS = [
    Extract("bread is.", "The group  meets every six months."),
    Extract("", "Bread is baked daily."),
    Extract("a", ""),
    Extract("the group " * 90, "meets b " * 80),
]
TEXTS = ["The group meets every six months.", "", "bread is baked " * 90]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one model of each kind."""
    folder = tmp_path_factory.mktemp("models")
    make_reader(folder / "reader")
    make_other_reader(folder / "other")
    make_reranker(folder / "reranker")
    return folder


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports are made in this process, where they are quicker."""
    monkeypatch.setattr(sources, "draft_apart", exporting.draft_here)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["reader", "other"])
def test_a_readers_export_reads_as_its_original_does(
    models: Path, tmp_path: Path, name: str
) -> None:
    source = ReaderSource(str(models / name), exports=tmp_path)
    export, original = source.load(), ReaderSource(str(models / name)).load()
    assert isinstance(export, OnnxReader)
    assert isinstance(original, OriginalReader)
    assert export.identity == original.identity == identify(str(models / name), READER)
    ours, theirs = export.read(ASKED, EXTRACTS), original.read(ASKED, EXTRACTS)
    assert [(one.start, one.end) for one in ours] == [(one.start, one.end) for one in theirs]
    assert [one.margin for one in ours] == pytest.approx([one.margin for one in theirs], abs=1e-3)
    assert all(one.relevance == one.margin for one in ours)
    assert len({one.margin for one in ours}) == len(EXTRACTS)


def test_a_rerankers_export_is_made_in_a_process_apart_and_scores_as_its_original_does(
    models: Path, tmp_path: Path
) -> None:
    export = RerankerSource(str(models / "reranker"), exports=tmp_path).load()
    original = RerankerSource(str(models / "reranker")).load()
    assert isinstance(export, OnnxReranker)
    assert isinstance(original, OriginalReranker)
    found = export.score(ASKED, TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (3,)
    assert np.allclose(found, original.score(ASKED, TEXTS), atol=1e-3)
    assert len({*found.tolist()}) == 3
    assert found[::-1].tolist() == pytest.approx(export.score(ASKED, TEXTS[::-1]), abs=1e-4)
    assert export.score(ASKED, []).shape == (0,)


def test_a_stretch_is_words_of_the_sentence_without_the_space_before(models: Path) -> None:
    reader = ReaderSource(str(models / "other")).load()
    for extract, reading in zip(EXTRACTS, reader.read(ASKED, EXTRACTS), strict=True):
        stretch = extract.sentence[reading.start : reading.end]
        assert stretch == stretch.strip()
        assert bool(stretch) == bool(extract.sentence)


@pytest.mark.usefixtures("here")
def test_exports_of_each_kind_are_kept_whatever_becomes_of_the_others(
    models: Path, tiny: Path, tmp_path: Path
) -> None:
    ReaderSource(str(models / "reader"), exports=tmp_path).load()
    ReaderSource(str(models / "other"), exports=tmp_path).load()
    RerankerSource(str(models / "reranker"), exports=tmp_path).load()
    ModelSource(str(tiny), exports=tmp_path).load()
    names = sorted(one.name.rpartition("-")[0] for one in tmp_path.iterdir() if one.is_dir())
    assert names == ["", "reader", "reader", "reranker"]
    assert ExportStore(tmp_path, "reader").find(identify(str(models / "other"), READER))
    assert not ExportStore(tmp_path).find(identify(str(models / "other"), READER))


@pytest.mark.usefixtures("here")
def test_an_export_that_does_otherwise_does_not_serve_and_that_is_remembered(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_reader(tmp_path / "changed")
    from safetensors.numpy import load_file, save_file

    weights = load_file(made / "model.safetensors")
    weights["qa_outputs.bias"] += np.array([0, 1], np.float32)
    save_file(weights, made / "model.safetensors", metadata={"format": "pt"})
    other = ReaderSource(str(made)).load()
    assert isinstance(other, OriginalReader)
    exported = other.export(weights="reader.bin")
    monkeypatch.setattr(OriginalReader, "export", lambda *_, **__: exported)
    source = ReaderSource(str(models / "reader"), exports=tmp_path / "exports")
    assert isinstance(source.load(), OriginalReader)
    why = ExportStore(tmp_path / "exports", "reader").refusal(source.identify())
    assert why is not None
    assert "away from the original's" in why
    assert not list((tmp_path / "exports").glob("*/reader.onnx"))


# What is no model of the kind


def spoilt(models: Path, folder: Path, name: str, harm: Callable[[Path], object]) -> str:
    harm(shutil.copytree(models / name, folder / name))
    return str(folder / name)


def no_tokenizer(folder: Path) -> None:
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        (folder / file).unlink()


def cut_short(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (no_tokenizer, r"FOOTNOTE_READER"),
        (cut_short, r"cannot be loaded: .*\. FOOTNOTE_READER must be a folder with a model for"),
        (lambda folder: (folder / "config.json").write_text("{"), r"FOOTNOTE_READER must be"),
        (lambda folder: (folder / "model.safetensors").unlink(), r"another FOOTNOTE_READER"),
    ],
)
def test_a_spoilt_reader_is_told_with_what_to_do(
    models: Path, tmp_path: Path, harm: Callable[[Path], object], told: str
) -> None:
    with pytest.raises(EncoderError, match=told):
        ReaderSource(spoilt(models, tmp_path, "reader", harm)).load()


@pytest.mark.usefixtures("here")
def test_a_model_that_was_made_for_something_else_is_no_reader(
    models: Path, tmp_path: Path
) -> None:
    wanted = (
        r"^The model reranker is not a model for extractive question answering\. "
        r"Mend it, or choose another FOOTNOTE_READER\.$"
    )
    for exports in (None, tmp_path):
        with pytest.raises(EncoderError, match=wanted):
            ReaderSource(str(models / "reranker"), exports=exports).load()
    assert not (tmp_path / "refused.json").exists()


def test_a_model_that_sorts_into_kinds_is_no_reranker(tmp_path: Path) -> None:
    sorter = make_reranker(tmp_path / "sorter", labels=3)
    with pytest.raises(EncoderError, match=r"gives 3 numbers .* another FOOTNOTE_RERANKER"):
        RerankerSource(str(sorter)).load()


def test_what_is_neither_folder_nor_name_is_told_with_the_setting_that_names_it() -> None:
    for role, setting in ((READER, "FOOTNOTE_READER"), (RERANKER, "FOOTNOTE_RERANKER")):
        with pytest.raises(EncoderError, match=f"^There is no folder two words. {setting} must"):
            identify("two words", role)


# Shared by threads


class Counting:
    """A reader, and a source of it, that notes what is done with it at once."""

    identity = ModelIdentity("counting", "0")

    def __init__(self, *, is_shareable: bool) -> None:
        self.is_shareable = is_shareable
        self.loads = self.within = self.most = 0
        self.together = threading.Barrier(3)

    def identify(self) -> ModelIdentity:
        return self.identity

    def load(self) -> "Counting":
        self.loads += 1
        if self.loads == 1:
            raise EncoderError("Not now.")
        return self

    def read(self, question: str, extracts: Sequence[Extract]) -> list[Reading]:
        self.within += 1
        self.most = max(self.most, self.within)
        if self.is_shareable:
            self.together.wait(60)
        self.within -= 1
        return []


@pytest.mark.parametrize("is_shareable", [True, False])
def test_a_reader_is_loaded_once_and_used_as_it_may_be(is_shareable: bool) -> None:
    model = Counting(is_shareable=is_shareable)
    shared = SharedReader(model)
    assert (shared.identity, model.loads) == (model.identity, 0)
    with pytest.raises(EncoderError, match="Not now"):
        shared.warm_up()
    threads = [threading.Thread(target=shared.read, args=("a", [])) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert model.loads == 2
    assert model.within == 0
    assert is_shareable or model.most == 1


def test_a_library_has_the_reader_and_the_reranker_that_it_was_opened_with(
    models: Path, tmp_path: Path
) -> None:
    seeds, data = tmp_path / "seeds", tmp_path / "data"
    plain = Library.open(seeds=seeds, data=data)
    assert plain.closer.reader is not None
    assert plain.closer.reader.identity == BundledReaderSource().identify()
    assert plain.closer.reranker is None
    reader, reranker = str(models / "reader"), str(models / "reranker")
    found = Library.open(seeds=seeds, data=data, reader=reader, reranker=reranker).closer
    assert found.reader is not None
    assert found.reranker is not None
    assert found.reader.identity == identify(reader, READER)
    assert found.reranker.identity == identify(reranker, RERANKER)
    assert not data.exists()
