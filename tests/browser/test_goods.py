"""What expires and what is dangerous, on the item's page and on the shipment's: read by everybody, on a phone, too."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from distportal.events.sweeper import work_until_idle
from inventory.models import ShippingRestriction
from orders.models import Shipment
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.browser.conftest import Check
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_lots_and_dangerous_goods_can_be_read_by_everybody(
    synced: SandboxProcess,
    signed_in: Callable[..., Page],
    check_pages: Check,
) -> None:
    ShippingRestriction.objects.create(hazard_class="3", regions=["AK", "HI"], methods=["air"], reason="carrier rule")
    wanted = asked(("PLB-30004", "70", "EA", None), ("PLB-30002", "12", "EA", None), po="PO-1")
    order = place_order(order=wanted, source_key=f"t:{uuid.uuid4()}").order
    work_until_idle()
    order.refresh_from_db()
    synced.ship(order.erp_number)
    sync_erp()
    numbers = Shipment.objects.filter(order=order).values_list("number", flat=True)
    pages = {"item-lots": "/catalogue/PLB-30004/", "item-hazard": "/catalogue/PLB-30002/"}
    pages |= {f"shipment-{at}": f"/shipments/{number}/" for at, number in enumerate(sorted(numbers))}
    page = signed_in("buyer@harbor.example")
    check_pages(page, pages)
    seen = ""
    for address in pages.values():
        page.goto(address)
        seen += page.inner_text("main")
    assert "UN1133, Adhesives, class 3" in seen
    assert "May not go to AK, HI by air: carrier rule." in seen
    assert seen.count("TS-0502") >= 2, "on the item and on the shipment"
