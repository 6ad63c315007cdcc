"""What a transport of files takes and brings, and how it says what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BYTES = 256 * 1024 * 1024
"""The biggest file that is taken over the network."""
CHUNK = 64 * 1024


class TransportError(Exception):
    """What went wrong, in a sentence. `permanent`: it stays wrong until a person changes something."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class FileTrouble(TransportError):
    """One file cannot be taken; the others of its mailbox can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file in a partner's inbox. `changed` is the server's word for when, `idle` the seconds since then where the
    clock there is ours (else None).
    """

    name: str
    size: int
    changed: str
    idle: float | None = None

    @property
    def stamp(self) -> str:
        """Equal while nothing writes to the file."""
        return f"{self.size}@{self.changed}"[:60]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What leaves: a name, the exact bytes, and the headers of a transport that has some."""

    name: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the receiver said at once; empty where the transport has no receipts."""

    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def is_unfinished(name: str) -> bool:
    """Whether the name says that somebody still writes to the file."""
    low = name.lower()
    return name.startswith(".") or low.endswith((".tmp", ".part", ".filepart", ".partial"))
