"""Tests share one sandbox ERP: what one of them did there is no news for the next."""

from __future__ import annotations

from typing import Final

import pytest

from distportal.events.sweeper import work_until_idle
from distportal.systems.erp.port import FeedKind
from distportal.systems.registry import erp
from inventory.models import Item
from orders.models import Order
from orders.process.intake import place_order
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess
from tests.stocked import StockedDatabase

pytestmark = pytest.mark.django_db
KINDS: Final[tuple[FeedKind, ...]] = ("order", "shipment", "invoice", "stock", "customer")


def told() -> dict[str, list[tuple[str, str, str]]]:
    """All that its feeds tell: (id, version, content) by kind."""
    return {
        kind: [(c.erp_id, str(c.version), repr(c.payload)) for c in erp().changes(kind, None, 1000).changes]
        for kind in KINDS
    }


@pytest.mark.parametrize("ends", [True, False])
def test_what_a_test_did_there_is_gone_before_the_next_and_what_that_one_does_is_told(
    synced: SandboxProcess, ends: bool
) -> None:
    before = told()
    assert (len(before["stock"]), before["order"]) == (600, [])
    for po in ("PO-1", "PO-2"):
        order = place_order(order=asked(("FST-10001", "10", "EA", None), po=po), source_key=f"t:{po}").order
        work_until_idle()
        order.refresh_from_db()
        if ends:
            synced.ship(order.erp_number)
            synced.invoice(order.erp_number)
        now = told()
        assert [len(now[kind]) for kind in ("order", "shipment", "invoice")] == [1, int(ends), int(ends)]
        assert now["stock"] != before["stock"]
        synced.restock()
        assert told() == before


def test_who_does_not_ask_for_master_data_finds_none(stocked_database: StockedDatabase, cast: Cast) -> None:
    assert (Item.objects.exists(), Order.objects.exists()) == (False, False)
