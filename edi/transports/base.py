"""What every transport offers; what goes through it is the shared piece of `distportal.systems.sftp`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Protocol

from distportal.systems.sftp.base import Parcel, Receipt, Waiting


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
