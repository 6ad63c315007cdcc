"""The next case: the most urgent one that nobody has."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from distportal.accounts.models import User
from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.process.handling import claim_case
from exceptions.queries.listing import ORDER

_READY = (CaseStatus.NEW, CaseStatus.REOPENED)


@transaction.atomic
def take_next(*, cases: QuerySet[Case], user: User) -> Case | None:
    """The most urgent of the cases that nobody has, now the person's; None where there is none. Two who ask at once get
    two: a case that somebody is taking is passed over, and so is one that waits for the end of an incident.
    """
    calm = Q(incident=None) | Q(incident__ended_at__isnull=False)
    free = cases.filter(calm, owner=None, status__in=_READY).order_by(*ORDER)
    case = free.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    return claim_case(case_id=case.pk, user=user, version=case.version) if case else None
