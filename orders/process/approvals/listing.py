"""The requests of a company as its people look for them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from distportal.accounts.models import Account, User
from distportal.events.clock import database_now
from distportal.notices.people import zone_of
from orders.choices import ApprovalState
from orders.models import ApprovalEntry, ApprovalRequest
from orders.process.approvals.approvers import People, able_to_help, people_of, waits_for

MOST_OPEN = 200
"""So many open requests are looked through for those that wait for one person."""


def requests_of(account: Account) -> QuerySet[ApprovalRequest]:
    """All of the company, the newest first."""
    return ApprovalRequest.objects.filter(account=account).select_related("requested_by", "order", "account")


def approvers_now(account: Account) -> People:
    """Who may approve today, by the company's own calendar."""
    return people_of(account, today=database_now().astimezone(ZoneInfo(zone_of(account))).date())


def waiting_for(user: User, account: Account, people: People | None = None) -> list[ApprovalRequest]:
    """The open requests that wait for this person's yes, the oldest first; no query more where none is open."""
    rows = list(requests_of(account).filter(state=ApprovalState.ASKED).order_by("number")[:MOST_OPEN])
    if not rows:
        return []
    people = people or approvers_now(account)
    if user.pk not in people.users:
        return []
    agreed = _agreed([row.pk for row in rows])
    return [
        row
        for row in rows
        if user.pk in waits_for(row.reasons, agreed.get(row.pk, set()), people, buyer=row.requested_by_id)
    ]


def names_waited_for(request: ApprovalRequest, people: People) -> list[str]:
    """Whose yes is missing."""
    if request.state != ApprovalState.ASKED:
        return []
    agreed = _agreed([request.pk]).get(request.pk, set())
    return people.names(waits_for(request.reasons, agreed, people, buyer=request.requested_by_id))


def may_decide(request: ApprovalRequest, user: User, people: People) -> bool:
    """Whether this person's yes would bring the open request further."""
    if request.state != ApprovalState.ASKED:
        return False
    agreed = _agreed([request.pk]).get(request.pk, set())
    return user.pk in able_to_help(request.reasons, agreed, people, buyer=request.requested_by_id)


def _agreed(request_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    entries = ApprovalEntry.objects.filter(request__in=request_ids, action="agreed", user__isnull=False)
    for request_id, user_id in entries.values_list("request_id", "user_id"):
        if user_id is not None:
            found.setdefault(request_id, set()).add(user_id)
    return found
