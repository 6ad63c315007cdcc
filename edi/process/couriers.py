"""How one file of ours is brought to its partner: the one table of transports that need more than `put`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from distportal.systems.sftp.base import Parcel
from edi.choices import Delivery, TransportKind
from edi.models import Mailbox, OutboundFile
from edi.process.as2_sending import bring_by_as2
from edi.process.file_bytes import sent_bytes_of
from edi.transports.base import Transport

Courier = Callable[[Mailbox, OutboundFile, Transport], Delivery]


def bring(mailbox: Mailbox, file: OutboundFile, transport: Transport) -> Delivery:
    """Where the file is now. Raises TransportError. Called outside any transaction."""
    return COURIERS.get(mailbox.transport, _put)(mailbox, file, transport)


def _put(mailbox: Mailbox, file: OutboundFile, transport: Transport) -> Delivery:
    transport.put(Parcel(name=file.name, content=sent_bytes_of(file)))
    return Delivery.DELIVERED


COURIERS: Mapping[str, Courier] = {TransportKind.AS2: bring_by_as2}
