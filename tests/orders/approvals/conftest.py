"""A company whose orders above an amount need a yes: its buyer, and an administrator who may give it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from orders.choices import ApprovalTrigger
from orders.models import ApprovalRequest, ApprovalRule, Draft
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.cart.filling import filled_cart
from tests.orders.cart.form import page_of, submit
from tests.sandbox import SandboxProcess


@pytest.fixture
def filled(cast: Cast, synced: SandboxProcess) -> Draft:
    """Harbor's buyer has two items in the cart."""
    return filled_cart(cast)


@pytest.fixture
def approver(cast: Cast) -> User:
    """Somebody who approves at Harbor besides its administrator."""
    user = User.objects.create_user("olga@harbor.example", "a-long-password-1", name="Olga Ortiz")
    Membership.objects.create(user=user, account=cast.harbor, role=Role.APPROVER)
    return user


def rule(cast: Cast, trigger: ApprovalTrigger = ApprovalTrigger.TOTAL, **more: Any) -> ApprovalRule:
    """A rule of Harbor; above one dollar where nothing else is said."""
    if trigger == ApprovalTrigger.TOTAL:
        more.setdefault("amount", Decimal(1))
    return ApprovalRule.objects.create(account=cast.harbor, trigger=trigger, **more)


def asked_for(cast: Cast, po: str = "4711") -> ApprovalRequest:
    """The request that the buyer's cart became, through the page."""
    client = signed_in(cast.buyer)
    answer = submit(client, page_of(client), po_number=po)
    assert answer.status_code == 302, answer.content.decode()
    return ApprovalRequest.objects.get(po_number=po)
