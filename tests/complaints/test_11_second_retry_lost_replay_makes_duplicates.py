"""Complaint 11: a second edited retry is dropped in silence, a restart posts an empty payload, a replay makes two
(portal.md, section 4, number 26, and section 2, row 16). Every version is kept, each attempt says what became of it,
and however often something is sent again, the ERP has it once and whole.
"""

from __future__ import annotations

import pytest

from distportal.events.jobs import enqueue_job
from distportal.events.models import Job
from distportal.events.sweeper import work_until_idle
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order, OrderVersion
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.events import kinds
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
WRONG = (("NO-SUCH-1", "7", "EA", None), ("NO-SUCH-2", "3", "EA", None))


def test_each_edited_retry_counts_and_replays_make_one_order(cast: Cast, synced: SandboxProcess) -> None:
    order = place_order(order=asked(*WRONG, po="PO-11", channel="edi"), source_key="edi:11").order
    case = Case.objects.get(subject_id=str(order.pk))
    agent, address = signed_in(cast.agent), f"/desk/{case.number}/act/resubmit/"

    first = agent.post(address, {"version": "1", "fix.line.1.sku": "FST-10001", "reason": "one"}, follow=True)
    assert "Still held" in first.content.decode(), "the result of a retry is told, also when it was not enough"
    second = agent.post(address, {"version": "2", "fix.line.2.sku": "FST-10002", "reason": "two"}, follow=True)
    assert "Resubmitted: the order is" in second.content.decode()
    stale = agent.post(address, {"version": "2", "fix.line.2.sku": "ELE-20002", "reason": "three"}, follow=True)
    assert "changed meanwhile" in stale.content.decode() or "not held" in stale.content.decode()

    kept = OrderVersion.objects.filter(order=order).order_by("version").values_list("version", "reason")
    assert [*kept][-2:] == [(2, "one"), (3, "two")]
    for _ in range(2):  # the file comes again, the workers start again
        assert place_order(order=asked(*WRONG, po="PO-11", channel="edi"), source_key="edi:11").order == order
        work_until_idle()
    order.refresh_from_db()
    case.refresh_from_db()
    assert (order.status, order.version, case.status) == ("confirmed", 3, "resolved")
    assert Order.objects.count() == 1
    [booked] = synced.orders(f"NL-{order.number}")
    assert len(booked["lines"]) == 2, "what was sent again is the whole order"  # type: ignore[arg-type]
    calls = [(call["method"], call["path"]) for call in synced.ledger(f"NL-{order.number}")]
    assert [path.rpartition("/")[2] for method, path in calls if method == "POST"].count("orders") == 1  # type: ignore[attr-defined]


def test_work_that_is_tried_again_twice_is_done_by_the_second_time(cast: Cast) -> None:
    kinds.forget()
    failing = [True]

    def work(_: object) -> None:
        if failing:
            raise RuntimeError("the other side refuses")

    kinds.behaviour["work"] = work
    enqueue_job("test.work", key="11", payload={"order": "whole"})
    agent = signed_in(cast.agent)

    def run_until_dead() -> Case:
        for _ in range(4):
            Job.objects.filter(kind="test.work").update(next_at="2020-01-01T00:00Z")
            work_until_idle()
        return Case.objects.get(kind="dead.job", status__in=CaseStatus.OPEN)

    dead = run_until_dead()
    agent.post(f"/desk/{dead.number}/act/reprocess/", {"reason": "first"})
    again = run_until_dead()
    assert len(kinds.jobs_done) == 6, "the first retry had all its attempts, too"
    failing.clear()
    agent.post(f"/desk/{again.number}/act/reprocess/", {"reason": "second"})
    work_until_idle()
    agent.post(f"/desk/{again.number}/act/reprocess/", {"reason": "a double click"})
    work_until_idle()
    assert [payload["order"] for payload in kinds.jobs_done] == ["whole"] * 7, (
        "the same whole payload, and once more only"
    )
    assert not Case.objects.filter(kind="dead.job", status__in=CaseStatus.OPEN).exists()
