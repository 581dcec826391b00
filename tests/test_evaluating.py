"""Question sets, and the figures they give, against tables worked out by hand."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError, UnknownDocument
from index.evaluating import (
    EvalQuestion,
    Evaluation,
    QuestionSetError,
    Scores,
    evaluate,
    load_questions,
)
from index.judging import normalised
from index.questionset import ANSWER_TYPES
from index.records import Abstained, Answer, Citation, Document

TEXT = "The group meets every six months. It has 774 members. It met in Alaska in 2021."
MEETS, MEMBERS, ALASKA = (sentence.strip() for sentence in TEXT.replace(". ", ".|").split("|"))
LIBRARY = {
    name: Document(id=name, title=name, text=TEXT, sha256="", size=0) for name in ("a.txt", "b.txt")
}


def document(name: str) -> Document:
    """A library of two documents with the same text."""
    if name not in LIBRARY:
        raise UnknownDocument(f"There is no document {name}.")
    return LIBRARY[name]


def cite(quote: str, bold: str | None = None, *, name: str = "a.txt") -> Citation:
    """A citation of the text, with ``bold`` as its answer, or the whole quote."""
    start = TEXT.index(quote)
    at = start if bold is None else TEXT.index(bold, start)
    end = at + len(quote if bold is None else bold)
    return Citation(1, name, name, start, start + len(quote), (1, 1), None, quote, at, end)


def reply(confidence: float, *citations: Citation) -> Answer:
    return Answer("", citations[0].answer, confidence, citations, generation="1", seconds=0)


def asking(
    question: str = "how often does it meet?", *answers: str, **known: object
) -> EvalQuestion:
    return EvalQuestion("1", question, answers, **known)  # type: ignore[arg-type]


def scored(*asked: tuple[EvalQuestion, Answer | Abstained], threshold: float = 0.5) -> Evaluation:
    """The evaluation of questions by the replies beside them."""
    replies = iter([answer for _, answer in asked])
    return evaluate(
        [question for question, _ in asked],
        ask=lambda _: next(replies),
        threshold=threshold,
        document=document,
    )


EVERY_SIX = asking("how often does it meet?", "every six months", document="a.txt")

RANKS: list[tuple[EvalQuestion, Sequence[Citation], int | None]] = [
    (EVERY_SIX, [cite(MEETS)], 1),
    (EVERY_SIX, [cite(MEMBERS), cite(MEETS)], 2),
    (EVERY_SIX, [cite(MEMBERS), cite(ALASKA), cite(MEETS)], 3),
    (EVERY_SIX, [cite(MEMBERS), cite(ALASKA), cite("It has"), cite(MEETS)], None),
    (EVERY_SIX, [cite(MEETS, name="b.txt")], None),
    (asking("", "every six months"), [cite(MEETS, name="b.txt")], 1),
    (asking("", "EVERY the six-months!", "Every Six MONTHS"), [cite(MEETS)], 1),
    (asking("", "77"), [cite(MEMBERS)], None),
    (asking("", "the", "?!"), [cite(MEETS)], None),
    (asking(""), [cite(MEETS)], None),
    (asking("", "nonsense", document="a.txt", answer_at=(0,)), [cite(MEETS)], 1),
    (asking("", "six", document="a.txt", answer_at=(33, 5_000)), [cite(MEETS)], None),
    (asking("", "six", document="a.txt", answer_at=(90, 32)), [cite(MEETS)], 1),
    (asking("", "six", document="b.txt", answer_at=(0,)), [cite(MEETS)], None),
]


@pytest.mark.parametrize(("question", "citations", "rank"), RANKS)
def test_the_rank_is_that_of_the_first_of_three_quotes_that_answers(
    question: EvalQuestion, citations: Sequence[Citation], rank: int | None
) -> None:
    for answer in (reply(0.9, *citations), Abstained("", 0.9, tuple(citations), "1", 0)):
        (outcome,) = scored((question, answer)).outcomes
        assert (outcome.rank, outcome.right) == (rank, rank == 1)
        assert outcome.answered == isinstance(answer, Answer)


BOLD = [
    ("every six months", ("every six months",), True, 1.0, True),
    ("every six months", ("six months", "two years"), False, 0.8, True),
    ("six", ("every six months",), False, 0.5, True),
    ("every six", ("six months",), False, 0.5, False),
    ("group meets", ("every six months",), False, 0.0, False),
    ("The", ("every six months", "an"), False, 0.0, False),
]


@pytest.mark.parametrize(("bold", "answers", "exact", "f1", "right"), BOLD)
def test_the_bold_stretch_is_scored_against_the_best_of_the_answers(
    bold: str, answers: tuple[str, ...], exact: bool, f1: float, right: bool
) -> None:
    (outcome,) = scored((asking("", *answers), reply(0.9, cite(MEETS, bold)))).outcomes
    assert outcome.bold
    assert (outcome.exact, outcome.bold_right) == (exact, right)
    assert outcome.f1 == pytest.approx(f1)


def test_a_whole_quote_and_an_unanswerable_question_have_no_bold_stretch() -> None:
    evaluation = scored(
        (EVERY_SIX, reply(0.9, cite(MEETS))), (asking("why?"), reply(0.9, cite(MEETS, "six")))
    )
    assert [outcome.bold for outcome in evaluation.outcomes] == [False, False]
    assert (evaluation.scores.bold, evaluation.scores.f1) == (0, None)


# Five questions. By confidence: .9 right, .8 unanswerable, .6 wrong but third right, .4 right,
# .2 unanswerable. So the errors among the first k are 0, 1, 2, 2, 3 of k.
WORKED = (
    (EVERY_SIX, reply(0.9, cite(MEETS, "every six months"))),
    (asking("who is it?"), reply(0.8, cite(ALASKA))),
    (asking("where?", "Alaska"), reply(0.6, cite(MEETS, "six"), cite(MEMBERS), cite(ALASKA))),
    (asking("how many?", "774"), reply(0.4, cite(MEMBERS))),
    (asking("is it so?"), reply(0.2, cite(MEETS))),
)


def test_the_figures_are_those_worked_out_by_hand() -> None:
    assert asdict(scored(*WORKED).scores) == pytest.approx(
        {
            "questions": 5,
            "answerable": 3,
            "hit_at_1": 2 / 3,
            "hit_at_3": 1,
            "bold": 2 / 3,
            "exact": 0.5,
            "f1": 0.5,
            "bold_right": 0.5,
            "answered": 2 / 3,
            "right": 0.5,
            "false_answers": 0.5,
            "aurc": (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5,
            "ece": (0.1 + 0.8 + 0.6 + 0.6 + 0.2) / 5,
            "verbatim": 1,
        }
    )


def test_the_threshold_alone_decides_what_is_answered() -> None:
    for threshold, answered, false in [(0, 1, 1), (0.4, 1, 0.5), (0.7, 1 / 3, 0.5), (1, 0, 0)]:
        scores = scored(*WORKED, threshold=threshold).scores
        assert scores.answered == pytest.approx(answered)
        assert scores.false_answers == false
    assert scored(*WORKED, threshold=1).scores.right is None


def test_the_curve_starts_with_the_surest() -> None:
    coverages, risks = scored(*WORKED).curve()
    assert coverages == pytest.approx([0.2, 0.4, 0.6, 0.8, 1])
    assert risks == pytest.approx([0, 1 / 2, 2 / 3, 2 / 4, 3 / 5])


def test_ties_of_confidence_share_their_errors_whatever_their_order() -> None:
    right, wrong = (EVERY_SIX, reply(0.5, cite(MEETS))), (EVERY_SIX, reply(0.5, cite(ALASKA)))
    sure = (EVERY_SIX, reply(0.7, cite(ALASKA)))
    for order in ((right, wrong, sure), (sure, wrong, right)):
        evaluation = scored(*order)
        assert evaluation.curve()[1] == pytest.approx([1, 0.75, 2 / 3])
        assert evaluation.scores.ece == pytest.approx((0.7 + 0 + 0) / 3)


def test_calibration_is_judged_in_ten_bins_of_the_same_size() -> None:
    # Twenty questions in pairs of neighbours; each pair has one right, so its share is a half.
    quotes = [cite(MEETS), cite(ALASKA)] * 10
    confidences = [(n + 1) / 20 for n in range(20)]
    asked = [
        (EVERY_SIX, reply(sure, quote)) for sure, quote in zip(confidences, quotes, strict=True)
    ]
    means = [(4 * pair + 3) / 40 for pair in range(10)]
    evaluation = scored(*asked)
    assert evaluation.scores.ece == pytest.approx(sum(abs(mean - 0.5) for mean in means) / 10)
    found = evaluation.reliability()
    assert [sure for sure, _ in found] == pytest.approx(means)
    assert [share for _, share in found] == pytest.approx([0.5] * 10)


def test_of_few_questions_each_has_a_bin() -> None:
    evaluation = scored((EVERY_SIX, reply(0.9, cite(MEETS))), (EVERY_SIX, reply(0.2, cite(ALASKA))))
    assert evaluation.reliability() == [(0.2, 0), (0.9, 1)]
    assert scored().reliability() == []


def test_each_type_of_answer_has_its_own_figures() -> None:
    by_type = dict(scored(*WORKED).by_type)
    assert list(by_type) == ["how many", "how often", "where", "who", "yes/no"]
    assert by_type["where"].hit_at_1 == 0
    assert by_type["where"].hit_at_3 == 1
    assert by_type["where"].false_answers is None
    who = by_type["who"]
    assert (who.questions, who.answerable, who.hit_at_1, who.right) == (1, 0, None, None)
    assert (who.false_answers, who.aurc, who.ece) == (1, 1, 0.8)


def test_a_question_that_is_refused_counts_as_abstained_from() -> None:
    def refuse(question: str) -> Answer:
        raise QuestionError("It is too long.")

    evaluation = evaluate([EVERY_SIX], ask=refuse, threshold=0, document=document)
    (outcome,) = evaluation.outcomes
    assert (outcome.confidence, outcome.answered, outcome.rank) == (0, False, None)
    assert evaluation.scores.aurc == 1


def test_a_quote_that_is_not_in_its_document_is_counted() -> None:
    citation = cite(MEETS)
    moved = replace(citation, start=1)
    unknown = cite(MEETS, name="c.txt")
    evaluation = scored(
        *((EVERY_SIX, reply(0.9, it)) for it in (citation, citation, moved, unknown))
    )
    assert [outcome.verbatim for outcome in evaluation.outcomes] == [True, True, False, False]
    assert evaluation.scores.verbatim == 0.5


def test_documents_that_the_index_does_not_have_are_named() -> None:
    gone = asking("", "x", document="gone.txt")
    evaluation = scored(
        *((question, reply(0.9, cite(MEETS))) for question in (gone, EVERY_SIX, gone))
    )
    assert evaluation.missing == ("gone.txt",)


def test_progress_is_told_after_each_question() -> None:
    told: list[tuple[int, int]] = []
    answer = reply(0.9, cite(MEETS))
    evaluate(
        [EVERY_SIX] * 3,
        ask=lambda _: answer,
        threshold=0,
        document=document,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_table_and_the_json_tell_the_same() -> None:
    evaluation = scored(*WORKED)
    heading, *rows = evaluation.rows()
    assert {len(row) for row in rows} == {len(heading)}
    assert rows[-1][:4] == ("all", "5", "0.667", "1.000")
    assert rows[3][:4] == ("who", "1", "–", "–")
    record = json.loads(json.dumps(evaluation.as_json()))
    assert record["hit_at_1"] == evaluation.scores.hit_at_1
    assert record["by_type"]["where"]["hit_at_3"] == 1
    assert (record["threshold"], record["missing"]) == (0.5, [])


def test_no_questions_give_no_figures_and_no_curve() -> None:
    evaluation = scored()
    assert (evaluation.scores.aurc, evaluation.scores.ece) == (None, None)
    assert evaluation.curve() == ([], [])


SHARES = st.floats(0, 1, allow_nan=False)


@given(st.lists(st.tuples(SHARES, st.sampled_from([MEETS, ALASKA]), st.booleans())), SHARES)
def test_every_figure_is_a_share_and_the_order_of_questions_does_not_matter(
    asked: list[tuple[float, str, bool]], threshold: float
) -> None:
    pairs = [
        (EVERY_SIX if answerable else asking(), reply(confidence, cite(quote)))
        for confidence, quote, answerable in asked
    ]
    figures = scored(*pairs, threshold=threshold).as_json()
    backwards = scored(*reversed(pairs), threshold=threshold).as_json()
    for name in set(Scores.__slots__) - {"questions", "answerable"}:
        assert figures[name] is None or -1e-9 <= float(str(figures[name])) <= 1 + 1e-9
        assert figures[name] == pytest.approx(backwards[name])


NORMALISED = [
    ("The  Group, an\tally of a state!", "group ally of state"),
    ("U.S.", "us"),
    ("“Don’t”", "dont"),
    ("1803–1869", "1803 1869"),
    ("six-month", "sixmonth"),
    ("$5 €5", "5 5"),
    ("Theatre another", "theatre another"),
    ("a an the", ""),
]


@pytest.mark.parametrize(("text", "plain"), NORMALISED)
def test_texts_are_compared_without_case_punctuation_and_articles(text: str, plain: str) -> None:
    assert normalised(text) == plain
    assert normalised(plain) == plain


TYPES = [
    ("How often does the group meet?", "how often"),
    ("how frequently do they meet", "how often"),
    ("How many members has it?", "how many"),
    ("about how much did it cost", "how many"),
    ("In what year was it founded?", "when"),
    ("so when's the meeting?", "when"),
    ("Where do they meet", "where"),
    ("Whose idea was it, and when?", "who"),
    ("To whom did he speak?", "who"),
    ("Which group meets where?", "which"),
    ("how come they meet", "why"),
    ("Why?", "why"),
    ("How long is it?", "how"),
    ("What’s the CSIA", "what"),
    ("does eu law override national law", "yes/no"),
    ("Isn't it known who said so?", "yes/no"),
    ("¿Can they?", "yes/no"),
    ("Name the analyst.", "other"),
    ("whatever, somehow", "other"),
    ("Isaac Newton's birthplace", "other"),
    ("", "other"),
]


@pytest.mark.parametrize(("question", "kind"), TYPES)
def test_the_first_asking_word_tells_the_type_of_answer(question: str, kind: str) -> None:
    assert asking(question).answer_type == kind
    assert kind in ANSWER_TYPES


def written(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    return path


def line(**fields: object) -> str:
    """A line of a question set that is right but for ``fields``; None leaves one out."""
    record = {"id": "2", "question": "q", "answers": ["x"], "document": "d", **fields}
    return json.dumps({name: value for name, value in record.items() if value is not None})


def test_a_question_set_is_read_with_all_it_says(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '\ufeff{"id": "1", "question": "when?", "answers": ["2021"], "document": "a.txt"}\r',
        "",
        '{"id": "2", "question": "who\u2028?", "answers": [], "document": null, "answer_at": []}',
        line(id="3", answers=["x", "y"], document="b/ü.md", answer_at=7, topic="more"),
        line(id="4", answer_at=[0, 9]),
        line(id="5", document=None),
    )
    assert load_questions(path) == [
        EvalQuestion("1", "when?", ("2021",), "a.txt"),
        EvalQuestion("2", "who\u2028?"),
        EvalQuestion("3", "q", ("x", "y"), "b/ü.md", (7,)),
        EvalQuestion("4", "q", ("x",), "d", (0, 9)),
        EvalQuestion("5", "q", ("x",)),
    ]
    assert [question.answerable for question in load_questions(path)] == [True, False] + [True] * 3


BAD_LINES = [
    ("{", "not JSON (Expecting property name enclosed in double quotes at column 2)"),
    ("[" * 100_000, "too many brackets"),
    ("[]", 'write a JSON object such as {"id"'),
    (line(id="1"), "the id '1' comes twice; ids must differ"),
    (line(id=2), '"id" must be a string'),
    (line(question=" "), '"question" must be a string that is not blank'),
    (line(answers=None), '"answers" must be a list of strings'),
    (line(answers="x"), '"answers" must be a list of strings'),
    (line(answers=["x", ""]), "none blank; [] if unanswerable"),
    (line(document=5), '"document" must be'),
    (line(answer_at=-1), '"answer_at" must be an offset (0 or more)'),
    (line(answer_at=[True]), '"answer_at" must be an offset'),
    (line(answer_at=1, document=None), '"answer_at" needs "answers" and the "document"'),
    (line(answer_at=1, answers=[]), '"answer_at" needs "answers" and the "document"'),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_LINES, ids=[reason for _, reason in BAD_LINES])
def test_a_wrong_line_is_named_with_how_to_mend_it(tmp_path: Path, bad: str, reason: str) -> None:
    path = written(tmp_path, line(id="1"), "", bad)
    with pytest.raises(QuestionSetError) as caught:
        load_questions(path)
    assert str(caught.value).startswith(f"{path}, line 3: ")
    assert reason in str(caught.value)


def test_a_file_that_is_no_question_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read: No such file"):
        load_questions(tmp_path / "gone.jsonl")
    with pytest.raises(QuestionSetError, match="holds no question"):
        load_questions(written(tmp_path, "", " "))
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(QuestionSetError, match="Save it as UTF-8"):
        load_questions(tmp_path / "latin.jsonl")
