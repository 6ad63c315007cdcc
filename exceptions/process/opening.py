"""Open the one case of what failed: a new one, the open one once more, or the resolved one again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from distportal.accounts.models import Account
from distportal.common.remembering import remembered
from distportal.common.sequences import next_number
from distportal.events.clock import database_now
from distportal.observability.correlation import correlation_id
from exceptions.choices import CaseStatus
from exceptions.models import Case, Queue
from exceptions.process.clocks import start_clock
from exceptions.process.entries import enter
from exceptions.process.facts import publish_case
from exceptions.process.grouping import cause_key
from exceptions.process.outcomes import note_dead_again
from exceptions.process.routing import route
from exceptions.process.scoring import score
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
    reference: str = "",
    cutoff_at: dt.datetime | None = None,
    region: str = "",
    data: Mapping[str, Any] | None = None,
) -> Case:
    """The one open case of this subject and code: a new one, the open one with its count raised and sentence renewed,
    or the one that was resolved in the last days, open again with its history.

    `severity` is the least it can be (0: what the kind says), `amount` what it blocks, `cutoff_at` when it is too
    late, `reference` what people call the thing, as order and PO number; `region` is that of the ship-to.
    """
    known, now = case_kind(kind), database_now()
    fresh = Case(
        number=0, kind=kind, code=code, subject_type=subject_type, subject_id=subject_id, sentence=sentence[:500],
        severity_base=severity or known.severity, queue=_queue(queue or known.queue), account=account, amount=amount,
        currency=currency, reference=reference[:80], cutoff_at=cutoff_at, region=region[:10], data=dict(data or {}),
        correlation_id=correlation_id(),
    )  # fmt: skip
    fresh.group_key = cause_key(kind=known, code=code, account=account.code if account else "", data=fresh.data)
    score(fresh, now)
    return _reopened(fresh, now) or _opened(fresh, now)


def _reopened(fresh: Case, now: dt.datetime) -> Case | None:
    """The case that was resolved lately, open again; None where there is none, or somebody opened one meanwhile."""
    last = Case.objects.filter(
        subject_type=fresh.subject_type, subject_id=fresh.subject_id, code=fresh.code
    ).order_by("-number").first()  # fmt: skip
    since = now - dt.timedelta(days=settings.REOPEN_CASES_DAYS)
    if last is None or last.is_open or last.resolved_at is None or last.resolved_at < since:
        return None
    try:
        with transaction.atomic():
            moved = Case.objects.filter(pk=last.pk, status=CaseStatus.RESOLVED).update(
                status=CaseStatus.REOPENED, resolution="", resolved_at=None
            )
    except IntegrityError:  # another one of the subject was opened in this moment
        return None
    if not moved:
        return None
    case = Case.objects.select_related("queue", "account", "owner").get(pk=last.pk)
    case.reopenings += 1
    if case.owner and not case.owner.is_active:
        case.owner = None
    start_clock(case, now)
    _renew(case, fresh, now)
    enter(case, "reopened", fresh.sentence)
    publish_case(case, "reopened")
    return case


def _opened(fresh: Case, now: dt.datetime) -> Case:
    fresh.number = next_number("exceptions_case_number")
    route(fresh)
    start_clock(fresh, now)
    # The partial unique index decides between two that open at once; only an open case can be in the way.
    Case.objects.bulk_create([fresh], ignore_conflicts=True)
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("queue").get(
        subject_type=fresh.subject_type, subject_id=fresh.subject_id, code=fresh.code, status__in=CaseStatus.OPEN
    )  # fmt: skip
    if case.pk != fresh.pk:
        return _seen_again(case, fresh, now)
    enter(case, "opened", fresh.sentence)
    publish_case(case, "opened")
    return case


def _seen_again(case: Case, fresh: Case, now: dt.datetime) -> Case:
    if case.status == CaseStatus.RESUBMITTED:
        case.status = CaseStatus.CLAIMED if case.owner_id else CaseStatus.NEW
    _renew(case, fresh, now)
    enter(case, "seen_again", fresh.sentence)
    return case


def _renew(case: Case, fresh: Case, now: dt.datetime) -> None:
    """The latest words and figures; what people decided about the case (queue, owner, its group) stays."""
    for name in ("kind", "sentence", "data", "amount", "currency"):
        setattr(case, name, getattr(fresh, name))
    escalated = case.severity_base if case.escalated_at else 0
    case.severity_base = max(fresh.severity_base, escalated)
    case.reference, case.region = fresh.reference or case.reference, fresh.region or case.region
    case.cutoff_at, case.account = fresh.cutoff_at, fresh.account or case.account
    score(case, now)
    if not case.group_by_hand:
        case.group_key = fresh.group_key
    case.occurrences, case.version = case.occurrences + 1, case.version + 1
    case.save()
    if case_kind(case.kind).letter:
        note_dead_again(case)


def _queue(code: str) -> Queue:
    return remembered(("desk.queue", code), lambda: _made(code))


def _made(code: str) -> Queue:
    name, group = QUEUES.get(code, (code.title(), "operator"))
    return Queue.objects.get_or_create(code=code, defaults={"name": name, "group": group})[0]
