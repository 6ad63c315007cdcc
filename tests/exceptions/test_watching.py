"""Time goes by: what nobody takes is escalated, what somebody has is not, and two schedulers do it once."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.events.clock import database_now
from distportal.events.models import OutboxEvent
from exceptions.choices import CaseStatus
from exceptions.models import Case, Queue
from exceptions.process.cases import claim_case, open_case, resolve_case
from exceptions.process.handling import assign_case, put_aside
from exceptions.process.watching import watch_cases
from tests.at_once import at_once
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def case(subject: str) -> Case:
    return open_case(kind="order.held", code="held", subject_type="order", subject_id=subject, sentence="x")


def test_what_nobody_took_goes_where_the_queue_escalates_to_and_what_somebody_has_stays(cast: Cast) -> None:
    loose, taken, done = case("1"), case("2"), case("3")
    leads = Queue.objects.create(code="leads", name="Team leads", group="agent")
    Queue.objects.filter(code="orders").update(escalates_to=leads)
    claim_case(case_id=taken.pk, user=cast.agent, version=taken.version)
    resolve_case(case_id=done.pk, resolution="by_hand", reason="done")  # type: ignore[arg-type]
    Case.objects.update(first_due_at=database_now())
    assert watch_cases()["escalated"] == 1
    loose.refresh_from_db()
    taken.refresh_from_db()
    done.refresh_from_db()
    assert (loose.queue, loose.severity, loose.entries.last().text) == (  # type: ignore[union-attr]
        leads, 3, "nobody took it in time, now in Team leads",
    )  # fmt: skip
    assert (taken.queue.code, taken.severity, done.queue.code) == ("orders", 2, "orders")
    assert OutboxEvent.objects.get(type="case.escalated").aggregate_id == str(loose.pk)


def test_what_was_given_back_to_nobody_is_escalated_when_its_time_runs_out(cast: Cast) -> None:
    back, kept, early = case("1"), case("2"), case("3")
    for one in (back, kept, early):
        claim_case(case_id=one.pk, user=cast.agent, version=1)
    for one in (back, early):
        assign_case(case_id=one.pk, version=2, owner=None, reason="not mine")
    Case.objects.update(first_due_at=database_now())
    Case.objects.exclude(pk=early.pk).update(warn_at=database_now())
    assert (watch_cases()["escalated"], watch_cases()["escalated"]) == (1, 0)
    back.refresh_from_db()
    assert (back.severity, back.entries.get(action="escalated").text) == (3, "nobody has it any more")
    assert OutboxEvent.objects.get(type="case.escalated").aggregate_id == str(back.pk)
    assert set(Case.objects.exclude(pk=back.pk).values_list("severity", flat=True)) == {2}


def test_a_snoozed_case_is_warned_of_and_a_waiting_one_is_not(cast: Cast) -> None:
    snoozed, waiting = case("1"), case("2")
    until = database_now() + dt.timedelta(hours=1)
    put_aside(case_id=snoozed.pk, version=1, status=CaseStatus.SNOOZED, until=until)
    put_aside(case_id=waiting.pk, version=1, status=CaseStatus.WAITING_ERP, until=until)
    Case.objects.update(warn_at=database_now())
    assert watch_cases()["warned"] == 1
    snoozed.refresh_from_db()
    assert snoozed.warned_at is not None
    assert snoozed.version == 2


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_escalate_a_case_once(cast: Cast) -> None:
    for n in range(6):
        case(str(n))
    Case.objects.update(first_due_at=database_now())
    told = at_once(watch_cases, watch_cases)
    assert sum(one["escalated"] for one in told) <= 6
    watch_cases()
    assert OutboxEvent.objects.filter(type="case.escalated").count() == 6
    assert set(Case.objects.values_list("severity", flat=True)) == {3}
