"""The cases that the weights are fitted on: questions asked of corpora that do or do not answer."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from benchmarks.dev_sets import SEED, DevQuestion, gold, read_documents, read_fitted
from index.encoders import LoadedEncoder, ModelSource
from index.features import Features, describe
from index.indexing import build, prepare
from index.questions import Question, read_question
from index.ranking import Readings
from index.reading import Reader
from index.records import Document
from index.retrieving import retrieve
from index.snapshot import Snapshot
from index.spelling import Speller

PAGE = 8  # paragraphs


@dataclass(frozen=True)
class Case:
    """A question asked of one snapshot; ``corpus`` tells which, as in ``SHARES``."""

    dev: DevQuestion
    corpus: str
    snapshot: Snapshot
    question: Question
    features: Features
    gold: NDArray[np.bool_]
    readings: Readings


class Asker:
    """Asks questions of snapshots up to their features; what reads them is told by article."""

    def __init__(
        self, encoder: LoadedEncoder, readers: Mapping[str, Reader] = MappingProxyType({})
    ) -> None:
        self._encoder = encoder
        self._readers = readers
        self._embed = cache(encoder.embed_query)

    def build(self, documents: Sequence[Document], before: Snapshot | None = None) -> Snapshot:
        """The snapshot of ``documents``; vectors that ``before`` holds are not made again."""
        prepared = [prepare(one, encoder=self._encoder, now="") for one in documents]
        return build(prepared, encoder=self._encoder, before=before)

    def cases(
        self, snapshot: Snapshot, corpus: str, questions: Sequence[DevQuestion]
    ) -> list[Case]:
        """Each question asked of ``snapshot``."""
        speller = Speller(snapshot.words, is_word=self._encoder.is_one_piece)
        return [self._case(snapshot, speller, one, corpus) for one in questions]

    def _case(self, snapshot: Snapshot, speller: Speller, dev: DevQuestion, corpus: str) -> Case:
        question = read_question(dev.question, mended=speller.mend(dev.question))
        terms = snapshot.lexicon.query(question.terms)
        found = retrieve(snapshot, self._embed(question.text), terms)
        features = describe(snapshot, question, found)
        right = gold(snapshot, dev, features.sentences.tolist())
        readings = Readings(snapshot, question, features.sentences, self._readers.get(dev.article))
        return Case(dev, corpus, snapshot, question, features, np.array(right, np.bool_), readings)


def collect(data: Path, seeds: Path, readers: Mapping[str, Reader], *, exports: Path) -> list[Case]:
    """All cases: each question of its own documents, and of documents that cannot answer it.

    ``readers`` tells, by article, which reader reads for its questions; ``exports`` is where the
    encoder's export is kept.

    People's corpora are of all sizes, so the confidence is fitted on all eight articles, on the
    seed file, and on single pages cut out of the articles.
    """
    asker = Asker(ModelSource(exports=exports).load(), readers)
    documents, questions = read_documents(data / "squad-dev" / "documents"), read_fitted(data)
    whole, seed = asker.build(documents), asker.build(read_documents(seeds))
    on_articles = [one for one in questions if one.group != SEED]
    cases = asker.cases(whole, "whole", on_articles)
    cases += asker.cases(seed, "seed", [one for one in questions if one.group == SEED])
    cases += asker.cases(seed, "seed, foreign", on_articles[::5])
    for document in documents:
        rest = asker.build([one for one in documents if one is not document], before=whole)
        about = [one for one in on_articles if one.article == document.id]
        cases += asker.cases(rest, "without", about)
        cases += page_cases(asker, document, on_articles, whole)
        print(f"{len(cases)} cases", file=sys.stderr, flush=True)
    return cases


def page_cases(
    asker: Asker, document: Document, questions: Sequence[DevQuestion], before: Snapshot
) -> list[Case]:
    """Questions asked of one page at a time of a document: those it answers, and foreign ones."""
    foreign = [one for one in questions if one.article != document.id]
    cases: list[Case] = []
    for number, page in enumerate(pages(document)):
        snapshot = asker.build([page.document], before=before)
        cases += asker.cases(snapshot, "page", [q for one in questions if (q := page.holds(one))])
        cases += asker.cases(snapshot, "page, foreign", foreign[number :: len(foreign) // 40])
    return cases


@dataclass(frozen=True)
class Page:
    """Some paragraphs of an article under its title, as a document of its own."""

    document: Document
    start: int
    end: int
    shift: int

    def holds(self, question: DevQuestion) -> DevQuestion | None:
        """The question with its places on this page, if it is answered here."""
        places = [at + self.shift for at in question.places if self.start <= at < self.end]
        here = question.document == self.document.id and bool(places)
        return replace(question, places=tuple(places)) if here else None


def pages(document: Document) -> list[Page]:
    """An article cut into pages of eight paragraphs."""
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+", document.text)][1:]
    title = f"{document.title}\n\n"
    found = []
    for at in range(0, len(paragraphs), PAGE):
        start, end = paragraphs[at][0], paragraphs[at : at + PAGE][-1][1]
        text = title + document.text[start:end]
        found.append(Page(replace(document, text=text), start, end, len(title) - start))
    return found
