"""Orders by API keys: they wait only where the company's own rule covers its keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orders.models import ApprovalRequest, Order
from orders.process.approvals.deciding import approve_request
from orders.process.approvals.showing import since_asked
from tests.api.conftest import Caller, caller, order_body
from tests.conftest import Cast
from tests.orders.approvals.conftest import rule
from tests.sandbox import SandboxProcess

__all__ = ["caller"]
pytestmark = pytest.mark.django_db


def test_a_covered_key_waits_once_and_is_ordered_by_the_yes(
    cast: Cast, synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    rule(cast, covers_keys=True)
    own = caller("HARBOR", channel="api")
    first, again = (own.place(order_body("K-1"), key="harbor-key-1") for _ in range(2))
    assert (first.status_code, first.json()["status"]) == (202, "waiting_approval")
    assert again.json() == first.json()
    row = ApprovalRequest.objects.get()
    assert (first.json()["approval"], row.requested_by, row.requested_name) == (str(row), None, "HARBOR")
    assert not Order.objects.exists()
    seen = since_asked(row).seen
    approve_request(request_id=row.pk, account=cast.harbor, user=cast.colleague, seen=seen)
    order = Order.objects.get()
    assert (order.po_number, order.placed_name, order.channel) == ("K-1", "HARBOR", "api")


def test_keys_are_exempt_unless_the_rule_says_otherwise_and_house_keys_always(
    cast: Cast, synced: SandboxProcess, caller: Callable[..., Caller]
) -> None:
    made = rule(cast)
    assert caller("HARBOR", channel="api").place(order_body("K-1"), key="harbor-key-1").status_code == 201
    made.covers_keys = True
    made.save()
    assert caller().place(order_body("K-2"), key="crm-key-22").status_code == 201
    assert not ApprovalRequest.objects.exists()
