"""Small corpora for tests: made-up documents and questions, and indexes of them without a model."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st

from index.answering import Finding, find
from index.confidence import SIGNS
from index.features import NAMES
from index.indexing import build, prepare
from index.parsing import parse
from index.questions import Question, read_question
from index.records import Document
from index.retrieving import Candidates, retrieve
from index.snapshot import Snapshot
from index.weights import Weights
from tests.words import WordEncoder

SETTLED = 1_600_000_000  # seconds; a file changed just now is read twice, which takes its time
WORDS = tuple(
    re.findall(
        r"\S+",
        "group meets every six months chair Ada Lovelace bread rocket Alaska 2019 1,000 U.S. naïve"
        " companies where in the of is was by every year 日本 trade-offs (CSIA) their She It",
    )
)

sentences = st.builds(
    "{}{}".format,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    st.sampled_from([".", "?", "!", "…", ".”", ""]),
)
paragraphs = st.lists(sentences, min_size=1, max_size=5).map(" ".join)
headings = st.builds(
    "{}{}".format,
    st.sampled_from(["", "# ", "## "]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
)
stories = st.builds(
    lambda parts, gap: gap.join(parts),
    st.lists(st.one_of(paragraphs, headings), min_size=1, max_size=6),
    st.sampled_from(["\n\n", "\r\n\r\n", "\n", "\n \n\n"]),
)
wild_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
foreign = st.sampled_from(
    [
        "Die Gruppe trifft sich alle sechs Monate in Bern. Am 3. Mai war Ada nicht dort, und die "
        "Verträge lagen im Schrank.",
        "La réunion a lieu tous les six mois. L’école d’Ada est fermée pendant les vacances.",
        "小组每六个月开会一次。主席是 Ada Lovelace。会议记录保存在图书馆里。",
    ]
)
texts = st.one_of(stories, stories, wild_text, foreign).filter(
    lambda text: any(char.isalnum() for char in text)
)
ids = st.sampled_from(
    ["a.txt", "b.md", "news/c.txt", "news/d.md", "press/e.txt", "press/old/f.txt"]
)
corpora = st.dictionaries(ids, texts, max_size=5)

questions = st.one_of(
    st.builds(
        "{} {}?".format,
        st.sampled_from(["how often", "who is", "When did", "where", "what is", "how many", ""]),
        st.lists(st.sampled_from([*WORDS, "xyzzy", "brad", "1998"]), min_size=1).map(" ".join),
    ),
    st.text(max_size=300).filter(lambda text: any(map(str.isalnum, text))),
)


def document(text: str, id: str = "a.txt") -> Document:
    return parse(text.encode(), id=id)


def snapshot_of(texts: Mapping[str, str], before: Snapshot | None = None) -> Snapshot:
    """An index of texts by id, taken apart anew; what ``before`` holds keeps its vectors."""
    encoder = WordEncoder()
    documents = [document(text, id) for id, text in sorted(texts.items())]
    prepared = [prepare(one, encoder=encoder, now="2021-03-11T00:00:00+00:00") for one in documents]
    return build(prepared, encoder=encoder, before=before)


def candidates_of(snapshot: Snapshot, asked: str) -> tuple[Question, Candidates]:
    question = read_question(asked, languages=snapshot.languages)
    vector = WordEncoder().embed_query(question.text)
    asked_for = snapshot.lexicon.query(question.terms, question.forms)
    return question, retrieve(snapshot, vector, asked_for)


def found_in(snapshot: Snapshot, asked: str) -> Finding:
    return find(snapshot, *candidates_of(snapshot, asked), word_weights())


def word_weights(threshold: float = 0.5) -> Weights:
    """Weights that ask for shared words and nothing else."""
    return Weights(
        ranker=dict.fromkeys(NAMES, 0.0) | {"cosine_sentence": 1.0, "coverage_sentence": 1.0},
        confidence=dict.fromkeys(SIGNS, 0.0) | {"coverage_sentence": 10.0},
        bias=-5.0,
        threshold=threshold,
    )


def write_seeds(folder: Path, texts: Mapping[str, str | bytes]) -> None:
    """Make ``folder`` hold just these files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for id, text in texts.items():
        path = folder / id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (SETTLED, SETTLED))
