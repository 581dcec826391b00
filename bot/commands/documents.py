"""``footnote documents`` and ``footnote show``: what is indexed, and what it says."""

from typing import Annotated

import typer

from bot.commands.options import AsJson, Data, InCollections, Seeds
from bot.excerpt import Excerpt, excerpt, parse_lines
from bot.jsonlines import entry_record
from bot.session import begin
from bot.terminal import Terminal
from bot.views import numbered_line, size
from index.records import DocumentEntry

HEADS = ("document", "title", "size", "passages", "indexed")

Name = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="Its id, as `footnote documents` lists it.")
]
LineRange = Annotated[
    str | None,
    typer.Option("--lines", metavar="A-B", help="Only lines A to B, or A alone; from 1."),
]
Raw = Annotated[
    bool, typer.Option("--raw", help="The text exactly as it is, in UTF-8; offsets refer to it.")
]


def documents(
    context: typer.Context,
    collection: InCollections = None,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the documents of the index."""
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    entries = session.corpus.documents(collections=session.collections(collection))
    if as_json:
        for entry in entries:
            session.terminal.json(entry_record(entry))
    else:
        _print_list(entries, session.terminal)


def show(
    context: typer.Context,
    document: Name,
    lines: LineRange = None,
    raw: Raw = False,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print a document's text with line numbers, or some of its lines."""
    if raw and as_json:
        raise typer.BadParameter("Give --raw or --json, not both.")
    wanted = None if lines is None else _wanted(lines)
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    shown = excerpt(session.corpus.document(document), wanted)
    if shown.clamped:
        session.terminal.warn(shown.clamped)
    if raw:
        session.terminal.raw(shown.text.encode("utf-8", "surrogatepass"))
    elif as_json:
        session.terminal.json(shown.record())
    else:
        _print_numbered(shown, session.terminal)


def _wanted(lines: str) -> tuple[int, int]:
    try:
        return parse_lines(lines)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--lines") from None


def _print_list(entries: list[DocumentEntry], terminal: Terminal) -> None:
    """The list as a table; where a program may read it, with exact figures."""
    if terminal.out.is_terminal:
        rows = [(e.id, e.title, size(e.size), str(e.passages), e.indexed_at[:10]) for e in entries]
    else:
        rows = [(e.id, e.title, str(e.size), str(e.passages), e.indexed_at) for e in entries]
    terminal.table(HEADS, rows, wrapped=("document", "title"))


def _print_numbered(shown: Excerpt, terminal: Terminal) -> None:
    width = len(str(shown.lines[1]))
    for number, text in enumerate(shown.split(), start=shown.lines[0]):
        terminal.show(numbered_line(number, text, width=width))
