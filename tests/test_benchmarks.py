"""What the benchmarks are made of works, on small things: processes, corpora, the stand-in."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.bench import BEFORE, attempted, sizes, unchanged
from benchmarks.contestants.worker import Orders, paragraphs_of
from benchmarks.corpora import write_documents
from benchmarks.costs import PANELS, table
from benchmarks.drawing import draw
from benchmarks.processes import ProgramFailed, Runner, environment
from benchmarks.racing import System
from benchmarks.stand_in import Encoded, StandIn, sentences_of
from benchmarks.verdicts import Row
from index.library import Library
from index.models import model_files
from index.weights import load_weights
from tests.places import answered
from tests.words import WordEncoder

TEXTS = (
    "The group meets every six months in a town hall near the river and talks for a day.",
    "Bread is baked daily from wheat, water, salt and yeast, and it keeps for about a week.",
)
LONG = [f"Paragraph {n} of {text} {text}" for n in range(10) for text in TEXTS]


class Echo:
    """A contestant that answers with the question, and fails at one."""

    def load(self) -> None: ...

    def build(self, documents: Path) -> None: ...

    def open(self) -> None: ...

    def ask(self, question: str) -> str:
        if question == "fail":
            raise KeyError(question)
        return question


@pytest.fixture
def stand_in() -> StandIn:
    encoder = WordEncoder()
    known = Encoded(TEXTS, encoder.embed_passages(TEXTS))
    asked = ("how often does the group meet?",)
    return StandIn(known, Encoded(asked, encoder.embed_passages(asked)))


def test_a_program_costs_cpu_wall_and_memory(tmp_path: Path) -> None:
    held = 64 * 2**20
    cost = Runner(tmp_path, cores=1).run([sys.executable, "-c", f"x = bytes(b'1' * {held})"])
    assert cost.cpu > 0
    assert cost.wall > 0
    # Bytes, not kilobytes; who is forked off a large process counts as large for a moment.
    assert held < cost.memory < 200 * held


def test_a_program_that_fails_tells_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match=r"^no model$"):
        Runner(tmp_path, cores=1).run([sys.executable, "-c", "raise SystemExit('no model')"])


def test_a_worker_that_is_gone_tells_its_last_words(tmp_path: Path) -> None:
    gone = [sys.executable, "-c", "raise SystemExit('no library')"]
    with (
        Runner(tmp_path, cores=1).worker(gone) as worker,
        pytest.raises(ProgramFailed, match=r"^it ended with 1; its last words: no library$"),
    ):
        worker.do("load")


def test_a_worker_carries_out_orders_though_one_fails(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from benchmarks.contestants.worker import Orders, own_stdout, serve\n"
        "from tests.test_benchmarks import Echo\n"
        "answers = own_stdout()\n"
        "print('a library has something to say')\n"
        "serve(Orders(Echo()), answers)"
    )
    with Runner(tmp_path, cores=1).worker([sys.executable, "-c", program]) as worker:
        with pytest.raises(ProgramFailed, match="KeyError"):
            worker.do("ask", ["fail"])
        assert len(worker.do("ask", ["a", "b"])["seconds"]) == 2
        assert worker.do("memory") > 2**20


def test_a_program_gets_its_threads_and_nobodys_settings() -> None:
    given = {"FOOTNOTE_MODEL": "mine", "PATH": "/bin", "OMP_NUM_THREADS": "8"}
    found = environment(given, threads=2)
    assert "FOOTNOTE_MODEL" not in found
    assert found["PATH"] == "/bin"
    assert found["OMP_NUM_THREADS"] == "2"


def test_a_crowd_asks_every_question_once_and_tells_what_failed() -> None:
    asked: list[str] = []

    class Noting(Echo):
        def ask(self, question: str) -> str:
            asked.append(question)
            return super().ask(question)

    questions = [str(n) for n in range(100)]
    Orders(Noting()).crowd(questions, 8)
    assert sorted(asked) == sorted(questions)
    with pytest.raises(KeyError):
        Orders(Noting()).crowd([*questions, "fail"], 8)


def test_what_fails_is_noted_and_goes_no_further_but_for_the_crowd() -> None:
    def fail() -> None:
        raise ProgramFailed("Already borrowed")

    done: list[str] = []
    system = System("peer", "peer", Path("nowhere"))
    system.attempt("32 askers", fail)
    system.attempt("asking", lambda: done.append("asked"))
    system.attempt("32 askers", lambda: done.append("crowd"))
    system.attempt("opening", fail)
    system.attempt("asking", lambda: done.append("asked again"))
    assert done == ["asked"]
    assert system.failed == {"32 askers": "Already borrowed", "opening": "Already borrowed"}
    assert system.row(None)[-1].startswith("32 askers failed: Already borrowed; opening failed")


def test_a_peers_row_holds_medians_with_their_ratio_to_the_reference() -> None:
    reference, peer = (System(name, name, Path("nowhere")) for name in ("limit", "peer"))
    reference.found["cold"] += [2.0, 4.0, 100.0]
    peer.found["cold"] += [1.0, 2.0, 3.0]
    assert peer.row(reference)[:3] == ["peer", "2.00 (0.500)", "—"]
    assert reference.row(reference)[1] == "4.00"


def test_the_corpus_holds_so_many_paragraphs_and_no_twins(tmp_path: Path) -> None:
    many = [f"{text} {n} {' '.join(f'word{n}x{k}' for k in range(30))}" for n, text in
            enumerate(LONG * 2)]  # fmt: skip
    written = write_documents(tmp_path, many, 60)
    assert len(written) == len(set(written)) == 60
    assert paragraphs_of(tmp_path) == written


def test_the_corpus_is_made_anew_only_where_it_differs(tmp_path: Path) -> None:
    many = [f"{n} {text}" for n, text in enumerate(LONG)]
    write_documents(tmp_path, many, 40)
    first, second = sorted(tmp_path.iterdir())
    before = first.stat().st_mtime_ns
    text = second.read_text("utf-8")
    second.write_text("something else", "utf-8")
    (tmp_path / "one-more.txt").write_text("left behind", "utf-8")
    write_documents(tmp_path, many, 40)
    assert sorted(tmp_path.iterdir()) == [first, second]
    assert first.stat().st_mtime_ns == before
    assert second.read_text("utf-8") == text


def test_the_stand_in_puts_a_text_near_the_one_it_is_most_like(stand_in: StandIn) -> None:
    like = "the group meets every six months, in a hall near the river"
    vectors = stand_in.embed_passages([like, TEXTS[1], like])
    cosines = vectors @ WordEncoder().embed_passages(TEXTS).T
    assert cosines[0, 0] > 0.85 > 0.5 > cosines[0, 1]
    assert cosines[1, 1] > 0.85
    assert np.array_equal(vectors[0], vectors[2])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_stand_in_keeps_the_models_vectors_of_questions(stand_in: StandIn) -> None:
    asked = "how often does the group meet?"
    assert np.array_equal(stand_in.embed_query(asked), WordEncoder().embed_query(asked))


def test_what_the_stand_in_indexes_is_taken_for_the_bundled_models(
    stand_in: StandIn, tmp_path: Path
) -> None:
    assert stand_in.identify() == model_files(None).identity
    write_documents(tmp_path / "seeds", LONG, 20)
    library = Library(
        seeds=tmp_path / "seeds",
        data=tmp_path / "data",
        source=stand_in,
        weights=load_weights(),
        min_confidence=0,
    )
    library.refresh()
    cited = answered(library.ask("how often does the group meet?")).citations[0]
    assert library.document(cited.document).text[cited.start : cited.end] == cited.quote
    assert stand_in.seconds > 0


def test_sentences_come_once_each() -> None:
    assert sentences_of(["One is first. Two is next.", "Two is next. E.g. this."]) == [
        "One is first.",
        "Two is next.",
        "E.g. this.",
    ]


def test_a_step_that_fails_leaves_a_row_that_says_why() -> None:
    def fail() -> list[Row]:
        raise ProgramFailed("Already borrowed")

    (cells,) = attempted("cold `ask`", "2", fail)
    assert cells[0] == "cold `ask`"
    assert cells[-1] == "not measured: Already borrowed"
    assert list(attempted("cold `ask`", "2", lambda: [Row("cold", "s", "2", (1.0,))])) == [
        Row("cold", "s", "2", (1.0,)).cells()
    ]


def test_quality_is_kept_unless_it_is_worse_than_its_tolerance() -> None:
    def verdicts(by: float) -> list[str]:
        return [cells[-1] for cells in unchanged({name: at + by for name, at in BEFORE.items()})]

    assert verdicts(-0.003) == ["**missed**", "**missed**"]
    assert verdicts(-0.001) == verdicts(0.1) == ["reached", "reached"]


def test_sizes_are_of_the_generation_that_serves(tmp_path: Path) -> None:
    for name, size in (("000001", 9000), ("000002", 4000)):
        folder = tmp_path / "data" / "generations" / name
        folder.mkdir(parents=True)
        (folder / "vectors").write_bytes(bytes(size))
    (tmp_path / "data" / "CURRENT").write_text("000002\n")
    (tmp_path / "limit").mkdir()
    (tmp_path / "limit" / "index").write_bytes(bytes(2000))
    counts = {"passages": 100, "sentences": 400, "dimension": 2}
    ratios = [cells[5] for cells in sizes(tmp_path, counts)]
    assert ratios == ["1.00", "5.00", "2.00"]


def test_costs_are_a_line_for_each_size_and_a_picture_of_a_panel_for_each_kind(
    tmp_path: Path,
) -> None:
    keys = [key for _, lines in PANELS.values() for key in lines]
    rows = [
        {"sentences": 1000, "passages": 200, **{key: n + 1.5 for n, key in enumerate(keys)}},
        {"sentences": 1_000_000, "passages": 200_000, **dict.fromkeys(keys, 4.0)},
    ]
    lines = table(rows).splitlines()
    assert lines[2].startswith("| 1,000 | 200 | 1.50 | 2.50 |")
    assert lines[3].startswith("| 1,000,000 | 200,000 | 4.00 |")
    draw(rows, PANELS, tmp_path / "cost.png")
    with Image.open(tmp_path / "cost.png") as picture:
        assert picture.width > 2 * picture.height
