"""Incidents begin, grow and end by what is seen; two workers who see the first failure at once make one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Min, Q

from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.outbox import publish
from exceptions.choices import Severity
from exceptions.models import Case, Incident, IncidentStep
from exceptions.process.incidents.troubles import kinds_with_place, place_of, troubles
from exceptions.process.urgency import count_urgency
from exceptions.queries import open_cases
from exceptions.queries.blocked import blocked_once
from exceptions.registry import Trouble, waiting_for

CALM = dt.timedelta(minutes=5)
"""So long nothing must be seen of an incident before it has ended: a system that comes and goes has one."""
BEFORE = dt.timedelta(minutes=15)
"""Cases that were opened so long before the first failure that was noted may belong to it."""
BATCH = 500


def watch_incidents() -> dict[str, int]:
    """How many incidents began, went on and ended."""
    found = troubles()
    began = sum(note_trouble(one) for _, one in sorted(found.items()))
    return {"began": began, "went_on": len(found) - began, "ended": end_calm(seen=found)}


@transaction.atomic
def note_trouble(trouble: Trouble) -> bool:
    """Whether an incident began now; else the open one of that place has its figures renewed."""
    now = database_now()
    if not Incident.objects.filter(key=trouble.key, ended_at=None).exists():  # a conflict would use up a number
        Incident.objects.bulk_create([_fresh(trouble, now)], ignore_conflicts=True)
    row = Incident.objects.select_for_update(no_key=True).get(key=trouble.key, ended_at=None)
    begins, before = not row.steps.exists(), row.severity
    _take_cases(row)
    _count(row, trouble, now)
    row.save()
    if begins:
        _tell(row, "began", f"{row.title}: {row.reason}")
    elif row.severity > before:
        _tell(row, "worse", f"now {row.get_severity_display().lower()}: {_figures(row)}")
    return begins


@transaction.atomic
def end_calm(*, seen: Collection[str]) -> int:
    """How many incidents ended: those that are not seen any more since five minutes. Their cases stay, and count again
    as any other.
    """
    calm = Incident.objects.select_for_update(skip_locked=True, no_key=True).filter(
        ended_at=None, seen_at__lt=database_now() - CALM
    )  # fmt: skip
    rows = list(calm.exclude(key__in=list(seen)).order_by("pk"))
    for row in rows:
        row.ended_at = row.seen_at
        row.save(update_fields=["ended_at"])
        _tell(row, "ended", f"calm since {row.seen_at:%d %b %H:%M} UTC; at most {row.most_waiting:,} waited for it")
    return len(rows)


def _fresh(trouble: Trouble, now: dt.datetime) -> Incident:
    return Incident(
        layer=trouble.layer, place=trouble.place, key=trouble.key, title=trouble.title[:200],
        reason=trouble.reason[:500], began_at=trouble.since, seen_at=now,
    )  # fmt: skip


def _take_cases(row: Incident) -> None:
    loose = open_cases().filter(
        Q(incident=None) | Q(incident__ended_at__isnull=False), kind__in=kinds_with_place(),
        created_at__gte=row.began_at - BEFORE,
    )  # fmt: skip
    found = loose.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("pk")[:BATCH]
    mine = [case.pk for case in found if place_of(case) == (row.layer, row.place)]
    Case.objects.filter(pk__in=mine).update(incident=row)


def _count(row: Incident, trouble: Trouble, now: dt.datetime) -> None:
    cases = open_cases().filter(incident=row)
    total = cases.aggregate(count=Count("pk"), cutoff=Min("cutoff_at"))
    waiting, blocked = waiting_for(row.layer, row.place)
    money = dict(trouble.blocked) or dict(blocked) or blocked_once(cases)
    row.failures, row.case_count = max(row.failures, trouble.failures), total["count"]
    row.waiting = trouble.waiting or waiting or total["count"]
    row.most_waiting, row.seen_at = max(row.most_waiting, row.waiting), now
    row.blocked = {currency: str(amount) for currency, amount in money.items()}
    row.title, row.reason = trouble.title[:200], trouble.reason[:500]
    counted = count_urgency(
        base=Severity.NORMAL,
        amount=max(money.values(), default=Decimal(0)),
        tier="",
        cutoff_at=total["cutoff"],
        now=now,
    )
    row.severity, row.points = counted.severity, counted.points


def _figures(row: Incident) -> str:
    money = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in row.money)
    return f"{row.waiting:,} wait for it" + (f", {money} blocked" if money else "")


def _tell(row: Incident, fact: str, text: str) -> None:
    IncidentStep.objects.create(incident=row, action=fact, text=text[:500])
    payload = {
        "incident": row.pk, "layer": row.layer, "title": row.title, "told": text, "figures": _figures(row),
        "severity": row.get_severity_display(),
    }  # fmt: skip
    publish(Event(type=f"incident.{fact}", aggregate_type="incident", aggregate_id=str(row.pk), payload=payload))
