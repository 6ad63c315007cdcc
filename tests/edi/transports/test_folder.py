"""Folders: what is whole and quiet is taken; what is cut off waits, and a person is told."""

from __future__ import annotations

import datetime as dt
import errno
import os
import time

import pytest

from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.sweeper import work_until_idle
from edi.models import InboundFile, MailboxLink, OutboundFile, Sighting
from edi.process.delivery import deliver_files
from edi.process.mailboxes import poll_mailboxes
from exceptions.models import Case
from exceptions.registry import case_kind
from tests.edi.conftest import Post
from tests.edi.process.texts import group, po, whole

pytestmark = pytest.mark.django_db
FILE = whole(group(po()))


def write(post: Post, content: bytes, name: str = "po.edi", age: float = 0) -> None:
    post.drop(content, name)
    moment = time.time() - age
    os.utime(post.root / "inbox" / name, (moment, moment))


def test_a_fresh_file_is_taken_at_the_second_look_if_nothing_was_written_meanwhile(crestline: Post) -> None:
    write(crestline, FILE[:50])
    assert poll_mailboxes() == 0
    write(crestline, FILE)
    assert poll_mailboxes() == 0
    assert poll_mailboxes() == 1
    assert bytes(InboundFile.objects.get().content) == FILE


def test_a_quiet_file_is_taken_at_the_first_look(crestline: Post) -> None:
    write(crestline, FILE, age=60)
    assert poll_mailboxes() == 1


def test_a_cut_off_file_waits_is_told_after_15_minutes_and_taken_when_it_is_whole(crestline: Post) -> None:
    write(crestline, FILE[:-30], age=60)
    for _ in range(3):
        assert poll_mailboxes() == 0
    assert not Case.objects.exists()
    Sighting.objects.update(unchanged_since=database_now() - dt.timedelta(minutes=16))
    for _ in range(3):
        assert poll_mailboxes() == 0
    case = Case.objects.get()
    assert (case.kind, case.occurrences) == ("edi.incomplete_file", 1)
    assert (list((crestline.root / "inbox").iterdir()) != [], InboundFile.objects.count()) == (True, 0)
    write(crestline, FILE, age=60)
    assert poll_mailboxes() == 1
    case.refresh_from_db()
    assert (case.status, bytes(InboundFile.objects.get().content)) == ("resolved", FILE)


def test_a_cut_off_file_is_taken_as_it_is_when_a_person_wants_that(crestline: Post) -> None:
    write(crestline, FILE[:-30], age=1200)
    poll_mailboxes()
    poll_mailboxes()
    case = Case.objects.get()
    [take, _] = case_kind(case.kind).actions
    assert "will be taken" in take.run(case, {}, "", None)  # type: ignore[arg-type]
    assert poll_mailboxes() == 1
    work_until_idle()
    case.refresh_from_db()
    assert case.status == "resolved"
    assert Case.objects.filter(kind="edi.rejected_interchange").count() == 1
    assert "not there any more" in take.run(case, {}, "", None)  # type: ignore[arg-type]


def test_a_case_for_a_file_that_was_taken_away_ends(crestline: Post) -> None:
    write(crestline, FILE[:-30], age=1200)
    poll_mailboxes()
    poll_mailboxes()
    (crestline.root / "inbox" / "po.edi").unlink()
    poll_mailboxes()
    assert Case.objects.get().status == "resolved"
    assert not Sighting.objects.exists()


def test_the_same_name_may_come_again(crestline: Post) -> None:
    for number in ("000009001", "000009002"):
        write(crestline, whole(group(po()), number=number), age=60)
        assert poll_mailboxes() == 1
    assert InboundFile.objects.count() == 2


def test_a_full_disk_is_tried_again_and_told_when_it_lasts(crestline: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    crestline.drop(FILE)
    poll_mailboxes()
    monkeypatch.setattr("edi.transports.folder.os.fsync", full)
    from distportal.events.running import run_job
    from distportal.events.sweeper import due_jobs

    for job, _ in due_jobs(lane="edi_in"):
        run_job(job)
    for tries in range(1, 6):
        with pytest.raises(RetryLater, match="No space left"):
            deliver_files(partner_code="CRESTLINE")
        assert Case.objects.filter(kind="edi.delivery_trouble").count() == (1 if tries == 5 else 0)
    file = OutboundFile.objects.get()
    assert (file.sent_at, file.delivery) == (None, "waiting")
    assert [name for name in crestline.fetched() if not name.startswith(".")] == []
    monkeypatch.undo()
    assert deliver_files(partner_code="CRESTLINE") == 1
    assert Case.objects.get(kind="edi.delivery_trouble").status == "resolved"
    assert MailboxLink.objects.get(direction="out").failures == 0


def full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
