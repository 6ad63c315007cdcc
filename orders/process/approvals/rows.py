"""A request under its row lock, its entries and its events."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext

from distportal.accounts.models import Account, User
from distportal.common.errors import NotFound
from distportal.common.money import show_money
from distportal.common.states import check_move
from distportal.events.base import Event
from distportal.events.clock import database_now
from distportal.events.outbox import publish
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlated
from orders.choices import APPROVAL_MOVES, ApprovalState
from orders.models import ApprovalEntry, ApprovalRequest


def locked_request(request_id: UUID, account: Account) -> ApprovalRequest:
    """The company's request, locked until commit. Raises NotFound for any other."""
    rows = ApprovalRequest.objects.select_for_update(of=("self",), no_key=True).select_related(
        "account", "draft", "requested_by"
    )
    request = rows.filter(pk=request_id, account=account).first()
    if request is None:
        raise NotFound(gettext("There is no such request; nothing was done."))
    return request


def agreed_by(request: ApprovalRequest) -> set[UUID]:
    """Who said yes so far."""
    return agreed_to([request.pk]).get(request.pk, set())


def agreed_to(request_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By request who said yes so far; one without any yes is not in it."""
    found: dict[UUID, set[UUID]] = {}
    entries = ApprovalEntry.objects.filter(request__in=request_ids, action="agreed", user__isnull=False)
    for request_id, user_id in entries.values_list("request_id", "user_id"):
        if user_id is not None:
            found.setdefault(request_id, set()).add(user_id)
    return found


def enter(request: ApprovalRequest, action: str, text: str = "", *, user: User | None = None) -> ApprovalEntry:
    """A line of the request's history."""
    return ApprovalEntry.objects.create(
        request=request, user=user, actor=str(user) if user else actor_name(), action=action, text=text.strip()[:500]
    )


def move_request(request: ApprovalRequest, state: ApprovalState) -> None:
    """The request in its next state. Raises IllegalMove; the caller holds the row lock."""
    check_move(APPROVAL_MOVES, subject=str(request), old=request.state, new=state)
    request.state, request.decided_at = state, database_now()
    request.save(update_fields=["state", "decided_at", "order", "updated_at"])


def publish_request(request: ApprovalRequest, what: str, *, text: str = "", by: str = "") -> None:
    """`approval.asked` and its like."""
    payload = {
        "approval": str(request.pk),
        "number": str(request),
        "account": request.account.code,
        "po": request.po_number,
        "total": show_money(request.total, request.currency),
        "requested_by": str(request.requested_by_id or ""),
        "requested_name": request.requested_name,
        "why": "; ".join(reason["words"] for reason in request.reasons),
        "text": text.strip()[:500],
        "by": by,
        "order": str(request.order_id or ""),
    }
    with correlated(request.correlation_id):
        publish(Event(type=what, aggregate_type="approval", aggregate_id=str(request.pk), payload=payload))
