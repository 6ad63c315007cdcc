"""Read a set in one pass, segment by segment, and tell every value that could not be read at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from edi.documents.values import Reader
from edi.x12.tokens import Segment

T = TypeVar("T")


class SetReader(ABC, Generic[T]):
    """One reading of one set; a kind of set says what it takes of a segment (`take`) and makes of it all (`made`).

    `account` is our code of the sender.
    """

    def __init__(self, account: str) -> None:
        self._reader, self._account = Reader(), account

    def read(self, segments: Sequence[Segment]) -> T:
        """The canonical object. Raises MappingError with every value that could not be read."""
        for position, segment in enumerate(segments, 1):
            self.take(segment, position)
        found = self.made()
        if found is None or self._reader.problems:
            raise self._reader.failure()
        return found

    @abstractmethod
    def take(self, segment: Segment, position: int) -> None:
        """Keep what the segment says; positions count from ST = 1."""

    @abstractmethod
    def made(self) -> T | None:
        """What was read, None where it is no whole object; the problems say why."""
