"""Answers given earlier in a chat: what the documents do not say any more is told, once."""

import sys
import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.cli import run
from bot.given import Given
from bot.session import World
from bot.views import aged_note
from index.fates import GONE
from index.records import Answer
from tests.places import ASKED, BREAD, OPEN_TEXTS, TALKS, Place

YEARLY = {"bread.txt": BREAD, "talks.txt": TALKS.replace("every six months", "every year")}
LOWER = {"bread.txt": BREAD, "talks.txt": f"Talks\n\nNew.\n\n{TALKS[7:]}"}
GONE_NOW = {"bread.txt": BREAD}
CHANGED_NOTE = (
    f"aged: “{ASKED}” was answered from “The group meets every six months.”\n"
    "  talks.txt, line 3 says now: “The group meets every year.”"
)
GONE_NOTE = (
    f"aged: “{ASKED}” was answered from “The group meets every six months.”, "
    "which is no longer in the documents"
)


def follow(place: Place) -> Given:
    """A chat in which one question was answered, and one was not."""
    library = place.library()
    given = Given(library)
    given.add(library.ask(ASKED))
    given.add(library.ask("what does a rocket cost in Alaska?"))
    return given


def notes(given: Given, place: Place, texts: Mapping[str, str]) -> list[str]:
    place.index(texts)
    return [aged_note(answer, fate) for answer, fate in given.aged()]


def test_what_the_documents_do_not_say_any_more_is_told_once(public: Place) -> None:
    given = follow(public)
    assert notes(given, public, OPEN_TEXTS) == []
    assert notes(given, public, LOWER) == []
    assert notes(given, public, YEARLY) == [CHANGED_NOTE]
    assert notes(given, public, YEARLY | {"more.txt": "More\n\nIt is."}) == []
    assert notes(given, public, GONE_NOW) == [GONE_NOTE]
    assert notes(given, public, OPEN_TEXTS) == []
    assert notes(given, public, YEARLY) == [CHANGED_NOTE]


def test_where_the_index_is_the_same_nothing_is_judged(public: Place) -> None:
    given = follow(public)

    def fail(**_: object) -> None:
        raise AssertionError("judged")

    given.corpus.shelf = fail  # type: ignore[method-assign, assignment]
    assert list(given.aged()) == []
    assert list(Given(public.library()).aged()) == []


def test_control_characters_are_harmless_in_a_note(public: Place) -> None:
    answer = public.library().ask(ASKED)
    assert isinstance(answer, Answer)
    hostile = replace(answer, question="when\x1b[2J\u202e?")
    note = aged_note(hostile, GONE)
    assert "\x1b" not in note
    assert "\u202e" not in note


def test_a_chat_tells_that_an_earlier_answer_has_aged(
    public: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Typist:
        """Types a question, changes a document, and asks something else."""

        def __init__(self) -> None:
            self.typed = iter([f"{ASKED}\n", "how often is bread baked?\n", ""])
            self.asked = 0

        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            time.sleep(0.7)  # until the folder is watched
            self.asked += 1
            if self.asked == 2:
                (public.seeds / "talks.txt").write_text(YEARLY["talks.txt"])
                time.sleep(2.0)
            return next(self.typed)

    monkeypatch.setattr(sys, "stdin", Typist())
    world = World({}, public.root / ".env", lambda **_: public.library())
    assert run(["chat", "--seeds", str(public.seeds), "--data", str(public.data)], world) == 0
    said = capsys.readouterr()
    assert CHANGED_NOTE in said.err
    assert "aged:" not in said.out
    assert "daily" in said.out
