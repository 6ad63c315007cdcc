"""Twenty at once, and processes that die in the middle: real threads, real transactions."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.db import transaction

from distportal.events.models import Job
from distportal.events.running import run_job
from distportal.events.sweeper import work_until_idle
from edi.models import ControlNumber, Document, InboundFile, Interchange, OutboundFile
from edi.process.control_numbers import next_control_number
from edi.process.delivery import deliver_files
from edi.process.inbound import read_file
from edi.process.mailboxes import poll_mailboxes, store_file
from exceptions.models import Case
from orders.models import Order
from tests.at_once import at_once
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 20


def jobs(kind: str) -> list[uuid.UUID]:
    """The jobs that are ready; each runs itself here, and stands in for none whose turn it is."""
    Job.objects.filter(kind=kind, state="ready").update(share="")
    return list(Job.objects.filter(kind=kind, state="ready").values_list("pk", flat=True))


def test_the_same_850_dropped_twenty_times_at_once_is_one_order(crestline: Post, catalogue: SandboxProcess) -> None:
    content = crestline.order(("FST-10001", "10", "0.42"), po="ONCE")
    for n in range(CROWD):
        crestline.drop(content, f"copy-{n}.edi")
    at_once(*[poll_mailboxes] * 4)
    assert InboundFile.objects.count() == CROWD
    at_once(*(partial(run_job, job) for job in jobs("edi.read_file")))
    work_until_idle()
    order = Order.objects.get()
    assert order.status == "confirmed"
    assert len(catalogue.orders(f"NL-{order.number}")) == 1
    states = list(Interchange.objects.filter(direction="in").values_list("state", flat=True))
    assert (states.count("accepted"), states.count("repeated")) == (1, CROWD - 1)
    assert Document.objects.filter(direction="in").count() == 1
    assert Document.objects.filter(direction="out", set_id="997").count() == 1
    assert Document.objects.filter(direction="out", set_id="855").count() == 1
    assert set(InboundFile.objects.values_list("state", flat=True)) == {"read"}
    assert not Case.objects.exists()


def test_the_same_order_in_twenty_interchanges_at_once_is_one_order(crestline: Post, catalogue: SandboxProcess) -> None:
    for n in range(CROWD):
        crestline.drop(crestline.order(("FST-10001", "10", "0.42"), po="ONCE", number=7000 + n))
    poll_mailboxes()
    at_once(*(partial(run_job, job) for job in jobs("edi.read_file")))
    placing = jobs("edi.take_document")
    assert len(placing) == CROWD
    at_once(*(partial(run_job, job) for job in placing))
    work_until_idle()
    order = Order.objects.get()
    assert len(catalogue.orders(f"NL-{order.number}")) == 1
    documents = Document.objects.filter(direction="in")
    assert {(d.state, d.order_id) for d in documents} == {("placed", order.pk)}
    assert Document.objects.filter(direction="out", set_id="997").count() == CROWD
    assert Document.objects.filter(direction="out", set_id="855").count() == 1
    assert not Case.objects.exists()
    numbers = OutboundFile.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, CROWD + 2))


def test_a_file_that_is_read_twice_at_once_is_read_once(crestline: Post) -> None:
    crestline.drop(crestline.order(("FST-10001", "10", "0.42")), "twice.edi")
    poll_mailboxes()
    file = InboundFile.objects.get()
    at_once(*[partial(read_file, file_id=file.pk)] * 4)
    read_file(file_id=file.pk)
    assert (Interchange.objects.filter(direction="in").count(), Document.objects.filter(direction="in").count()) == (
        1,
        1,
    )
    assert Document.objects.filter(set_id="997").count() == 1
    assert len(jobs("edi.take_document")) == 1


def test_a_reader_that_dies_in_the_middle_leaves_the_rest_for_the_next(
    crestline: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edi.process import inbound

    first, second = (crestline.order(("FST-10001", "10", "0.42"), number=7100 + n) for n in (1, 2))
    crestline.drop(first + second, "two.edi")
    poll_mailboxes()
    file = InboundFile.objects.get()
    record, calls = inbound.record_arrival, []

    def dies(**kwargs: object) -> None:
        calls.append(kwargs)
        if len(calls) == 2:
            raise SystemExit("killed")
        record(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(inbound, "record_arrival", dies)
    with pytest.raises(SystemExit):
        read_file(file_id=file.pk)
    file.refresh_from_db()
    assert (file.state, Interchange.objects.filter(direction="in").count()) == ("stored", 1)
    monkeypatch.undo()
    read_file(file_id=file.pk)
    file.refresh_from_db()
    assert (file.state, Interchange.objects.filter(direction="in").count()) == ("read", 2)
    assert Document.objects.filter(set_id="997").count() == 2


def test_a_failing_interchange_does_not_stop_its_siblings(crestline: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    from edi.process import inbound

    first, second = (crestline.order(("FST-10001", "10", "0.42"), number=7200 + n) for n in (1, 2))
    crestline.drop(first + second, "two.edi")
    poll_mailboxes()
    file = InboundFile.objects.get()
    record = inbound.record_arrival

    def breaks(**kwargs: object) -> None:
        if kwargs["arrival"].found.control_number == "000007201":  # type: ignore[attr-defined]
            raise RuntimeError("a fault of ours")
        record(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(inbound, "record_arrival", breaks)
    with pytest.raises(RuntimeError, match="a fault of ours"):
        read_file(file_id=file.pk)
    assert [i.control_number for i in Interchange.objects.filter(direction="in")] == ["000007202"]
    monkeypatch.undo()
    read_file(file_id=file.pk)
    assert Interchange.objects.filter(direction="in").count() == 2


def test_a_poller_that_dies_before_it_archives_takes_the_file_once(crestline: Post) -> None:
    content = crestline.order(("FST-10001", "10", "0.42"))
    crestline.drop(content, "kept.edi")
    store_file(mailbox=crestline.partner.mailbox, name="kept.edi", content=content)
    assert poll_mailboxes() == 1
    assert InboundFile.objects.count() == 1
    assert len(jobs("edi.read_file")) == 1
    assert list((crestline.root / "inbox").iterdir()) == []


def test_a_courier_that_dies_after_the_rename_sends_the_same_bytes(
    crestline: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edi.process import delivery

    crestline.drop(crestline.order(("FST-10001", "10", "0.42")))
    poll_mailboxes()
    [job] = jobs("edi.read_file")
    run_job(job)

    def dies(**_: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(delivery, "mark_sent", dies)
    with pytest.raises(SystemExit):
        deliver_files(partner_code="CRESTLINE")
    written = crestline.fetched()
    waiting = OutboundFile.objects.get()
    assert (waiting.sent_at, waiting.times_sent, list(written.values())) == (None, 0, [bytes(waiting.content)])
    monkeypatch.undo()
    assert deliver_files(partner_code="CRESTLINE") == 1
    waiting.refresh_from_db()
    assert (waiting.times_sent, crestline.fetched()) == (1, written)
    assert Document.objects.get(set_id="997").sent_at == waiting.sent_at
    assert deliver_files(partner_code="CRESTLINE") == 0


def test_an_outbox_that_cannot_be_written_keeps_the_order_of_files(crestline: Post) -> None:
    from distportal.events.errors import RetryLater

    for number in (7301, 7302):
        crestline.drop(crestline.order(("FST-10001", "10", "0.42"), number=number))
    poll_mailboxes()
    for job in jobs("edi.read_file"):
        run_job(job)
    outbox = crestline.root / "outbox"
    outbox.write_text("in the way")
    with pytest.raises(RetryLater, match="cannot be written"):
        deliver_files(partner_code="CRESTLINE")
    assert OutboundFile.objects.filter(sent_at=None).count() == 2
    outbox.unlink()
    assert deliver_files(partner_code="CRESTLINE") == 2
    sent = OutboundFile.objects.order_by("sent_at")
    assert [f.sequence for f in sent] == [1, 2]


def test_numbers_have_no_gaps_after_a_rollback(crestline: Post) -> None:
    partner = crestline.partner
    assert next_control_number(partner=partner, counter="ISA") == 1
    with transaction.atomic():
        assert next_control_number(partner=partner, counter="ISA") == 2
        transaction.set_rollback(True)
    assert next_control_number(partner=partner, counter="ISA") == 2
    assert next_control_number(partner=partner, counter="GS") == 1, "each counter by itself"


def test_numbers_have_no_gaps_between_threads(crestline: Post) -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(25):
            with transaction.atomic():
                taken.append(next_control_number(partner=crestline.partner, counter="ST"))

    at_once(take, take)
    assert sorted(taken) == list(range(1, 51))
    assert ControlNumber.objects.get(counter="ST").last == 50
