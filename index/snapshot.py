"""One state of the index in memory: everything a question is answered from.

A snapshot is immutable and whole. It turns into the files of a generation and back.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedGeneration
from index.lexical import Lexicon
from index.records import Document, DocumentEntry
from index.vectors import VectorIndex

PASSAGE: Final = np.dtype(
    [("document", "<i4"), ("start", "<i8"), ("end", "<i8"), ("first", "<i8"), ("last", "<i8"),
     ("section_start", "<i8"), ("section_end", "<i8")]
)  # fmt: skip
"""A passage's row: its document's row, its span, its sentences ``first:last``, and its section's
span, -1 to -1 where it stands under none."""

SENTENCE: Final = np.dtype([("passage", "<i8"), ("start", "<i8"), ("end", "<i8")])

Rows = NDArray[np.void]
Keys = NDArray[np.bytes_]
"""``S16``: digests of embedded texts. Trailing zero bytes are dropped alike on both sides."""


@dataclass(frozen=True)
class Snapshot:
    """Tables whose rows belong together.

    Attributes:
        documents: sorted by id.
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

    def document_of(self, sentence: int) -> Document:
        """The document that a sentence stands in."""
        return self.documents[int(self.sentence_documents[sentence])]

    def section_of(self, passage: int) -> str | None:
        """The heading that a passage stands under."""
        row = self.passages[passage]
        start, end = int(row["section_start"]), int(row["section_end"])
        return self.documents[int(row["document"])].text[start:end] if start >= 0 else None

    def sentence_text(self, sentence: int) -> str:
        """A sentence, verbatim."""
        row = self.sentences[sentence]
        return self.document_of(sentence).text[row["start"] : row["end"]]


def to_files(snapshot: Snapshot) -> dict[str, bytes | memoryview]:
    """The files of a generation that ``from_files`` makes the snapshot from."""
    rows = zip(snapshot.documents, snapshot.indexed_at, strict=True)
    documents = [asdict(document) | {"indexed_at": at} for document, at in rows]
    arrays = {
        "passages": snapshot.passages,
        "sentences": snapshot.sentences,
        "passage_keys": snapshot.passage_keys,
        "sentence_keys": snapshot.sentence_keys,
        **{f"lexicon_{name}": array for name, array in snapshot.lexicon.arrays.items()},
    }
    return {
        "documents.jsonl": _json_lines(documents),
        "vocabulary.json": json.dumps(snapshot.lexicon.vocabulary).encode(),
        "words.json": json.dumps(snapshot.words).encode(),
        "passages.faiss": snapshot.passage_vectors.to_bytes(),
        "sentences.faiss": snapshot.sentence_vectors.to_bytes(),
        **{f"{name}.npy": _npy(array) for name, array in arrays.items()},
    }


def from_files(files: Mapping[str, memoryview]) -> Snapshot:
    """The snapshot that gave ``files``; large arrays are views of them.

    Raises:
        DamagedGeneration: they are not such files.
    """
    try:
        arrays = {
            name.removesuffix(".npy"): _array(data)
            for name, data in files.items()
            if name.endswith(".npy")
        }
        documents, indexed_at = read_documents(files["documents.jsonl"])
        lexical = {
            name.removeprefix("lexicon_"): array
            for name, array in arrays.items()
            if name.startswith("lexicon_")
        }
        return Snapshot(
            documents=documents,
            indexed_at=indexed_at,
            passages=arrays["passages"],
            sentences=arrays["sentences"],
            passage_keys=arrays["passage_keys"],
            sentence_keys=arrays["sentence_keys"],
            passage_vectors=VectorIndex.from_bytes(files["passages.faiss"]),
            sentence_vectors=VectorIndex.from_bytes(files["sentences.faiss"]),
            lexicon=Lexicon(json.loads(bytes(files["vocabulary.json"])), lexical),
            words=json.loads(bytes(files["words.json"])),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedGeneration(f"The index's files do not fit together: {error!r}.") from error


def read_documents(data: memoryview) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """The documents of a generation and when each was indexed, without the rest of it."""
    documents, times = [], []
    for line in bytes(data).splitlines():
        row = json.loads(line)
        times.append(row.pop("indexed_at"))
        documents.append(Document(**row | {"page_starts": tuple(row["page_starts"])}))
    return tuple(documents), tuple(times)


def read_entries(files: Mapping[str, memoryview]) -> list[DocumentEntry]:
    """The list of documents of a generation, without loading the rest of it."""
    documents, times = read_documents(files["documents.jsonl"])
    counts = np.bincount(_array(files["passages.npy"])["document"], minlength=len(documents))
    return [
        DocumentEntry(one.id, one.title, one.collection, one.size, int(count), at)
        for one, count, at in zip(documents, counts, times, strict=True)
    ]


def _json_lines(rows: Sequence[Mapping[str, object]]) -> bytes:
    # Plain JSON escapes: bytes.splitlines must see no line end but ours.
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _npy(array: NDArray[np.generic]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _array(data: memoryview) -> NDArray[Any]:
    """The array in the bytes of an ``.npy`` file, without copying."""
    head = io.BytesIO(bytes(data[:4096]))
    version = np.lib.format.read_magic(head)
    if version != (1, 0):
        raise ValueError(f"npy version {version}")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(head)
    if fortran or dtype.hasobject:
        raise ValueError("unexpected array")
    return np.frombuffer(data, dtype, offset=head.tell()).reshape(shape)
