"""Tell people what happened: a row each, in the transaction of the event, and the mail when each of them wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from distportal.common.bulk import insert_missing
from distportal.common.marks import A_CODE, A_TEXT
from distportal.common.prepared import PreparedValues
from distportal.events.base import Delivered
from distportal.events.clock import database_now
from distportal.events.jobs import JobRequest, enqueue_job, enqueue_jobs
from distportal.notices.choices import Mode, Plan
from distportal.notices.kinds import Told, kinds_of_event, notice_kind
from distportal.notices.models import Notice
from distportal.notices.people import Person, mailed_at_once, people_told

INSTANT_JOB = "notices.mail_notice"
GATHER_JOB = "notices.mail_gathered"
HOUR = dt.timedelta(hours=1)
_HEARD = PreparedValues(
    lambda kind, key: Notice.objects.filter(kind=kind, key=key).values_list("user_id"), A_CODE, A_TEXT
)


def take_event(event: Delivered) -> None:
    """The notices of an event, for each kind that it may be. Runs in the transaction of the delivery."""
    for kind in kinds_of_event(event.type):
        told = kind.read(event) if kind.read else None
        if told is not None:
            tell(kind=kind.key, key=str(event.id), told=told, occurred_at=event.occurred_at)


@transaction.atomic(savepoint=False)
def tell(*, kind: str, key: str, told: Told, occurred_at: dt.datetime | None = None) -> int:
    """How many people were told now. The same `kind` and `key` is told to each person once, however often it comes.

    Raises KeyError for a kind that nobody registered.
    """
    known = notice_kind(kind)
    if known is None:
        raise KeyError(f"nobody registered notices of the kind {kind}")
    people = people_told(known, told)
    before = {user_id for (user_id,) in _HEARD(kind, key)} if people else set()
    people = [one for one in people if one.user.pk not in before]
    if not people:
        return 0
    now = database_now()
    hasty = [one.user for one in people if one.mode == Mode.INSTANT]
    counts = mailed_at_once(hasty, since=now - HOUR) if hasty else {}
    plans = {one.user.pk: one.plan(kind=known, now=now, at_once=counts.get(one.user.pk, 0)) for one in people}
    people = [one for one in people if one.in_app or plans[one.user.pk] != Plan.NONE]
    insert_missing([_notice(kind, key, told, one, plans[one.user.pk], occurred_at or now) for one in people])
    _mail_at_once(kind, key, [user for user, plan in plans.items() if plan == Plan.INSTANT])
    _mail_later([(one, plans[one.user.pk]) for one in people], now)
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


def _mail_later(plans: Iterable[tuple[Person, Plan]], now: dt.datetime) -> None:
    """A job for each who waits; those of one moment are one statement."""
    moments: dict[tuple[Plan, str, dt.datetime], list[str]] = {}
    for person, plan in plans:
        if plan == Plan.QUIET:
            at = person.clock.quiet_ends(now) or now
        elif plan == Plan.DIGEST:
            at = person.clock.next_digest(now)
        else:
            continue
        moments.setdefault((plan, _slot_of(plan, at), at), []).append(str(person.user.pk))
    for (plan, _, at), users in moments.items():
        gather_at(users=users, plan=plan, at=at, now=now)


def _slot_of(plan: Plan, at: dt.datetime) -> str:
    """What the moment is called by its own clock: quiet hours end at a minute, a digest comes once a day."""
    return at.strftime("%Y-%m-%dT%H:%M" if plan == Plan.QUIET else "%Y-%m-%d")


def gather_at(*, users: Sequence[str], plan: Plan, at: dt.datetime, now: dt.datetime) -> None:
    """One job for each person and a moment, however many notices wait for it."""
    slot = _slot_of(plan, at)
    requests = [
        JobRequest(key=f"{user}:{plan.value}:{slot}", payload={"user": user, "plan": plan.value, "slot": slot})
        for user in users
    ]
    enqueue_jobs(GATHER_JOB, requests, delay=max((at - now).total_seconds(), 0.0))
