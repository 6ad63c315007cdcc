"""Files that are too big for a row: kept on disk, read in flat memory, and with the same outcome as any other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from distportal.events.errors import GiveUp
from distportal.events.models import Job
from distportal.events.running import run_job
from distportal.events.sweeper import work_until_idle
from edi.models import Document, FunctionalGroup, InboundFile, Interchange
from edi.process import streamed, streaming
from edi.process.inbound import read_file
from edi.process.mailboxes import store_file
from edi.process.streaming import read_huge_file
from edi.seeds import order_body, partner_file
from exceptions.models import Case
from orders.models import Order
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.edi.process.test_fuzz import damaged, good
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is too big for its row."""
    monkeypatch.setattr("edi.transports.spool.INLINE", 10)


def orders(post: Post, count: int, *, number: int = 9100, po: str = "BIG") -> bytes:
    line = (("1", "1", "EA", "", "", "FST-10001"),)
    bodies = [order_body(f"{po}-{n}", "0117", line, on=dt.date(2026, 11, 24)) for n in range(count)]
    return partner_file(post.partner, number, "850", "PO", *bodies)


def stored(post: Post, content: bytes, name: str = "big.edi") -> InboundFile:
    return store_file(mailbox=post.partner.mailbox, name=name, content=content)


def outcome(post: Post, content: bytes, read: Callable[..., None]) -> Any:
    """All that reading a file comes to, as plain values; nothing stays in the database."""
    with transaction.atomic():
        file = stored(post, content)
        read(file_id=file.pk)
        file.refresh_from_db()
        inbound = Document.objects.filter(direction="in")
        found = (
            file.state,
            file.problem,
            list(Interchange.objects.filter(direction="in").order_by("file_offset").values_list(
                "state", "control_number", "notes", "content_hash", "file_offset", "partner_id")),
            sorted(FunctionalGroup.objects.filter(interchange__direction="in").values_list(
                "functional_id", "control_number", "release", "verdict")),
            sorted(map(str, inbound.values_list(
                "set_id", "control_number", "position", "state", "findings", "segments"))),
            sorted(str(s) for s in Document.objects.filter(direction="out").values_list("segments", flat=True)),
            sorted(Case.objects.values_list("kind", "code", "sentence")),
            sorted(len(j.payload["documents"]) for j in Job.objects.filter(kind__startswith="edi.take")),
        )  # fmt: skip
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("start", range(0, 100, 25))
def test_a_spooled_file_comes_to_the_same_as_one_in_its_row(
    crestline: Post, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    for content in [good(start), *(damaged(seed) for seed in range(start, start + 25))]:
        in_row = outcome(crestline, content, read_file)
        with monkeypatch.context() as patch:
            patch.setattr("edi.transports.spool.INLINE", 10)
            patch.setattr(streamed, "BATCH", 1)
            assert outcome(crestline, content, read_huge_file) == in_row


def test_what_is_too_big_for_a_row_stands_in_the_spool_by_its_hash(crestline: Post, spooled: None) -> None:
    content = orders(crestline, 3)
    file = stored(crestline, content)
    assert (file.spooled, bytes(InboundFile.objects.get().content), file.size) == (True, b"", len(content))
    path = Path(settings.EDI_SPOOL) / file.sha256[:2] / file.sha256
    assert path.read_bytes() == content
    stored(crestline, content, "again.edi")
    kept = [p for p in Path(settings.EDI_SPOOL).rglob("*") if p.is_file()]
    assert kept == [path], "the same bytes are one file, and nothing unfinished is left"
    assert set(Job.objects.values_list("kind", "lane")) == {("edi.read_huge_file", "bulk")}


def test_its_orders_are_placed_and_answered_once(crestline: Post, catalogue: SandboxProcess, spooled: None) -> None:
    crestline.take(orders(crestline, 30))
    assert InboundFile.objects.get().state == "read"
    assert Order.objects.filter(status="confirmed").count() == 30
    assert set(Document.objects.filter(direction="in").values_list("state", flat=True)) == {"placed"}
    [answer] = crestline.sets("997")
    assert [row for row in answer if row[0] == "AK9"] == [["AK9", "A", "30", "30", "30"]]
    assert Job.objects.filter(kind="edi.take_huge_document", lane="bulk", state="done").count() == 2
    assert not Case.objects.exists()


def test_nothing_follows_from_a_document_before_the_last_set_is_read(
    crestline: Post, catalogue: SandboxProcess, spooled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "BATCH", 4)
    monkeypatch.setattr(streaming, "SLICE", -1.0)  # a batch a run
    monkeypatch.setattr(streaming, "LONGEST_SLICE", -1.0)
    file = stored(crestline, orders(crestline, 10))
    recorded = []
    for _ in range(3):
        [job] = Job.objects.filter(state="ready")
        run_job(job.pk)
        recorded.append(Document.objects.filter(direction="in").count())
        file.refresh_from_db()
        if file.state != "read":
            assert Interchange.objects.get().state == "reading"
            assert not Document.objects.filter(direction="out").exists()
            assert not Job.objects.filter(kind="edi.take_huge_document").exists()
    assert (recorded, file.state) == ([4, 8, 10], "read")
    assert Document.objects.filter(direction="out", set_id="997").count() == 1
    assert [len(j.payload["documents"]) for j in Job.objects.filter(kind="edi.take_huge_document")] == [10]


def test_a_wrong_count_at_the_end_takes_nothing_from_the_interchange(crestline: Post, spooled: None) -> None:
    content = orders(crestline, 5).replace(b"IEA*1*", b"IEA*2*")
    read_huge_file(file_id=stored(crestline, content).pk)
    assert Interchange.objects.get(direction="in").state == "rejected"
    assert not Document.objects.filter(direction="in").exists()
    assert Case.objects.get().kind == "edi.rejected_interchange"


def test_the_same_interchange_while_the_first_is_read_is_a_repeat(
    crestline: Post, spooled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "BATCH", 2)
    monkeypatch.setattr(streaming, "SLICE", -1.0)
    monkeypatch.setattr(streaming, "LONGEST_SLICE", -1.0)
    content = orders(crestline, 5)
    first, second = stored(crestline, content, "a.edi"), stored(crestline, content, "b.edi")
    read_huge_file(file_id=first.pk)
    read_huge_file(file_id=second.pk)
    assert sorted(Interchange.objects.values_list("state", flat=True)) == ["reading", "repeated"]
    for _ in range(3):
        read_huge_file(file_id=first.pk)
    assert sorted(Interchange.objects.filter(direction="in").values_list("state", flat=True)) == [
        "accepted",
        "repeated",
    ]
    assert Document.objects.filter(direction="in").count() == 5


def test_lost_or_changed_bytes_are_told_and_never_read(crestline: Post, spooled: None) -> None:
    file = stored(crestline, orders(crestline, 2))
    path = Path(settings.EDI_SPOOL) / file.sha256[:2] / file.sha256
    content = path.read_bytes()
    path.write_bytes(content.replace(b"FST-10001", b"FST-10002"))
    with pytest.raises(GiveUp, match="not those that were stored"):
        read_huge_file(file_id=file.pk)
    path.unlink()
    work_until_idle()
    assert "cannot be read" in Job.objects.get(kind="edi.read_huge_file").last_error
    assert Case.objects.filter(kind="dead.job").count() == 1
    assert not Interchange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_record_every_set_once(
    crestline: Post, spooled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distportal.events.errors import RetryLater

    monkeypatch.setattr(streamed, "BATCH", 3)
    file = stored(crestline, orders(crestline, 30))

    def read() -> str:
        try:
            read_huge_file(file_id=file.pk)
        except RetryLater:
            return "later"
        return "read"

    assert "read" in at_once(*[partial(read)] * 3)
    numbers = list(Document.objects.filter(direction="in").values_list("control_number", flat=True))
    assert sorted(numbers) == [f"{n:04d}" for n in range(1, 31)]
    assert Document.objects.filter(direction="out", set_id="997").count() == 1
    assert Job.objects.filter(kind="edi.take_huge_document").count() == 2


def test_pages_show_the_head_of_a_spooled_file_and_stream_the_rest(
    crestline: Post, cast: Cast, spooled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi.ops.envelopes.SHOWN_BYTES", 300)
    monkeypatch.setattr("edi.ops.downloads.SHOWN_BYTES", 300)
    monkeypatch.setattr("edi.ops.envelopes.SHOWN_DOCUMENTS", 3)
    content = orders(crestline, 5)
    file = stored(crestline, content)
    read_huge_file(file_id=file.pk)
    desk = signed_in(cast.agent)
    page = desk.get(reverse("edi:file", args=[file.pk])).content.decode()
    assert ("BIG-0" in page, "BIG-4" in page, "The first 300" in page) == (True, False, True)
    page = desk.get(reverse("edi:interchange", args=[Interchange.objects.get(direction="in").pk])).content.decode()
    assert ("The first 3 of 5 documents" in page, "BIG-4" in page) == (True, False)
    reply = desk.get(reverse("edi:file_bytes", args=[file.pk]))
    assert (reply.streaming, reply.getvalue(), reply["X-Content-Type-Options"]) == (True, content, "nosniff")
    assert signed_in(cast.stranger).get(reverse("edi:file_bytes", args=[file.pk])).status_code == 403
    (Path(settings.EDI_SPOOL) / file.sha256[:2] / file.sha256).unlink()
    assert "cannot be read from" in desk.get(reverse("edi:file", args=[file.pk])).content.decode()
    assert desk.get(reverse("edi:file_bytes", args=[file.pk])).status_code == 410
