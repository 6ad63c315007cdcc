"""Taking files out of mailboxes and bringing files to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from distportal.systems.sftp.base import TransportError
from edi.models import InboundFile, OutboundFile
from edi.process.mailboxes import folder_of, poll_mailboxes
from exceptions.models import Case
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole

pytestmark = pytest.mark.django_db


def test_unfinished_hidden_and_fresh_files_are_left_alone(crestline: Post) -> None:
    crestline.drop(b"half", "order.edi.tmp")
    crestline.drop(b"half", ".order.edi")
    fresh = crestline.root / "inbox" / "fresh.edi"
    fresh.write_bytes(b"being written")
    (crestline.root / "inbox" / "folder").mkdir()
    assert poll_mailboxes() == 0
    assert InboundFile.objects.count() == 0
    assert len(list((crestline.root / "inbox").iterdir())) == 4


def test_a_link_in_the_inbox_leads_nowhere(crestline: Post, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not the partner's")
    crestline.drop(b"x", "real.edi")
    (crestline.root / "inbox" / "link.edi").symlink_to(secret)
    assert poll_mailboxes() == 1
    assert [f.name for f in InboundFile.objects.all()] == ["real.edi"]


def test_a_link_in_the_outbox_is_not_written_through(crestline: Post, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("ours")
    outbox = crestline.root / "outbox"
    outbox.mkdir(parents=True)
    (outbox / ".crestline_000000001_997.edi.tmp").symlink_to(precious)
    crestline.take(whole(group(po())))
    assert precious.read_text() == "ours"
    assert OutboundFile.objects.get().sent_at is None
    [waiting] = Job.objects.filter(kind="edi.deliver")
    assert (waiting.state, "cannot be written" in waiting.last_error) == ("ready", True)


def test_a_mailbox_that_cannot_be_read_is_one_case_and_stops_no_other(crestline: Post, brightway: Post) -> None:
    crestline.root.parent.mkdir(parents=True, exist_ok=True)
    crestline.root.write_text("a file where the folder should be")
    brightway.drop(b"x", "x.edi")
    assert poll_mailboxes() == 1
    poll_mailboxes()
    case = Case.objects.get(kind="edi.mailbox_trouble")
    assert (case.occurrences, case.status) == (1, "new")
    crestline.root.unlink()
    poll_mailboxes()
    case.refresh_from_db()
    assert (case.status, case.resolution) == ("resolved", "by_event")


def test_a_file_that_is_too_big_stays_and_stops_no_other(crestline: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi.transports.folder.MOST_BYTES", 10)
    crestline.drop(b"x" * 11, "a_big.edi")
    crestline.drop(b"x", "b_small.edi")
    poll_mailboxes()
    assert [f.name for f in InboundFile.objects.all()] == ["b_small.edi"]
    assert "a_big.edi has more than 10 bytes" in Case.objects.get(kind="edi.mailbox_trouble").sentence


def test_a_path_out_of_the_root_is_never_followed(crestline: Post) -> None:
    crestline.partner.mailbox.path = "../elsewhere"
    with pytest.raises(TransportError, match="leads out of EDI_ROOT"):
        folder_of(crestline.partner.mailbox)


def test_files_wait_while_the_partner_has_no_mailbox_and_a_person_is_told(crestline: Post) -> None:
    from exceptions.resolutions import retry

    crestline.drop(whole(group(po())))
    poll_mailboxes()
    mailbox = crestline.partner.mailbox
    type(mailbox).objects.update(active=False)
    work_until_idle()
    case = Case.objects.get(kind="dead.job")
    assert "CRESTLINE has no active mailbox" in str(Job.objects.get(kind="edi.deliver").last_error)
    assert OutboundFile.objects.get().sent_at is None
    type(mailbox).objects.update(active=True)
    retry(case, {}, "", None)  # type: ignore[arg-type]
    work_until_idle()
    assert OutboundFile.objects.get().times_sent == 1


def test_many_files_are_taken_and_brought_in_batches_and_in_order(
    crestline: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi.process.mailboxes.BATCH", 2)
    monkeypatch.setattr("edi.process.delivery.BATCH", 2)
    for n in range(5):
        crestline.drop(whole(group(po()), number=f"{n + 1:09d}"))
    assert [poll_mailboxes() for _ in range(4)] == [2, 2, 1, 0]
    work_until_idle()
    sent = OutboundFile.objects.order_by("sent_at")
    assert [(f.sequence, f.times_sent) for f in sent] == [(n, 1) for n in range(1, 6)]
