"""What is no fact goes when it is old enough, a batch at a time; what is at work, dead or young stays."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from distportal.accounts.models import User
from distportal.celery import app
from distportal.events.choices import DeliveryState, JobState
from distportal.events.clock import database_now
from distportal.events.errors import RetryLater
from distportal.events.jobs import enqueue_job
from distportal.events.models import ConsumedEvent, IdempotencyKey, Job, OutboxDelivery, OutboxEvent, ScheduleRun
from distportal.events.registry import job_kind
from distportal.events.retention import days_kept, remove_all_old, remove_old, retentions
from distportal.personal.models import PersonalRequest
from distportal.systems.call_log import note_call
from distportal.systems.models import SystemCall
from orders.models import CarrierMessage
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
OLD, YOUNG = 40.0, 0.5


def known(name: str) -> Any:
    return next(kept for kept in retentions() if kept.name == name)


def removed(name: str, **how: Any) -> int:
    return remove_old(known(name), **how)[0]


def ago(days: float) -> dt.datetime:
    return database_now() - dt.timedelta(days=days)


def calls(*ages: float) -> None:
    """Noted calls that ended so many days ago, in that order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO systems_systemcall (system, call, reference, outcome, error_code, duration_ms, correlation_id,"
            " ended_at) SELECT 'erp', 'changes', '', 'ok', '', 1, gen_random_uuid(), now() - age * interval '1 day'"
            " FROM unnest(%s::float[]) WITH ORDINALITY AS told (age, place) ORDER BY place",
            [list(ages)],
        )


def delivery(state: str, delivered: dt.datetime | None, *, occurred: dt.datetime) -> OutboxDelivery:
    """A consumed event on its way."""
    event = OutboxEvent.objects.create(
        id=uuid.uuid4(), aggregate_type="t", aggregate_id=uuid.uuid4().hex, seq=1, type="t", payload={},
        correlation_id=uuid.uuid4(), occurred_at=occurred,
    )  # fmt: skip
    ConsumedEvent.objects.create(consumer="c", event_id=event.id)
    return OutboxDelivery.objects.create(
        event=event, destination="c", aggregate_type="t", aggregate_id=event.aggregate_id, seq=1, state=state,
        delivered_at=delivered,
    )  # fmt: skip


def test_every_periodic_job_has_somebody_who_does_it() -> None:
    assert [name for name in app.conf.beat_schedule if job_kind(name) is None] == []


def test_many_old_rows_go_in_batches_and_none_of_the_young(django_assert_num_queries: Any) -> None:
    calls(*[OLD] * 5000, *[YOUNG] * 300)
    with django_assert_num_queries(2 + 5 * 4 + 3):  # five batches of four, and one look that finds young rows only
        assert removed("system_calls", batch=1000) == 5000
    assert SystemCall.objects.count() == 300
    assert removed("system_calls") == 0


def test_a_table_of_young_rows_costs_one_look() -> None:
    calls(*[YOUNG] * 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE systems_systemcall")
    assert removed("system_calls", batch=100) == 0
    assert SystemCall.objects.count() == 3000


def test_a_row_that_was_finished_late_hides_no_old_ones() -> None:
    calls(YOUNG, *[OLD] * 10, YOUNG)
    assert removed("system_calls", batch=4) == 10
    assert SystemCall.objects.count() == 2


def test_an_empty_table_is_no_trouble() -> None:
    assert [removed(kept.name) for kept in retentions()] == [0] * len(retentions())


def test_done_jobs_go_and_ready_and_dead_ones_stay() -> None:
    for key in ("done", "young", "dead", "ready"):
        enqueue_job("test.work", key=key)
    Job.objects.filter(key="done").update(state=JobState.DONE, done_at=ago(OLD))
    Job.objects.filter(key="young").update(state=JobState.DONE, done_at=ago(YOUNG))
    Job.objects.filter(key="dead").update(state=JobState.DEAD, done_at=ago(OLD))
    assert removed("jobs", batch=1) == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"young", "dead", "ready"}


def test_a_delivery_goes_and_then_the_word_that_it_was_had_and_never_the_event() -> None:
    delivery(DeliveryState.DELIVERED, ago(OLD), occurred=ago(OLD))
    dead = delivery(DeliveryState.DEAD, None, occurred=ago(OLD))
    young = delivery(DeliveryState.DELIVERED, ago(YOUNG), occurred=ago(YOUNG))
    assert removed("consumed_events") == 0  # all of them may still be delivered again
    assert removed("deliveries") == 1
    assert removed("consumed_events") == 1
    assert set(ConsumedEvent.objects.values_list("event_id", flat=True)) == {dead.event_id, young.event_id}
    assert OutboxEvent.objects.count() == 3


def test_keys_of_requests_and_slots_go() -> None:
    for key, days in (("a", OLD), ("b", 29)):
        row = IdempotencyKey.objects.create(client="crm", key=key, request_hash="h", locked_until=ago(days))
        IdempotencyKey.objects.filter(pk=row.pk).update(created_at=ago(days))
    ScheduleRun.objects.create(name="a", slot=1, started_at=ago(OLD))
    ScheduleRun.objects.create(name="a", slot=2)
    assert removed("idempotency_keys") == 1
    assert removed("schedule_runs") == 1
    assert IdempotencyKey.objects.get().key == "b"
    assert ScheduleRun.objects.get().slot == 2


def test_a_site_says_how_long_calls_are_kept(settings: Any) -> None:
    calls(3.0, 1.0)
    settings.KEEP_DAYS = {"system_calls": 2.0}
    assert days_kept(known("system_calls")) == 2.0
    assert removed("system_calls") == 1


def test_what_a_run_does_not_manage_the_next_one_does() -> None:
    calls(*[OLD] * 5000)
    assert remove_all_old(budget=-1.0)[1] is False
    left = SystemCall.objects.count()
    assert 0 < left < 5000
    handler = job_kind("events.clean_up")
    assert handler
    handler.handler({})
    assert SystemCall.objects.count() == 0


def test_a_run_that_leaves_something_comes_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distportal.events.cleaning.remove_all_old", lambda: ({}, False))
    handler = job_kind("events.clean_up")
    assert handler
    with pytest.raises(RetryLater) as caught:
        handler.handler({})
    assert (caught.value.after, caught.value.counts) == (5.0, False)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remove_each_row_once_and_calls_go_on() -> None:
    calls(*[OLD] * 3000)

    def call() -> int:
        with transaction.atomic():
            note_call(system="erp", call="changes", reference="", outcome="ok", error_code="", duration_ms=1)
        return 0

    at_once(*[lambda: removed("system_calls", batch=500)] * 3, call)
    assert SystemCall.objects.count() == 1


def test_messages_of_carriers_go_when_they_were_used_long_ago() -> None:
    for name, state, days in (("a", "used", 181), ("b", "used", 179), ("c", "failed", 400), ("d", "waiting", 400)):
        CarrierMessage.objects.create(
            connection="roadrunner", event_id=name, channel="poll", body=b"{}", content_hash="x", state=state,
            correlation_id=uuid.uuid4(), received_at=ago(days),
        )  # fmt: skip
    assert removed("carrier_messages") == 1
    assert set(CarrierMessage.objects.values_list("event_id", flat=True)) == {"b", "c", "d"}


def test_a_dry_run_counts_what_would_go_and_takes_nothing(capsys: Any, settings: Any) -> None:
    calls(OLD, OLD, YOUNG)
    call_command("clean_up", "--dry-run")
    [told] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("system_calls")]
    assert told.split() == ["system_calls", "14", "days", "2", "would", "go"]
    assert SystemCall.objects.count() == 3
    settings.KEEP_DAYS = {"system_calls": 50}
    call_command("clean_up")
    assert SystemCall.objects.count() == 3
    settings.KEEP_DAYS = {}
    call_command("clean_up")
    assert SystemCall.objects.count() == 1


def test_a_file_goes_out_of_its_row_and_the_row_stays() -> None:
    person = User.objects.create_user(email="o@example.com", name="O")
    form = {"kind": "export", "state": "done", "email": "a@example.com", "reason": "r", "asked_by": person}
    for age in (OLD, YOUNG):
        PersonalRequest.objects.create(**form, asked_at=ago(age), done_at=ago(age), content=b"zip", size=3)
    assert removed("personal_exports") == 1
    old, young = PersonalRequest.objects.order_by("asked_at")
    assert (old.content, old.size, bytes(young.content or b"")) == (None, 0, b"zip")
    assert removed("personal_exports") == 0
