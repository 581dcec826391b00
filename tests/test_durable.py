import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.durable import (
    make_folder,
    map_files,
    publish_error,
    read_manifest,
    replace_file,
    seal,
    verify,
)
from index.errors import DamagedGeneration, GenerationError


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "000001"
    seal(folder, {"text.json": b"[1]", "vectors.bin": b"\0\1", "nothing": b""}, {"model": "mini"})
    return folder


def read(folder: Path) -> dict[str, bytes]:
    return {name: bytes(file) for name, file in map_files(folder, read_manifest(folder)).items()}


def reseal(folder: Path) -> None:
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(f"{digest}  manifest.json\n")


def test_what_was_sealed_is_read(sealed: Path) -> None:
    assert read(sealed) == {"text.json": b"[1]", "vectors.bin": b"\0\1", "nothing": b""}


def test_the_manifest_names_format_size_and_sha256_of_every_file(sealed: Path) -> None:
    manifest = json.loads((sealed / "manifest.json").read_text())
    assert read_manifest(sealed) == manifest
    assert (manifest["format"], manifest["model"]) == (1, "mini")
    assert manifest["files"].keys() == {"text.json", "vectors.bin", "nothing"}
    assert manifest["files"]["nothing"] == {
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "size": 0,
    }


@pytest.mark.parametrize(
    "content",
    [
        memoryview(b"a view"),
        memoryview(b"every other byte")[::2],
        np.arange(12, dtype=np.float32).reshape(3, 4),
        np.arange(12, dtype=np.int64).reshape(3, 4).T,
        np.empty((0, 384), dtype=np.float32),
        np.array(2.5),
    ],
)
def test_views_and_arrays_are_written_as_their_bytes_in_c_order(
    content: Any, tmp_path: Path
) -> None:
    seal(tmp_path / "it", {"it": content}, {})
    assert read(tmp_path / "it") == {"it": content.tobytes()}


def test_text_that_is_not_unicode_survives_in_the_manifest(tmp_path: Path) -> None:
    name = os.fsdecode(b"bad \xff name")
    seal(tmp_path / "it", {}, {"documents": [name]})
    assert read_manifest(tmp_path / "it")["documents"] == [name]


@pytest.mark.parametrize(
    ("files", "manifest", "error"),
    [
        ({"../escape": b""}, {}, ValueError),
        ({"sub/folder": b""}, {}, ValueError),
        ({"": b""}, {}, ValueError),
        ({".hidden": b""}, {}, ValueError),
        ({"line\n": b""}, {}, ValueError),
        ({"manifest.json": b""}, {}, ValueError),
        ({"manifest.sha256": b""}, {}, ValueError),
        ({}, {"format": 7}, ValueError),
        ({}, {"files": []}, ValueError),
        ({}, {"model": object()}, TypeError),
    ],
)
def test_what_cannot_be_sealed_is_refused_before_anything_is_written(
    files: dict[str, bytes], manifest: dict[str, object], error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        seal(tmp_path / "it", files, manifest)
    assert not list(tmp_path.iterdir())


def test_every_flipped_bit_of_every_file_is_detected(sealed: Path) -> None:
    for path in sealed.iterdir():
        content = path.read_bytes()
        for bit in range(len(content) * 8):
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
            with pytest.raises(DamagedGeneration, match="000001 is damaged"):
                verify(sealed)
        path.write_bytes(content)
    verify(sealed)


def test_a_torn_file_is_told_from_a_rotten_one(sealed: Path) -> None:
    (sealed / "text.json").write_bytes(b"[1")
    with pytest.raises(DamagedGeneration, match=r"text\.json is not as long as was written"):
        verify(sealed)
    (sealed / "text.json").write_bytes(b"[2]")
    with pytest.raises(DamagedGeneration, match=r"text\.json is not what was written"):
        verify(sealed)


def test_another_format_is_refused_and_is_not_called_damaged(sealed: Path) -> None:
    text = (sealed / "manifest.json").read_text().replace('"format": 1', '"format": 2')
    (sealed / "manifest.json").write_text(text)
    reseal(sealed)
    with pytest.raises(GenerationError, match="has format 2") as caught:
        read_manifest(sealed)
    assert not isinstance(caught.value, DamagedGeneration)


@pytest.mark.parametrize("held", [0, 2**20])
def test_mapped_files_are_read_only_and_outlive_their_folder(
    sealed: Path, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.durable._MOST_HELD", held)
    files = map_files(sealed, read_manifest(sealed))
    shutil.rmtree(sealed)
    assert bytes(files["text.json"]) == b"[1]"
    assert all(file.readonly for file in files.values())


def test_new_folders_are_written_through_into_those_above_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    make_folder(tmp_path / "a" / "b")
    assert synced == [tmp_path.stat().st_ino, (tmp_path / "a").stat().st_ino]
    make_folder(tmp_path / "a" / "b")
    assert len(synced) == 2


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    make_folder(tmp_path / "deep" / "er")
    path = tmp_path / "deep" / "er" / "CURRENT"
    replace_file(path, b"old")
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, fail)
            with pytest.raises(OSError, match="No space left"):
                replace_file(path, b"new")
        assert path.read_bytes() == b"old"
        assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "the disk is full. Free some space there and index again."),
        (errno.EDQUOT, "your disk quota is used up. Free some space there and index again."),
        (errno.EFBIG, "Raise the limit (ulimit -f) and index again."),
        (errno.EROFS, "Choose another folder, or make the disk writable and index again."),
        (errno.EACCES, "Give this user the right to write there and index again."),
        (errno.EIO, "Input/output error: data/x. Mend that and index again."),
    ],
)
def test_an_error_of_the_system_becomes_advice(code: int, remedy: str) -> None:
    message = str(publish_error(OSError(code, os.strerror(code), "data/x"), Path("data")))
    assert message.startswith("The index in data could not be written: ")
    assert remedy in message


def test_a_small_file_that_is_changed_on_disk_stays_as_it_was_read(sealed: Path) -> None:
    files = map_files(sealed, read_manifest(sealed))
    before = {name: bytes(view) for name, view in files.items()}
    for name, content in before.items():
        with (sealed / name).open("r+b") as file:
            file.write(bytes(len(content)))
    assert {name: bytes(view) for name, view in files.items()} == before
