"""The one table of transports; a mailbox names its own as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from distportal.systems.sftp.base import TransportError
from distportal.systems.sftp.mailbox import SftpMailbox, SftpOptions
from edi.choices import TransportKind
from edi.models import Mailbox
from edi.transports.as2.transport import As2Mailbox, As2Options
from edi.transports.base import Transport
from edi.transports.collecting import CollectMailbox, CollectOptions
from edi.transports.folder import FolderMailbox, FolderOptions
from edi.transports.options import read_options
from edi.transports.sealing import unseal_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`polled`: it has an inbox that we look into. `remote`: another machine may keep us waiting. `pushed`: we bring
    files to it.
    """

    options: type[Any]
    open: Callable[[Mailbox, Any], Transport]
    polled: bool = False
    remote: bool = True
    pushed: bool = True


def _folder(mailbox: Mailbox, _: FolderOptions) -> Transport:
    path = (settings.EDI_ROOT / mailbox.path).resolve()
    if not path.is_relative_to(settings.EDI_ROOT.resolve()):
        raise TransportError(f"the mailbox path {mailbox.path!r} leads out of EDI_ROOT", permanent=True)
    return FolderMailbox(path)


KINDS: Mapping[str, Kind] = {
    TransportKind.FOLDER: Kind(options=FolderOptions, open=_folder, polled=True, remote=False),
    TransportKind.SFTP: Kind(
        options=SftpOptions, open=lambda mailbox, options: SftpMailbox(options, unseal_all(mailbox.secret)), polled=True
    ),
    TransportKind.AS2: Kind(options=As2Options, open=lambda _, options: As2Mailbox(options)),
    TransportKind.API: Kind(options=CollectOptions, open=lambda *_: CollectMailbox(), remote=False, pushed=False),
}


def kind_of(mailbox: Mailbox) -> Kind:
    """How the mailbox's transport works. Raises TransportError for one that this version does not know."""
    found = KINDS.get(mailbox.transport)
    if found is None:
        raise TransportError(f"{mailbox.transport!r} is no transport", permanent=True)
    return found


def options_of(mailbox: Mailbox) -> Any:
    """Its settings as the frozen dataclass of its transport. Raises TransportError for settings that do not fit."""
    return read_options(kind_of(mailbox).options, mailbox.settings)


def poll_seconds(mailbox: Mailbox) -> int:
    """How long to wait between two looks into its inbox."""
    return int(getattr(options_of(mailbox), "poll_seconds", 0))


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Transport]:
    """The mailbox, connected until the block ends. Raises TransportError. Never called inside a transaction."""
    transport = kind_of(mailbox).open(mailbox, options_of(mailbox))
    try:
        yield transport
    finally:
        transport.close()
