"""Hold the export of the bundled model against its original: the same answers, and at what cost.

    python -m benchmarks.encoders ../shared/data [--questions 500] [--int8]

Indexes SQuAD's development articles with each and asks the same questions of both. Prints how many
are answered alike to the letter, with the same citations, the largest difference in confidence,
hit@1 of the answerable ones, and the seconds of the processor that indexing and encoding took.
``--int8`` adds the export with weights of eight bits, which is not offered.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.dev_sets import DevQuestion, read_questions
from benchmarks.score import is_gold
from index.encoders import LoadedEncoder
from index.exports import WEIGHTS, ExportStore
from index.library import Library
from index.models import ModelIdentity, model_files
from index.onnx_encoding import OnnxEncoder
from index.onnx_session import Export
from index.originals.encoder import SentenceEncoder, load_encoder
from index.records import Abstained, Answer
from index.weights import load_weights

Outcome = Answer | Abstained


@dataclass(frozen=True)
class Loaded:
    """A source of a model that is loaded already."""

    encoder: LoadedEncoder

    def identify(self) -> ModelIdentity:
        """Which model it is."""
        return self.encoder.identity

    def load(self) -> LoadedEncoder:
        """The model."""
        return self.encoder


@dataclass(frozen=True)
class Measured:
    """What one encoder's library answered, and what that cost."""

    outcomes: Sequence[Outcome]
    indexing: float
    asking: float


def exported(original: SentenceEncoder, folder: Path) -> Export:
    """The export of a model, made anew."""
    store = ExportStore(folder)
    with store.writing():
        return store.draft(original.identity, original.export(weights=WEIGHTS))


def eight_bits(export: Export) -> Export:
    """The export with its weights in eight bits, and sums scaled as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    smaller = export.network.with_name("eight_bits.onnx")
    quantize_dynamic(export.network, smaller, weight_type=QuantType.QInt8)
    return Export(smaller, export.tokenizer, export.traits, export.words)


@contextmanager
def spent() -> Iterator[Callable[[], float]]:
    """Seconds of the processor since."""
    began = time.process_time()
    yield lambda: time.process_time() - began


def measure(encoder: LoadedEncoder, articles: Path, questions: Sequence[DevQuestion]) -> Measured:
    """Index the articles and ask the questions, with an answer forced."""
    with tempfile.TemporaryDirectory() as data:
        library = Library(
            seeds=articles, data=Path(data), source=Loaded(encoder), weights=load_weights()
        )
        with spent() as seconds:
            library.refresh()
            indexing = seconds()
        library.warm_up()
        with spent() as seconds:
            outcomes = [library.ask(one.question, min_confidence=0) for one in questions]
            return Measured(outcomes, indexing, seconds())


def essence(outcome: Outcome) -> Outcome:
    """All of an outcome but what may differ by a rounding, or by when it was."""
    return replace(outcome, confidence=0.0, seconds=0.0, generation="")


def report(name: str, ours: Measured, theirs: Measured, questions: Sequence[DevQuestion]) -> None:
    """One line of figures."""
    pairs = list(zip(ours.outcomes, theirs.outcomes, strict=True))
    alike = sum(essence(one) == essence(other) for one, other in pairs)
    apart = max(abs(one.confidence - other.confidence) for one, other in pairs)
    asked = [(q, o) for q, o in zip(questions, ours.outcomes, strict=True) if q.answers]
    right = sum(isinstance(o, Answer) and is_gold(q, o.citations[0]) for q, o in asked)
    print(
        f"{name}: {alike} of {len(pairs)} alike, confidence apart by {apart:.2g} at most; "
        f"hit@1 {right / len(asked):.4f} of {len(asked)}; "
        f"indexing {ours.indexing:.1f} CPU-s, asking {1000 * ours.asking / len(pairs):.1f} CPU-ms",
        flush=True,
    )


def encoding(name: str, encoder: LoadedEncoder, questions: Sequence[DevQuestion]) -> None:
    """How long a question takes to be encoded, one at a time."""
    times = []
    for one in questions[:200]:
        began = time.thread_time()
        encoder.embed_query(one.question)
        times.append(1000 * (time.thread_time() - began))
    print(f"{name}: a question is encoded in {np.median(times):.2f} CPU-ms (median)", flush=True)


def compare(
    encoders: Mapping[str, LoadedEncoder], articles: Path, questions: Sequence[DevQuestion]
) -> None:
    """Hold each against the first, and print."""
    theirs: Measured | None = None
    for name, encoder in encoders.items():
        encoding(name, encoder, questions)
        ours = measure(encoder, articles, questions)
        theirs = theirs or ours
        report(name, ours, theirs, questions)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Hold the export against its original.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--int8", action="store_true")
    arguments = parser.parse_args()
    articles = arguments.data / "squad-dev" / "documents"
    every = [one for one in read_questions(arguments.data) if one.group == "squad"]
    questions = every[:: max(1, len(every) // arguments.questions)][: arguments.questions]
    original = load_encoder(model_files(None))
    with tempfile.TemporaryDirectory() as folder:
        export = exported(original, Path(folder))
        encoders: dict[str, LoadedEncoder] = {
            "original": original,
            "export": OnnxEncoder(export, original.identity),
        }
        if arguments.int8:
            encoders["eight bits"] = OnnxEncoder(eight_bits(export), original.identity)
        compare(encoders, articles, questions)


if __name__ == "__main__":
    main()
