"""What sentences hold of a question's words, against counting them one by one."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.covering import Covering
from index.snapshot import Snapshot
from index.stemming import terms_in
from index.terms import terms
from tests.corpora import corpora, questions, snapshot_of

unhurried = settings(deadline=None, max_examples=60)


def covering(snapshot: Snapshot, asked: list[str]) -> Covering:
    return Covering.of(snapshot, snapshot.lexicon.query(asked), np.arange(len(snapshot.passages)))


@unhurried
@given(corpora, st.one_of(questions, st.just("group bread group meets")))
def test_what_is_covered_is_what_is_counted_one_by_one(texts: dict[str, str], asked: str) -> None:
    snapshot, wanted = snapshot_of(texts), terms(asked)
    found = covering(snapshot, wanted)
    weights = dict(zip(found.asked.terms, found.asked.weights.tolist(), strict=True))
    said = [
        terms_in(snapshot.sentence_text(row), snapshot.document_of(row).language)
        for row in range(len(snapshot.sentences))
    ]

    def weight(held: set[str]) -> float:
        return float(sum(weights[term] for term in held & weights.keys()))

    by_sentence, by_window, by_passage, bm25, phrases = [], [], [], [], []
    mean = sum(map(len, said)) / max(1, len(said)) or 1.0
    pairs = {pair: weights[pair[0]] + weights[pair[1]] for pair in pairwise(wanted)}
    for at, passage in enumerate(snapshot.passages):
        first, last = int(passage["first"]), int(passage["last"])
        document = snapshot.documents[passage["document"]]
        above = f"{document.title} {snapshot.section_of(at) or ''}"
        heading = {*terms_in(above, document.language)}
        for row in range(first, last):
            around = said[max(first, row - 1) : min(last, row + 2)]
            by_sentence.append(weight({*said[row]}))
            by_window.append(weight({term for one in around for term in one}))
            by_passage.append(weight(heading | {t for one in said[first:last] for t in one}))
            norm = 1.2 * (1 - 0.5 + 0.5 * len(said[row]) / mean)
            counts = {term: said[row].count(term) for term in weights}
            bm25.append(sum(weights[t] * n / (n + norm) for t, n in counts.items()))
            together = {*pairwise(said[row])}
            phrases.append(
                sum(n for pair, n in pairs.items() if pair in together) / (sum(pairs.values()) or 1)
            )
    assert found.by_sentence.tolist() == pytest.approx(by_sentence)
    assert found.by_window.tolist() == pytest.approx(by_window)
    assert found.by_passage.tolist() == pytest.approx(by_passage)
    assert found.bm25.tolist() == pytest.approx(bm25)
    assert found.lengths.tolist() == [len(one) for one in said]
    if all(term in snapshot.lexicon.vocabulary for term in wanted):
        assert found.phrases(tuple(wanted)).tolist() == pytest.approx(phrases)


def test_a_word_is_covered_in_each_of_its_forms() -> None:
    english = "The Vertrag is what the German word for a treaty is. It is of no use."
    german = "Die Verträge mit den Bauern sind geheim, und der Zoll wird jeden Herbst erhöht."
    snapshot = snapshot_of({"a.txt": english, "b.txt": german})
    asked = snapshot.lexicon.query(["vertrag", "geheim"], {"vertrag": ["de:vertrag"]})
    found = Covering.of(snapshot, asked, np.arange(len(snapshot.passages)))
    vertrag, _ = asked.weights.tolist()
    assert found.by_sentence.tolist() == pytest.approx([vertrag, 0, vertrag])
    assert found.by_passage.tolist() == pytest.approx([vertrag, vertrag, vertrag])
    both = {"vertrag": ["de:vertrag"], "treati": ["de:bau"]}
    pair = snapshot.lexicon.query(["vertrag", "treati"], both)
    beside = Covering.of(snapshot, pair, np.arange(len(snapshot.passages)))
    assert beside.phrases(("vertrag", "treati")).tolist() == [0, 0, 1]


def test_only_the_passages_asked_for_are_looked_at() -> None:
    text = "\n\n".join(f"Bread number {n} is baked. It keeps." for n in range(40))
    snapshot = snapshot_of({"a.txt": f"Bread\n\n{text}", "b.txt": "Rockets\n\nRockets start."})
    last = len(snapshot.passages) - 1
    found = Covering.of(snapshot, snapshot.lexicon.query(["rocket", "bread"]), np.array([0, last]))
    rows = snapshot.sentences["passage"]
    assert found.rows.tolist() == np.flatnonzero((rows == 0) | (rows == last)).tolist()
    assert found.places(found.rows).tolist() == list(range(len(found.rows)))
    assert found.counts.sum(axis=0)[0] == 1
    assert found.headings.tolist() == [[False, True], [True, False]]
