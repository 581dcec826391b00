"""One question, put to one generation: its spelling mended, and what may answer it."""

import numpy as np
from numpy.typing import NDArray

from index.answering import allowed_documents
from index.questions import Question, read_question
from index.retrieving import PASSAGES, Candidates, retrieve
from index.serving import Serving
from index.sharing import SharedEncoder
from index.snapshot import Snapshot
from index.stemming import terms_in


def look(
    serving: Serving,
    encoder: SharedEncoder,
    asked: Question,
    *,
    collections: frozenset[str] | None,
    document: str | None = None,
    passages: int = PASSAGES,
) -> tuple[Question, Candidates]:
    """The question with its spelling mended, and what may answer it of what may be seen."""
    snapshot = serving.snapshot
    allowed = allowed_documents(snapshot, collections=collections, document=document)
    with encoder.one_turn():
        text = mend(serving, asked.text, allowed=allowed)
        languages = languages_of(snapshot, allowed)
        mended = read_question(asked.asked, mended=text, languages=languages)
        vector = encoder.embed_query(mended.text)
    stems = snapshot.lexicon.query(mended.terms, mended.forms)
    return mended, retrieve(snapshot, vector, stems, allowed=allowed, passages=passages)


def mend(serving: Serving, question: str, *, allowed: NDArray[np.bool_] | None) -> str:
    """The question with its spelling mended by the words of documents that may be seen.

    ``allowed`` tells which these are, bool [documents]; None: all. A word is seen where its stems
    are, so that no question tells whether a word stands in a document that may not be.
    """
    if allowed is None:
        return serving.speller.mend(question)
    lexicon = serving.snapshot.lexicon
    among = allowed[serving.snapshot.passages["document"]]
    languages = languages_of(serving.snapshot, allowed)

    def is_seen(word: str) -> bool:
        return any(
            all(lexicon.occurs(term, among) for term in terms_in(word, language))
            for language in languages
        )

    return serving.speller.mend(question, is_seen=is_seen)


def languages_of(snapshot: Snapshot, allowed: NDArray[np.bool_] | None) -> frozenset[str]:
    """In which languages the documents are that may be seen."""
    if allowed is None:
        return snapshot.languages
    return frozenset(snapshot.documents[row].language for row in np.flatnonzero(allowed).tolist())
