"""Documents into a snapshot, embedding only texts that the snapshot before did not hold."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np

from index import encoded_texts
from index.context import context_of, in_context, parts_in_context, passage_limit, passage_room
from index.encoded_texts import Report, Wanted, embedded, keys_of, vectors_of
from index.lexical import Lexicon
from index.records import Document, Segmented, Span
from index.segmenting import segment
from index.snapshot import PASSAGE, SENTENCE, Rows, Snapshot
from index.stemming import terms_in
from index.terms import words
from index.vectors import VectorIndex


class Encoder(encoded_texts.Encoder, Protocol):
    """What indexing needs of an encoder."""

    @property
    def most_pieces(self) -> int:
        """How many word pieces of a text are read."""
        ...

    def pieces(self, text: str) -> Sequence[tuple[int, int]]:
        """Where the word pieces of a text stand."""
        ...


@dataclass(frozen=True)
class Prepared:
    """A document taken apart, with the texts to embed beside its passages and sentences.

    Attributes:
        parts: where each passage's sentences stand in its text.
    """

    segmented: Segmented
    indexed_at: str
    passage_texts: tuple[str, ...]
    sentence_texts: tuple[str, ...]
    parts: tuple[tuple[Span, ...], ...]
    contexts: tuple[str, ...]


def prepare(document: Document, *, encoder: Encoder, now: str) -> Prepared:
    """Take a document apart."""
    most = encoder.most_pieces
    segmented = segment(
        document, pieces=encoder.pieces, most=passage_limit(most), room=passage_room(most)
    )
    passages = segmented.passages
    contexts = tuple(context_of(document, passage, encoder.pieces) for passage in passages)
    pairs = list(zip(contexts, passages, strict=True))
    return Prepared(
        segmented=segmented,
        indexed_at=now,
        contexts=contexts,
        passage_texts=tuple(
            in_context(context, document, Span(passage.start, passage.end))
            for context, passage in pairs
        ),
        sentence_texts=tuple(
            in_context(context, document, sentence)
            for context, passage in pairs
            for sentence in passage.sentences
        ),
        parts=tuple(
            parts_in_context(context, document, Span(passage.start, passage.end), passage.sentences)
            for context, passage in pairs
        ),
    )


def build(
    prepared: Sequence[Prepared],
    *,
    encoder: Encoder,
    before: Snapshot | None = None,
    report: Report = lambda done, total: None,
) -> Snapshot:
    """The snapshot of ``prepared`` documents, which are sorted by id.

    ``report`` is told how many of how many characters have been embedded.
    """
    whole = [Wanted(*one) for one in _passages(prepared, with_parts=encoder.tells_parts)]
    alone = (
        [] if encoder.tells_parts else [Wanted(t) for one in prepared for t in one.sentence_texts]
    )
    found = embedded([*whole, *alone], encoder=encoder, before=before, report=report)
    passage_keys = [one.key for one in whole]
    sentence_keys = [one.key for one in alone] or list(chain(*(one.part_keys for one in whole)))
    passages, sentences = _tables(prepared)
    return Snapshot(
        documents=tuple(one.segmented.document for one in prepared),
        indexed_at=tuple(one.indexed_at for one in prepared),
        passages=passages,
        sentences=sentences,
        passage_keys=keys_of(passage_keys),
        sentence_keys=keys_of(sentence_keys),
        passage_vectors=vectors_of(passage_keys, found, encoder.dimension),
        sentence_vectors=vectors_of(sentence_keys, found, encoder.dimension),
        lexicon=_lexicon(prepared),
        words=Counter(word for one in prepared for word in words(one.segmented.document.text)),
    )


def nothing(dimension: int) -> Snapshot:
    """The snapshot of no documents, with vectors of ``dimension`` numbers."""
    none = VectorIndex.build(np.empty((0, dimension), np.float32))
    return Snapshot(
        documents=(),
        indexed_at=(),
        passages=np.empty(0, PASSAGE),
        sentences=np.empty(0, SENTENCE),
        passage_keys=keys_of(()),
        sentence_keys=keys_of(()),
        passage_vectors=none,
        sentence_vectors=none,
        lexicon=Lexicon.build((), ()),
        words={},
    )


def _passages(
    prepared: Sequence[Prepared], *, with_parts: bool
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    for one in prepared:
        for text, parts in zip(one.passage_texts, one.parts, strict=True):
            yield text, parts if with_parts else ()


def _tables(prepared: Sequence[Prepared]) -> tuple[Rows, Rows]:
    passages: list[tuple[int, ...]] = []
    sentences: list[tuple[int, ...]] = []
    for row, one in enumerate(prepared):
        for passage in one.segmented.passages:
            section = passage.section or Span(-1, -1)
            first, last = len(sentences), len(sentences) + len(passage.sentences)
            sentences += [(len(passages), s.start, s.end) for s in passage.sentences]
            passages.append(
                (row, passage.start, passage.end, first, last, section.start, section.end)
            )
    return np.array(passages, PASSAGE), np.array(sentences, SENTENCE)


def _lexicon(prepared: Sequence[Prepared]) -> Lexicon:
    sentences: list[list[str]] = []
    passages: list[tuple[int, int, list[str]]] = []
    for one in prepared:
        text, language = one.segmented.document.text, one.segmented.document.language
        for passage, context in zip(one.segmented.passages, one.contexts, strict=True):
            first = len(sentences)
            sentences += [terms_in(text[s.start : s.end], language) for s in passage.sentences]
            passages.append((first, len(sentences), terms_in(context, language)))
    return Lexicon.build(sentences, passages)
