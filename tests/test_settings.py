"""Settings: read from a mapping, checked all together, and never telling a secret."""

import re
from dataclasses import FrozenInstanceError, asdict, fields
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.secret import Secret
from bot.settings import Settings, SettingsError, load

ROOT = Path(__file__).parent.parent
unhurried = hypothesis_settings(deadline=None)
CANARY = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gcanar.y0123456789abcdefghijklmnopqrstuv"
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)


def read(**environ: str) -> Settings:
    return Settings.from_mapping(environ)


def wrong(**environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as raised:
        read(**environ)
    return raised.value


def attempt(environ: dict[str, str]) -> tuple[Settings, SettingsError | None]:
    try:
        return Settings.from_mapping(environ), None
    except SettingsError as error:
        return error.usable, error


def test_nothing_given_gives_the_documented_defaults() -> None:
    settings = read()
    assert (settings.seeds, settings.data) == (Path("seeds"), Path("data"))
    assert (settings.message_content, settings.watch) == (False, True)
    assert (settings.retention_days, settings.log_level) == (30, "WARNING")
    assert (settings.query_prefix, settings.passage_prefix) == (None, None)
    optional = ("discord_token", "discord_api_url", "model", "reranker", "reader", "min_confidence")
    assert [getattr(settings, name) for name in optional] == [None] * 6


def test_every_setting_is_read_from_its_key() -> None:
    settings = read(
        DISCORD_TOKEN=CANARY,
        DISCORD_API_URL="http://127.0.0.1:8080/api/v10/",
        FOOTNOTE_SEEDS="papers",
        FOOTNOTE_DATA="/var/lib/footnote",
        FOOTNOTE_MODEL="models/mini",
        FOOTNOTE_QUERY_PREFIX="query: ",
        FOOTNOTE_PASSAGE_PREFIX="passage: ",
        FOOTNOTE_RERANKER="someone/ranker",
        FOOTNOTE_READER="someone/reader",
        FOOTNOTE_MIN_CONFIDENCE="0.25",
        FOOTNOTE_MESSAGE_CONTENT="on",
        FOOTNOTE_WATCH="no",
        FOOTNOTE_RETENTION_DAYS="0",
        FOOTNOTE_LOG_LEVEL="debug",
        FOOTNOTE_LLM_URL="http://127.0.0.1:11434/v1/",
        FOOTNOTE_LLM_MODEL="writer:7b",
        FOOTNOTE_LLM_KEY="sk-canary",
    )
    assert settings == Settings(
        discord_token=Secret(CANARY),
        discord_api_url="http://127.0.0.1:8080/api/v10",
        seeds=Path("papers"),
        data=Path("/var/lib/footnote"),
        model="models/mini",
        query_prefix="query: ",
        passage_prefix="passage: ",
        reranker="someone/ranker",
        reader="someone/reader",
        min_confidence=0.25,
        message_content=True,
        watch=False,
        retention_days=0,
        log_level="DEBUG",
        llm_url="http://127.0.0.1:11434/v1",
        llm_model="writer:7b",
        llm_key=Secret("sk-canary"),
    )


def test_a_prefix_of_nothing_but_spaces_is_none() -> None:
    assert read(FOOTNOTE_QUERY_PREFIX=" ").query_prefix is None


def test_a_prefix_keeps_the_space_at_its_end_in_the_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('FOOTNOTE_QUERY_PREFIX="query: "\n')
    assert load({}, tmp_path / ".env").query_prefix == "query: "


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        read().watch = False  # type: ignore[misc]


def test_the_environment_comes_before_the_file() -> None:
    stored = {"FOOTNOTE_SEEDS": "from-file", "FOOTNOTE_DATA": "from-file"}
    settings = Settings.from_mapping({"FOOTNOTE_SEEDS": "from-env"}, stored)
    assert (settings.seeds, settings.data) == (Path("from-env"), Path("from-file"))


def test_an_empty_setting_in_the_environment_sets_aside_that_of_the_file() -> None:
    assert Settings.from_mapping({"FOOTNOTE_MODEL": ""}, {"FOOTNOTE_MODEL": "x"}).model is None


@pytest.mark.parametrize("word", ["1", "on", "true", "yes", "ON", "True", " yes "])
def test_words_that_turn_a_switch_on(word: str) -> None:
    assert read(FOOTNOTE_MESSAGE_CONTENT=word).message_content


@pytest.mark.parametrize("word", ["0", "off", "false", "no", "OFF", "False"])
def test_words_that_turn_a_switch_off(word: str) -> None:
    assert not read(FOOTNOTE_WATCH=word).watch


WRONG = [
    ("DISCORD_API_URL", "discord.example/api", "web address"),
    ("DISCORD_API_URL", "ftp://discord.example/api", "web address"),
    ("DISCORD_API_URL", "http://user:password@discord.example/api", "web address"),
    ("DISCORD_API_URL", "http://discord.example:99999/api", "web address"),
    ("DISCORD_API_URL", "http://discord.example/api?v=10", "web address"),
    ("DISCORD_API_URL", "http://[::1/api", "web address"),
    ("FOOTNOTE_SEEDS", "papers\0", "path"),
    ("FOOTNOTE_MODEL", "someone/\x1bmodel", "one line"),
    ("FOOTNOTE_QUERY_PREFIX", "query:\n", "one line"),
    ("FOOTNOTE_MIN_CONFIDENCE", "1.01", "from 0 to 1"),
    ("FOOTNOTE_MIN_CONFIDENCE", "-0.1", "from 0 to 1"),
    ("FOOTNOTE_MIN_CONFIDENCE", "nan", "from 0 to 1"),
    ("FOOTNOTE_MIN_CONFIDENCE", "0,6", "from 0 to 1"),
    ("FOOTNOTE_WATCH", "perhaps", "on or off"),
    ("FOOTNOTE_RETENTION_DAYS", "-1", "whole number"),
    ("FOOTNOTE_RETENTION_DAYS", "1.5", "whole number"),
    ("FOOTNOTE_RETENTION_DAYS", "36501", "whole number"),
    ("FOOTNOTE_RETENTION_DAYS", "9" * 5000, "whole number"),
    ("FOOTNOTE_RETENTION_DAYS", "٣٠", "whole number"),
    ("FOOTNOTE_LOG_LEVEL", "loud", "DEBUG, INFO"),
    ("FOOTNOTE_LLM_URL", "localhost:11434", "http://127.0.0.1:11434/v1"),
    ("FOOTNOTE_LLM_URL", "http://me:password@llm.example/v1", "web address"),
    ("FOOTNOTE_LLM_URL", "http://llm.example/v1", "FOOTNOTE_LLM_MODEL"),
    ("FOOTNOTE_LLM_KEY", "sk-\r\nHost: evil.example", "one line"),
    ("FOOTNOTE_LLM_KEY", "ſk-key", "ASCII"),
]


@pytest.mark.parametrize(("key", "value", "fix"), WRONG)
def test_a_wrong_value_is_named_with_its_fix_and_not_shown(key: str, value: str, fix: str) -> None:
    (problem,) = wrong(**{key: value}).problems
    assert problem.key == key
    assert fix in problem.fix
    assert value not in str(problem)


def test_all_wrong_settings_are_reported_together_with_where_they_are() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_mapping(
            {"FOOTNOTE_WATCH": "maybe", "FOOTNOTE_RETENTION": "3"},
            {"FOOTNOTE_RETENTION_DAYS": "soon"},
        )
    told = str(raised.value).splitlines()
    assert told[0] == "3 settings are wrong:"
    assert told[1].startswith("- FOOTNOTE_WATCH (in the environment) must be on or off")
    assert told[2].startswith("- FOOTNOTE_RETENTION_DAYS (in .env) must be a whole number")
    assert told[3].endswith("is no setting; did you mean FOOTNOTE_RETENTION_DAYS?")


def test_a_language_model_without_a_name_is_not_used() -> None:
    error = wrong(FOOTNOTE_LLM_URL="http://llm.example/v1", FOOTNOTE_LLM_KEY="sk-canary")
    assert error.usable == Settings(llm_key=Secret("sk-canary"))
    assert read(FOOTNOTE_LLM_MODEL="writer") == Settings(llm_model="writer")  # off, and no trouble


def test_what_is_right_can_be_used_beside_what_is_wrong() -> None:
    error = wrong(FOOTNOTE_SEEDS="papers", FOOTNOTE_WATCH="maybe")
    assert error.usable == Settings(seeds=Path("papers"))


def test_only_unknown_keys_of_ours_are_reported() -> None:
    assert read(PATH="/bin", DISCORD_WEBHOOK="x", FOOTNOTES="x") == Settings()
    (problem,) = wrong(FOOTNOTE_QQQQQQQQQQQQ="x").problems
    assert problem.fix == "is no setting; remove it, or see .env.example."


@unhurried
@given(st.dictionaries(st.sampled_from(Settings.keys()), VALUES))
def test_any_values_give_settings_or_problems_of_their_keys(environ: dict[str, str]) -> None:
    settings, error = attempt(environ)
    assert isinstance(settings, Settings)
    assert error is None or {problem.key for problem in error.problems} <= environ.keys()


@unhurried
@given(VALUES)
def test_a_token_does_not_show_itself(rest: str) -> None:
    settings = read(DISCORD_TOKEN=CANARY + rest)
    token = settings.discord_token
    assert token is not None
    assert token.reveal() == (CANARY + rest).strip()
    for shown in (repr(settings), str(settings), str(asdict(settings)), f"{token}", f"{token!r}"):
        assert CANARY not in shown


@unhurried
@given(key=st.sampled_from(Settings.keys()), before=VALUES)
def test_a_token_in_the_wrong_place_is_not_shown_either(key: str, before: str) -> None:
    _, error = attempt({key: before + CANARY, "FOOTNOTE_TOKEN": CANARY})
    assert error is not None
    assert CANARY not in f"{error}{error!r}{error.problems}"


def test_secrets_are_equal_when_their_strings_are() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != "a"


def test_a_settings_file_is_read_as_it_stands(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes("\ufeffFOOTNOTE_MODEL='${HOME}/é'\nUNRELATED\n".encode())
    assert load({}, dotenv).model == "${HOME}/é"


def test_a_missing_settings_file_is_no_trouble(tmp_path: Path) -> None:
    assert load({"FOOTNOTE_DATA": "d"}, tmp_path / ".env").data == Path("d")


def test_a_settings_file_that_is_not_text_is_reported_with_everything_else(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"FOOTNOTE_MODEL=\xff\xfe\n")
    with pytest.raises(SettingsError) as raised:
        load({"FOOTNOTE_SEEDS": "papers", "FOOTNOTE_WATCH": "?"}, dotenv)
    assert [problem.key for problem in raised.value.problems] == [".env", "FOOTNOTE_WATCH"]
    assert "not UTF-8 text" in str(raised.value)
    assert raised.value.usable.seeds == Path("papers")


def test_the_example_file_lists_each_setting_in_order_with_one_line_of_comment() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert [line.partition("=")[0] for line in lines[1::2]] == list(Settings.keys())
    assert all(re.fullmatch(r"# .+\.", line) for line in lines[0::2])


def test_the_example_file_holds_the_defaults() -> None:
    assert Settings.from_mapping({}, dotenv_values(ROOT / ".env.example")) == Settings()


def test_the_readme_has_a_row_for_each_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert rows == list(Settings.keys())


def test_no_two_settings_share_a_key() -> None:
    assert len(set(Settings.keys())) == len(fields(Settings))
