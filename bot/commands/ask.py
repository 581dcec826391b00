"""``footnote ask``: one question, or a stream of them."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from bot.batch import Lines, answer_lines
from bot.commands.options import AsJson, Data, InCollections, MinConfidence, NoRefresh, Seeds
from bot.desk import FAILED
from bot.session import Session, begin
from bot.showing import show
from index.records import Abstained, Answer

Question = Annotated[
    str | None,
    typer.Argument(metavar="QUESTION", help="The question, in quotes.", show_default=False),
]
Batch = Annotated[
    typer.FileBinaryRead | None,
    typer.Option(
        metavar="FILE",
        help="Answer each line of FILE (- for stdin) with a line of JSON.",
        show_default=False,
    ),
]


def ask(
    context: typer.Context,
    question: Question = None,
    batch: Batch = None,
    collection: InCollections = None,
    min_confidence: MinConfidence = None,
    no_refresh: NoRefresh = False,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with quotes from the documents, or say that they do not say."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("Give a question, or --batch FILE, not both.")
    session = begin(context, seeds=seeds, data=data, as_json=as_json or batch is not None)
    if not no_refresh:
        session.refresh_if_possible()
    answer = partial(
        session.corpus.ask,
        collections=session.collections(collection),
        min_confidence=min_confidence,
    )
    if batch is not None:
        _answer_batch(session, batch, answer)
    elif question is not None:
        show(session, answer(question))


def _answer_batch(
    session: Session, lines: Lines, answer: Callable[[str], Answer | Abstained]
) -> None:
    """Answer all lines; it is a failure in the end where one met an unexpected error."""
    all_well = answer_lines(
        lines,
        ask=answer,
        generation=lambda: session.corpus.generation,
        emit=session.terminal.json,
    )
    if not all_well:
        raise typer.Exit(FAILED)
