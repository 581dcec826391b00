"""``footnote index``: bring the index up to date."""

from typing import Annotated

import typer

from bot.commands.options import AsJson, Data, Seeds
from bot.jsonlines import report_record
from bot.session import begin
from bot.views import report_view

SOME_SKIPPED = 3

Rebuild = Annotated[
    bool, typer.Option("--rebuild", help="Make everything anew, carrying nothing over.")
]


def index(
    context: typer.Context,
    rebuild: Rebuild = False,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the folder of documents; ends a rollback.

    Exits with 3 where documents had to be skipped; each is named on stderr.
    """
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    report = session.refresh(rebuild=rebuild, release=True)
    if as_json:
        session.terminal.json(report_record(report))
    else:
        session.terminal.show(report_view(report))
    if report.skipped:
        raise typer.Exit(SOME_SKIPPED)
