"""The vectors of word pieces, read from a file as they are needed.

They are half of a small model, and few of them are said. Where the file is mapped the system
brings the fifteen pages around along with each, and keeps them for this process.
"""

import json
import os
import sys
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

_KEPT: Final = 1024  # vectors, of the word pieces that came last; 1.5 MB of 384 numbers
_NUMBER: Final = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class WordTable:
    """Where the vectors lie: ``pieces`` rows of ``dimension`` numbers, float32, little-endian."""

    file: Path
    offset: int
    pieces: int
    dimension: int

    def within(self, folder: Path) -> "WordTable":
        """The same, if ``file`` is told as it is seen from ``folder``; a whole path stays."""
        return replace(self, file=folder / self.file)


def tables_of(weights: Path) -> Mapping[str, WordTable]:
    """The tables of float32 in a file of safetensors, by name.

    The format: the length of a header in eight bytes, little-endian; the header, in JSON, which
    tells where each tensor lies behind it; the tensors.

    Raises:
        EncoderError: it cannot be read, or is no such file.
    """
    try:
        with weights.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            told = json.loads(file.read(length))
        return {
            name: WordTable(weights, 8 + length + one["data_offsets"][0], *one["shape"])
            for name, one in told.items()
            if name != "__metadata__" and one["dtype"] == "F32" and len(one["shape"]) == 2
        }
    except OSError as error:
        raise _unreadable(weights, error.strerror) from error
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise _unreadable(weights, str(error)) from error
    except MemoryError:
        raise _unreadable(weights, "it is no file of safetensors") from None


class WordVectors:
    """The rows of a table. Safe to use from several threads at once."""

    def __init__(self, table: WordTable) -> None:
        """Open the file; nothing is read yet.

        Raises:
            EncoderError: it cannot be opened.
        """
        try:
            file = os.open(table.file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise _unreadable(table.file, error.strerror) from error
        weakref.finalize(self, os.close, file)
        self._file = file
        self._table = table
        self._turn = threading.Lock()
        self._row = lru_cache(_KEPT)(self._read)

    def of(self, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        """Their vectors: ``pieces``, [...], become float32 [..., d].

        Raises:
            ValueError: there is no such word piece.
            EncoderError: they cannot be read.
        """
        if pieces.size and not 0 <= pieces.min() <= pieces.max() < self._table.pieces:
            raise ValueError(f"Word pieces must lie between 0 and {self._table.pieces - 1}.")
        rows = b"".join(map(self._row, pieces.ravel().tolist()))
        numbers: NDArray[Any] = np.frombuffer(rows, _NUMBER)
        return numbers.astype(np.float32, copy=False).reshape(*pieces.shape, self._table.dimension)

    def _read(self, piece: int) -> bytes:
        size = self._table.dimension * _NUMBER.itemsize
        try:
            row = self._bytes(self._table.offset + piece * size, size)
        except OSError as error:
            raise _unreadable(self._table.file, error.strerror) from error
        if len(row) < size:
            raise _unreadable(self._table.file, "the file is too short")
        return row

    def _bytes(self, offset: int, size: int) -> bytes:
        if sys.platform != "win32":
            return os.pread(self._file, size, offset)
        with self._turn:
            os.lseek(self._file, offset, os.SEEK_SET)
            return os.read(self._file, size)


def _unreadable(file: Path, why: str | None) -> EncoderError:
    return EncoderError(f"The words of a model cannot be read from {file.name}: {why}.")
