"""Documents in several languages side by side: each is found in its own, and changes no other."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering import allowed_documents
from index.asking import languages_of
from index.lexical import FLOOR
from index.questions import read_question
from index.records import Citation
from index.segmenting import segment
from tests.corpora import document, found_in, snapshot_of
from tests.places import ASKED, TEXTS, Place, answered
from tests.test_languages import WRITTEN
from tests.words import WordEncoder

BRIDGE = (
    "Am 3. Mai wurde die Brücke über den Fluss eröffnet. Die Verträge mit den Bauern sind geheim, "
    "und der Zoll wird jeden Herbst erhöht."
)
LIBRARY = "图书馆每天早上九点开门，晚上八点关门。读者一次最多可以借五本书。儿童需要家长签名。"
ENGLISH = {f"english-{n}.txt": f"The report of year {n}.\n\nIt is of no use." for n in range(8)}
MIXED = ENGLISH | {"bruecke.txt": BRIDGE, "library.txt": LIBRARY}
EVERYTHING = snapshot_of(MIXED | {f"{one}.txt": text for one, text in WRITTEN.items()})


def best(place: Place, question: str, collections: frozenset[str] | None = None) -> Citation:
    found = place.library(min_confidence=0).ask(question, collections=collections)
    return answered(found).citations[0]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Wann eröffnete man die Brücken der Flüsse?", "Am 3. Mai wurde die Brücke"),
        ("Welcher Vertrag ist geheim?", "Die Verträge mit den Bauern"),
        ("Ist der Bauer für den Zoll?", "Die Verträge mit den Bauern"),
        ("读者可以借几本书？", "读者一次最多可以借五本书。"),
        ("儿童签名", "儿童需要家长签名。"),
        ("What is the report of 5 about?", "The report of year 5."),
    ],
)
def test_a_document_of_another_language_than_its_neighbours_is_found_in_its_own(
    place: Place, question: str, quote: str
) -> None:
    place.index(MIXED)
    found = best(place, question)
    assert found.quote.startswith(quote)
    text = place.library().document(found.document).text
    assert text[found.start : found.end] == found.quote


def test_a_sentence_ends_where_its_language_ends_it() -> None:
    found = {}
    for language in ("de", "en"):
        text = f"---\nlang: {language}\n---\n\n{BRIDGE}"
        one = segment(document(text, "a.md"), pieces=WordEncoder().pieces, most=64, room=64)
        first = one.passages[0].sentences[0]
        found[language] = text[first.start : first.end]
    assert found["de"] == "Am 3. Mai wurde die Brücke über den Fluss eröffnet."
    assert found["en"] == "Am 3."


def test_an_inflected_word_is_wholly_known_to_a_document_in_its_language() -> None:
    snapshot = snapshot_of(MIXED)
    query = snapshot.lexicon.query(["vertrag"], {"vertrag": ["de:vertrag"]})
    assert query.rows.tolist() == [snapshot.lexicon.vocabulary.index("de:vertrag")]
    assert found_in(snapshot, "Welcher Vertrag?").confidence == pytest.approx(1, abs=0.01)


def test_the_languages_of_documents_are_kept(place: Place) -> None:
    place.index(MIXED)
    library = place.library()
    told = {id: library.document(id).language for id in MIXED}
    assert told == dict.fromkeys(ENGLISH, "en") | {"bruecke.txt": "de", "library.txt": "zh"}


def test_only_documents_that_may_be_seen_tell_how_a_question_is_read() -> None:
    snapshot = snapshot_of({"own/a.txt": ENGLISH["english-1.txt"], "other/b.txt": BRIDGE})
    own = allowed_documents(snapshot, collections=frozenset({"own"}), document=None)
    assert languages_of(snapshot, own) == {"en"}
    assert languages_of(snapshot, None) == {"en", "de"}
    assert languages_of(snapshot_of({}), None) == frozenset()
    question = "die war in der report"  # most of which German drops
    read = read_question(question, languages=languages_of(snapshot, own))
    assert read.terms == read_question(question).terms == ("die", "war", "der", "report")
    assert read_question(question, languages=snapshot.languages).terms == ("report",)


def test_a_word_of_a_document_that_may_be_seen_is_not_mended(place: Place) -> None:
    place.index({"own/bridge.txt": BRIDGE, "own/eroeffnen.txt": "The Flush is new. It is of use."})
    found = best(place, "Wo ist der Fluss?", frozenset({"own"}))
    assert found.document == "own/bridge.txt"


asked_words = st.sampled_from(
    [word for text in (*ENGLISH.values(), *WRITTEN.values(), BRIDGE) for word in text.split()]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(asked_words, min_size=1, max_size=8).map(" ".join))
def test_a_question_weighs_each_of_its_words_once_whatever_languages_there_are(
    question: str,
) -> None:
    read = read_question(question, languages=EVERYTHING.languages)
    asked = EVERYTHING.lexicon.query(read.terms, read.forms)
    held = [row for rows in asked.forms for row in rows]
    assert len(held) == len(set(held))
    assert set(asked.terms) <= set(read.terms)
    assert len(asked.terms) == len(asked.rows) == len(asked.weights) == len(asked.forms)
    for rows, weight in zip(asked.forms, asked.weights.tolist(), strict=True):
        passages = {p for row in rows for p in holding(row)}
        idf = math.log1p(
            (EVERYTHING.lexicon.passages - len(passages) + 0.5) / (len(passages) + 0.5)
        )
        assert weight == pytest.approx(FLOOR + idf)


def holding(row: int) -> set[int]:
    """The passages that hold a term, from the texts of all sentences and headings."""
    lexicon = EVERYTHING.lexicon
    sentences = {
        int(EVERYTHING.sentences["passage"][at])
        for at in range(lexicon.sentences)
        if row in lexicon.sentence_terms(at)
    }
    contexts = lexicon.context_texts
    owners = np.repeat(np.arange(len(contexts)), contexts.lengths)
    return sentences | set(owners[contexts.values == row].tolist())


def test_two_words_of_a_question_that_a_language_takes_for_one_are_one() -> None:
    read = read_question("Brücke oder Brücken?", languages=EVERYTHING.languages)
    assert read.terms == ("bruck", "brucken")
    asked = EVERYTHING.lexicon.query(read.terms, read.forms)
    assert asked.terms == ("bruck",)
    (best, *_) = found_in(EVERYTHING, "Brücke oder Brücken?").citations
    assert best.document == "bruecke.txt"


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_finds_its_own_words_among_all_others(place: Place, language: str) -> None:
    place.index({f"{one}.txt": text for one, text in WRITTEN.items()})
    found = best(place, WRITTEN[language])
    assert found.document == f"{language}.txt"


def test_an_index_that_grew_by_languages_is_the_one_made_anew(place: Place) -> None:
    place.index(TEXTS)
    place.index(TEXTS | {"de.txt": BRIDGE})
    place.index(TEXTS | {"de.txt": BRIDGE, "zh.txt": LIBRARY, "fr.txt": WRITTEN["fr"]})
    grown = place.files()
    assert best(place, ASKED).document == "news/talks.txt"
    place.library().refresh(rebuild=True)
    assert place.files() == grown
