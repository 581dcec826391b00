import logging
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from index import durable, exporting, families, sources
from index.encoders import ModelSource
from index.errors import EncoderError
from index.exports import WEIGHTS, ExportStore
from index.models import ModelIdentity
from index.onnx_encoding import OnnxEncoder
from index.originals.encoder import SentenceEncoder
from tests.corpora import write_seeds
from tests.tiny import DIMENSION, make_variant

pytestmark = pytest.mark.usefixtures("offline")

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "transformers", "sentence_transformers", "sklearn", "onnx"}


def load(model: Path, exports: Path) -> OnnxEncoder | SentenceEncoder:
    return ModelSource(str(model), exports=exports).load()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports are made in this process, where they are quicker and can be interfered with."""
    monkeypatch.setattr(sources, "draft_apart", exporting.draft_here)


@pytest.fixture
def unexportable(tiny: Path, tmp_path: Path) -> Path:
    """A model with a part that exports know nothing of."""
    from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling

    return make_variant(tiny, tmp_path / "odd", [Pooling(DIMENSION), LayerNorm(DIMENSION)])


def test_a_model_is_exported_once_and_served_by_its_export(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(tiny, tmp_path / "models")
    assert isinstance(first, OnnxEncoder)
    monkeypatch.setattr(families, "load_encoder", None)
    second = load(tiny, tmp_path / "models")
    assert np.array_equal(second.embed_query("the group"), first.embed_query("the group"))
    assert second.identity == first.identity == ModelSource(str(tiny)).identify()


@pytest.mark.usefixtures("here")
def test_what_another_process_has_exported_meanwhile_is_not_exported_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(store: ExportStore, model: ModelIdentity) -> None:
        """Between the look for an export and the lock, somebody else makes one."""
        with monkeypatch.context() as patch:
            patch.setattr(ExportStore, "refusal", lambda *_: None)
            load(tiny, tmp_path)
        monkeypatch.setattr(families, "load_encoder", None)

    monkeypatch.setattr(ExportStore, "refusal", meanwhile)
    assert isinstance(load(tiny, tmp_path), OnnxEncoder)


def test_without_a_folder_for_exports_the_original_serves(tiny: Path) -> None:
    assert isinstance(ModelSource(str(tiny)).load(), SentenceEncoder)


@pytest.mark.usefixtures("here")
def test_a_model_that_has_changed_is_exported_anew(copied: Path, tmp_path: Path) -> None:
    before = load(copied, tmp_path / "models").embed_query("a")
    (copied / "config_sentence_transformers.json").write_text('{"prompts": {"query": "bread "}}')
    after = load(copied, tmp_path / "models")
    assert isinstance(after, OnnxEncoder)
    assert np.abs(after.embed_query("a") - before).max() > 1e-4


@pytest.mark.usefixtures("here")
def test_an_export_that_was_damaged_is_made_again(
    tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load(tiny, tmp_path)
    (weights,) = tmp_path.glob(f"*/{WEIGHTS}")
    weights.write_bytes(weights.read_bytes()[:-9] + b"damaged!!")
    assert isinstance(load(tiny, tmp_path), OnnxEncoder)
    assert {one.levelname for one in caplog.records} == {"WARNING"}
    caplog.clear()
    assert isinstance(load(tiny, tmp_path), OnnxEncoder)
    assert caplog.records == []


def test_a_model_without_an_export_is_served_by_the_original_with_one_line_that_says_so(
    unexportable: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(load(unexportable, tmp_path / "models"), SentenceEncoder)
    (line,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert line.getMessage() == (
        "odd is served by the original, which is slower: "
        "it is made of Transformer, Pooling, LayerNorm."
    )


@pytest.mark.usefixtures("here")
def test_what_has_no_export_is_not_tried_again_until_a_version_changes(
    unexportable: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    load(unexportable, tmp_path / "models")
    tried: list[str] = []

    def note(original: SentenceEncoder, **_: str) -> None:
        tried.append(original.identity.name)
        raise ValueError("Not now.\nReally.")

    monkeypatch.setattr(SentenceEncoder, "export", note)
    caplog.clear()
    assert isinstance(load(unexportable, tmp_path / "models"), SentenceEncoder)
    assert tried == []
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
    monkeypatch.setattr("index.exports.runtimes", lambda: {"onnxruntime": "0.0.1"})
    assert isinstance(load(unexportable, tmp_path / "models"), SentenceEncoder)
    assert tried == ["odd"]
    assert "it cannot be exported (Not now)" in caplog.text


@pytest.mark.usefixtures("here")
def test_an_export_that_does_otherwise_does_not_serve(
    tiny: Path, copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied / "config_sentence_transformers.json").write_text('{"prompts": {"query": "bread "}}')
    other = ModelSource(str(copied)).load()
    assert isinstance(other, SentenceEncoder)
    made = other.export(weights=WEIGHTS)
    monkeypatch.setattr(SentenceEncoder, "export", lambda *_, **__: made)
    encoder = load(tiny, tmp_path / "models")
    assert isinstance(encoder, SentenceEncoder)
    assert list((tmp_path / "models").glob("*/encoder.onnx")) == []


def test_where_nothing_can_be_written_the_original_serves(
    tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_bytes(b"in the way")
    assert isinstance(load(tiny, tmp_path / "models"), SentenceEncoder)
    assert "cannot be written" in caplog.text


@pytest.mark.usefixtures("here")
def test_a_full_disk_is_told_and_not_remembered(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "seal", fail)
        assert isinstance(load(tiny, tmp_path), SentenceEncoder)
    (line,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert "its export cannot be written (No space left on device)." in line.getMessage()
    assert isinstance(load(tiny, tmp_path), OnnxEncoder)


def test_a_spoilt_model_is_told_and_not_remembered(copied: Path, tmp_path: Path) -> None:
    (copied / "config.json").write_text("{")
    for _ in range(2):
        with pytest.raises(EncoderError, match="FOOTNOTE_MODEL"):
            load(copied, tmp_path / "models")
    assert not (tmp_path / "models" / "refused.json").exists()


def test_where_the_making_of_an_export_dies_the_original_serves_and_it_is_tried_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "_PROGRAM", "import os; os._exit(7)")
        assert isinstance(load(tiny, tmp_path), SentenceEncoder)
    (line,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert line.getMessage() == (
        "tiny is served by the original, which is slower: "
        "it cannot be exported (the process that does it ended with 7)."
    )
    monkeypatch.setattr(sources, "draft_apart", exporting.draft_here)
    assert isinstance(load(tiny, tmp_path), OnnxEncoder)


def asked(folder: Path, model: Path) -> subprocess.CompletedProcess[str]:
    """What a process prints that asks, and which of the heavy libraries it imported."""
    script = (
        "import sys\nfrom bot.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        f"    print(*sorted({HEAVY} & {{*sys.modules}}), file=sys.stderr)\n"
    )
    question = ["ask", "how often does the group meet?", "--min-confidence", "0"]
    folders = ["--seeds", str(folder / "seeds"), "--data", str(folder / "data")]
    environ = {"FOOTNOTE_MODEL": str(model), "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    command = [sys.executable, "-c", script, *question, *folders]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=True
    )


def test_asking_never_imports_torch_where_the_model_can_be_exported(
    tiny: Path, tmp_path: Path
) -> None:
    model = Path(shutil.copytree(tiny, tmp_path / "model"))
    write_seeds(tmp_path / "seeds", {"talks.txt": "Talks\n\nThe group meets every six months."})
    first, second = asked(tmp_path, model), asked(tmp_path, model)
    assert first.stderr == second.stderr == "\n"
    assert len([*(tmp_path / "data" / "models").glob(f"*/{WEIGHTS}")]) == 1
    assert "every six months" in second.stdout
    assert second.stdout == first.stdout
