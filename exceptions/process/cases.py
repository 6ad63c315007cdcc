"""Open, claim, comment and resolve cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from distportal.accounts.models import Account, User
from distportal.common.sequences import next_number
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.outbox import publish
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlation_id
from exceptions.choices import CaseStatus, Resolution
from exceptions.errors import CaseChanged, ReasonMissing
from exceptions.models import Case, CaseEntry, Queue
from exceptions.registry import case_kind

QUEUES = {
    "orders": ("Orders", "agent"),
    "edi": ("EDI", "agent"),
    "finance": ("Disputes", "finance"),
    "operations": ("Operations", "operator"),
}


@transaction.atomic
def open_case(
    *,
    kind: str,
    code: str,
    subject_type: str,
    subject_id: str,
    sentence: str,
    severity: int = 0,
    queue: str = "",
    account: Account | None = None,
    amount: Decimal = Decimal(0),
    currency: str = "USD",
    data: Mapping[str, Any] | None = None,
    due_at: dt.datetime | None = None,
) -> Case:
    """The one open case of this subject and code: a new one, or the open one with its count raised and sentence
    renewed.
    """
    known = case_kind(kind)
    fresh = Case(
        number=next_number("exceptions_case_number"),
        kind=kind,
        code=code,
        subject_type=subject_type, subject_id=subject_id, sentence=sentence[:500],
        severity=severity or known.severity, queue=_queue(queue or known.queue),
        account=account, amount=amount, currency=currency, data=dict(data or {}),
        correlation_id=correlation_id(), due_at=due_at,
    )  # fmt: skip
    # The partial unique index decides between two that open at once; only an open case can be in the way.
    Case.objects.bulk_create([fresh], ignore_conflicts=True)
    case = Case.objects.select_for_update(of=("self",)).get(
        subject_type=subject_type, subject_id=subject_id, code=code, status__in=CaseStatus.OPEN
    )
    if case.pk == fresh.pk:
        _enter(case, "opened", sentence)
        publish(Event(type="case.opened", aggregate_type="case", aggregate_id=str(case.pk), payload=_facts(case)))
        return case
    return _see_again(case, fresh)


def _see_again(case: Case, fresh: Case) -> Case:
    case.occurrences, case.sentence, case.data = case.occurrences + 1, fresh.sentence, fresh.data
    case.amount, case.version = fresh.amount, case.version + 1
    case.save()
    _enter(case, "seen_again", fresh.sentence)
    return case


def _queue(code: str) -> Queue:
    name, group = QUEUES.get(code, (code.title(), "operator"))
    return Queue.objects.get_or_create(code=code, defaults={"name": name, "group": group})[0]


@transaction.atomic
def claim_case(*, case_id: UUID, user: User, version: int) -> Case:
    """The case, owned by the person. Raises CaseChanged if it moved on since they saw it."""
    now = database_now()
    changed = Case.objects.filter(pk=case_id, version=version, status__in=CaseStatus.OPEN).update(
        owner=user, status=CaseStatus.CLAIMED, version=F("version") + 1, updated_at=now
    )
    if not changed:
        raise CaseChanged("the case changed meanwhile; nothing was done, look at it again")
    case = Case.objects.get(pk=case_id)
    _enter(case, "claimed", "")
    return case


@transaction.atomic
def comment_case(*, case_id: UUID, text: str) -> CaseEntry:
    """The comment in the case's history. Raises ReasonMissing for an empty one."""
    if not text.strip():
        raise ReasonMissing("write something; nothing was saved")
    return _enter(Case.objects.get(pk=case_id), "comment", text.strip())


@transaction.atomic
def resolve_case(*, case_id: UUID, resolution: Resolution, reason: str) -> Case:
    """The case, resolved. Raises ReasonMissing without a reason."""
    if not reason.strip():
        raise ReasonMissing("say why; nothing was done")
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.is_open:
        _resolve(case, resolution, reason)
    return case


@transaction.atomic
def resolve_cases(*, subject_type: str, subject_id: str, resolution: Resolution, reason: str, code: str = "") -> int:
    """How many open cases of the subject (of one code, where given) were resolved."""
    rows = Case.objects.select_for_update(of=("self",)).filter(
        subject_type=subject_type, subject_id=subject_id, status__in=CaseStatus.OPEN
    )
    cases = list((rows.filter(code=code) if code else rows).order_by("pk"))
    for case in cases:
        _resolve(case, resolution, reason)
    return len(cases)


def _resolve(case: Case, resolution: Resolution, reason: str) -> None:
    case.status, case.resolution, case.resolved_at = CaseStatus.RESOLVED, resolution, database_now()
    case.version += 1
    case.save()
    _enter(case, f"resolved: {Resolution(resolution).label.lower()}"[:40], reason)
    publish(Event(type="case.resolved", aggregate_type="case", aggregate_id=str(case.pk), payload=_facts(case)))


def _facts(case: Case) -> dict[str, Any]:
    return {"case": str(case), "kind": case.kind, "subject": f"{case.subject_type}/{case.subject_id}"}


def _enter(case: Case, action: str, text: str) -> CaseEntry:
    return CaseEntry.objects.create(case=case, actor=actor_name(), action=action, text=text)
