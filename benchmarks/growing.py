"""What it costs to bring a large index up to date: nothing changed, one document more, or less.

``python -m benchmarks.growing DOCUMENTS --passages 20000`` makes a corpus of about that many
passages from the paragraphs of the texts in DOCUMENTS, and tells CPU and wall seconds of each
change beside those of hashing all files, and of writing as much as a generation holds. A
word-counting encoder stands in for the model, so that what is measured is everything else.
"""

import argparse
import hashlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.places import Place

_AT_ONCE = 20  # paragraphs in a document


def main() -> None:
    """Run the steps, and print a row of each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("documents", type=Path)
    options.add_argument("--passages", type=int, default=20_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.source.encoder.most_pieces = 256  # as the model reads
        paragraphs = corpus(chosen.documents)
        written = write(place, paragraphs, chosen.passages)
        print("| step | CPU s | wall s |\n|---|---|---|")
        timed("first index", lambda: refresh(place))
        timed("hashing all files", lambda: hashed(place.seeds))
        timed("writing as much, synced", lambda: copied(place))
        timed("nothing changed", lambda: refresh(place))
        changed = place.seeds / "00007.txt"
        changed.write_text(f"{changed.read_text()}\n\nA sentence that was not there before.\n")
        timed("one document changed", lambda: refresh(place))
        (place.seeds / "new.txt").write_text("\n\n".join(varied(paragraphs, written)))
        timed("one document more", lambda: refresh(place))
        changed.rename(place.seeds / "renamed.txt")
        timed("one renamed", lambda: refresh(place))
        (place.seeds / "renamed.txt").unlink()
        timed("one removed", lambda: refresh(place))
        timed("all made anew", lambda: place.library().refresh(rebuild=True))


def corpus(documents: Path) -> list[str]:
    """The paragraphs of all texts in a folder."""
    texts = [path.read_text() for path in sorted(documents.glob("*.txt"))]
    return [part for text in texts for part in text.split("\n\n") if len(part) > 200]


def varied(paragraphs: list[str], seed: int) -> Iterator[str]:
    """A document's worth of paragraphs, whose words are shuffled a little, so that none is twin."""
    chance = random.Random(seed)  # noqa: S311  # the same corpus each time
    for paragraph in chance.sample(paragraphs, _AT_ONCE):
        words = paragraph.split()
        for _ in range(5):
            one, other = chance.randrange(len(words) - 1), chance.randrange(len(words) - 1)
            words[one], words[other] = words[other], words[one]
        yield " ".join(words)


def write(place: Place, paragraphs: list[str], passages: int) -> int:
    """Fill the seeds folder; returns how many documents that took."""
    place.seeds.mkdir(parents=True)
    count = passages // _AT_ONCE
    for n in range(count):
        path = place.seeds / f"{n:05}.txt"
        path.write_text("\n\n".join([f"Document {n}", *varied(paragraphs, n)]))
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return count


def refresh(place: Place) -> str:
    """Bring the index up to date as a new process does."""
    report = place.library().refresh()
    return f"{report.passages} passages"


def hashed(seeds: Path) -> None:
    """Read and hash every file."""
    for path in seeds.iterdir():
        hashlib.sha256(path.read_bytes()).hexdigest()


def copied(place: Place) -> None:
    """Write what a generation holds once more."""
    newest = max((place.data / "generations").iterdir())
    for path in newest.iterdir():
        content = path.read_bytes()
        with (place.root / "copy").open("wb") as file:
            file.write(content)
            os.fsync(file.fileno())


def timed(name: str, act: Callable[[], object]) -> None:
    """Print what a step took."""
    wall, cpu = time.perf_counter(), time.process_time()
    told = act()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"| {name}{f' ({told})' if isinstance(told, str) else ''} | {cpu:.2f} | {wall:.2f} |")


if __name__ == "__main__":
    main()
