"""Partners whose files wait take turns: one with a slow mailbox holds up nobody else's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from distportal.events import turns
from distportal.events.models import Job
from distportal.events.running import run_job
from edi.models import InboundFile, OutboundFile
from edi.process.inbound import read_file
from edi.process.mailboxes import poll_mailboxes
from edi.seeds import order_body, partner_file
from tests.edi.conftest import Post

pytestmark = pytest.mark.django_db
LINE = ("1", "10", "EA", "", "812345000016", "FST-10001")


def waiting(post: Post) -> int:
    return OutboundFile.objects.filter(partner=post.partner, sent_at=None).count()


def test_who_is_asked_for_again_and_again_goes_after_the_other(
    crestline: Post, brightway: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_last", {"edi_out": "BRIGHTWAY"})
    monkeypatch.setattr("edi.process.delivery.MOST_SECONDS", -1.0)  # one file in a go
    for post in (crestline, brightway):
        for number in range(1, 4):
            body = order_body(f"T{number}", "0117", (LINE,), on=timezone.localdate())
            post.drop(partner_file(post.partner, number, "850", "PO", body))
    poll_mailboxes()
    for file in InboundFile.objects.all():
        read_file(file_id=file.pk)
    assert (waiting(crestline), waiting(brightway)) == (3, 3)
    asked = Job.objects.get(kind="edi.deliver", key="CRESTLINE")
    found = []
    for _ in range(4):
        assert run_job(asked.pk)
        found.append((waiting(crestline), waiting(brightway)))
    assert found == [(2, 3), (2, 2), (1, 2), (1, 1)]
