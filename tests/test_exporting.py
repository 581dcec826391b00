"""The process in which exports are made, and what its end tells."""

import subprocess
import sys
from pathlib import Path

import pytest

from index import exporting
from index.errors import EncoderError
from index.exporting import ExportingFailed, draft_apart
from index.models import ModelFiles, ModelIdentity

FILES = ModelFiles(Path("nowhere"), ModelIdentity("odd", "0"))
SET_UP = (
    "import os, sys, time; sys.path.insert(0, sys.argv[1]); from index import exporting; "
    "from index.errors import EncoderError"
)


def instead(patch: pytest.MonkeyPatch, body: str) -> None:
    """Have the other process do this where it would make a draft."""
    program = f"{SET_UP}\ndef draft(exports, files):\n    {body}\n"
    patch.setattr(exporting, "_PROGRAM", f"{program}exporting.draft_here = draft\nexporting.main()")


def test_the_other_process_makes_the_draft_and_tells_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, "return f'{exports} {files.folder} {files.identity}'")
    assert draft_apart(tmp_path, FILES) == f"{tmp_path} nowhere {FILES.identity}"
    instead(monkeypatch, "return None")
    assert draft_apart(tmp_path, FILES) is None


def test_a_library_that_prints_is_not_taken_for_a_reply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "print('{}'); os.write(1, b'[1]'); os.write(2, b'oh'); sys.stdout.flush()"
    instead(monkeypatch, f"{noise}; return None")
    assert draft_apart(tmp_path, FILES) is None


def test_what_is_wrong_with_a_model_or_the_disk_is_raised_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, "raise EncoderError('The model odd is odd.')")
    with pytest.raises(EncoderError, match=r"^The model odd is odd\.$"):
        draft_apart(tmp_path, FILES)
    instead(monkeypatch, "raise OSError(28, 'No space left on device')")
    with pytest.raises(OSError, match="No space left") as raised:
        draft_apart(tmp_path, FILES)
    assert (raised.value.errno, raised.value.strerror) == (28, "No space left on device")


@pytest.mark.parametrize(
    ("body", "ended"),
    [("os._exit(7)", "7"), ("raise ValueError", "1"), ("sys.exit(0)", "0"), ("os.abort()", ".*")],
)
def test_an_end_without_a_word_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, ended: str
) -> None:
    instead(monkeypatch, body)
    with pytest.raises(ExportingFailed, match=f"the process that does it ended with {ended}"):
        draft_apart(tmp_path, FILES)


def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, "time.sleep(600)")
    with pytest.raises(ExportingFailed):
        draft_apart(tmp_path, FILES, seconds=1)


def test_where_no_process_can_be_begun_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(ExportingFailed, match="no process can be begun for it: No such file"):
        draft_apart(tmp_path, FILES)


def test_it_ends_with_the_process_that_began_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, "time.sleep(600)")
    with exporting._begun(tmp_path, FILES) as process:
        assert process.stdin
        process.stdin.close()  # as the system does when this process ends, however it does
        assert process.wait(60) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="programs need some of it there")
def test_it_finds_no_secret_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary")
    instead(monkeypatch, "return repr(dict(os.environ))")
    assert "canary" not in str(draft_apart(tmp_path, FILES))


def test_interrupted_the_waiting_process_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def interrupted(process: subprocess.Popen[bytes], seconds: float) -> bytes:
        begun.append(process)
        raise KeyboardInterrupt

    instead(monkeypatch, "time.sleep(600)")
    monkeypatch.setattr(exporting, "_heard", interrupted)
    with pytest.raises(KeyboardInterrupt):
        draft_apart(tmp_path, FILES)
    assert begun[0].wait(60) != 0


def test_an_error_of_several_lines_is_told_in_one() -> None:
    assert exporting.first_line(ValueError("Not now.\nReally.")) == "Not now"
    assert exporting.first_line(ValueError()) == "ValueError"
