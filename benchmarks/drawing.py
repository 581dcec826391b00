"""Costs over the size of a corpus, as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

_DOTS = 100
_COLOURS = ("#2a6f97", "#d1495b")

Found = Mapping[str, float]
Panels = Mapping[str, tuple[str, Mapping[str, str]]]
"""By title: the unit, and the label of each line by its key in ``Found``."""


def draw(rows: Sequence[Found], panels: Panels, out: Path) -> None:
    """A panel for each kind of cost, over the number of sentences."""
    figure = Figure(figsize=(10.5, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (title, (unit, lines)) in zip(
        figure.subplots(1, len(panels)), panels.items(), strict=True
    ):
        _draw_panel(axes, rows, lines)
        axes.set(title=title, xlabel="sentences", ylabel=unit, xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
            axis.set_minor_formatter(NullFormatter())
    figure.savefig(out, format="png", dpi=_DOTS)


def _draw_panel(axes: Axes, rows: Sequence[Found], lines: Mapping[str, str]) -> None:
    sizes = [row["sentences"] for row in rows]
    for (key, label), colour in zip(lines.items(), _COLOURS, strict=True):
        axes.plot(sizes, [row[key] for row in rows], "o-", color=colour, label=label)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
