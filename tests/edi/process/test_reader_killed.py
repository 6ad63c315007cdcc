"""A reader that is killed in the middle of a huge file: real processes, real bytes, kill -9."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from distportal.events.models import Job
from edi.models import Document, Interchange
from edi.process.mailboxes import poll_mailboxes
from exceptions.models import Case
from tests.bench.giant import WRONG_EVERY, write_interchange
from tests.edi.conftest import Post
from tests.edi.process.reader import start_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

MEGABYTES = 3
"""Four batches of sets: the second kill comes between the second and the last."""


def wait(true: Callable[[], bool], *, seconds: float = 120.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "nothing happened"
        time.sleep(0.05)


def test_a_kill_in_the_middle_of_a_huge_file_loses_and_doubles_no_set(crestline: Post, tmp_path: Path) -> None:
    path = tmp_path / "huge.edi"
    sets = write_interchange(path, crestline.partner, megabytes=MEGABYTES)
    crestline.drop(path.read_bytes(), "huge.edi")
    assert poll_mailboxes() == 1
    file = crestline.partner.mailbox.files.get()
    assert (file.spooled, file.size) == (True, path.stat().st_size)
    recorded = Document.objects.filter(direction="in")
    database, spool = connection.settings_dict["NAME"], settings.EDI_SPOOL
    for kill_at in (1, sets // 2):
        reader = start_reader(database, spool, file.pk)
        wait(lambda least=kill_at: recorded.count() >= least)  # type: ignore[misc]
        reader.kill()
        reader.wait(10)
        assert recorded.count() < sets
        assert Interchange.objects.get().state == "reading"
        assert not Document.objects.filter(direction="out").exists()
        assert not Job.objects.filter(kind="edi.take_huge_document").exists()
    assert start_reader(database, spool, file.pk).wait(120) == 0

    file.refresh_from_db()
    assert file.state == "read"
    numbers = list(recorded.order_by("position").values_list("control_number", flat=True))
    assert numbers == [f"{n:06d}" for n in range(1, sets + 1)]
    refused = recorded.filter(state="invalid").values_list("position", flat=True)
    assert sorted(refused) == list(range(WRONG_EVERY, sets + 1, WRONG_EVERY))
    answer = Document.objects.get(direction="out", set_id="997")
    assert answer.segments[-2] == ["AK9", "P", str(sets), str(sets), str(sets - len(refused))]
    queued = [pk for job in Job.objects.filter(kind="edi.take_huge_document") for pk in job.payload["documents"]]
    assert len(queued) == len(set(queued)) == sets - len(refused)
    assert [case.kind for case in Case.objects.all()] == ["edi.invalid_document"]
