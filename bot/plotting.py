"""The picture of an evaluation: what more answers cost, and whether confidence can be believed."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from index.evaluating import Evaluation

_DOTS = 150
_LINE = "#2a6f97"
_MARK = "#d1495b"


def plot_curve(evaluation: Evaluation, out: Path) -> None:
    """Write a PNG of the risk-coverage curve and, beside it, the reliability diagram.

    Left: the questions are answered in the order of confidence; the height is the share of errors
    among those answered so far. Lower is better; a point marks where the threshold stands.
    Right: ten bins of as many questions each; a bin's share of right first quotes over its mean
    confidence. On the diagonal, confidence is what it says.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(11.2, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    _draw_risk(figure.add_subplot(1, 2, 1), evaluation)
    _draw_reliability(figure.add_subplot(1, 2, 2), evaluation)
    figure.savefig(out, format="png", dpi=_DOTS)


def _draw_risk(axes: Axes, evaluation: Evaluation) -> None:
    axes.set(
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
    _tidy(axes)


def _draw_reliability(axes: Axes, evaluation: Evaluation) -> None:
    error = evaluation.scores.ece
    told = "" if error is None else f", error {error:.3f}"
    axes.set(
        title=f"Reliability{told}",
        xlabel="Mean confidence of a tenth of the questions",
        ylabel="Share of right first quotes among them",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    axes.plot((0, 1), (0, 1), color=_MARK, linewidth=1, linestyle="--")
    found = evaluation.reliability()
    axes.plot(
        [sure for sure, _ in found],
        [share for _, share in found],
        "o-",
        color=_LINE,
        linewidth=2,
        clip_on=False,
    )
    _tidy(axes)


def _tidy(axes: Axes) -> None:
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


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
