"""``footnote eval``: score a question set."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import AsJson, Data, MinConfidence, NoRefresh, Seeds
from bot.session import Session, begin

if TYPE_CHECKING:
    from index.evaluating import EvalQuestion, Evaluation

Questions = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Questions, one JSON object a line: id, question, answers, document.",
    ),
]
Plot = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT.png",
        dir_okay=False,
        writable=True,
        help="Draw the risk-coverage curve.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many of the questions were asked, for the progress bar."""

    done: int
    total: int
    stage: str = "asking"


def evaluate(
    context: typer.Context,
    file: Questions,
    plot: Plot = None,
    min_confidence: MinConfidence = None,
    no_refresh: NoRefresh = False,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Score the answers to a set of questions, and how well confidence tells right from wrong."""
    from index.evaluating import load_questions

    if plot is not None and not plot.absolute().parent.is_dir():
        raise typer.BadParameter(f"There is no folder {plot.parent}.", param_hint="--plot")
    questions = load_questions(file)
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    if not no_refresh:
        session.refresh_if_possible()
    evaluation = _evaluated(session, questions, min_confidence)
    _print(evaluation, session)
    if plot is not None:
        from bot.plotting import plot_curve

        plot_curve(evaluation, plot)
        session.terminal.note(f"The picture is in {plot}.")


def _evaluated(
    session: Session, questions: "list[EvalQuestion]", min_confidence: float | None
) -> "Evaluation":
    from index import evaluating

    corpus = session.corpus
    with session.terminal.progress() as report:
        return evaluating.evaluate(
            questions,
            ask=partial(corpus.ask, min_confidence=0),
            threshold=corpus.threshold if min_confidence is None else min_confidence,
            document=corpus.document,
            progress=lambda done, total: report(Asked(done, total)),
        )


def _print(evaluation: "Evaluation", session: Session) -> None:
    terminal = session.terminal
    if terminal.as_json:
        terminal.json(evaluation.as_json())
    else:
        heads, *rows = evaluation.rows()
        terminal.table(heads, rows)
    for name in evaluation.missing:
        terminal.warn(f"The questions refer to {name}, which the index does not have.")
