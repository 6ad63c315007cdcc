"""SFTP against a real server: the rules of taking and bringing, and every way in which a server fails."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from functools import partial
from io import BytesIO
from pathlib import Path

import asyncssh
import pytest

from distportal.events.errors import RetryLater
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.systems.sftp.base import TransportError
from edi.models import InboundFile, Mailbox, MailboxLink, OutboundFile
from edi.process import file_bytes
from edi.process.checking import check_mailbox, work_again
from edi.process.delivery import deliver_files
from edi.process.mailboxes import poll_mailbox, poll_mailboxes
from edi.transports.registry import opened
from edi.transports.sealing import seal_all
from exceptions.models import Case
from tests.at_once import at_once
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole
from tests.edi.transports.conftest import on_sftp
from tests.edi.transports.sftp_server import Server, after

pytestmark = pytest.mark.django_db
FILE = whole(group(po()))


def poll(mailbox: Mailbox, times: int = 2) -> int:
    return sum(poll_mailbox(mailbox_id=mailbox.pk) for _ in range(times))


def names() -> list[str]:
    return sorted(InboundFile.objects.values_list("name", flat=True))


def link(mailbox: Mailbox, direction: str = "in") -> MailboxLink:
    return MailboxLink.objects.get(mailbox=mailbox, direction=direction)


def waiting_file(post: Post) -> OutboundFile:
    """A 997 that waits for the partner."""
    from edi.process.inbound import read_file
    from edi.process.mailboxes import store_file

    row = store_file(mailbox=post.partner.mailbox, name="in.edi", content=FILE)
    read_file(file_id=row.pk)
    return OutboundFile.objects.get()


def test_a_file_is_taken_at_the_second_look_and_archived(sftp_mailbox: Mailbox, sftp: Server) -> None:
    sftp.drop("po.edi", FILE)
    assert poll(sftp_mailbox, 1) == 0
    assert (names(), sftp.names("inbox")) == ([], ["po.edi"])
    assert poll(sftp_mailbox, 1) == 1
    file = InboundFile.objects.get()
    assert bytes(file.content) == FILE
    assert (sftp.names("inbox"), sftp.names("archive")) == ([], [f"{file.sha256[:12]}-po.edi"])
    assert poll(sftp_mailbox) == 0
    sftp_mailbox.refresh_from_db()
    assert sftp_mailbox.polled_at is not None
    assert not Case.objects.exists()


def test_files_that_grow_or_bear_a_temporary_name_wait(sftp_mailbox: Mailbox, sftp: Server) -> None:
    for name in (".hidden.edi", "a.tmp", "b.filepart", "c.PART"):
        sftp.drop(name, FILE)
    sftp.drop("grows.edi", FILE[:100])
    (sftp.root / "inbox" / "folder").mkdir()
    (sftp.root / "inbox" / "link.edi").symlink_to("/etc/passwd")
    poll(sftp_mailbox, 1)
    sftp.drop("grows.edi", FILE)
    assert poll(sftp_mailbox, 1) == 0
    assert poll(sftp_mailbox, 1) == 1
    assert names() == ["grows.edi"]
    assert bytes(InboundFile.objects.get().content) == FILE


@pytest.mark.parametrize("after_taking", ["keep", "delete"])
def test_what_the_server_keeps_is_taken_once(sftp_mailbox: Mailbox, sftp: Server, after_taking: str) -> None:
    on_sftp(sftp_mailbox, sftp, after_taking=after_taking)
    sftp.drop("po.edi", FILE)
    poll(sftp_mailbox, 5)
    assert InboundFile.objects.count() == 1
    assert sftp.names("inbox") == (["po.edi"] if after_taking == "keep" else [])
    assert sftp.names("archive") == []
    reads = sftp.operations.count("read")
    (sftp.root / "inbox" / "po.edi").write_bytes(FILE)

    os.utime(sftp.root / "inbox" / "po.edi", (1, 1))
    poll(sftp_mailbox, 3)
    assert InboundFile.objects.count() == 1, "the same name and bytes are the same file"
    assert sftp.operations.count("read") > reads
    sftp.drop("po.edi", FILE.replace(b"PO-9", b"PO-8"))
    poll(sftp_mailbox, 3)
    assert InboundFile.objects.count() == 2


def test_a_poller_killed_between_storing_and_archiving_takes_the_file_once(
    sftp_mailbox: Mailbox, sftp: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distportal.systems.sftp.mailbox import SftpMailbox

    sftp.drop("po.edi", FILE)

    def dies(*_: object, **__: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(SftpMailbox, "archive", dies)
    with pytest.raises(SystemExit):
        poll(sftp_mailbox)
    monkeypatch.undo()
    assert (len(names()), sftp.names("inbox")) == (1, ["po.edi"])
    InboundFile.objects.update(state="read")
    reads = sftp.operations.count("read")
    poll(sftp_mailbox, 1)
    assert (len(names()), sftp.names("inbox"), sftp.operations.count("read")) == (1, [], reads)
    assert not Job.objects.filter(kind="edi.resend_answers").exists(), "it did not come twice"


def test_a_reset_in_the_middle_of_a_download_stores_nothing_and_the_next_look_all(
    sftp_mailbox: Mailbox, sftp: Server
) -> None:
    big = FILE.replace(b"PO-9", b"P" * 900_000)
    sftp.drop("big.edi", big)
    poll(sftp_mailbox, 1)
    sftp.fault = after(4, "read", lambda: sftp._loop.call_soon_threadsafe(sftp.cut))
    assert poll(sftp_mailbox, 1) == 0
    assert (names(), sftp.names("inbox")) == ([], ["big.edi"])
    assert (link(sftp_mailbox).failures, bool(link(sftp_mailbox).retry_at)) == (1, True)
    assert not Case.objects.exists(), "once is nothing to tell a person"
    assert poll(sftp_mailbox, 1) == 1
    with file_bytes.opened(InboundFile.objects.get()) as source:
        assert bytes(source[0 : len(source)]) == big
    assert (link(sftp_mailbox).failures, link(sftp_mailbox).last_error) == (0, "")


def test_a_server_that_is_gone_is_one_case_after_five_tries_and_ends_it_by_itself(
    sftp_mailbox: Mailbox, sftp: Server
) -> None:
    sftp.stop()
    poll(sftp_mailbox, 4)
    assert not Case.objects.exists()
    poll(sftp_mailbox, 3)
    case = Case.objects.get()
    assert (case.kind, case.occurrences) == ("edi.mailbox_trouble", 1)
    assert "cannot be reached" in case.sentence
    sftp.start()
    poll(sftp_mailbox, 1)
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", "by_event")


def test_another_host_key_is_told_at_once_and_nothing_is_sent_to_it(sftp_mailbox: Mailbox, sftp: Server) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    on_sftp(sftp_mailbox, sftp, host_key=other)
    poll(sftp_mailbox, 1)
    case = Case.objects.get()
    assert "another host key than agreed" in case.sentence
    assert case.data["permanent"] is True
    assert sftp.operations == []
    on_sftp(sftp_mailbox, sftp, host_key=f"{other.strip()}\n{sftp.host_key}")
    poll(sftp_mailbox, 1)
    case.refresh_from_db()
    assert case.status == "resolved", "two keys are accepted while a server changes over"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"secret": seal_all}, "refused the sign-in of crestline"),
        ({"inbox_folder": "nowhere"}, "nowhere"),
        ({"host_key": "not a key"}, "no public key"),
        ({"surprise": 1}, "surprise is no setting"),
        ({"port": "22"}, "port must be a whole number"),
        ({"after_taking": "burn"}, "after_taking must be one of"),
    ],
)
def test_what_only_a_person_can_mend_is_told_at_once(
    sftp_mailbox: Mailbox, sftp: Server, change: dict[str, object], words: str
) -> None:
    if "secret" in change:
        sftp_mailbox.secret = seal_all({"password": "wrong"})
        sftp_mailbox.save()
    else:
        on_sftp(sftp_mailbox, sftp, **change)
    poll(sftp_mailbox, 1)
    assert words in Case.objects.get(kind="edi.mailbox_trouble").sentence


@pytest.mark.parametrize("hurt", ["stands still", "hangs up"])
def test_a_server_that_fails_at_the_sign_in_has_not_refused_it(sftp_mailbox: Mailbox, sftp: Server, hurt: str) -> None:
    on_sftp(sftp_mailbox, sftp, timeout=1)
    sftp.drop("po.edi", FILE)
    sftp.signing_in = sftp.cut if hurt == "hangs up" else lambda: time.sleep(1.5)
    assert poll(sftp_mailbox, 1) == 0
    found = link(sftp_mailbox)
    assert "did not take the sign-in of crestline" in found.last_error
    assert found.retry_at is not None
    assert found.failed_since is not None
    assert found.retry_at - found.failed_since < dt.timedelta(minutes=1), "nobody has to set it right"
    assert not Case.objects.exists()
    sftp.signing_in = lambda: None
    poll(sftp_mailbox, 2)
    assert names() == ["po.edi"]


def test_a_key_signs_in_as_well(crestline: Post, tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = Server(tmp_path / "keyed", client_key=key.export_public_key().decode())
    try:
        mailbox = on_sftp(crestline.partner.mailbox, server)
        mailbox.secret = seal_all({"private_key": key.export_private_key("openssh").decode()})
        mailbox.save()
        assert check_mailbox(mailbox_id=mailbox.pk) is True
    finally:
        server.end()


def test_the_connection_test_says_what_it_found(sftp_mailbox: Mailbox, sftp: Server) -> None:
    sftp.drop("po.edi", FILE)
    assert check_mailbox(mailbox_id=sftp_mailbox.pk) is True
    sftp_mailbox.refresh_from_db()
    assert sftp_mailbox.check_result == "Signed in as crestline; 1 files wait in inbox."
    (sftp.root / "outbox").rmdir()
    assert check_mailbox(mailbox_id=sftp_mailbox.pk) is False
    sftp_mailbox.refresh_from_db()
    assert "outbox is missing" in sftp_mailbox.check_result


def test_a_file_is_brought_under_a_temporary_name_and_renamed(
    crestline: Post, sftp_mailbox: Mailbox, sftp: Server
) -> None:
    file = waiting_file(crestline)
    seen: list[list[str]] = []
    sftp.fault = lambda asked: seen.append(sftp.names("outbox")) if asked in ("write", "rename") else None
    assert deliver_files(partner_code="CRESTLINE") == 1
    assert {tuple(names) for names in seen} == {(f".{file.name}.tmp",)}
    assert sftp.names("outbox") == [file.name]
    assert (sftp.root / "outbox" / file.name).read_bytes() == bytes(file.content)
    file.refresh_from_db()
    assert (file.delivery, file.times_sent, file.sent_at is not None) == ("delivered", 1, True)


def test_a_server_that_dies_in_the_middle_of_an_upload_shows_no_half_file(
    crestline: Post, sftp_mailbox: Mailbox, sftp: Server
) -> None:
    file = waiting_file(crestline)
    sftp.fault = after(1, "rename", lambda: sftp._loop.call_soon_threadsafe(sftp.cut))
    with pytest.raises(RetryLater, match="cannot be written"):
        deliver_files(partner_code="CRESTLINE")
    file.refresh_from_db()
    assert (file.sent_at, file.delivery) == (None, "waiting")
    assert file.name not in sftp.names("outbox") or (sftp.root / "outbox" / file.name).read_bytes() == bytes(
        file.content
    )
    with pytest.raises(RetryLater, match="left alone"):
        deliver_files(partner_code="CRESTLINE")
    MailboxLink.objects.update(retry_at=None)
    assert deliver_files(partner_code="CRESTLINE") == 1
    assert sftp.names("outbox") == [file.name]


def test_an_outbox_without_permission_is_a_case_that_ends_by_itself(
    crestline: Post, sftp_mailbox: Mailbox, sftp: Server
) -> None:
    waiting_file(crestline)

    def no_room(asked: str) -> None:
        if asked == "write":
            raise asyncssh.SFTPNoSpaceOnFilesystem("disk full")

    sftp.fault = no_room
    for _ in range(5):
        MailboxLink.objects.update(retry_at=None)
        with pytest.raises(RetryLater):
            deliver_files(partner_code="CRESTLINE")
    case = Case.objects.get(kind="edi.delivery_trouble")
    assert OutboundFile.objects.get().sent_at is None
    sftp.fault = lambda _: None
    work_again(mailbox_id=sftp_mailbox.pk)
    work_until_idle()
    case.refresh_from_db()
    assert (case.status, OutboundFile.objects.get().delivery) == ("resolved", "delivered")


def test_a_slow_server_is_let_go_and_holds_no_other(
    crestline: Post, brightway: Post, sftp_mailbox: Mailbox, sftp: Server
) -> None:
    on_sftp(sftp_mailbox, sftp, timeout=3)
    answered, answer = [], threading.Event()
    sftp.fault = lambda operation: answered.append(answer.wait(60)) if operation == "list" else None
    brightway.drop(FILE, "theirs.edi")
    assert poll_mailboxes() == 1
    assert sftp.operations == [], "the slow one has a job of its own"
    assert names() == ["theirs.edi"]
    assert poll_mailbox(mailbox_id=sftp_mailbox.pk) == 0
    assert (sftp.operations, answered) == (["list"], []), "let go before it answered"
    answer.set()
    assert "no answer in time" in link(sftp_mailbox).last_error
    assert not Job.objects.filter(kind="edi.poll_mailbox", state="done").exists()
    Job.objects.filter(kind="edi.poll_mailbox").delete()
    poll_mailboxes()
    assert not Job.objects.filter(kind="edi.poll_mailbox").exists(), "not before its time"


@pytest.mark.django_db(transaction=True)
def test_two_pollers_at_once_take_a_file_once(crestline: Post, sftp: Server) -> None:
    mailbox = on_sftp(crestline.partner.mailbox, sftp)
    for n in range(5):
        sftp.drop(f"po-{n}.edi", FILE)
    poll(mailbox, 1)
    took = at_once(*[partial(poll_mailbox, mailbox_id=mailbox.pk)] * 4)
    assert sorted(took) == [0, 0, 0, 5]
    assert (InboundFile.objects.count(), sftp.operations.count("open")) == (5, 5)


def test_a_file_beyond_the_limit_stays_and_stops_no_other(
    sftp_mailbox: Mailbox, sftp: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distportal.systems.sftp.mailbox.MOST_BYTES", len(FILE))
    sftp.drop("a_big.edi", FILE + b" ")
    sftp.drop("b_small.edi", FILE)
    poll(sftp_mailbox)
    assert names() == ["b_small.edi"]
    assert "a_big.edi has more than" in Case.objects.get().sentence


def test_a_session_that_drips_ends_in_time(sftp_mailbox: Mailbox, sftp: Server) -> None:
    sftp.drop("po.edi", FILE * 4000)
    with opened(sftp_mailbox) as transport:
        transport._ends = time.monotonic() - 1  # type: ignore[attr-defined]
        with pytest.raises(TransportError, match="not through after"):
            transport.fetch("po.edi", BytesIO())
