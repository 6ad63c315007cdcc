"""A partner that uploads to our API and collects there: nothing is polled and nothing pushed."""

from __future__ import annotations

from dataclasses import dataclass

from distportal.systems.sftp.base import Parcel, Receipt, TransportError
from edi.transports.base import Outward


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """The API keys of the partner's account are all it needs."""


class CollectMailbox(Outward):
    """Files wait until the partner's system has fetched and confirmed them."""

    def put(self, parcel: Parcel) -> Receipt:
        """Never called: the files are not pushed. Raises TransportError."""
        raise TransportError(f"{parcel.name} waits to be collected by API", permanent=True)

    def check(self) -> str:
        """There is nothing to reach."""
        return "Nothing to connect to: the partner's system calls our API."
