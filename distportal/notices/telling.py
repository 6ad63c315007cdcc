"""Tell people what happened: a row each, in the transaction of the event, and the mail when each of them wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from distportal.events.base import Delivered
from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.notices.choices import Mode, Plan
from distportal.notices.kinds import Told, kinds_of_event, notice_kind
from distportal.notices.models import Notice
from distportal.notices.people import Person, mailed_at_once, people_told

INSTANT_JOB = "notices.mail_notice"
GATHER_JOB = "notices.mail_gathered"
HOUR = dt.timedelta(hours=1)


def take_event(event: Delivered) -> None:
    """The notices of an event, for each kind that it may be. Runs in the transaction of the delivery."""
    for kind in kinds_of_event(event.type):
        told = kind.read(event) if kind.read else None
        if told is not None:
            tell(kind=kind.key, key=str(event.id), told=told, occurred_at=event.occurred_at)


@transaction.atomic
def tell(*, kind: str, key: str, told: Told, occurred_at: dt.datetime | None = None) -> int:
    """How many people were told now. The same `kind` and `key` is told to each person once, however often it comes.

    Raises KeyError for a kind that nobody registered.
    """
    known = notice_kind(kind)
    if known is None:
        raise KeyError(f"nobody registered notices of the kind {kind}")
    people = people_told(known, told)
    heard = Notice.objects.filter(kind=kind, key=key, user__in=[one.user for one in people])
    before = set(heard.values_list("user_id", flat=True))
    people = [one for one in people if one.user.pk not in before]
    if not people:
        return 0
    now = database_now()
    hasty = [one.user for one in people if one.mode == Mode.INSTANT]
    counts = mailed_at_once(hasty, since=now - HOUR) if hasty else {}
    plans = {one.user.pk: one.plan(kind=known, now=now, at_once=counts.get(one.user.pk, 0)) for one in people}
    people = [one for one in people if one.in_app or plans[one.user.pk] != Plan.NONE]
    Notice.objects.bulk_create(
        [_notice(kind, key, told, one, plans[one.user.pk], occurred_at or now) for one in people],
        ignore_conflicts=True,
    )
    _mail_at_once(kind, key, [user for user, plan in plans.items() if plan == Plan.INSTANT])
    for one in people:
        _mail_later(one, plans[one.user.pk], now)
    return len(people)


def _notice(kind: str, key: str, told: Told, person: Person, plan: Plan, at: dt.datetime) -> Notice:
    return Notice(
        user=person.user,
        account=told.account,
        kind=kind,
        key=key,
        facts=dict(told.facts),
        path=told.path[:200],
        in_app=person.in_app,
        plan=plan,
        occurred_at=at,
    )


def _mail_at_once(kind: str, key: str, users: Sequence[UUID]) -> None:
    """A job for each row that is stored: one that another transaction was quicker with keeps its own plan."""
    if not users:
        return
    rows = Notice.objects.filter(kind=kind, key=key, user__in=users, plan=Plan.INSTANT, mail=None)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        enqueue_job(INSTANT_JOB, key=str(pk), payload={"notice": pk})


def _mail_later(person: Person, plan: Plan, now: dt.datetime) -> None:
    user, clock = str(person.user.pk), person.clock
    if plan == Plan.QUIET:
        gather_at(user=user, plan=plan, at=clock.quiet_ends(now) or now, slot="%Y-%m-%dT%H:%M", now=now)
    elif plan == Plan.DIGEST:
        gather_at(user=user, plan=plan, at=clock.next_digest(now), slot="%Y-%m-%d", now=now)


def gather_at(*, user: str, plan: Plan, at: dt.datetime, slot: str, now: dt.datetime) -> None:
    """One job for a person and a moment, however many notices wait for it."""
    payload = {"user": user, "plan": plan.value, "slot": at.strftime(slot)}
    seconds = max((at - now).total_seconds(), 0.0)
    enqueue_job(GATHER_JOB, key=f"{user}:{plan.value}:{payload['slot']}", payload=payload, delay=seconds)
