"""Where bytes come from, read in windows: a whole file in memory, a memory map, or a file of any size on a disk."""

from __future__ import annotations

import os
from typing import BinaryIO, Protocol

WINDOW = 128 * 1024
"""Bytes read at once; more than the longest segment, so that each window but a damaged one ends a segment."""


class Source(Protocol):
    """Bytes that can be sliced: `bytes`, `mmap`, `FileSource`, or anything else that reads a range."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


class FileSource:
    """A seekable open file as a source; it holds nothing in memory, and reads at offsets that nobody else moves."""

    def __init__(self, file: BinaryIO) -> None:
        self._number = file.fileno()
        self._length = os.fstat(self._number).st_size

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self._length)
        pieces = []
        while start < stop and (piece := os.pread(self._number, stop - start, start)):
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)
