"""``footnote chat``: questions one after the other, with follow-ups."""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TypeAlias

import typer

from bot.commands.options import AsJson, Data, InCollections, MinConfidence, NoRefresh, Seeds
from bot.desk import ends_all, explain
from bot.given import Given
from bot.inert import flat
from bot.session import Session, begin
from bot.showing import show
from bot.terminal import Terminal
from bot.views import aged_note
from index.errors import CorpusError
from index.previous import Previous
from index.records import Abstained, Answer

Ask: TypeAlias = Callable[[str], Answer | Abstained]

PROMPT = "? "
LEAVING = frozenset({"exit", "quit"})


def chat(
    context: typer.Context,
    collection: InCollections = None,
    min_confidence: MinConfidence = None,
    no_refresh: NoRefresh = False,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question after the other; a follow-up is understood from the turn before.

    The index is brought up to date at the start, and before a question if documents have changed.
    Then it is told which earlier answers the documents do not say any more. Ctrl-D, exit or quit
    leaves.
    """
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    with session.tracking(wanted=not no_refresh) as catch_up:
        collections = session.collections(collection)
        given = Given(session.corpus, collections)
        ask = partial(session.corpus.ask, collections=collections, min_confidence=min_confidence)
        previous = None
        for asked in _questions(prompting=not as_json):
            catch_up()
            _tell_of_aged(given, session.terminal)
            previous = _turn(ask, asked, previous=previous, session=session, given=given)


def _tell_of_aged(given: Given, terminal: Terminal) -> None:
    try:
        for answer, fate in given.aged():
            terminal.note(aged_note(answer, fate))
    except CorpusError as error:  # the question that follows says so too
        terminal.note(str(error))


def _turn(
    ask: Ask, asked: str, *, previous: Previous | None, session: Session, given: Given
) -> Previous | None:
    """Answer one question; returns the turn that the next may follow up."""
    from index.following import complete

    terminal = session.terminal
    question = complete(asked, previous)
    if question != asked:
        terminal.note(f"understood as: {flat(question)}")
    try:
        result = ask(question)
    except Exception as error:
        if ends_all(error):
            raise
        terminal.fail(explain(error))
        return previous
    given.add(result)
    show(session, result, end="\n")
    return Previous.of(result)


def _questions(*, prompting: bool) -> Iterator[str]:
    """What is typed, a line at a time, until it ends or a word of leaving comes."""
    if prompting and sys.stdin.isatty() and sys.stdout.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401 - makes input() a line one can edit
        lines = iter(_typed, None)
    else:
        lines = iter(sys.stdin.readline, "")
    for line in lines:
        asked = line.strip()
        if asked.lower() in LEAVING:
            return
        if asked:
            yield asked


def _typed() -> str | None:
    try:
        return input(PROMPT)
    except EOFError:
        return None
