"""The commands, run whole over a small library that finds a sentence by the words it shares."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from bot.batch import answer_lines, read_lines
from bot.cli import COMMANDS, run
from bot.corpus import Corpus, Progress
from bot.plotting import threshold_point
from bot.session import World
from index import evaluating, shelf
from index.errors import (
    CorpusError,
    IndexHeld,
    IndexMissing,
    LockHeld,
    QuestionError,
    UnknownDocument,
)
from index.evaluating import EvalQuestion, Evaluation
from index.holding import Hold
from index.records import (
    Abstained,
    Answer,
    Changes,
    Citation,
    Document,
    DocumentEntry,
    Heading,
    Hit,
    Phrase,
    RefreshReport,
    RollbackPlan,
    Skipped,
)
from tests.corpora import snapshot_of

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_8be179ed4e282a42.txt"
HEAVY = {
    "torch", "sentence_transformers", "transformers", "sklearn", "scipy", "matplotlib", "onnx"
}  # fmt: skip
RULES = "The rules\n\nThis group will meet every six months.\nIts chair is Ada Lovelace.\n"
HOSTILE = "Evil\n\nThe secret word is \x1b[2J\u202e[red]xyzzy[/red]\u2028 here.\r\n"


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@dataclass
class Shelf:
    """A library of a few texts: sentences are lines, and shared words are similarity."""

    texts: dict[str, str] = field(default_factory=lambda: {"news/rules.txt": RULES})
    skipped: tuple[Skipped, ...] = ()
    generation: str | None = None
    threshold: float = 0.5
    trouble: Exception | None = None
    asked: list[str] = field(default_factory=list)
    refreshed: list[bool] = field(default_factory=list)

    held: Hold | None = None

    def refresh(
        self,
        *,
        rebuild: bool = False,
        release: bool = False,
        progress: Callable[[Progress], None] = print,
    ) -> RefreshReport:
        self.refreshed.append(rebuild)
        if self.held and not release:
            raise IndexHeld("The index is held.")
        if self.trouble:
            raise self.trouble
        self.generation = "000001"
        ids = tuple(sorted(self.texts))
        return RefreshReport("000001", ids, (), (), (), self.skipped, len(ids), 0.5)

    def pending_rollback(self) -> RollbackPlan:
        return RollbackPlan("000002", "000001", self.pending())

    def roll_back(self, *, leaving: str | None = None) -> RefreshReport:
        if leaving is None:
            raise IndexMissing("Nothing has been indexed yet.")
        self.held = Hold("000001", leaving, "")
        self.generation = "000001"
        return RefreshReport("000001", (), tuple(self.texts), (), (), (), 1, 0.5)

    model = "words"

    def warm_up(self) -> None:
        self._checked("ready?")

    def pending(self) -> Changes:
        return Changes(tuple(sorted(self.texts)), (), (), (), self.skipped)

    def headings(self, *, collections: frozenset[str] | None = None) -> list[Heading]:
        return []

    def ask(
        self,
        question: str,
        *,
        collections: frozenset[str] | None = None,
        document: str | None = None,
        min_confidence: float | None = None,
    ) -> Answer | Abstained:
        self.asked.append(question)
        wanted = self._checked(question)
        best = max(
            self._sentences(collections), key=lambda cited: len(wanted & set(words(cited.quote)))
        )
        confidence = len(wanted & set(words(best.quote))) / len(wanted)
        generation = self.generation or ""
        least = self.threshold if min_confidence is None else min_confidence
        if confidence < least:
            return Abstained(question, confidence, (best,), generation, 0.01)
        cited = self._answering(best, wanted)
        return Answer(question, cited.answer, confidence, (cited,), generation, 0.01)

    def search(
        self, query: str, *, limit: int = 10, collections: frozenset[str] | None = None
    ) -> list[Hit]:
        wanted = self._checked(query)
        hits = [
            Hit(c, float(len(wanted & set(words(c.quote))))) for c in self._sentences(collections)
        ]
        hits = sorted((hit for hit in hits if hit.score), key=lambda hit: -hit.score)[:limit]
        return [replace(hit, citation=replace(hit.citation, n=n)) for n, hit in enumerate(hits, 1)]

    def group(self, texts: Sequence[str]) -> list[list[int]]:
        return [[at] for at in range(len(texts))]

    def forget_questions(self) -> None:
        pass

    def supported(self, prose: str, citations: Sequence[Citation]) -> tuple[Phrase, ...]:
        return (Phrase(prose, (1,)),)

    def documents(self, *, collections: frozenset[str] | None = None) -> list[DocumentEntry]:
        self._checked("?x")
        when = "2026-01-02T03:04:05+00:00"
        found = self._within(collections)
        return [DocumentEntry(d.id, d.title, d.collection, d.size, 1, when) for d in found]

    def shelf(self, *, collections: frozenset[str] | None = None) -> shelf.Shelf:
        return shelf.Shelf(snapshot_of(self.texts), collections)

    def document(self, id: str) -> Document:
        if id not in self.texts:
            raise UnknownDocument(
                f"There is no document {id}. Near names: {', '.join(self.texts)}."
            )
        text = self.texts[id]
        return Document(id, text.split("\n")[0], text, "0" * 64, len(text.encode()))

    def _checked(self, question: str) -> set[str]:
        if self.generation is None:
            raise IndexMissing("Nothing is indexed yet. Run: footnote index")
        if not words(question):
            raise QuestionError("The question is empty. Ask something in words.")
        if len(question) > 1000:
            raise QuestionError("The question is too long. Ask it in 1000 characters.")
        if "crash" in question:
            raise ZeroDivisionError("by \x1b[2J zero")
        return set(words(question))

    def _within(self, collections: frozenset[str] | None) -> list[Document]:
        found = map(self.document, sorted(self.texts))
        return [one for one in found if collections is None or one.collection in collections]

    def _sentences(self, collections: frozenset[str] | None) -> Iterator[Citation]:
        for document in self._within(collections):
            for line in re.finditer(r"[^\n]*\.", document.text):
                start, end = line.span()
                lines = document.lines(start, end)
                place = (document.id, document.title, start, end, lines, None, line[0])
                yield Citation(1, *place, start, end)

    @staticmethod
    def _answering(cited: Citation, wanted: set[str]) -> Citation:
        """The answer is what follows the last word that the question has too."""
        shared = [m.end() for m in re.finditer(r"\w+", cited.quote) if m[0].lower() in wanted]
        begins = max(shared, default=-1) + 1
        ends = len(cited.quote) - 1
        if begins >= ends:
            return cited
        return replace(cited, answer_start=cited.start + begins, answer_end=cited.start + ends)


@dataclass(frozen=True)
class Ended:
    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Runs command lines over a shelf, and remembers with what the library was opened."""

    def __init__(self, capsys: pytest.CaptureFixture[bytes], folder: Path) -> None:
        self.shelf = Shelf()
        self.environ: dict[str, str] = {}
        self.opened: list[dict[str, object]] = []
        self._capsys = capsys
        self.folder = folder

    def open(self, **how: object) -> Corpus:
        self.opened.append(how)
        return self.shelf

    def __call__(self, *arguments: str) -> Ended:
        world = World(self.environ, self.folder / ".env", self.open)
        code = run(arguments, world)
        out, err = self._capsys.readouterr()
        return Ended(code, out, err.decode())


@pytest.fixture
def footnote(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Shell:
    return Shell(capfdbinary, tmp_path)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    def give(text: str | bytes) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))

    return give


# Every command


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, _, example in COMMANDS])
def test_every_command_has_help_with_an_example_and_the_common_options(
    footnote: Shell, name: str, example: str
) -> None:
    told = footnote(name, "--help")
    assert told.code == 0
    assert f"Example: {example}" in " ".join(told.text.split())
    assert all(option in told.text for option in ("--seeds", "--data", "--json"))
    assert example.startswith(f"footnote {name}")


def test_help_lists_every_command_of_the_contract(footnote: Shell) -> None:
    names = ["ask", "chat", "search", "index", "documents", "show", "eval", "check", "run"]
    assert [name for name, _, _ in COMMANDS if name != "rollback"] == names
    assert all(f" {name} " in footnote("--help").text for name in names)


def test_the_version_is_that_of_the_project(footnote: Shell) -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.*)"', project, re.MULTILINE)
    assert version
    assert footnote("--version").text == f"footnote {version[1]}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "a", "b"),
        ("ask", "x", "--batch", "-"),
        ("ask", "x", "--min-confidence", "1.1"),
        ("ask", "x", "--min-confidence", "nan"),
        ("ask", "--batch", "missing.txt"),
        ("search", "x", "-n", "0"),
        ("show", "x", "--lines", "5-3"),
        ("show", "x", "--lines", "0"),
        ("show", "x", "--raw", "--json"),
        ("eval", "missing.jsonl"),
        ("eval", __file__, "--plot", "no/such/folder/x.png"),
        ("answer", "x"),
        ("documents", "--colour"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_so_on_stderr(
    footnote: Shell, arguments: tuple[str, ...]
) -> None:
    ended = footnote(*arguments)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.strip()


def test_the_options_for_folders_come_before_the_settings(footnote: Shell) -> None:
    footnote.environ = {"FOOTNOTE_SEEDS": "from-env", "FOOTNOTE_DATA": "from-env"}
    footnote("index", "--seeds", "from-option")
    (opened,) = footnote.opened
    assert (opened["seeds"], opened["data"]) == (Path("from-option"), Path("from-env"))


def test_wrong_settings_are_told_together_and_exit_with_2(footnote: Shell) -> None:
    footnote.environ = {"FOOTNOTE_WATCH": "maybe"}
    (footnote.folder / ".env").write_text("FOOTNOTE_SEED=x\n")
    ended = footnote("documents")
    assert (ended.code, ended.out, footnote.opened) == (2, b"", [])
    assert "FOOTNOTE_WATCH" in ended.err
    assert "did you mean FOOTNOTE_SEEDS?" in ended.err


def test_help_works_whatever_the_settings(footnote: Shell) -> None:
    footnote.environ = {"FOOTNOTE_WATCH": "maybe"}
    assert footnote("ask", "--help").code == 0


def test_a_known_error_is_one_sentence_on_stderr_and_exits_with_1(footnote: Shell) -> None:
    ended = footnote("ask", "who is the chair?", "--no-refresh", "--json")
    told = "Nothing is indexed yet. Run: footnote index\n"
    assert (ended.code, ended.out, ended.err) == (1, b"", told)


def test_an_unexpected_error_is_logged_under_an_id_that_the_asker_sees(
    footnote: Shell, caplog: pytest.LogCaptureFixture
) -> None:
    ended = footnote("ask", "crash")
    assert (ended.code, ended.out) == (1, b"")
    found = re.search(r"\(error ([0-9a-f]{6})\)", ended.err)
    assert found
    (record,) = caplog.records
    assert record.getMessage().startswith(f"error {found[1]}: ZeroDivisionError")
    assert "\x1b" not in ended.err
    assert "Traceback" not in ended.err


# ask


def test_an_answer_comes_with_its_quote_and_its_footnote(footnote: Shell) -> None:
    ended = footnote("ask", "This group will meet when?")
    assert ended.code == 0
    assert ended.text.splitlines()[:4] == [
        "every six months",
        "",
        "This group will meet every six months.",
        "[1] The rules · news/rules.txt · line 3",
    ]


def test_an_answer_as_json_quotes_the_document_verbatim(footnote: Shell) -> None:
    ended = footnote("ask", "This group will meet when?", "--json")
    (record,) = ended.records
    (cited,) = record["citations"]
    assert (ended.code, ended.err) == (0, "")
    assert RULES[cited["start"] : cited["end"]] == cited["quote"]
    assert RULES[cited["answer_start"] : cited["answer_end"]] == record["answer"]


def test_abstaining_is_done_and_exits_with_0(footnote: Shell) -> None:
    ended = footnote("ask", "How tall might the tower be?")
    assert ended.code == 0
    assert ended.text.startswith("The documents don't say.\n")


def test_a_min_confidence_of_0_forces_an_answer(footnote: Shell) -> None:
    question = "Who might chair?"
    assert not footnote("ask", question, "--json").records[0]["answered"]
    assert footnote("ask", question, "--json", "--min-confidence", "0").records[0]["answered"]


def test_asking_brings_the_index_up_to_date_unless_told_not_to(footnote: Shell) -> None:
    footnote("ask", "chair?")
    assert footnote.shelf.refreshed == [False]
    footnote("ask", "chair?", "--no-refresh")
    assert footnote.shelf.refreshed == [False]


def test_asking_names_skipped_documents_and_still_answers(footnote: Shell) -> None:
    footnote.shelf.skipped = (Skipped("a\nb.pdf", "It is encrypted."),)
    ended = footnote("ask", "Its chair is?", "--json")
    assert (ended.code, ended.err) == (0, "Skipped a b.pdf: It is encrypted.\n")
    assert ended.records[0]["answer"] == "Ada Lovelace"


def test_while_another_process_indexes_the_old_index_answers(footnote: Shell) -> None:
    footnote.shelf = Shelf(generation="000007", trouble=LockHeld("Process 12 is indexing."))
    ended = footnote("ask", "Its chair is?", "--json")
    assert (ended.code, ended.records[0]["generation"]) == (0, "000007")
    assert "Process 12 is indexing." in ended.err


@pytest.mark.parametrize(
    ("generation", "trouble"),
    [(None, LockHeld("Process 12 is indexing.")), ("000007", CorpusError("There is no folder."))],
)
def test_asking_fails_where_there_is_no_index_or_no_documents(
    footnote: Shell, generation: str | None, trouble: CorpusError
) -> None:
    footnote.shelf = Shelf(generation=generation, trouble=trouble)
    ended = footnote("ask", "Its chair is?", "--json")
    assert (ended.code, ended.out, ended.err) == (1, b"", f"{trouble}\n")


def test_hostile_text_is_inert_for_people_and_exact_for_programs(footnote: Shell) -> None:
    footnote.shelf.texts = {"evil.txt": HOSTILE}
    shown = footnote("ask", "the secret word is").text
    assert "␛[2J\ufffd[red]xyzzy[/red]" in shown
    (record,) = footnote("ask", "the secret word is", "--json").records
    assert record["citations"][0]["quote"] in HOSTILE
    assert "\x1b[2J\u202e[red]xyzzy" in record["answer"]


# ask --batch


def test_a_batch_answers_each_line_in_order(
    footnote: Shell, typed: Callable[[str | bytes], None]
) -> None:
    typed("Its chair is?\n\nThis group will meet?\r\nHow tall?\nIts chair is")
    ended = footnote("ask", "--batch", "-")
    assert ended.code == 0
    assert [record["question"] for record in ended.records] == [
        "Its chair is?", "", "This group will meet?", "How tall?", "Its chair is",
    ]  # fmt: skip
    assert [record["answer"] for record in ended.records] == [
        "Ada Lovelace", None, "every six months", None, "Ada Lovelace",
    ]  # fmt: skip
    assert [record.get("error") for record in ended.records].count(None) == 4
    assert ended.records[1]["error"] == "The question is empty. Ask something in words."
    assert (len(footnote.opened), footnote.shelf.refreshed) == (1, [False])


def test_a_batch_is_read_from_a_file(footnote: Shell) -> None:
    file = footnote.folder / "questions.txt"
    file.write_bytes("\ufeffIts chair is?\n".encode())
    (record,) = footnote("ask", "--batch", str(file), "--min-confidence", "0.9").records
    assert (record["question"], record["answer"]) == ("Its chair is?", "Ada Lovelace")


def test_bad_lines_of_a_batch_stop_nothing_and_are_told_apart(
    footnote: Shell, typed: Callable[[str | bytes], None]
) -> None:
    typed(b"caf\xe9?\n" + b"x" * 200_000 + b"\ncrash\nIts chair is?\n")
    ended = footnote("ask", "--batch", "-")
    encoding, length, crashed, answered = ended.records
    assert encoding["error"] == "This line is not UTF-8 text; save the questions as UTF-8."
    assert encoding["question"] == "caf\ufffd?"
    assert "too long" in length["error"]
    assert "error " in crashed["error"]
    assert answered["answer"] == "Ada Lovelace"
    assert ended.code == 1


def test_a_batch_without_an_index_fails_at_once(
    footnote: Shell, typed: Callable[[str | bytes], None]
) -> None:
    typed("Its chair is?\n" * 3)
    ended = footnote("ask", "--batch", "-", "--no-refresh")
    assert (ended.code, ended.out) == (1, b"")
    assert ended.err == "Nothing is indexed yet. Run: footnote index\n"


def test_each_line_is_answered_before_the_next_is_read() -> None:
    events: list[str] = []

    class Conversation:
        lines = iter([b"Its chair is?\n", b"This group will meet?\n", b""])

        def readline(self, limit: int, /) -> bytes:
            line = next(self.lines)
            events.append(f"read {len(line)}")
            return line

    shelf = Shelf(generation="000001")
    answer_lines(
        Conversation(),
        ask=shelf.ask,
        generation=lambda: shelf.generation,
        emit=lambda record: events.append(str(record["answer"])),
    )
    assert events == ["read 14", "Ada Lovelace", "read 22", "every six months", "read 0"]


def test_no_line_is_held_longer_than_the_limit_and_none_is_lost() -> None:
    stream = io.BytesIO(b"short\n" + b"x" * 25 + b"\n" + b"exactly10\n" + b"y" * 10 + b"\nend")
    assert list(read_lines(stream, longest=10)) == [
        b"short", b"x" * 10, b"exactly10", b"y" * 10, b"end",
    ]  # fmt: skip


# collections


@pytest.fixture
def two(footnote: Shell) -> Shell:
    """A library in which two folders and a loose file say the same of other weeks."""
    footnote.shelf.texts = {
        "loose.txt": "Loose\nThe garden opens in week one.",
        "alpha/a.txt": "Alpha\nThe garden opens in week two.",
        "beta/b.txt": "Beta\nThe garden opens in week three.",
    }
    return footnote


WEEKS = {"": "loose.txt", "alpha": "alpha/a.txt", "beta": "beta/b.txt"}
ASKS = "the garden opens in week?"


@pytest.mark.parametrize("name", WEEKS)
def test_a_collection_is_asked_alone(two: Shell, name: str) -> None:
    ended = two("ask", ASKS, "--json", "--collection", name)
    assert ended.code == 0
    assert [one["document"] for one in json.loads(ended.text)["citations"]] == [WEEKS[name]]


@pytest.mark.parametrize("names", [["alpha"], ["", "beta"], ["alpha", "beta"], []])
def test_collections_are_searched_and_listed_alone(two: Shell, names: list[str]) -> None:
    options = [word for name in names for word in ("--collection", name)]
    expected = sorted(WEEKS[name] for name in names or WEEKS)
    for command in (["search", ASKS], ["documents"]):
        two("index")
        ended = two(*command, "--json", *options)
        rows = [json.loads(line) for line in ended.text.splitlines()]
        found = sorted(row.get("document") or row["id"] for row in rows)
        assert found == expected, command


def test_a_batch_and_a_chat_keep_to_their_collection(
    two: Shell, typed: Callable[[str | bytes], None]
) -> None:
    for command in (["ask", "--batch", "-"], ["chat", "--json"]):
        typed(f"{ASKS}\n{ASKS}\n")
        ended = two(*command, "--collection", "beta")
        cited = [json.loads(line)["citations"][0]["document"] for line in ended.text.splitlines()]
        assert cited == ["beta/b.txt"] * 2, command


@pytest.mark.parametrize("command", [["ask", ASKS], ["search", ASKS], ["documents"], ["chat"]])
def test_a_collection_that_is_not_there_is_wrong_usage_and_those_there_are_named(
    two: Shell, command: list[str]
) -> None:
    two("index")
    ended = two(*command, "--collection", "gamma")
    assert ended.code == 2
    for word in ("gamma", "alpha", "beta"):
        assert word in ended.err
    assert two.shelf.asked == []


# chat


def test_chat_answers_until_told_to_leave(
    footnote: Shell, typed: Callable[[str | bytes], None]
) -> None:
    typed("Its chair is?\n\n   \nThis group will meet when?\nquit\nnever asked\n")
    ended = footnote("chat")
    assert ended.code == 0
    assert [
        line for line in ended.text.splitlines() if line in {"Ada Lovelace", "every six months"}
    ]
    assert len(footnote.shelf.asked) == 2
    assert footnote.shelf.refreshed == [False]


def test_a_refused_question_does_not_end_the_chat(
    footnote: Shell, typed: Callable[[str | bytes], None]
) -> None:
    typed("???\ncrash\nIts chair is?\n")
    ended = footnote("chat", "--json")
    assert ended.code == 0
    assert "The question is empty." in ended.err
    assert "(error " in ended.err
    assert [record["answer"] for record in ended.records] == ["Ada Lovelace"]


# search, index, documents, show


def test_search_shows_the_best_passages_first(footnote: Shell) -> None:
    records = footnote("search", "who is its chair", "-n", "1", "--json").records
    assert [record["quote"] for record in records] == ["Its chair is Ada Lovelace."]
    assert set(records[0]) == {
        "n", "document", "title", "start", "end", "lines", "page", "quote", "answer_start",
        "answer_end", "score",
    }  # fmt: skip


def test_search_for_people_says_where_each_passage_stands(footnote: Shell) -> None:
    shown = footnote("search", "chair group").text
    assert "[1] The rules · news/rules.txt · line 3 · score 1.000" in shown
    assert "[2] The rules · news/rules.txt · line 4 · score 1.000" in shown
    assert footnote("search", "zebra").text == "Nothing matches.\n"


def test_indexing_reports_what_it_did(footnote: Shell) -> None:
    assert footnote("index", "--rebuild", "--json").records == [
        {
            "generation": "000001",
            "added": ["news/rules.txt"],
            "changed": [],
            "removed": [],
            "unchanged": [],
            "skipped": [],
            "passages": 1,
            "seconds": 0.5,
        }
    ]
    assert footnote.shelf.refreshed == [True]


def test_a_rollback_holds_the_index_until_it_is_indexed(footnote: Shell) -> None:
    assert footnote("rollback").code == 1
    footnote.shelf.generation = "000002"
    told = footnote("rollback", "--json").records[0]
    assert (told["generation"], told["instead_of"]) == ("000001", "000002")
    assert told["changed"] == ["news/rules.txt"]
    asked = footnote("ask", "who is the chair?")
    assert (asked.code, "Answering from the index as it is (000001)." in asked.err) == (0, True)
    shown = footnote("rollback").text
    assert "Rolled back from generation 000001. It stays so until you run: footnote index" in shown
    assert footnote("index").code == 0


def test_indexing_that_skips_documents_exits_with_3_and_names_them(footnote: Shell) -> None:
    footnote.shelf.skipped = (Skipped("a.pdf", "It is encrypted."), Skipped("b", "It is empty."))
    ended = footnote("index", "--json")
    assert ended.code == 3
    assert ended.records[0]["skipped"][0] == {"document": "a.pdf", "reason": "It is encrypted."}
    assert ended.err == "Skipped a.pdf: It is encrypted.\nSkipped b: It is empty.\n"


def test_indexing_that_fails_exits_with_1(footnote: Shell) -> None:
    footnote.shelf.trouble = LockHeld("Process 12 is indexing.")
    ended = footnote("index", "--json")
    assert (ended.code, ended.out, ended.err) == (1, b"", "Process 12 is indexing.\n")


def test_documents_are_listed_for_programs(footnote: Shell) -> None:
    footnote("index")
    assert footnote("documents", "--json").records == [
        {
            "id": "news/rules.txt",
            "title": "The rules",
            "collection": "news",
            "size": len(RULES),
            "passages": 1,
            "indexed_at": "2026-01-02T03:04:05+00:00",
        }
    ]


def test_documents_are_listed_as_plain_lines_when_piped(footnote: Shell) -> None:
    footnote("index")
    head, row = footnote("documents").text.splitlines()
    assert head.split("\t")[0] == "document"
    assert row.split("\t")[:3] == ["news/rules.txt", "The rules", str(len(RULES))]


def test_a_document_is_shown_with_line_numbers(footnote: Shell) -> None:
    shown = footnote("show", "news/rules.txt").text.splitlines()
    assert shown[0] == "1  The rules"
    assert shown[3] == "4  Its chair is Ada Lovelace."
    assert len(shown) == 4


@pytest.mark.parametrize("text", [RULES, HOSTILE, "no line feed", "\r\n\x0c\ttabs\n\n"])
def test_raw_is_the_exact_text(footnote: Shell, text: str) -> None:
    footnote.shelf.texts = {"a.txt": text}
    assert footnote("show", "a.txt", "--raw").out == text.encode()


def test_some_lines_are_shown_exactly(footnote: Shell) -> None:
    lines = ("show", "news/rules.txt", "--lines", "3-3")
    assert footnote(*lines, "--raw").text == "This group will meet every six months.\n"
    assert footnote(*lines, "--json").records == [
        {
            "document": "news/rules.txt",
            "title": "The rules",
            "lines": [3, 3],
            "text": "This group will meet every six months.\n",
        }
    ]


def test_lines_beyond_the_end_are_clamped_and_it_is_said_on_stderr(footnote: Shell) -> None:
    ended = footnote("show", "news/rules.txt", "--lines", "4-90")
    assert (ended.code, ended.text) == (0, "4  Its chair is Ada Lovelace.\n")
    assert ended.err == "news/rules.txt has 4 lines; showing 4-4.\n"


def test_an_unknown_document_is_an_error_with_near_names(footnote: Shell) -> None:
    ended = footnote("show", "rules.txt", "--raw")
    assert (ended.code, ended.out) == (1, b"")
    assert "Near names: news/rules.txt" in ended.err


# eval


QUESTIONS = [
    {"id": "1", "question": "Its chair is?", "answers": ["Ada Lovelace"], "document": None},
    {"id": "2", "question": "How tall is it?", "answers": [], "document": None},
]


def test_a_question_set_is_scored_and_its_curve_drawn(footnote: Shell) -> None:
    file = footnote.folder / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, QUESTIONS)), "utf-8")
    picture = footnote.folder / "curve.png"
    ended = footnote("eval", str(file), "--plot", str(picture), "--json")
    assert ended.code == 0
    (scores,) = ended.records
    assert (scores["questions"], scores["hit_at_1"], scores["threshold"]) == (2, 1.0, 0.5)
    assert picture.read_bytes().startswith(b"\x89PNG\r\n")
    assert footnote("eval", str(file), "--min-confidence", "0.9").text.startswith("type\tn\t")


def test_the_mark_on_the_curve_stands_where_the_threshold_does() -> None:
    shelf = Shelf(generation="000001")
    wordings = ("Its chair is?", "This group will meet?", "How tall is it?", "What is tall?")
    questions = [EvalQuestion(q, q, ("Ada Lovelace", "every six months")) for q in wordings]

    def scored(threshold: float) -> Evaluation:
        return evaluating.evaluate(
            questions,
            ask=partial(shelf.ask, min_confidence=0),
            threshold=threshold,
            document=shelf.document,
        )

    assert threshold_point(scored(0.9)) == (0.5, 0.0)
    assert threshold_point(scored(0.0)) == (1.0, scored(0.0).curve()[1][-1])
    assert threshold_point(scored(1.1)) is None


def test_a_broken_question_set_is_refused_with_its_line(footnote: Shell) -> None:
    file = footnote.folder / "questions.jsonl"
    file.write_text("{}\n", "utf-8")
    ended = footnote("eval", str(file))
    assert (ended.code, ended.out) == (1, b"")
    assert "line 1" in ended.err


# Real processes over a real index


@dataclass(frozen=True)
class Program:
    """``python -m bot`` in a folder of its own, with the seed document indexed."""

    folder: Path
    arguments: tuple[str, ...] = (sys.executable, "-m", "bot")

    def start(
        self,
        *arguments: str,
        out: int = subprocess.PIPE,
        environ: Mapping[str, str] = MappingProxyType({}),
    ) -> "subprocess.Popen[bytes]":
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        return subprocess.Popen(
            (*self.arguments, *arguments),
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT), **environ},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
        )

    def __call__(self, *arguments: str, **environ: str) -> Ended:
        process = self.start(*arguments, environ=environ)
        out, err = process.communicate(timeout=60)
        return Ended(process.returncode, out, err.decode())


@dataclass(frozen=True)
class Conversation:
    """A stream of questions that stayed open until each was answered, and how it ended."""

    program: Program
    asked: tuple[str, ...]
    records: tuple[dict[str, Any], ...]
    code: int
    err: bytes


def converse(program: Program, *questions: str) -> Conversation:
    process = program.start("ask", "--batch", "-")
    assert process.stdin
    assert process.stdout
    records = []
    for question in questions:
        process.stdin.write(f"{question}\n".encode())
        process.stdin.flush()
        records.append(json.loads(process.stdout.readline()))
    _, err = process.communicate(timeout=60)
    return Conversation(program, questions, tuple(records), process.returncode, err)


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Conversation:
    home = tmp_path_factory.mktemp("home")
    (home / "seeds").mkdir()
    shutil.copy(SEED, home / "seeds")
    questions = ("How often will the group meet?", "How many companies are in the CSIA?")
    return converse(Program(home), *questions)


@pytest.fixture
def program(conversation: Conversation) -> Program:
    """The program in a folder that has an index, since questions were asked there."""
    return conversation.program


def test_the_real_library_answers_a_stream_that_stays_open(conversation: Conversation) -> None:
    text = SEED.read_text("utf-8")
    assert (conversation.code, conversation.err) == (0, b"")
    for asked, record in zip(conversation.asked, conversation.records, strict=True):
        (cited, *_) = record["citations"]
        assert record["question"] == asked
        assert text[cited["start"] : cited["end"]] == cited["quote"]
        assert text[cited["answer_start"] : cited["answer_end"]] == record["answer"]


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("documents",), ("show", "SEED"), ("search",), ("ask", "how often?"), ("index",)],
)
def test_no_command_imports_torch_or_what_else_is_heavy_where_the_model_has_been_exported(
    program: Program, arguments: tuple[str, ...]
) -> None:
    line = [SEED.name if word == "SEED" else word for word in arguments]
    script = (
        "import sys; from bot import cli\n"
        "try: cli.main()\n"
        f"finally: print(sorted({HEAVY!r} & sys.modules.keys()), file=sys.stderr)"
    )
    ended = replace(program, arguments=(sys.executable, "-c", script))(*line)
    assert ended.err.splitlines()[-1] == "[]"


def test_raw_output_is_the_file_itself(program: Program) -> None:
    assert program("show", SEED.name, "--raw").out == SEED.read_bytes()


def test_json_is_utf8_whatever_the_locale(program: Program) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    (record,) = program("show", SEED.name, "--json", **ascii_only).records
    assert record["text"] == SEED.read_text("utf-8")
    plain = program("show", SEED.name, "--lines", "9", **ascii_only)
    assert plain.text == "9  ARM China CEO still won?t give up his seat\n"


@pytest.mark.parametrize("arguments", [("show", SEED.name), ("documents", "--json"), ("--help",)])
def test_output_to_a_closed_pipe_ends_quietly(program: Program, arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = program.start(*arguments, out=writer)
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert err == b""


@pytest.mark.parametrize(
    ("number", "code", "told"), [(signal.SIGINT, 130, b""), (signal.SIGTERM, 143, b"Stopped;")]
)
def test_a_signal_ends_a_command_without_a_traceback(
    program: Program, number: signal.Signals, code: int, told: bytes
) -> None:
    process = program.start("ask", "--batch", "-", "--no-refresh")
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"\n")
    process.stdin.flush()
    assert b'"error"' in process.stdout.readline()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert err.startswith(told)
    assert b"Traceback" not in err


def on_a_terminal(program: Program, *arguments: str, **environ: str) -> bytes:
    import pty  # which not every system has

    screen, end = pty.openpty()
    process = program.start(*arguments, out=end, environ={"TERM": "xterm-256color", **environ})
    os.close(end)
    shown = b""
    with suppress(OSError):  # Linux says so when the other end is closed
        while read := os.read(screen, 4096):
            shown += read
    process.communicate(timeout=60)
    os.close(screen)
    return shown


def test_a_terminal_is_coloured_unless_no_color_is_set(program: Program) -> None:
    assert b"\x1b[" in on_a_terminal(program, "show", SEED.name)
    assert b"\x1b[" not in on_a_terminal(program, "show", SEED.name, NO_COLOR="1")
    assert b"\x1b[" not in program("show", SEED.name).out


def test_the_index_of_a_real_folder_is_whole(program: Program) -> None:
    checks = {record["check"]: record for record in program("check", "--json").records}
    assert checks["index"]["detail"] == "generation 000001 is whole"
    assert all(record["ok"] for record in checks.values())


# Documents that change while one chats


def test_a_chat_answers_from_documents_that_changed_meanwhile(
    footnote: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Typist:
        """Types a question, changes a document, and types it again."""

        def __init__(self) -> None:
            self.typed = iter(["Its chair is?\n", "Its chair is?\n", ""])

        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            line = next(self.typed)
            if footnote.shelf.asked and line:
                (seeds / "new.txt").write_text("New.")
                time.sleep(2.0)
            else:
                time.sleep(0.7)  # until the folder is watched
            return line

    seeds = footnote.folder / "seeds"
    seeds.mkdir()
    monkeypatch.setattr(sys, "stdin", Typist())
    assert footnote("chat", "--json", "--seeds", str(seeds)).code == 0
    assert len(footnote.shelf.asked) == 2
    assert footnote.shelf.refreshed == [False, False]
    footnote.environ = {"FOOTNOTE_WATCH": "off"}
    footnote.shelf.asked.clear()
    footnote.shelf.refreshed.clear()
    monkeypatch.setattr(sys, "stdin", Typist())
    assert footnote("chat", "--json", "--seeds", str(seeds)).code == 0
    assert footnote.shelf.refreshed == [False]
