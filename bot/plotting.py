"""The risk-coverage picture: how wrong the answers get as more questions are answered."""

from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from index.evaluating import Evaluation

_DOTS = 150
_LINE = "#2a6f97"
_MARK = "#d1495b"


def plot_curve(evaluation: Evaluation, out: Path) -> None:
    """Write a PNG of the risk-coverage curve, with the point where the threshold stands.

    From left to right the questions are answered in the order of confidence; the height is the
    share of errors among those answered so far. Lower is better.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(
        title=_title(evaluation),
        xlabel="Coverage: share of questions answered, surest first",
        ylabel="Risk: share of errors among them",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    coverages, risks = evaluation.curve()
    axes.plot(coverages, risks, color=_LINE, linewidth=2)
    axes.fill_between(coverages, risks, color=_LINE, alpha=0.12, linewidth=0)
    if point := threshold_point(evaluation):
        axes.plot(*point, "o", color=_MARK, label=f"threshold {evaluation.threshold:.2f}")
        axes.legend(frameon=False, loc="upper left")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(out, format="png", dpi=_DOTS)


def threshold_point(evaluation: Evaluation) -> tuple[float, float] | None:
    """The coverage at the threshold and the risk there; None where nothing is answered."""
    answered = sum(outcome.answered for outcome in evaluation.outcomes)
    if not answered:
        return None
    coverages, risks = evaluation.curve()
    return coverages[answered - 1], risks[answered - 1]


def _title(evaluation: Evaluation) -> str:
    scores = evaluation.scores
    area = "" if scores.aurc is None else f", area {scores.aurc:.3f}"
    return f"Risk and coverage of {scores.questions} questions{area}"
