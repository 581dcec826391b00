"""The tree of errors. Everything the library raises on purpose hangs from ``CorpusError``.

::

    CorpusError
    ├── DocumentError            a file cannot be used; indexing goes on, naming the reason
    │   ├── UnsupportedFormat    no parser for its suffix
    │   ├── UndecodableDocument  no text, or in an encoding that cannot be told
    │   ├── UnreadableDocument   locked, damaged, or more than its reader may take
    │   ├── EmptyDocument        nothing but white space
    │   └── OversizedDocument    larger than the limit
    ├── UnknownDocument          no document has that name; the asker sees near ones
    ├── QuestionError            it cannot be asked as it is; the asker is told why
    ├── QuestionSetError         a line of a question set cannot be read; says which
    ├── EncoderError             a model is missing or damaged; says how to mend it
    ├── GenerationError          a generation is missing, torn or of another format
    │   └── DamagedGeneration    its checksums do not hold; the one before is tried
    ├── IndexMissing             nothing has been indexed yet; says how to
    ├── IndexHeld                it was rolled back, and is not brought up to date by itself
    ├── RollbackError            there is nothing to roll back to, or not what was expected
    ├── PublishError             a new generation could not be written; the old one serves
    └── LockHeld                 another process is indexing; says which

Messages are whole sentences that say what to do, fit to be shown to a person.
"""


class CorpusError(Exception):
    """Root of all errors that the library raises on purpose.

    ``text`` is English with ``{names}``, and ``values`` stand in their place, so that a face can
    say it in another language: ``CorpusError("{most} MB is the most.", most=50)``.
    """

    def __init__(self, text: str = "", /, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


class DocumentError(CorpusError):
    """One file cannot be used. ``str(error)`` is the reason, without the file's name."""


class UnsupportedFormat(DocumentError):
    """No parser is registered for the file's suffix."""


class UndecodableDocument(DocumentError):
    """The file's bytes are not text in any encoding that can be told."""


class UnreadableDocument(DocumentError):
    """The file is locked or damaged, or takes more time or memory than may be."""


class EmptyDocument(DocumentError):
    """The file holds nothing but white space."""


class OversizedDocument(DocumentError):
    """The file is larger than the limit."""


class UnknownDocument(CorpusError):
    """No document of that name is in the index."""


class QuestionError(CorpusError):
    """The question cannot be asked as it stands."""


class EncoderError(CorpusError):
    """A model cannot be loaded or used."""


class GenerationError(CorpusError):
    """A generation on disk cannot be read."""


class DamagedGeneration(GenerationError):
    """A generation's files are not those its manifest names."""


class IndexMissing(CorpusError):
    """There is no generation to read."""


class IndexHeld(CorpusError):
    """The index was rolled back, and stays as it is until somebody brings it up to date."""


class RollbackError(CorpusError):
    """There is no earlier generation that can be asked, or another one serves by now."""


class PublishError(CorpusError):
    """A new generation could not be written; the one before is untouched."""


class LockHeld(CorpusError):
    """Another writer holds the lock."""
