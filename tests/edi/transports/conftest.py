"""Partners whose mailboxes are on real servers of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edi.choices import TransportKind
from edi.models import Mailbox
from edi.transports.sealing import seal_all
from tests.edi.conftest import Post
from tests.edi.transports.as2.partner import As2Partner
from tests.edi.transports.sftp_server import PASSWORD, USER, Server


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Server]:
    """A partner's SFTP server."""
    server = Server(tmp_path / "sftp")
    yield server
    server.end()


@pytest.fixture
def sftp_mailbox(crestline: Post, sftp: Server) -> Mailbox:
    """Crestline's mailbox on it, looked into as often as asked."""
    return on_sftp(crestline.partner.mailbox, sftp)


def on_sftp(mailbox: Mailbox, server: Server, **more: Any) -> Mailbox:
    """The mailbox, moved to the server."""
    mailbox.transport = TransportKind.SFTP
    mailbox.settings = {
        "host": "127.0.0.1", "port": server.port, "username": USER, "host_key": server.host_key, "poll_seconds": 0,
        "timeout": 2, **more,
    }  # fmt: skip
    mailbox.secret = seal_all({"password": PASSWORD})
    mailbox.save()
    return mailbox


@pytest.fixture
def as2(crestline: Post, tmp_path: Path) -> Iterator[As2Partner]:
    """Crestline on AS2."""
    folder = tmp_path / "as2"
    folder.mkdir()
    partner = As2Partner(crestline.partner.mailbox, folder)
    yield partner
    partner.end()
