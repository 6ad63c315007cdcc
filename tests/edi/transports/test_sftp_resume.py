"""A download that was cut off goes on where it was; a file that changed meanwhile is fetched anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from distportal.systems.sftp.base import CHUNK
from edi.models import InboundFile, Mailbox, MailboxLink
from edi.process import file_bytes
from edi.process.mailboxes import IN_MEMORY, poll_mailbox
from exceptions.models import Case
from tests.edi.process.texts import group, po, whole
from tests.edi.transports.conftest import on_sftp
from tests.edi.transports.sftp_server import Server, after, slow

pytestmark = pytest.mark.django_db
BIG = whole(group(po()).replace("PO-9", "P" * 3_000_000))
OTHER = BIG.replace(b"PPPP", b"QQQQ")


def poll(mailbox: Mailbox) -> int:
    MailboxLink.objects.update(retry_at=None)
    return poll_mailbox(mailbox_id=mailbox.pk)


def stored() -> bytes:
    with file_bytes.opened(InboundFile.objects.get()) as source:
        return bytes(source[0 : len(source)])


def parts() -> list[Path]:
    return list((Path(settings.EDI_SPOOL) / "partial").iterdir())


@pytest.fixture
def cut(sftp_mailbox: Mailbox, sftp: Server) -> int:
    """The connection was reset in the middle of the file; how many bytes are here."""
    sftp.drop("big.edi", BIG)
    assert poll(sftp_mailbox) == 0
    sftp.fault = after(60, "read", lambda: sftp._loop.call_soon_threadsafe(sftp.cut))
    assert poll(sftp_mailbox) == 0
    sftp.fault = lambda _: None
    sftp.offsets.clear()
    [part] = parts()
    assert 0 < part.stat().st_size < len(BIG)
    assert not InboundFile.objects.exists()
    return part.stat().st_size


def test_it_goes_on_where_it_was_and_is_one_file(sftp_mailbox: Mailbox, sftp: Server, cut: int) -> None:
    assert poll(sftp_mailbox) == 1
    assert min(sftp.offsets) == max(0, cut - CHUNK), "only a piece before is read again, to compare"
    assert stored() == BIG
    assert (parts(), sftp.names("inbox"), InboundFile.objects.count()) == ([], [], 1)
    assert poll(sftp_mailbox) == 0
    assert not Case.objects.exists()


def test_a_file_of_another_size_or_time_is_fetched_anew(sftp_mailbox: Mailbox, sftp: Server, cut: int) -> None:
    sftp.drop("big.edi", OTHER)
    os.utime(sftp.root / "inbox" / "big.edi", (1, 1))
    assert poll(sftp_mailbox) == 0, "it changed: one more look"
    assert poll(sftp_mailbox) == 1
    assert (min(sftp.offsets), stored()) == (0, OTHER)
    assert parts() == []


def test_other_content_under_the_same_size_and_time_is_noticed(sftp_mailbox: Mailbox, sftp: Server, cut: int) -> None:
    path = sftp.root / "inbox" / "big.edi"
    before = path.stat()
    path.write_bytes(OTHER[:-60].replace(b"P", b"Q") + OTHER[-60:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert poll(sftp_mailbox) == 1
    assert (0 in sftp.offsets, stored()) == (True, path.read_bytes() if path.exists() else stored())
    assert b"P" * 10 not in stored()


def test_a_file_that_changes_while_it_is_fetched_is_not_taken(sftp_mailbox: Mailbox, sftp: Server) -> None:
    sftp.drop("big.edi", BIG)
    poll(sftp_mailbox)

    def rewrite() -> None:
        (sftp.root / "inbox" / "big.edi").write_bytes(OTHER)
        os.utime(sftp.root / "inbox" / "big.edi", (1, 1))

    sftp.fault = after(30, "read", rewrite)
    assert poll(sftp_mailbox) == 0
    assert not InboundFile.objects.exists()
    poll(sftp_mailbox)
    poll(sftp_mailbox)
    assert stored() == OTHER


def test_what_does_not_fit_into_one_session_comes_in_several(sftp_mailbox: Mailbox, sftp: Server) -> None:
    on_sftp(sftp_mailbox, sftp, session_seconds=5, timeout=10)
    sftp.drop("big.edi", BIG)
    poll(sftp_mailbox)
    sftp.fault = slow("read", 0.12)  # some forty reads until the session's time is over
    assert poll(sftp_mailbox) == 0
    [part] = parts()
    came = part.stat().st_size
    assert 0 < came < len(BIG)
    sftp.fault = lambda _: None
    sftp.offsets.clear()
    assert poll(sftp_mailbox) == 1
    assert (stored() == BIG, min(sftp.offsets)) == (True, max(0, came - CHUNK))


def test_small_files_leave_nothing_behind_and_old_parts_go(sftp_mailbox: Mailbox, sftp: Server, cut: int) -> None:
    [part] = parts()
    os.utime(part, (1, 1))
    (sftp.root / "inbox" / "big.edi").unlink()
    small = whole(group(po()))
    assert len(small) < IN_MEMORY
    sftp.drop("small.edi", small)
    sftp.drop("big2.edi", BIG)
    for _ in range(2):
        poll(sftp_mailbox)
    assert parts() == []
    names = sorted(InboundFile.objects.values_list("name", flat=True))
    assert names == ["big2.edi", "small.edi"]


def test_no_room_on_the_disk_is_told_and_nothing_is_stored(
    sftp_mailbox: Mailbox, sftp: Server, settings: Any, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    settings.EDI_SPOOL = blocked
    sftp.drop("big.edi", BIG)
    poll(sftp_mailbox)
    assert poll(sftp_mailbox) == 0
    assert "cannot be kept" in MailboxLink.objects.get(direction="in").last_error
    assert sftp.names("inbox") == ["big.edi"]
