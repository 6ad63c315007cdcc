"""Agree to a request or send it back. The last yes that is needed places the order, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from distportal.accounts.models import Account, User
from distportal.common.errors import Invalid, NotAllowed
from distportal.observability.correlation import correlated
from orders.choices import ApprovalState
from orders.errors import NothingToDecide, PoConflict
from orders.models import ApprovalRequest, Order
from orders.process.approvals.approvers import People, able_to_help, approvers_now, settled, waits_for
from orders.process.approvals.rows import agreed_by, enter, locked_request, move_request, publish_request
from orders.process.approvals.showing import frozen_orders, since_asked
from orders.process.drafts import note_placed
from orders.process.intake import place_order

Outcome = Literal["ordered", "agreed", "repeated", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a yes did: the order was placed, another yes is needed still, it was said before, or what the approver saw
    does not hold any more and nothing was done.
    """

    outcome: Outcome
    request: ApprovalRequest


@transaction.atomic
def approve_request(*, request_id: UUID, account: Account, user: User, seen: str, text: str = "") -> Decision:
    """The yes of one person. `seen` is what their page showed (`Since.seen`). However many say it at once, and however
    often, one order is placed.

    Raises NotFound, NotAllowed for whoever may not agree (the buyer among them), NothingToDecide for a request that has
    ended otherwise, PoConflict where its PO number was used for something else meanwhile: nothing is done then.
    """
    request = locked_request(request_id, account)
    if request.state == ApprovalState.APPROVED:
        return Decision(outcome="repeated", request=request)
    _check_open(request)
    people, agreed = approvers_now(request.account), agreed_by(request)
    if user.pk in agreed:
        return Decision(outcome="repeated", request=request)
    _check_may(request, user, people, agreed)
    if seen != since_asked(request).seen:
        return Decision(outcome="changed", request=request)
    enter(request, "agreed", text, user=user)
    agreed.add(user.pk)
    buyer = request.requested_by_id
    if not all(settled(reason, agreed, people, buyer=buyer) for reason in request.reasons):
        return Decision(outcome="agreed", request=request)
    request.order = _place(request)
    move_request(request, ApprovalState.APPROVED)
    publish_request(request, "approval.given", text=text, by=str(user))
    return Decision(outcome="ordered", request=request)


@transaction.atomic
def send_back_request(*, request_id: UUID, account: Account, user: User, text: str) -> ApprovalRequest:
    """The request goes back to its buyer with a comment; nothing is ordered. Raises as `approve_request`, and Invalid
    without a comment.
    """
    request = locked_request(request_id, account)
    if request.state == ApprovalState.SENT_BACK:
        return request
    _check_open(request)
    _check_may(request, user, approvers_now(request.account), set())
    if not text.strip():
        raise Invalid(gettext("Say what has to be changed; nothing was sent back."))
    enter(request, "sent_back", text, user=user)
    move_request(request, ApprovalState.SENT_BACK)
    publish_request(request, "approval.sent_back", text=text, by=str(user))
    return request


def _check_open(request: ApprovalRequest) -> None:
    if request.state != ApprovalState.ASKED:
        said = {"request": str(request), "state": ApprovalState(request.state).label}
        raise NothingToDecide(gettext("%(request)s is not open any more: %(state)s. Nothing was done.") % said)


def _check_may(request: ApprovalRequest, user: User, people: People, agreed: set[UUID]) -> None:
    if user.pk in able_to_help(request.reasons, agreed, people, buyer=request.requested_by_id):
        return
    if user.pk == request.requested_by_id:
        raise NotAllowed(gettext("You asked for this order: a colleague has to approve it. Nothing was done."))
    able = waits_for(request.reasons, agreed, people, buyer=request.requested_by_id)
    names = ", ".join(people.names(able))
    raise NotAllowed(gettext("This order waits for %(names)s. Nothing was done.") % {"names": names})


def _place(request: ApprovalRequest) -> Order:
    placed: list[Order] = []
    with correlated(request.correlation_id):
        for order in frozen_orders(request):
            placement = place_order(
                order=order,
                source_key=request.source_key + order.part[:60],
                placed_by=request.requested_by,
                placed_name="" if request.requested_by else request.requested_name,
                again=request.again,
            )
            if placement.outcome == "conflict":
                said = {"po": request.po_number, "order": str(placement.order)}
                raise PoConflict(
                    gettext("PO %(po)s is on %(order)s with other content by now. Send the request back so that its "
                            "buyer takes another number. Nothing was done.") % said
                )  # fmt: skip
            placed.append(placement.order)
    if request.draft is not None:
        note_placed(draft=request.draft, order=placed[0])
    return placed[0]
