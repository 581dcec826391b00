"""Options that every command takes, and those that several do."""

from math import isnan
from pathlib import Path
from typing import Annotated

import typer


def _a_number(value: float | None) -> float | None:
    """NaN is neither below the least nor above the most that is allowed."""
    if value is not None and isnan(value):
        raise typer.BadParameter("nan is not in the range 0<=x<=1.")
    return value


Seeds = Annotated[
    Path | None,
    typer.Option("--seeds", metavar="DIR", help="The folder of documents.", show_default=False),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The folder of the index.", show_default=False),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON, one object a line, and nothing else.")
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        callback=_a_number,
        metavar="X",
        help="Give no answer less sure than this; 0 forces an answer.",
        show_default=False,
    ),
]
NoRefresh = Annotated[
    bool, typer.Option("--no-refresh", help="Answer from the index as it is on disk.")
]
InCollections = Annotated[
    list[str] | None,
    typer.Option(
        "--collection",
        metavar="NAME",
        help="Only documents of this first-level folder; may be given again. '' stands for those "
        "in no folder.",
        show_default=False,
    ),
]
