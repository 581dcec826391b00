"""Documents by their ids."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from index.errors import UnknownDocument
from index.generation import Generation
from index.naming import printable
from index.parsing import parse
from index.records import Document, Heading
from index.snapshot import Snapshot, read_documents
from index.walking import read, walk


def find_document(generation: Generation | None, seeds: Path, id: str) -> Document:
    """A document as it was indexed; one not indexed yet as it is on disk.

    Raises:
        UnknownDocument: there is neither; the message names the nearest ids.
        DocumentError: it is not indexed, and the file cannot be used.
        CorpusError: it is not indexed, and there is no seeds folder.
    """
    indexed = {one.id: one for one in read_documents(generation.files)} if generation else {}
    if id in indexed:
        return indexed[id]
    files = {file.id: file for file in walk(seeds).files}
    check_known(id, [*indexed, *files])
    return parse(read(files[id]), id=id)


def visible_ids(documents: Iterable[Document], collections: frozenset[str] | None) -> list[str]:
    """The ids of the documents in ``collections``; None is all of them."""
    return [one.id for one in documents if collections is None or one.collection in collections]


def visible_headings(snapshot: Snapshot, collections: frozenset[str] | None) -> list[Heading]:
    """The headings that passages of these stand under, in reading order."""
    return [
        one
        for document, one in snapshot.headings()
        if collections is None or document.collection in collections
    ]


def check_known(id: str, ids: Sequence[str]) -> None:
    """Raise UnknownDocument, naming the nearest of ``ids``, unless ``id`` is one of them."""
    if id not in ids:
        near = get_close_matches(id, ids, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(map(printable, near))}?" if near else ""
        raise UnknownDocument(
            f"There is no document {printable(id)}.{hint} List them with: footnote documents"
        )
