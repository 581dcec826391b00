"""How often documents are said to disagree: ``python -m benchmarks.disagreeing DATA``.

Asked are the pairs of ``benchmarks.pairs``; the development questions, of all articles, of those
with an exact copy of each beside it, and of those with a copy whose numbers were changed; and
QAMR's questions, of the articles that their sentences are from. Whatever is said to disagree where
nothing was changed is printed, to be read.
"""

import argparse
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cases import Asker
from benchmarks.dev_sets import SEED, read_documents, read_questions
from benchmarks.pairs import AGREEMENTS, CONFLICTS, HARD, LAST_AGREEMENTS, LAST_CONFLICTS
from index.disagreeing import disagreeing
from index.encoders import LoadedEncoder, ModelSource
from index.features import NAMES
from index.library import Library
from index.models import ModelIdentity
from index.quantities import VALUED
from index.questions import read_question
from index.records import Answer
from index.weights import load_weights

PAIRS = (
    ("conflicts", CONFLICTS, True),
    ("agreements", AGREEMENTS, False),
    ("hard agreements", HARD, False),
    ("last conflicts", LAST_CONFLICTS, True),
    ("last agreements", LAST_AGREEMENTS, False),
)
QAMR = 3000  # questions, drawn by chance from those that ask for a value


class Loaded:
    """A model that is loaded once for many libraries."""

    def __init__(self) -> None:
        self._source = ModelSource()
        self._encoder = self._source.load()

    def identify(self) -> ModelIdentity:
        """Which model it is."""
        return self._source.identify()

    def load(self) -> LoadedEncoder:
        """The one that is loaded already."""
        return self._encoder


@contextmanager
def library_over(source: Loaded, texts: Mapping[str, str]) -> Iterator[Library]:
    """A library over texts by name, indexed; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for name, text in texts.items():
            (seeds / name).write_text(text, "utf-8")
        library = Library(
            seeds=seeds, data=Path(folder) / "data", source=source, weights=load_weights()
        )
        library.refresh()
        yield library


def ask_pairs(source: Loaded) -> None:
    """Ask each pair, and name those that are judged wrongly."""
    for name, pairs, wanted in PAIRS:
        told = 0
        for question, *laid in pairs:
            texts = {f"{at}.txt": text.replace(" | ", "\n\n") for at, text in enumerate(laid)}
            with library_over(source, texts) as library:
                found = library.ask(question)
            disagrees = isinstance(found, Answer) and bool(found.claims)
            told += disagrees
            if disagrees != wanted:
                print(f"    {'missed' if wanted else 'FALSE'}: {question}")
        print(f"{name}: {told} of {len(pairs)} said to disagree")


def ask_all(name: str, library: Library, questions: Sequence[str], *, shown: bool = True) -> None:
    """Ask all, and print what is said to disagree."""
    answers = [one for one in map(library.ask, questions) if isinstance(one, Answer)]
    told = [one for one in answers if one.claims]
    sure = sum(not one.citations[0].is_whole for one in answers)
    print(
        f"{name}: {len(told)} of {len(questions)} said to disagree "
        f"({len(answers)} answered, {sure} with a short answer)"
    )
    for one in told if shown else ():
        print(f"    {one.question}")
        for _, cited in one.told():
            print(f"        {cited.answer} | {cited.document}: {' '.join(cited.quote.split())}")


def changed(text: str) -> str:
    """A text with another value for each number in digits, of the same form."""
    return re.sub(r"(?<![\d.,])\d+(?:,\d{3})*(?![\d.,]*\d)", _another, text)


def _another(match: re.Match[str]) -> str:
    number = int(match[0].replace(",", ""))
    other = number + 7 if number < 1000 or re.fullmatch(r"[12]\d{3}", match[0]) else number * 3 // 2
    return f"{other:,}" if "," in match[0] else str(other)


def ask_articles(source: Loaded, data: Path) -> None:
    """The development questions, of the articles and of copies beside them."""
    folder = data / "squad-dev" / "documents"
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))}
    every = [one for one in read_questions(data) if one.group != SEED]
    answerable = [one.question for one in every if one.answers]
    rest = [one.question for one in every if not one.answers]
    valued = [one for one in answerable if read_question(one).kind in VALUED]
    with library_over(source, texts) as library:
        ask_all("articles, answerable", library, answerable)
        ask_all("articles, unanswerable", library, rest)
    with library_over(source, texts | {f"copy-{n}": text for n, text in texts.items()}) as library:
        ask_all("articles and copies, answerable", library, answerable)
    altered = {f"copy-{name}": changed(text) for name, text in texts.items()}
    with library_over(source, texts | altered) as library:
        ask_all("articles and changed copies, for values", library, valued, shown=False)


def ask_qamr(source: Loaded, data: Path) -> None:
    """QAMR's questions for values, of some 900 articles of Wikipedia and Wikinews."""
    texts: dict[str, list[str]] = defaultdict(list)
    for line in (data / "qamr" / "wiki-sentences.tsv").read_text("utf-8").splitlines():
        id, sentence, *_ = line.split("\t")
        texts["-".join(id.split(":")[1:3])].append(_as_typed(sentence))
    lines = [
        line
        for name in ("dev.tsv", "test.tsv")
        for line in (data / "qamr" / name).read_text("utf-8").splitlines()
    ]
    questions = sorted({line.split("\t")[5] for line in lines})
    asked = [one for one in questions if len(one.split()) > 3 and read_question(one).kind in VALUED]
    random.Random(1).shuffle(asked)  # noqa: S311 - nothing secret
    # Numbers in their names would tell the articles apart, as "Model 200" and "Model 300" do.
    spelt = str.maketrans("0123456789", "abcdefghij")
    laid = {f"{name.translate(spelt)}.txt": "\n\n".join(f) for name, f in texts.items()}
    with library_over(source, laid) as library:
        ask_all("QAMR", library, asked[:QAMR])


def _as_typed(sentence: str) -> str:
    """A sentence without the spaces that part its tokens."""
    text = sentence.replace("-LRB- ", "(").replace(" -RRB-", ")").replace("``", '"')
    return re.sub(r" (?=[.,;:!?%)']|n't\b)|(?<=[$£€]) ", "", text.replace("''", '"'))


def print_cost(source: Loaded, data: Path) -> None:
    """How long it takes to look, whether or not there is anything to be found."""
    asker = Asker(source.load())
    snapshot = asker.build(read_documents(data / "squad-dev" / "documents"))
    questions = [one for one in read_questions(data) if one.group != SEED]
    ranker = load_weights().rank_vector(NAMES)
    spent: list[float] = []
    for case in asker.cases(snapshot, "whole", questions):
        scores = case.features.matrix @ ranker
        began = time.perf_counter()
        disagreeing(snapshot, case.question, case.features, scores, is_sure=lambda at: True)
        spent.append(time.perf_counter() - began)
    spent.sort()
    mean, slow = sum(spent) / len(spent), spent[int(0.99 * len(spent))]
    print(f"looking took {1e3 * mean:.2f} ms in the mean, {1e3 * slow:.2f} ms in 1 of 100 or more")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    arguments = parser.parse_args()
    source = Loaded()
    ask_pairs(source)
    print_cost(source, arguments.data)
    ask_articles(source, arguments.data)
    ask_qamr(source, arguments.data)


if __name__ == "__main__":
    main()
