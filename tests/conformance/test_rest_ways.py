"""What only the published contract does: orders by PUT, changes, replies that are not as agreed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from distportal.systems.errors import Conflict, Misconfigured, Rejected
from tests.at_once import at_once
from tests.conformance.conftest import only, settled
from tests.conformance.worlds.base import World
from tests.conformance.worlds.rest import RestWorld

pytestmark = only("rest")


@pytest.fixture
def rest(world: World) -> RestWorld:
    """The world as what it is."""
    assert isinstance(world, RestWorld)
    return world


def test_a_key_put_by_four_at_once_is_one_order(rest: RestWorld) -> None:
    wanted = rest.draft()
    states = at_once(*[lambda: rest.erp().advance_order(wanted, None)] * 4)
    assert {state.erp_id for state in states} == {states[0].erp_id}
    assert len(rest.held(wanted.order_key)) == 1


def test_a_change_is_made_once_and_only_from_what_is_held(rest: RestWorld) -> None:
    erp, wanted = rest.erp(), rest.draft(rest.line(quantity=5), rest.other_line())
    settled(erp, wanted)
    changed = rest.draft(rest.line(quantity=3), order_key=wanted.order_key)
    for _ in range(2):
        state = erp.request_change(changed, wanted.content_hash)
        assert (state.content_hash, [i.quantity for i in state.lines]) == (changed.content_hash, [Decimal(3)])
    late = rest.draft(rest.line(quantity=9), order_key=wanted.order_key)
    with pytest.raises(Conflict):
        erp.request_change(late, wanted.content_hash)
    [after] = erp.find_order(wanted.order_key)
    assert after.content_hash == changed.content_hash
    with pytest.raises(Rejected) as caught:
        erp.request_change(rest.draft(), wanted.content_hash)
    assert caught.value.code == "erp.order_unknown"


def test_a_change_below_what_has_left_is_refused(rest: RestWorld) -> None:
    erp, wanted = rest.erp(), rest.draft(rest.line(quantity=5))
    rest.ship(settled(erp, wanted), {"1": 5})
    with pytest.raises(Rejected):
        erp.request_change(rest.draft(rest.line(quantity=3), order_key=wanted.order_key), wanted.content_hash)
    assert erp.find_order(wanted.order_key)[0].content_hash == wanted.content_hash


def test_what_a_connection_does_not_offer_is_not_asked_for(rest: RestWorld) -> None:
    erp = rest.erp(feeds=("order",), prices=False, credit_requests=False, documents=False)
    asked = rest.draft(kind="credit_request", invoice_number="1")
    for attempt in (
        lambda: erp.changes("stock", None, 5),
        lambda: list(erp.snapshot("item", {})),
        lambda: erp.quote_price("HARBOR", [rest.line()], None),  # type: ignore[arg-type]
        lambda: erp.document("invoice_pdf", "1"),
        lambda: erp.advance_order(asked, None),
    ):
        with pytest.raises(Misconfigured) as caught:
            attempt()
        assert caught.value.code == "erp.not_offered"
    assert rest.held(asked.order_key) == []


def test_a_url_that_is_not_of_the_contract_is_told_as_such(rest: RestWorld) -> None:
    with pytest.raises(Misconfigured) as caught:
        rest.erp(url="http://erp.example.com")
    assert caught.value.code == "erp.connection_invalid"
