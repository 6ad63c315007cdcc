"""Dangerous goods: told by the ERP, shown, and held where a restriction forbids the way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from distportal.accounts.models import ShipTo
from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from inventory.models import Item, ShippingRestriction
from inventory.queries.restrictions import restrictions_on
from orders.models import ErpCommand, Order, OrderFinding, Shipment
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
CEMENT, PASTE = "PLB-30002", "PLB-30004"


def placed(sku: str, quantity: str = "12", **way: Any) -> Order:
    order = replace(asked((sku, quantity, "EA", None), po=f"PO-{uuid.uuid4().hex[:8]}"), **way)
    return place_order(order=order, source_key=f"t:{uuid.uuid4()}").order


def findings(order: Order) -> Mapping[str, str]:
    return dict(OrderFinding.objects.filter(order=order).values_list("code", "action"))


def restrict(**values: Any) -> ShippingRestriction:
    return ShippingRestriction.objects.create(reason="the carrier does not take it", **values)


def test_the_erp_tells_what_dangerous_goods_it_is_and_the_page_says_so(synced: SandboxProcess, cast: Cast) -> None:
    item = Item.objects.get(sku=CEMENT)
    assert item.hazmat
    assert item.hazard_text == "UN1133, Adhesives, class 3, packing group II, limited quantity"
    restrict(hazard_class="3", regions=["AK"], methods=["air"])
    page = signed_in(cast.buyer).get(reverse("item", args=[CEMENT])).content.decode()
    assert item.hazard_text in page
    assert "May not go to AK by air: the carrier does not take it." in page
    assert "Dangerous goods" not in signed_in(cast.buyer).get(reverse("item", args=[PASTE])).content.decode()


def test_a_forbidden_way_holds_the_line_with_its_reason_and_another_way_frees_it(synced: SandboxProcess) -> None:
    restrict(un_number="1133", methods=["air"])
    order = placed(CEMENT, transport="A")
    assert (order.status, findings(order)["hazmat_restricted"]) == ("held", "hold")
    told = OrderFinding.objects.get(order=order, code="hazmat_restricted").message
    assert told.startswith("Line 1: PLB-30002 (UN1133, Adhesives, class 3, packing group II, limited quantity) may not")
    assert told.endswith("by air: the carrier does not take it")
    assert Case.objects.filter(subject_id=str(order.pk), code="held").count() == 1
    assert not ErpCommand.objects.filter(order=order).exists()
    assert placed(CEMENT, transport="M").status == "accepted"
    assert placed(CEMENT, carrier="UPS 2nd Day Air").status == "held"
    assert placed(CEMENT).status == "accepted", "nobody has chosen a way yet"
    assert placed(PASTE, transport="A").status == "accepted", "no dangerous goods"


def test_regions_count_limited_quantities_may_go_and_what_is_switched_off_is_gone(synced: SandboxProcess) -> None:
    region = ShipTo.objects.get(code="HARBOR-01").region
    row = restrict(hazard_class="3", regions=[region])
    assert placed(CEMENT).status == "held"
    ShippingRestriction.objects.filter(pk=row.pk).update(limited_quantity_goes=True)
    assert placed(CEMENT).status == "accepted"
    ShippingRestriction.objects.filter(pk=row.pk).update(limited_quantity_goes=False, regions=["XX"])
    assert placed(CEMENT).status == "accepted"
    ShippingRestriction.objects.filter(pk=row.pk).update(regions=[], active=False)
    assert placed(CEMENT).status == "accepted"


def test_what_a_restriction_is_about() -> None:
    gas = Item(pk=1, sku="G", hazmat=True, hazard={"un_number": "1950", "hazard_class": "2.1"})
    acid = Item(pk=2, sku="A", hazmat=True, hazard={"hazard_class": "8", "packing_group": "III"})
    bolt = Item(pk=3, sku="B")
    any_of, gases, corrosive = restrict(), restrict(hazard_class="2"), restrict(hazard_class="8", packing_group="II")
    found = restrictions_on([gas, acid, bolt])
    assert found == {1: [any_of, gases], 2: [any_of], 3: []}
    assert corrosive not in found[2]


def test_lots_leave_as_the_erp_picked_them_and_the_dealer_sees_which(synced: SandboxProcess, cast: Cast) -> None:
    page = signed_in(cast.buyer).get(reverse("item", args=[PASTE])).content.decode()
    assert "TS-0411" in page
    assert "too soon" in page
    order = placed(PASTE, "70")
    work_until_idle()
    order.refresh_from_db()
    assert order.lines.get().warehouse.code == "RENO", "80 of 120 keep for thirty days more"
    synced.ship(order.erp_number)
    sync_erp()
    shipment = Shipment.objects.get(order=order)
    assert {line.lot for line in shipment.lines.all()} == {"TS-0502"}, "the other one would not keep"
    assert sum(line.quantity for line in shipment.lines.all()) == 70
    assert all(line.expires_on for line in shipment.lines.all())
    page = signed_in(cast.buyer).get(reverse("orders:shipment", args=[shipment.number])).content.decode()
    assert "TS-0502" in page
    assert signed_in(cast.stranger).get(reverse("orders:shipment", args=[shipment.number])).status_code == 404
