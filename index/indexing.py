"""Documents into a snapshot, embedding only texts that the snapshot before did not hold."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.codes import Codes, checked_unit, quantised
from index.context import context_of, in_context, passage_limit, passage_room
from index.lexical import Lexicon
from index.records import Document, Segmented, Span
from index.segmenting import segment
from index.snapshot import PASSAGE, SENTENCE, Keys, Rows, Snapshot
from index.stemming import terms_in
from index.terms import words
from index.vectors import VectorIndex

_AT_ONCE = 16  # texts; a question that comes meanwhile waits for so many

Report = Callable[[int, int], None]
Vector = tuple[Codes, int]
"""A row of some codes."""


class Encoder(Protocol):
    """What indexing needs of an encoder."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def most_pieces(self) -> int:
        """How many word pieces of a text are read."""
        ...

    def pieces(self, text: str) -> Sequence[tuple[int, int]]:
        """Where the word pieces of a text stand."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, float32 [n, d], of texts of at most ``most_pieces`` word pieces."""
        ...


@dataclass(frozen=True)
class Prepared:
    """A document taken apart, with the texts to embed beside its passages and sentences."""

    segmented: Segmented
    indexed_at: str
    passage_texts: tuple[str, ...]
    sentence_texts: tuple[str, ...]
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
    )


def build(
    prepared: Sequence[Prepared],
    *,
    encoder: Encoder,
    before: Snapshot | None = None,
    report: Report = lambda done, total: None,
) -> Snapshot:
    """The snapshot of ``prepared`` documents, which are sorted by id.

    ``report`` is told how many of how many characters have been embedded: short texts come first,
    so that their number would promise too much.
    """
    passage_texts = [text for one in prepared for text in one.passage_texts]
    sentence_texts = [text for one in prepared for text in one.sentence_texts]
    known = _known_vectors(before, {_key(text) for text in (*passage_texts, *sentence_texts)})
    found = {**known, **_embed([*passage_texts, *sentence_texts], known, encoder, report)}
    passages, sentences = _tables(prepared)
    return Snapshot(
        documents=tuple(one.segmented.document for one in prepared),
        indexed_at=tuple(one.indexed_at for one in prepared),
        passages=passages,
        sentences=sentences,
        passage_keys=_keys(passage_texts),
        sentence_keys=_keys(sentence_texts),
        passage_vectors=_vectors(passage_texts, found, encoder.dimension),
        sentence_vectors=_vectors(sentence_texts, found, encoder.dimension),
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
        passage_keys=_keys(()),
        sentence_keys=_keys(()),
        passage_vectors=none,
        sentence_vectors=none,
        lexicon=Lexicon.build((), ()),
        words={},
    )


def _key(text: str) -> bytes:
    """Sixteen bytes that stand for a text; never ending in zero, which ``S16`` would drop."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return digest + b"\1"


def _keys(texts: Sequence[str]) -> Keys:
    return np.array([_key(text) for text in texts], "S16")


def _known_vectors(before: Snapshot | None, wanted: Set[bytes]) -> dict[bytes, Vector]:
    if before is None:
        return {}
    sides = (
        (before.passage_keys, before.passage_vectors.codes),
        (before.sentence_keys, before.sentence_vectors.codes),
    )
    return {
        key: (codes, row)
        for keys, codes in sides
        for row, key in enumerate(keys.tolist())
        if key in wanted
    }


def _embed(
    texts: Sequence[str],
    known: Mapping[bytes, Vector],
    encoder: Encoder,
    report: Report,
) -> dict[bytes, Vector]:
    """Vectors of the texts that are not known, by key; each distinct text is embedded once."""
    missing = {key: text for text in texts if (key := _key(text)) not in known}
    # Neighbours in length share a batch, so that little of it is padding.
    ordered = sorted(missing, key=lambda key: len(missing[key]))
    fresh: dict[bytes, Vector] = {}
    done, total = 0, sum(map(len, missing.values()))
    for batch in _batches(ordered):
        report(done, total)
        texts = [missing[key] for key in batch]
        codes = quantised(checked_unit(encoder.embed_passages(texts)))
        fresh |= {key: (codes, row) for row, key in enumerate(batch)}
        done += sum(map(len, texts))
    if missing:
        report(total, total)
    return fresh


def _batches(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))


def _vectors(texts: Sequence[str], found: Mapping[bytes, Vector], dimension: int) -> VectorIndex:
    taken = Codes.empty(len(texts), dimension)
    for at, key in enumerate(map(_key, texts)):
        codes, row = found[key]
        taken.values[at], taken.doublings[at] = codes.values[row], codes.doublings[row]
    return VectorIndex.of(taken)


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
