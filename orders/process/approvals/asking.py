"""Freeze an order and ask for a yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from distportal.accounts.models import Account, User
from distportal.canonical.base import to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.common.errors import Invalid
from distportal.common.sequences import next_number
from distportal.events.clock import database_now
from distportal.observability.correlation import correlation_id
from orders.models import ApprovalRequest, Draft
from orders.process.approvals.judging import Judged
from orders.process.approvals.rows import enter, publish_request
from orders.process.approvals.showing import evaluations_of, shown_of
from orders.process.evaluation import amount_of

LASTS = dt.timedelta(days=14)
"""A request that nobody answers ends then; its buyer is told and may send it again."""


@transaction.atomic
def ask_approval(
    *,
    judged: Judged,
    account: Account,
    orders: Sequence[AskedOrder],
    source_key: str,
    user: User | None,
    name: str = "",
    draft: Draft | None = None,
    again: bool = False,
) -> ApprovalRequest:
    """The request for these orders, asked once per `source_key`; `name` is who asks where no person does. The cart,
    where there is one, is no open cart any more. Raises Invalid where nobody of the company could agree.
    """
    known = ApprovalRequest.objects.filter(source_key=source_key, account=account).first()
    if known:
        return known
    _check_somebody_may(judged, user)
    now, evaluations = database_now(), evaluations_of(orders, account)
    request = ApprovalRequest.objects.create(
        number=next_number("orders_approval_number"),
        account=account,
        draft=draft,
        requested_by=user,
        requested_name=str(user) if user else name,
        source_key=source_key,
        po_number=orders[0].po_number,
        total=sum(amount_of(fact) for evaluation in evaluations for fact in evaluation.facts.lines),
        currency=account.currency,
        orders=[to_json(order) for order in orders],
        shown=shown_of(evaluations),
        reasons=list(judged.reasons),
        again=again,
        asked_at=now,
        expires_at=now + LASTS,
        correlation_id=correlation_id(),
    )
    _begin(request, draft, user)
    return request


def _begin(request: ApprovalRequest, draft: Draft | None, user: User | None) -> None:
    if draft is not None:
        draft.asked = True
        draft.save(update_fields=["asked", "updated_at"])
    enter(request, "asked", user=user)
    publish_request(request, "approval.asked")


def _check_somebody_may(judged: Judged, user: User | None) -> None:
    buyer = user.pk if user else None
    if any(len(judged.people.may_agree(one, buyer=buyer)) < one["needed"] for one in judged.reasons):
        raise Invalid(
            gettext("This order needs approval, and nobody of your company may give it: %(why)s. Ask an administrator "
                    "of your company to name an approver. Nothing was ordered; the cart is as it was.")
            % {"why": judged.reasons[0]["words"]}
        )  # fmt: skip
