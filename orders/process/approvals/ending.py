"""What a buyer does with their request, and what becomes of one that nobody answers."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from distportal.accounts.models import Account, User
from distportal.common.errors import Invalid, NotAllowed
from distportal.events.clock import database_now
from orders.choices import ApprovalState
from orders.errors import NothingToDecide
from orders.models import ApprovalRequest, Draft, DraftLine, DraftShare
from orders.process.approvals.rows import enter, locked_request, move_request, publish_request
from orders.process.drafts import open_draft

BATCH = 200


@transaction.atomic
def withdraw_request(*, request_id: UUID, account: Account, user: User, text: str = "") -> ApprovalRequest:
    """The buyer's request has ended; nothing is ordered. Twice is once. Raises NotFound, NotAllowed for anybody else's,
    NothingToDecide for one that was ordered.
    """
    request = _own(request_id, account, user)
    if request.state == ApprovalState.WITHDRAWN:
        return request
    enter(request, "withdrawn", text, user=user)
    move_request(request, ApprovalState.WITHDRAWN)
    publish_request(request, "approval.withdrawn", text=text, by=str(user))
    return request


@transaction.atomic
def take_back_into_cart(*, request_id: UUID, account: Account, user: User) -> Draft:
    """The buyer's open cart with the request's lines in it, to be changed and sent again; the request has ended. What
    was in the cart stays. A second time gives the cart and adds nothing. Raises as `withdraw_request`, and Invalid for
    a request that came by an API key.
    """
    request = _own(request_id, account, user)
    if request.draft is None:
        raise Invalid(gettext("This request was made by a system, not from a cart; send it again from there."))
    cart = open_draft(account=account, user=user)
    if request.state == ApprovalState.WITHDRAWN:
        return cart
    _copy(request.draft, cart)
    enter(request, "withdrawn", gettext_noop("back into the cart"), user=user)
    move_request(request, ApprovalState.WITHDRAWN)
    publish_request(request, "approval.withdrawn", by=str(user))
    return cart


def _own(request_id: UUID, account: Account, user: User) -> ApprovalRequest:
    request = locked_request(request_id, account)
    if request.requested_by_id != user.pk:
        raise NotAllowed(gettext("This is a colleague's request. Nothing was done."))
    if request.state == ApprovalState.APPROVED:
        raise NothingToDecide(gettext("It was approved and ordered meanwhile. Nothing was done."))
    return request


def _copy(old: Draft, cart: Draft) -> None:
    """Into an empty cart with all that was said of the order, else line by line."""
    if not cart.lines.filter(later=False).exists():
        for name in ("ship_to", "one_off", "several", "po_number", "requested_on", "cancel_after", "shipping", "note"):
            setattr(cart, name, getattr(old, name))
        cart.save()
    there = {(line.item_id, line.unit): line for line in cart.lines.select_for_update(no_key=True).order_by("pk")}
    for line in old.lines.prefetch_related("shares").order_by("pk"):
        known = there.get((line.item_id, line.unit))
        if known is not None:
            known.quantity = line.quantity if known.later else known.quantity + line.quantity
            known.later, known.seen_at = False, None
            known.save(update_fields=["quantity", "later", "seen_at"])
            continue
        fresh = DraftLine.objects.create(
            draft=cart, item_id=line.item_id, quantity=line.quantity, unit=line.unit, note=line.note,
            shipping=line.shipping,
        )  # fmt: skip
        DraftShare.objects.bulk_create(
            DraftShare(line=fresh, ship_to_id=share.ship_to_id, quantity=share.quantity) for share in line.shares.all()
        )


@transaction.atomic
def comment_request(*, request_id: UUID, account: Account, user: User, text: str) -> ApprovalRequest:
    """The comment in the request's history. Raises NotFound, Invalid for an empty one."""
    request = locked_request(request_id, account)
    if not text.strip():
        raise Invalid(gettext("Write something; nothing was saved."))
    enter(request, "commented", text, user=user)
    return request


def expire_requests() -> int:
    """How many requests ended because nobody answered in time; each buyer is told."""
    due = ApprovalRequest.objects.filter(state=ApprovalState.ASKED, expires_at__lte=database_now())
    return sum(_expire(pk) for pk in list(due.order_by("expires_at").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _expire(pk: UUID) -> bool:
    rows = ApprovalRequest.objects.select_for_update(of=("self",), no_key=True).select_related("account")
    request = rows.filter(pk=pk, state=ApprovalState.ASKED, expires_at__lte=database_now()).first()
    if request is None:
        return False
    enter(request, "expired")
    move_request(request, ApprovalState.EXPIRED)
    publish_request(request, "approval.expired")
    return True
