"""Which orders need a yes, and why, in words; and who may say so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from inventory.models import Price
from orders.choices import ApprovalTrigger
from orders.models import ApprovalRule, Draft, Order
from orders.process.carts import look_at_cart
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.approvals.conftest import rule
from tests.orders.builders import asked

pytestmark = pytest.mark.django_db


def words(draft: Draft) -> list[str]:
    cart = look_at_cart(Draft.objects.get(pk=draft.pk))
    assert cart
    return [reason["words"] for reason in cart.approval.reasons]


def total(draft: Draft) -> Decimal:
    cart = look_at_cart(draft)
    assert cart
    return cart.total


def test_above_an_amount(cast: Cast, filled: Draft) -> None:
    comes_to = total(filled)
    made = rule(cast, amount=comes_to)
    assert words(filled) == []
    ApprovalRule.objects.filter(pk=made.pk).update(amount=comes_to - Decimal("0.01"))
    (why,) = words(filled)
    assert why.startswith(f"The order comes to ${comes_to}")


def test_over_the_persons_own_limit_without_any_rule(cast: Cast, filled: Draft) -> None:
    member = Membership.objects.filter(user=cast.buyer)
    member.update(order_limit=total(filled))
    assert words(filled) == []
    member.update(order_limit=Decimal(5))
    assert words(filled)[0].endswith("the buyer's limit for one order is $5.00")
    member.update(order_limit=None, daily_limit=total(filled) + 1)
    assert words(filled) == []
    place_order(order=asked(("FST-10001", "10", "EA", None), po="EARLIER"), source_key="t:1", placed_by=cast.buyer)
    assert "today come to" in words(filled)[0]
    member.update(daily_limit=None, monthly_limit=total(filled) + 1)
    assert "of the month come to" in words(filled)[0]
    Order.objects.update(placed_by=cast.colleague)
    assert words(filled) == [], "a colleague's orders are not counted"


def test_the_persons_orders_of_the_month(cast: Cast, filled: Draft) -> None:
    rule(cast, ApprovalTrigger.MONTH, amount=total(filled) + 1)
    assert words(filled) == []
    place_order(order=asked(("FST-10001", "10", "EA", None), po="EARLIER"), source_key="t:1", placed_by=cast.buyer)
    assert "of the month come to" in words(filled)[0]


def test_an_address_that_nothing_was_ordered_to(cast: Cast, filled: Draft) -> None:
    rule(cast, ApprovalTrigger.SHIP_TO)
    Draft.objects.update(ship_to=cast.harbor.ship_tos.get(code="HARBOR-01"))
    assert "where nothing was ordered to before" in words(filled)[0]
    place_order(order=asked(("FST-10001", "10", "EA", None), po="EARLIER"), source_key="t:1")
    assert words(filled) == []
    one_off = {"name": "Site 9", "street": "1 Way", "city": "Reno", "region": "NV", "postcode": "89501"}
    Draft.objects.update(ship_to=None, one_off=one_off)
    assert words(filled) == ["It goes to an address that is not on file"]


def test_off_contract_and_by_family(cast: Cast, filled: Draft) -> None:
    rule(cast, ApprovalTrigger.CONTRACT)
    Price.objects.filter(account=cast.harbor).delete()
    assert words(filled) == ["Without a contract price: FST-10001, ELE-20002"]
    ApprovalRule.objects.all().delete()
    family = filled.lines.first().item.family
    rule(cast, ApprovalTrigger.FAMILY, families=[family.upper()])
    assert words(filled) == [f"Items of {family.upper()} need approval: FST-10001"]
    ApprovalRule.objects.update(families=["nothing"])
    assert words(filled) == []


def test_an_administrator_writes_the_rules_and_nobody_else(cast: Cast, filled: Draft, approver: User) -> None:
    form = {"trigger": "total", "amount": "500", "role": "approver", "needed": "1"}
    for user in (cast.buyer, approver):
        assert signed_in(user).post("/approvals/rules/", form).status_code == 403
    admin = signed_in(cast.colleague)
    assert admin.post("/approvals/rules/", form).status_code == 302
    made = ApprovalRule.objects.get()
    assert (made.account, made.amount, made.role) == (cast.harbor, Decimal(500), Role.APPROVER)
    stranger = User.objects.get(pk=cast.stranger.pk)
    Membership.objects.filter(user=stranger).update(role=Role.ADMIN)
    assert signed_in(stranger).post(f"/approvals/rules/{made.pk}/remove/").status_code == 404
    assert admin.post(f"/approvals/rules/{made.pk}/remove/").status_code == 302
    made.refresh_from_db()
    assert made.active is False


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"trigger": "total"}, "Say above which amount"),
        ({"trigger": "family", "families": " , "}, "Name at least one family"),
        ({"trigger": "total", "amount": "5", "needed": "5"}, "does not have so many people"),
        ({"trigger": "total", "amount": "many"}, "Enter a number"),
        ({"trigger": "total", "amount": "5", "role": "viewer"}, "valid choice"),
    ],
)
def test_a_rule_that_cannot_be_is_told_and_not_saved(cast: Cast, said: dict[str, str], told: str) -> None:
    form = {"role": "approver", "needed": "1", **said}
    answer = signed_in(cast.colleague).post("/approvals/rules/", form)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not ApprovalRule.objects.exists()
