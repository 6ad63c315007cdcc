"""Documents that share a job: fixed cost, each by itself, none harmed by another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.events.models import Job
from distportal.events.running import run_job
from distportal.events.sweeper import work_until_idle
from edi.models import Document
from edi.process import taking
from edi.process.batches import BATCH
from edi.process.mailboxes import store_file
from edi.seeds import order_body, partner_file
from exceptions.models import Case
from inventory.models import Item
from orders.models import Order
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
    place = taking.TAKERS["850"]

    def breaks(*, document_id: object) -> None:
        if str(document_id) == poison:
            raise RuntimeError("a fault of ours")
        place(document_id=document_id)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "TAKERS", {"850": breaks})
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
    assert asked[1] <= 78, "two orders with their job; each writes what it was promised in one statement"
