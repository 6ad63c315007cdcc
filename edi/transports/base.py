"""What every transport offers, and how it says what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Protocol

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


class Transport(Protocol):
    """One partner's mailbox, opened. Every method raises TransportError and nothing else of the outer world."""

    def waiting(self) -> Sequence[Waiting]:
        """The files in the inbox, oldest first, without those that bear a temporary name."""
        ...

    def fetch(self, name: str, into: IO[bytes]) -> bool:
        """Whether the file was there; its bytes are in `into` then. What `into` holds before its position came earlier,
        and is not fetched again where the transport can go on in the middle.
        """
        ...

    def archive(self, name: str, *, label: str) -> None:
        """The file does not wait any more; called twice it is harmless. `label` tells equal names apart."""
        ...

    def put(self, parcel: Parcel) -> Receipt:
        """The partner has the parcel, whole or not at all; the same parcel again changes nothing there."""
        ...

    def check(self) -> str:
        """A sentence for people that says what was found when the mailbox was tried."""
        ...

    def close(self) -> None:
        """Let go of the connection; never raises."""
        ...


def is_unfinished(name: str) -> bool:
    """Whether the name says that somebody still writes to the file."""
    low = name.lower()
    return name.startswith(".") or low.endswith((".tmp", ".part", ".filepart", ".partial"))


class Outward:
    """What a transport without an inbox to look into answers."""

    def waiting(self) -> Sequence[Waiting]:
        """Nothing: files come another way."""
        return ()

    def fetch(self, name: str, into: IO[bytes]) -> bool:
        """Nothing lies here."""
        return False

    def archive(self, name: str, *, label: str) -> None:
        """Nothing lies here."""

    def close(self) -> None:
        """Nothing is held open."""
