"""``footnote rollback``: answer from the generation before."""

import typer

from bot.commands.options import AsJson, Data, Seeds
from bot.jsonlines import report_record
from bot.session import begin
from bot.views import rollback_view


def rollback(
    context: typer.Context, seeds: Seeds = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Answer from the generation before the current one, until you index again.

    Documents that change meanwhile are not indexed by themselves.
    """
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    left = session.corpus.generation
    report = session.corpus.roll_back(leaving=left)
    if as_json:
        session.terminal.json({**report_record(report), "instead_of": left})
    else:
        session.terminal.show(rollback_view(report, left or ""))
