"""The corpora of the benchmark, kept in a work folder so that they are made once."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.commands import worker
from benchmarks.contestants.flat import write
from benchmarks.contestants.worker import paragraphs_of
from benchmarks.growing import varied
from benchmarks.processes import Runner
from benchmarks.stand_in import Encoded, StandIn, load_encoded, sentences_of
from index.library import Library
from index.weights import load_weights

_AT_ONCE = 20  # paragraphs in a document, as in ``varied``


@dataclass(frozen=True)
class Work:
    """The development articles, and a folder for what is made of them.

    Attributes:
        data: holds ``squad-dev`` with its documents and questions.
        folder: everything here can be deleted.
    """

    data: Path
    folder: Path

    @property
    def documents(self) -> Path:
        """The articles."""
        return self.data / "squad-dev" / "documents"

    def questions(self) -> list[str]:
        """SQuAD's questions, each once, articles mixed: every 53rd, then those after them."""
        lines = (self.data / "squad-dev" / "questions.jsonl").read_text("utf-8").splitlines()
        asked = list(dict.fromkeys(json.loads(line)["question"] for line in lines))
        return [one for start in range(53) for one in asked[start::53]]

    def stand_in(self) -> StandIn:
        """The stand-in, made of the articles' texts."""
        known, questions = self.encoded()
        return StandIn(known=known, questions=questions)

    def encoded(self) -> tuple[Encoded, Encoded]:
        """The articles' texts and questions; the model encodes them the first time."""
        paragraphs = paragraphs_of(self.documents)
        texts = self._encoded("texts", [*paragraphs, *sentences_of(paragraphs)])
        return texts, self._encoded("questions", self.questions()[:500])

    def _encoded(self, name: str, texts: list[str]) -> Encoded:
        folder = self.folder / "encoded"
        vectors, of = folder / f"{name}.npy", folder / f"{name}.json"
        if not of.exists() or json.loads(of.read_text("utf-8")) != texts:
            folder.mkdir(parents=True, exist_ok=True)
            with Runner(self.folder, cores=2).worker(worker("limit", folder, threads=2)) as limit:
                limit.do("load")
                limit.do("call", "encode_into", texts, str(vectors))
            of.write_text(json.dumps(texts), "utf-8")
        return load_encoded(texts, vectors)

    def large(self, paragraphs: int) -> Path:
        """The folder of the corpus of so many paragraphs: ``seeds``, ``data`` and ``limit``."""
        return self.folder / f"large-{paragraphs}"

    def make_large(self, paragraphs: int, stand_in: StandIn) -> None:
        """Make that folder, or bring it up to date: documents, and both systems' indexes."""
        folder = self.large(paragraphs)
        texts = write_documents(folder / "seeds", paragraphs_of(self.documents), paragraphs)
        library = Library(
            seeds=folder / "seeds", data=folder / "data", source=stand_in, weights=load_weights()
        )
        library.refresh(release=True)
        kept = folder / "limit" / "texts.json"
        if not kept.exists() or json.loads(kept.read_text("utf-8")) != texts:
            write(folder / "limit", texts, stand_in.embed_passages(texts))


def write_documents(seeds: Path, paragraphs: list[str], count: int) -> list[str]:
    """Documents of so many paragraphs in all, none the twin of another; returns them.

    What is there already is left as it is, but for documents that do not belong there.
    """
    seeds.mkdir(parents=True, exist_ok=True)
    written, wanted = [], set()
    for n in range(count // _AT_ONCE):
        parts = list(varied(paragraphs, n))
        text = "\n\n".join([f"Document {n}", *parts])
        written += parts
        path = seeds / f"{n:05}.txt"
        wanted.add(path)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
    for path in set(seeds.iterdir()) - wanted:
        path.unlink()
    return written


def main() -> None:
    """Make the large corpus, in a process whose memory is given back."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("work", type=Path)
    options.add_argument("--paragraphs", type=int, default=20_000)
    chosen = options.parse_args()
    work = Work(chosen.data, chosen.work)
    work.make_large(chosen.paragraphs, work.stand_in())


if __name__ == "__main__":
    main()
