"""One state of the index in memory: everything a question is answered from.

A snapshot is immutable and whole. It turns into the files of a generation and back.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedGeneration
from index.lexical import ARRAYS, Lexicon
from index.records import Document, DocumentEntry, Heading
from index.texts import StoredDocument, Texts, encoded
from index.vectors import VectorIndex

PASSAGE: Final = np.dtype(
    [("document", "<i4"), ("start", "<i8"), ("end", "<i8"), ("first", "<i8"), ("last", "<i8"),
     ("section_start", "<i8"), ("section_end", "<i8")]
)  # fmt: skip
"""A passage's row: its document's row, its span, its sentences ``first:last``, and its section's
span, -1 to -1 where it stands under none."""

SENTENCE: Final = np.dtype([("passage", "<i8"), ("start", "<i8"), ("end", "<i8")])
KEY: Final = np.dtype("S16")

Rows = NDArray[np.void]
Keys = NDArray[np.bytes_]
"""``S16``: digests of embedded texts. Trailing zero bytes are dropped alike on both sides."""


@dataclass(frozen=True)
class Snapshot:
    """Tables whose rows belong together.

    Attributes:
        documents: sorted by id.
        indexed_at: when each document was taken apart; ISO 8601, UTC.
        passages: dtype PASSAGE [p], in the order of documents and of reading.
        sentences: dtype SENTENCE [s], in the same order; a passage's are neighbours.
        passage_keys, sentence_keys: which text each vector was made from.
        passage_vectors, sentence_vectors: of p and s rows.
        lexicon: the terms of the sentences.
        words: how often the documents hold each word, folded to lower case.
    """

    documents: tuple[Document, ...]
    indexed_at: tuple[str, ...]
    passages: Rows
    sentences: Rows
    passage_keys: Keys
    sentence_keys: Keys
    passage_vectors: VectorIndex
    sentence_vectors: VectorIndex
    lexicon: Lexicon
    words: Mapping[str, int]

    @cached_property
    def rows_by_id(self) -> Mapping[str, int]:
        """Each document's row, by its id."""
        return {document.id: row for row, document in enumerate(self.documents)}

    @cached_property
    def sentence_documents(self) -> NDArray[np.int32]:
        """The document's row of each sentence: int32 [s]."""
        found: NDArray[np.int32] = self.passages["document"][self.sentences["passage"]]
        return found

    @cached_property
    def languages(self) -> frozenset[str]:
        """In which languages the documents are."""
        return frozenset(document.language for document in self.documents)

    def document_of(self, sentence: int) -> Document:
        """The document that a sentence stands in."""
        return self.documents[int(self.sentence_documents[sentence])]

    def section_of(self, passage: int) -> str | None:
        """The heading that a passage stands under."""
        row = self.passages[passage]
        start, end = int(row["section_start"]), int(row["section_end"])
        return self.documents[int(row["document"])].body[start:end] if start >= 0 else None

    def headings(self) -> Iterator[tuple[Document, Heading]]:
        """The headings that passages stand under, each once, in reading order."""
        spans = self.passages[["document", "section_start", "section_end"]]
        for row, start, end in dict.fromkeys(map(tuple, spans.tolist())):
            if start >= 0:
                document = self.documents[row]
                line, _ = document.lines(start, end)
                yield document, Heading(document.id, document.body[start:end], line)

    def sentence_text(self, sentence: int) -> str:
        """A sentence, verbatim."""
        row = self.sentences[sentence]
        return self.document_of(sentence).body[row["start"] : row["end"]]


def to_files(snapshot: Snapshot) -> dict[str, bytes | memoryview]:
    """The files of a generation that ``from_files`` makes the snapshot from.

    A ``.bin`` file is an array of the dtype named here or in ``lexical.ARRAYS``, as it lies in
    memory (the texts: UTF-8, one behind the other): there is nothing in it that could be run.
    """
    texts = [encoded(one) for one in snapshot.documents]
    rows = zip(snapshot.documents, snapshot.indexed_at, map(len, texts), strict=True)
    lexicon = snapshot.lexicon
    return {
        "documents.jsonl": _json_lines([_told(*row) for row in rows]),
        "texts.bin": b"".join(texts),
        "vocabulary.json": json.dumps(lexicon.vocabulary).encode(),
        "words.json": json.dumps(snapshot.words, sort_keys=True).encode(),
        "passages.faiss": snapshot.passage_vectors.to_bytes(),
        "sentences.faiss": snapshot.sentence_vectors.to_bytes(),
        "passages.bin": snapshot.passages.tobytes(),
        "sentences.bin": snapshot.sentences.tobytes(),
        "passage_keys.bin": snapshot.passage_keys.tobytes(),
        "sentence_keys.bin": snapshot.sentence_keys.tobytes(),
        **{f"lexicon_{name}.bin": lexicon.arrays[name].tobytes() for name in ARRAYS},
    }


def from_files(files: Mapping[str, memoryview]) -> Snapshot:
    """The snapshot that gave ``files``; large arrays and texts are views of them.

    Raises:
        DamagedGeneration: they are not such files, or do not belong together.
    """
    with _damage_told():
        documents, indexed_at = _documents(files)
        arrays = {name: _array(files[f"lexicon_{name}.bin"], of) for name, of in ARRAYS.items()}
        snapshot = Snapshot(
            documents=documents,
            indexed_at=indexed_at,
            passages=_array(files["passages.bin"], PASSAGE),
            sentences=_array(files["sentences.bin"], SENTENCE),
            passage_keys=_array(files["passage_keys.bin"], KEY),
            sentence_keys=_array(files["sentence_keys.bin"], KEY),
            passage_vectors=VectorIndex.from_bytes(files["passages.faiss"]),
            sentence_vectors=VectorIndex.from_bytes(files["sentences.faiss"]),
            lexicon=Lexicon(json.loads(bytes(files["vocabulary.json"])), arrays),
            words=json.loads(bytes(files["words.json"])),
        )
        _check(snapshot)
        return snapshot


def read_documents(files: Mapping[str, memoryview]) -> tuple[Document, ...]:
    """The documents of a generation, without loading the rest of it; raises as ``from_files``."""
    with _damage_told():
        return _documents(files)[0]


def read_entries(files: Mapping[str, memoryview]) -> list[DocumentEntry]:
    """The list of documents of a generation; loads and raises as ``read_documents``."""
    with _damage_told():
        documents, times = _documents(files)
        of = _array(files["passages.bin"], PASSAGE)["document"]
        counts = np.bincount(of, minlength=len(documents))
        return [
            DocumentEntry(one.id, one.title, one.collection, one.size, int(count), at, one.sha256)
            for one, count, at in zip(documents, counts, times, strict=True)
        ]


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedGeneration(
            f"The index's files do not belong together ({error!r}). Run: footnote index --rebuild"
        ) from error


def _documents(files: Mapping[str, memoryview]) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """The documents, and when each was indexed."""
    documents, times, start = [], [], 0
    texts = Texts(files["texts.bin"])
    for line in bytes(files["documents.jsonl"]).splitlines():
        row = json.loads(line)
        times.append(row.pop("indexed_at"))
        end = start + row.pop("bytes")
        row["text"] = texts.text(start, end, row.pop("characters"))
        documents.append(StoredDocument(**row | {"page_starts": tuple(row["page_starts"])}))
        start = end
    if start != len(files["texts.bin"]):
        raise ValueError("texts of other documents")
    return tuple(documents), tuple(times)


def _told(document: Document, indexed_at: str, size: int) -> dict[str, object]:
    """A document without its text, which is ``size`` bytes long in a file of its own.

    It is told how many characters that are, so that nothing has to be decoded to know it.
    """
    names = (one.name for one in fields(document) if one.name != "text")
    kept = {name: getattr(document, name) for name in names}
    characters = len(document.body)
    return kept | {"indexed_at": indexed_at, "bytes": size, "characters": characters}


def _json_lines(rows: Sequence[Mapping[str, object]]) -> bytes:
    # Plain JSON escapes: bytes.splitlines must see no line end but ours.
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _array(data: memoryview, dtype: np.dtype[Any]) -> NDArray[Any]:
    found: NDArray[Any] = np.frombuffer(data, dtype)
    return found


def _check(one: Snapshot) -> None:
    """Raise ValueError unless the tables belong together, so that no question can stumble."""
    passages, sentences = one.passages, one.sentences
    if not (
        len(passages) == len(one.passage_keys) == len(one.passage_vectors) == one.lexicon.passages
        and len(sentences) == len(one.sentence_keys) == len(one.sentence_vectors)
        and len(sentences) == one.lexicon.sentences
        and one.passage_vectors.dimension == one.sentence_vectors.dimension
        and all(before.id < after.id for before, after in pairwise(one.documents))
        and all(type(count) is int for count in one.words.values())
    ):
        raise ValueError("tables of different lengths")
    edges = np.append(passages["first"], len(sentences))
    owners = np.searchsorted(passages["first"], np.arange(len(sentences)), side="right") - 1
    if not (
        edges[0] == 0
        and (edges[:-1] < edges[1:]).all()
        and (passages["last"] == edges[1:]).all()
        and (sentences["passage"] == owners).all()
        and (np.diff(passages["document"]) >= 0).all()
    ):
        raise ValueError("sentences of other passages")
    _check_spans(one)


def _check_spans(one: Snapshot) -> None:
    passages, sentences = one.passages, one.sentences
    lengths = np.array([len(document.body) for document in one.documents], np.int64)
    ends = lengths[passages["document"]]
    around = passages[sentences["passage"]]
    sections = passages[passages["section_start"] >= 0]
    if not (
        (passages["document"] >= 0).all()
        and (passages["start"] >= 0).all()
        and (passages["end"] <= ends).all()
        and (around["start"] <= sentences["start"]).all()
        and (sentences["start"] < sentences["end"]).all()
        and (sentences["end"] <= around["end"]).all()
        and (sections["section_start"] < sections["section_end"]).all()
        and (passages["section_end"] <= ends).all()
    ):
        raise ValueError("spans outside of their texts")
