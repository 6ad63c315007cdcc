"""Dealers and agents read what became of a change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from exceptions.choices import CaseStatus
from exceptions.models import Case
from exceptions.registry import case_kind
from orders.models import Order
from tests.conftest import Cast
from tests.orders.changes.conftest import ask, change, line_change

pytestmark = pytest.mark.django_db


def page(user: object, order: Order) -> tuple[int, str]:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    reply = client.get(f"/orders/{order.number}/")
    return reply.status_code, reply.content.decode()


def test_the_order_shows_its_changes_to_its_own_people_only(cast: Cast, confirmed: Order) -> None:
    assert 'id="changes"' not in page(cast.buyer, confirmed)[1]
    ask(confirmed, change(line_change("1", quantity=Decimal(60)), line_change("9", "delete"), sequence="4"))
    for user in (cast.buyer, cast.agent):
        status, text = page(user, confirmed)
        assert status == 200
        assert all(part in text for part in ("Change 4", "Line 1", "Line 9", "The order has no line 9"))
    assert page(cast.stranger, confirmed)[0] == 404


def test_the_case_of_a_held_change_shows_it(cast: Cast, confirmed: Order) -> None:
    held = ask(confirmed, change(line_change("1", unit_price=Decimal("0.01"))))
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    kind = case_kind(case.kind)
    assert [action.name for action in kind.actions] == ["look_again", "accept", "refuse"]
    client = Client()
    client.force_login(cast.agent)
    text = client.get(f"/desk/{case.number}/").content.decode()
    assert f"Change of {confirmed}" in text
    assert "the buyer asks" in text
    accept = next(action for action in kind.actions if action.name == "accept")
    assert accept.run(case, {}, "agreed with the buyer", cast.agent) == f"{held}: On its way to the ERP"
