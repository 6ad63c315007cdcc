"""Documents that share a job: fixed cost, placed together, none harmed by another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.events.models import Job, OutboxEvent
from distportal.events.running import run_job
from distportal.events.sweeper import work_until_idle
from edi.models import Document
from edi.process import placing as placing_together
from edi.process.batches import BATCH
from edi.process.mailboxes import store_file
from edi.seeds import order_body, partner_file
from exceptions.models import Case
from inventory.models import Item, Reservation
from orders.models import ErpCommand, Intake, Order, OrderLine
from orders.process import arriving, orchestration
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def placing() -> list[Job]:
    return list(Job.objects.filter(kind="edi.take_document", state="ready").order_by("created_at"))


def read_orders(post: Post, count: int, *, lines: int = 1, number: int = 8000) -> list[Job]:
    """A file with so many orders was read; the jobs that place them wait."""
    singly = Item.objects.filter(status="active", base_sold=True, min_quantity=0, order_multiple=0)
    skus = [i.sku for i in singly.filter(stock__available__gt=1000).distinct().order_by("sku")]
    skus = skus or ["FST-10001"]
    rows = tuple((str(n), "1", "EA", "", "", sku) for n, sku in enumerate(skus[:lines], 1))
    bodies = [order_body(f"PO-{number}-{n}", "0117", rows, on=dt.date(2026, 11, 24)) for n in range(count)]
    content = partner_file(post.partner, number, "850", "PO", *bodies)
    store_file(mailbox=post.partner.mailbox, name=f"{number}.edi", content=content)
    run_job(Job.objects.get(kind="edi.read_file", state="ready").pk)
    return placing()


def test_documents_of_a_group_share_jobs(crestline: Post, catalogue: SandboxProcess) -> None:
    jobs = read_orders(crestline, BATCH + 1)
    assert [len(job.payload["documents"]) for job in jobs] == [BATCH, 1]
    for job in jobs:
        run_job(job.pk)
    assert Order.objects.count() == BATCH + 1
    assert set(Document.objects.filter(direction="in").values_list("state", flat=True)) == {"placed"}
    assert not Case.objects.exists()


def test_a_failing_document_gets_a_job_of_its_own_and_its_siblings_are_placed(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    [job] = read_orders(crestline, 4)
    poison = job.payload["documents"][1]
    decide = arriving.decide

    def breaks(order: Order, *args: object, **kwargs: object) -> object:
        if order.po_number == "PO-8000-1":
            raise RuntimeError("a fault of ours")
        return decide(order, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(arriving, "decide", breaks)
    run_job(job.pk)
    assert Order.objects.count() == 3
    [alone] = placing()
    assert alone.payload["documents"] == [poison]
    run_job(alone.pk)
    alone.refresh_from_db()
    assert (alone.state, alone.attempts, "a fault of ours" in alone.last_error) == ("ready", 1, True)
    monkeypatch.undo()
    Job.objects.update(next_at=alone.created_at)
    work_until_idle()
    assert Order.objects.count() == 4


def test_one_that_cannot_be_read_has_its_case_and_the_others_are_placed_together(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    [job] = read_orders(crestline, 4)
    bad = Document.objects.get(pk=job.payload["documents"][2])
    bad.segments = [row for row in bad.segments if row[0] != "PO1"]
    bad.save()
    sizes, place = [], placing_together.place_orders
    monkeypatch.setattr(
        placing_together, "place_orders", lambda *, askings: sizes.append(len(askings)) or place(askings=askings)
    )
    run_job(job.pk)
    assert sizes == [3]
    assert sorted(Order.objects.values_list("po_number", flat=True)) == ["PO-8000-0", "PO-8000-1", "PO-8000-3"]
    bad.refresh_from_db()
    assert (bad.state, bad.order) == ("failed", None)
    assert [case.subject_id for case in Case.objects.all()] == [str(bad.pk)]


def test_the_same_po_twice_in_one_interchange_is_one_order(crestline: Post, catalogue: SandboxProcess) -> None:
    rows = (("1", "6", "EA", "", "", "FST-10001"),)
    more = (("1", "7", "EA", "", "", "FST-10001"),)
    on = dt.date(2026, 11, 24)
    bodies = [order_body("PO-TWICE", "0117", wanted, on=on) for wanted in (rows, rows, more)]
    store_file(
        mailbox=crestline.partner.mailbox, name="t", content=partner_file(crestline.partner, 8300, "850", "PO", *bodies)
    )
    run_job(Job.objects.get(kind="edi.read_file", state="ready").pk)
    run_job(placing()[0].pk)
    order = Order.objects.get()
    first, again, other = Document.objects.filter(direction="in", set_id="850").order_by("position")
    assert [(d.state, d.order) for d in (first, again, other)] == [
        ("placed", order),
        ("placed", order),
        ("failed", order),
    ]
    assert (first.findings, len(again.findings)) == ([], 1)
    assert [(case.kind, case.correlation_id) for case in Case.objects.all()] == [
        ("order.duplicate_po", other.correlation_id)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_in_the_middle_leaves_nothing_and_all_is_done_once_later(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    [job] = read_orders(crestline, 3)

    def dies(**_: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(orchestration, "request_erp_orders", dies)  # orders, lines and stock are written by then
    with pytest.raises(SystemExit):
        run_job(job.pk)
    for model in (Order, OrderLine, Intake, ErpCommand, Reservation, OutboxEvent):
        assert not model.objects.exists()
    assert set(Document.objects.filter(direction="in").values_list("state", flat=True)) == {"valid"}
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)  # as after its lease
    work_until_idle()
    assert Order.objects.filter(status="confirmed").count() == ErpCommand.objects.count() == 3
    assert all(len(catalogue.orders(f"NL-{order.number}")) == 1 for order in Order.objects.all())


def test_a_batch_that_killed_its_process_is_taken_apart(crestline: Post, catalogue: SandboxProcess) -> None:
    [job] = read_orders(crestline, 3)
    Job.objects.filter(pk=job.pk).update(attempts=1)  # claimed once by a process that died
    run_job(job.pk)
    assert Order.objects.count() == 0
    assert sorted(j.payload["documents"][0] for j in placing()) == sorted(job.payload["documents"])
    work_until_idle()
    assert Order.objects.count() == 3


def test_orders_wait_together_until_there_is_a_catalogue(crestline: Post) -> None:
    [job] = read_orders(crestline, 3)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("ready", 0)
    assert "were not read yet" in job.last_error
    assert placing() == [job]


def test_an_order_costs_as_many_statements_whatever_its_lines(crestline: Post, catalogue: SandboxProcess) -> None:
    asked = []
    for number, lines in ((8100, 1), (8200, 8)):
        [job] = read_orders(crestline, 2, lines=lines, number=number)
        with CaptureQueriesContext(connection) as queries:
            run_job(job.pk)
        asked.append(len(queries))
    assert Order.objects.count() == 4
    assert asked[0] <= asked[1] <= asked[0] + 1, "one more for the batch, where lines come from several warehouses"


def test_a_batch_costs_as_many_statements_however_many_orders_it_has(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    asked = []
    for number, orders in ((8400, 2), (8500, BATCH)):
        [job] = read_orders(crestline, orders, number=number)
        with CaptureQueriesContext(connection) as queries:
            run_job(job.pk)
        asked.append(len(queries))
    assert Order.objects.filter(status="accepted").count() == BATCH + 2
    assert asked[0] == asked[1] <= 52
