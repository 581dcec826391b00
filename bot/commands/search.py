"""``footnote search``: the passages that match best."""

from typing import Annotated

import typer

from bot.commands.options import AsJson, Data, InCollections, NoRefresh, Seeds
from bot.jsonlines import hit_record
from bot.session import begin
from bot.views import hits_view

Query = Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, metavar="N", help="How many passages.")]


def search(
    context: typer.Context,
    query: Query,
    limit: Limit = 5,
    collection: InCollections = None,
    no_refresh: NoRefresh = False,
    seeds: Seeds = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages that match best, without answering."""
    session = begin(context, seeds=seeds, data=data, as_json=as_json)
    if not no_refresh:
        session.refresh_if_possible()
    hits = session.corpus.search(query, limit=limit, collections=session.collections(collection))
    if as_json:
        for hit in hits:
            session.terminal.json(hit_record(hit))
    else:
        session.terminal.show(hits_view(hits))
