"""Two agents save one order at the same moment: one is told, sees what the other saved, and loses nothing he typed."""

from __future__ import annotations

import pytest

from exceptions.models import CaseEntry
from orders.models import OrderVersion
from tests.at_once import at_once
from tests.clients import signed_in
from tests.conftest import Cast
from tests.exceptions.test_editor import ITEM, held
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("prices", [("0.31", "0.32"), ("0.48", "0.31")])
def test_of_two_at_once_one_is_saved_and_the_other_sees_it(
    cast: Cast, synced: SandboxProcess, prices: tuple[str, str]
) -> None:
    order, case = held((ITEM, "10", "EA", "0.30"))
    agents = {price: signed_in(person) for price, person in zip(prices, (cast.agent, cast.finance), strict=True)}
    address = f"/desk/{case.number}/act/resubmit/"

    def save(price: str) -> str:
        return agents[price].post(address, {"version": "1", "fix.line.1.unit_price": price, "reason": price}).url

    back = dict(zip(prices, at_once(*(lambda price=price: save(price) for price in prices)), strict=True))
    order.refresh_from_db()
    [version] = OrderVersion.objects.filter(order=order, version__gt=1)
    won = version.reason
    [lost] = [price for price in prices if price != won]
    assert (order.version, order.canonical["lines"][0]["unit_price"]) == (2, won)
    assert CaseEntry.objects.filter(case=case, action="resubmitted").count() == 1
    assert "seen=1" in back[lost]
    assert "seen" not in back[won]

    page = agents[lost].get(back[lost]).content.decode()
    assert "Somebody was faster." in page
    assert f"Version 2 by {version.actor}" in page
    assert f"Line 1, unit price: 0.3 → <b>{won}</b>" in page
    if order.status == "held":
        assert f'value="{lost}"' in page, "what was typed stands in the form, on top of the other's version"
        agents[lost].post(address, {"version": "2", "fix.line.1.unit_price": lost, "reason": "after all"})
        kept = OrderVersion.objects.filter(order=order).order_by("version").values_list("version", "actor", "reason")
        assert [*kept][1:] == [(2, version.actor, won), (3, _person(cast, prices, lost), "after all")]
    else:
        assert f"You had typed: line.1.unit_price {lost}" in page


def _person(cast: Cast, prices: tuple[str, str], price: str) -> str:
    return (cast.agent if price == prices[0] else cast.finance).email
