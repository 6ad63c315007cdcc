"""Our people in a dealer's portal: begun with a reason, ended by hand or by time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from distportal.accounts.choices import StaffGroup, VisitKind
from distportal.accounts.models import Membership, User, Visit
from distportal.common.errors import Invalid, NotAllowed, NotFound

LEAST_REASON = 8


@transaction.atomic
def begin_visit(*, staff: User, membership_id: UUID, kind: VisitKind, reason: str) -> Visit:
    """A visit that lasts VISIT_MINUTES; an earlier one of the same person ends.

    Raises NotAllowed for others than agents, NotFound for somebody who is not let in at the company, Invalid without a
    reason in words.
    """
    if not staff.is_staff or not (staff.is_superuser or staff.groups.filter(name=StaffGroup.AGENT).exists()):
        raise NotAllowed("Only customer service visits the portals of dealers. Nothing was begun.")
    if len(reason.strip()) < LEAST_REASON:
        raise Invalid("Say in a few words why: the dealer reads it. Nothing was begun.")
    row = Membership.objects.filter(pk=membership_id, active=True, user__is_active=True, user__is_staff=False).first()
    if row is None:
        raise NotFound("This person is not let in at the company any more. Nothing was begun.")
    now = timezone.now()
    _running(staff).update(ended_at=now)
    return Visit.objects.create(
        account=row.account, staff_id=staff.pk, person=row.user, kind=kind, reason=reason.strip()[:200], started_at=now,
        ends_at=now + dt.timedelta(minutes=settings.VISIT_MINUTES),
    )  # fmt: skip


@transaction.atomic
def end_visits(*, staff: User) -> int:
    """How many visits of the person were running and are over now."""
    return _running(staff).update(ended_at=timezone.now())


def _running(staff: User) -> QuerySet[Visit]:
    return Visit.objects.filter(staff_id=staff.pk, ended_at=None, ends_at__gt=timezone.now())
