"""A language model's words on the terminal, over a real socket: below an answer that stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.layout import MOST_TEXT, count_text
from bot.rendering import Circumstances, result_reply
from bot.words import ENGLISH
from index.records import Answer, Citation, Phrase
from tests.llm_server import KEY, MODEL, LlmServer, llm_server
from tests.test_cli import Shell, footnote, typed

__all__ = ["footnote", "typed"]

ASKED = "how often will this group meet?"
PROSE = "It meets every six months."


@pytest.fixture
def llm() -> Iterator[LlmServer]:
    with llm_server() as server:
        server.says(PROSE)
        yield server


@pytest.fixture
def phrasing(footnote: Shell, llm: LlmServer) -> Shell:
    """A terminal with a model set, whose words are all taken for supported."""
    footnote.environ = {
        "FOOTNOTE_LLM_URL": llm.url,
        "FOOTNOTE_LLM_MODEL": MODEL,
        "FOOTNOTE_LLM_KEY": KEY,
    }
    return footnote


def test_prose_comes_below_the_answer(phrasing: Shell, llm: LlmServer) -> None:
    done = phrasing("ask", ASKED)
    assert done.code == 0
    answer, prose = done.text.split("A language model's words, held against the quotes above:\n")
    assert "every six months" in answer
    assert answer.endswith("%\n\n")
    assert prose == f"{PROSE} [1]\n"
    assert len(llm.requests) == 1


def test_json_has_it_as_a_field_where_it_is_on_and_only_there(
    phrasing: Shell, llm: LlmServer
) -> None:
    (on,) = phrasing("ask", ASKED, "--json").records
    assert on.pop("phrased") == [{"text": PROSE, "citations": [1]}]
    (silent,) = phrasing("ask", "zebra xylophone quince?", "--json").records
    assert silent["phrased"] == []
    llm.status = 500
    assert phrasing("ask", ASKED, "--json").records[0]["phrased"] == []
    phrasing.environ = {}
    (off,) = phrasing("ask", ASKED, "--json").records
    assert {**on, "seconds": 0} == {**off, "seconds": 0}
    assert list(on) == list(off)


def test_a_batch_is_not_phrased(
    phrasing: Shell, llm: LlmServer, typed: Callable[[str | bytes], None]
) -> None:
    typed(f"{ASKED}\n")
    (record,) = phrasing("ask", "--batch", "-").records
    assert "phrased" not in record
    assert llm.requests == []


def test_a_chat_phrases_each_answer(
    phrasing: Shell, llm: LlmServer, typed: Callable[[str | bytes], None]
) -> None:
    typed(f"{ASKED}\n{ASKED}\nzebra xylophone quince?\n")
    assert phrasing("chat").text.count(f"{PROSE} [1]\n") == 2
    assert len(llm.requests) == 2


def test_trouble_is_told_on_stderr_without_the_key_and_the_answer_stands(
    phrasing: Shell, llm: LlmServer
) -> None:
    llm.status = 401
    done = phrasing("ask", ASKED)
    assert done.code == 0
    assert "every six months" in done.text
    assert "language model" not in done.text
    assert KEY not in done.err + done.text


def test_what_a_model_writes_moves_nothing_on_the_terminal(phrasing: Shell, llm: LlmServer) -> None:
    llm.says("\x1b[2J\u202e\r[red]x[/red]\nnext")
    done = phrasing("ask", ASKED)
    assert not {"\x1b", "\u202e", "\r"} & set(done.text)
    assert "[red]" in done.text


def test_the_check_tells_of_it_only_where_it_is_on(phrasing: Shell, llm: LlmServer) -> None:
    told = phrasing("check")
    assert f"phrasing: on: questions and quotes are sent to {llm.url.split('/')[2]}" in told.text
    assert KEY not in told.text + told.err
    llm.status = 503
    down = [one for one in phrasing("check", "--json").records if one["check"] == "phrasing"]
    assert not down[0]["ok"]
    phrasing.environ = {}
    assert "phrasing" not in phrasing("check").text


# On Discord, as values


def answer(*, length: int) -> Answer:
    quote = "*" * length
    cited = tuple(
        Citation(n, "a" * 200, "*" * 200, 0, length, (1, 1), None, quote, 0, 150, "_" * 200)
        for n in (1, 2, 3)
    )
    return Answer("?", quote, 0.9, cited, "1", 0.0)


@pytest.mark.parametrize("length", [200, 5000])
def test_prose_never_makes_a_message_too_long(length: int) -> None:
    around = Circumstances(asked="*" * 900, understood="_" * 900, row="r" * 16)
    prose = tuple(Phrase("*" * size, (1, 2)) for size in (10, 300, 400, 400))
    bare = result_reply(answer(length=length), around, ENGLISH)
    whole = result_reply(answer(length=length), replace(around, prose=prose), ENGLISH)
    assert count_text(bare) <= count_text(whole) <= MOST_TEXT
    assert [*whole.buttons()] == [*bare.buttons()]


def test_prose_is_shown_letter_by_letter() -> None:
    prose = (Phrase("**@everyone** <@1> [x](https://evil.example)", (1,)),)
    told = "\n".join(result_reply(answer(length=200), Circumstances(prose=prose), ENGLISH).texts())
    assert r"\*\*\@everyone\*\* \<\@1\> \[x\](https\://evil.example) \[1\]" in told
