"""What the runtime's settings cost: batches, threads, spinning, and optimising the network.

    python -m benchmarks.encoder_settings [--rounds 5]

Prints Markdown tables of the bundled model's export. Each figure is the least of some rounds, in
which all settings take turns, so that what else the machine does meets all of them alike. Seconds
of the processor are those of all threads.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.encoders import exported
from index.feeding import INPUTS
from index.models import model_files
from index.originals.encoder import load_encoder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LENGTHS = (8, 13, 24, 40, 80, 128, 187, 254)
BATCHES = (1, 2, 4, 8, 16, 32)
LEVELS = ("DISABLE_ALL", "ENABLE_BASIC", "ENABLE_EXTENDED")


@dataclass(frozen=True)
class Setting:
    """How a session is made."""

    threads: int = 1
    spinning: bool = False
    level: str = "ENABLE_ALL"

    def __str__(self) -> str:
        return f"{self.threads} threads, {'' if self.spinning else 'not '}spinning, {self.level}"

    def open(self, network: Path) -> "InferenceSession":
        """A session."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(self.spinning)))
        options.graph_optimization_level = getattr(
            onnxruntime.GraphOptimizationLevel, f"ORT_{self.level}"
        )
        return onnxruntime.InferenceSession(
            str(network), options, providers=["CPUExecutionProvider"]
        )


@dataclass(frozen=True)
class Cost:
    """Milliseconds."""

    processor: float
    wall: float

    def __str__(self) -> str:
        return f"{self.processor:.1f} / {self.wall:.1f}"


def texts(count: int, tokens: int) -> dict[str, np.ndarray]:
    """As many texts of as many tokens, made up."""
    random = np.random.default_rng(tokens)
    ids = random.integers(1000, 20_000, (count, tokens))
    ones = np.ones_like(ids)
    return dict(zip(INPUTS, (ids, ones, 0 * ones), strict=True))


def cost(work: Callable[[], object], times: int) -> Cost:
    """What one of ``times`` took on average."""
    processor, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        work()
    each = 1000 / times
    return Cost((time.process_time() - processor) * each, (time.perf_counter() - wall) * each)


def least(works: Mapping[str, Callable[[], object]], *, rounds: int, times: int) -> dict[str, Cost]:
    """The least that each took, all taking turns."""
    found: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(cost(work, times))
    return {
        name: Cost(min(one.processor for one in costs), min(one.wall for one in costs))
        for name, costs in found.items()
    }


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one, in Markdown."""
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(map(str, row))} |", flush=True)
    print()


def batches(network: Path, rounds: int) -> None:
    """Milliseconds of the processor for each text, by its length and by how many go together."""
    session = Setting().open(network)
    rows = []
    for tokens in LENGTHS:
        fed = {str(count): texts(count, tokens) for count in BATCHES}
        works = {
            name: (lambda given=given: session.run(None, given)) for name, given in fed.items()
        }
        found = least(works, rounds=rounds, times=max(1, 200 // tokens))
        rows.append([tokens, *(f"{found[str(n)].processor / n:.2f}" for n in BATCHES)])
    table(["tokens", *map(str, BATCHES)], rows)


def settings(network: Path, rounds: int) -> None:
    """Milliseconds of the processor and of the clock, by threads, spinning and optimising."""
    choices = [Setting(threads, spins) for threads in (1, 2) for spins in (False, True)]
    choices += [Setting(level=level) for level in LEVELS]
    opened = {str(choice): choice.open(network) for choice in choices}
    rows: dict[str, list[object]] = {name: [name] for name in opened}
    for count, tokens in ((1, 13), (1, 40), (8, 40), (1, 187)):
        given = texts(count, tokens)
        works = {
            name: (lambda session=session, given=given: session.run(None, given))
            for name, session in opened.items()
        }
        for name, one in least(works, rounds=rounds, times=max(2, 300 // tokens // count)).items():
            rows[name].append(one)
    table(["CPU / wall ms", "1 of 13", "1 of 40", "8 of 40", "1 of 187"], list(rows.values()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the runtime's settings cost.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        network = exported(load_encoder(model_files(None)), Path(folder)).network
        batches(network, rounds)
        settings(network, rounds)


if __name__ == "__main__":
    main()
