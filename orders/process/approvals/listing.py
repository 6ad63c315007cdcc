"""The requests of a company as its people look for them."""

from __future__ import annotations

from django.db.models import QuerySet

from distportal.accounts.models import Account, User
from distportal.common.prepared import PreparedCount
from orders.choices import ApprovalState
from orders.models import ApprovalRequest
from orders.process.approvals.approvers import People, able_to_help, approvers_now, waits_for
from orders.process.approvals.rows import agreed_by, agreed_to

MOST_OPEN = 200
"""So many open requests are looked through for those that wait for one person."""
ASKED = PreparedCount(lambda pk: ApprovalRequest.objects.filter(account=pk, state=ApprovalState.ASKED), most=1)
"""Whether any request of an account is open."""


def requests_of(account: Account) -> QuerySet[ApprovalRequest]:
    """All of the company, the newest first."""
    return ApprovalRequest.objects.filter(account=account).select_related("requested_by", "order", "account")


def waiting_for(user: User, account: Account, people: People | None = None) -> list[ApprovalRequest]:
    """The open requests that wait for this person's yes, the oldest first; one cheap query where none is open."""
    if not ASKED(account.pk):
        return []
    rows = list(requests_of(account).filter(state=ApprovalState.ASKED).order_by("number")[:MOST_OPEN])
    people = people or approvers_now(account)
    if user.pk not in people.users:
        return []
    agreed = agreed_to([row.pk for row in rows])
    return [
        row
        for row in rows
        if user.pk in waits_for(row.reasons, agreed.get(row.pk, set()), people, buyer=row.requested_by_id)
    ]


def names_waited_for(request: ApprovalRequest, people: People) -> list[str]:
    """Whose yes is missing."""
    if request.state != ApprovalState.ASKED:
        return []
    return people.names(waits_for(request.reasons, agreed_by(request), people, buyer=request.requested_by_id))


def may_decide(request: ApprovalRequest, user: User, people: People) -> bool:
    """Whether this person's yes would bring the open request further."""
    if request.state != ApprovalState.ASKED:
        return False
    return user.pk in able_to_help(request.reasons, agreed_by(request), people, buyer=request.requested_by_id)
