"""Documents into a snapshot, embedding only texts that the snapshot before did not hold.

Documents whose bytes are unchanged are taken over as they were taken apart before; of the others,
every text that was embedded before keeps its vector.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.context import Pieces, context_of, in_context, passage_limit, passage_room
from index.lexical import Lexicon
from index.records import Document, Passage, Segmented, Span
from index.segmenting import segment
from index.snapshot import PASSAGE, SENTENCE, Keys, Rows, Snapshot
from index.terms import terms, words
from index.vectors import VectorIndex

_AT_ONCE = 16  # texts; a question that comes meanwhile waits for so many

Report = Callable[[int, int], None]


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
    """Take a new document apart."""
    most = encoder.most_pieces
    segmented = segment(
        document, pieces=encoder.pieces, most=passage_limit(most), room=passage_room(most)
    )
    return with_texts(segmented, pieces=encoder.pieces, indexed_at=now)


def with_texts(segmented: Segmented, *, pieces: Pieces, indexed_at: str) -> Prepared:
    """Put the texts to embed beside a document taken apart."""
    document, passages = segmented.document, segmented.passages
    contexts = tuple(context_of(document, passage, pieces) for passage in passages)
    pairs = list(zip(contexts, passages, strict=True))
    return Prepared(
        segmented=segmented,
        indexed_at=indexed_at,
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


def taken_over(before: Snapshot, document: Document, *, pieces: Pieces) -> Prepared:
    """A document whose bytes ``before`` holds already, taken apart as it was there."""
    row = before.rows_by_id[document.id]
    kept = before.documents[row]
    first, last = np.searchsorted(before.passages["document"], [row, row + 1])
    passages = [_passage_of(before, at) for at in range(int(first), int(last))]
    segmented = Segmented(kept, tuple(passages))
    return with_texts(segmented, pieces=pieces, indexed_at=before.indexed_at[row])


def _passage_of(snapshot: Snapshot, at: int) -> Passage:
    row = snapshot.passages[at]
    sentences = snapshot.sentences[row["first"] : row["last"]]
    section = Span(int(row["section_start"]), int(row["section_end"]))
    return Passage(
        start=int(row["start"]),
        end=int(row["end"]),
        sentences=tuple(Span(int(s["start"]), int(s["end"])) for s in sentences),
        section=section if section.start >= 0 else None,
    )


def build(
    prepared: Sequence[Prepared],
    *,
    encoder: Encoder,
    before: Snapshot | None = None,
    report: Report = lambda done, total: None,
) -> Snapshot:
    """The snapshot of ``prepared`` documents, which are sorted by id.

    ``report`` is told how many of how many texts have been embedded.
    """
    passage_texts = [text for one in prepared for text in one.passage_texts]
    sentence_texts = [text for one in prepared for text in one.sentence_texts]
    known = _known_vectors(before)
    fresh = _embed([*passage_texts, *sentence_texts], known, encoder, report)
    passages, sentences = _tables(prepared)
    return Snapshot(
        documents=tuple(one.segmented.document for one in prepared),
        indexed_at=tuple(one.indexed_at for one in prepared),
        passages=passages,
        sentences=sentences,
        passage_keys=_keys(passage_texts),
        sentence_keys=_keys(sentence_texts),
        passage_vectors=_vectors(passage_texts, known, fresh, encoder.dimension),
        sentence_vectors=_vectors(sentence_texts, known, fresh, encoder.dimension),
        lexicon=_lexicon(prepared),
        words=Counter(word for one in prepared for word in words(one.segmented.document.text)),
    )


def _key(text: str) -> bytes:
    """Sixteen bytes that stand for a text; never ending in zero, which ``S16`` would drop."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return digest + b"\1"


def _keys(texts: Sequence[str]) -> Keys:
    return np.array([_key(text) for text in texts], "S16")


def _known_vectors(before: Snapshot | None) -> dict[bytes, NDArray[np.float32]]:
    if before is None:
        return {}
    sides = (
        (before.passage_keys, before.passage_vectors.vectors),
        (before.sentence_keys, before.sentence_vectors.vectors),
    )
    return {key: row for keys, rows in sides for key, row in zip(keys.tolist(), rows, strict=True)}


def _embed(
    texts: Sequence[str],
    known: Mapping[bytes, NDArray[np.float32]],
    encoder: Encoder,
    report: Report,
) -> dict[bytes, NDArray[np.float32]]:
    """Vectors of the texts that are not known, by key; each distinct text is embedded once."""
    missing = {key: text for text in texts if (key := _key(text)) not in known}
    # Neighbours in length share a batch, so that little of it is padding.
    ordered = sorted(missing, key=lambda key: len(missing[key]))
    fresh: dict[bytes, NDArray[np.float32]] = {}
    for batch in _batches(ordered):
        report(len(fresh), len(missing))
        rows = encoder.embed_passages([missing[key] for key in batch])
        fresh.update(zip(batch, rows, strict=True))
    if missing:
        report(len(missing), len(missing))
    return fresh


def _batches(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))


def _vectors(
    texts: Sequence[str],
    known: Mapping[bytes, NDArray[np.float32]],
    fresh: Mapping[bytes, NDArray[np.float32]],
    dimension: int,
) -> VectorIndex:
    rows = np.empty((len(texts), dimension), np.float32)
    for at, key in enumerate(map(_key, texts)):
        rows[at] = fresh[key] if key in fresh else known[key]
    return VectorIndex.build(rows)


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
        text = one.segmented.document.text
        for passage, context in zip(one.segmented.passages, one.contexts, strict=True):
            first = len(sentences)
            sentences += [terms(text[s.start : s.end]) for s in passage.sentences]
            passages.append((first, len(sentences), terms(context)))
    return Lexicon.build(sentences, passages)
