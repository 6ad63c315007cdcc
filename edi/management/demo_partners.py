"""What the demo's partners do by themselves: Stowell ships and receives, Roadrunner carries, a dealer orders."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from distportal.canonical.orders import Order, OrderLine
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.warehouse import StockTransfer, WarehouseLine
from distportal.common.site_day import site_day
from edi.models import StockTransfer as Announced
from edi.models import TradingPartner, WarehouseLink
from edi.process.stock_figures import names_of
from edi.process.transfers import announce_transfer
from edi.queries.facts import shipments_carried_by
from edi.queries.readiness import unread_feeds
from edi.queries.warehouses import instructions_in_force, items_with_skus, links_that_take_943, warehouse_coded
from edi.seeds import drop_once, partner_file
from edi.x12.tokens import Elements
from orders.process.intake import place_order

PLACES = ("DAYTON", "RENO")
TRANSFERS = (("TR-2001", (("FST-10001", 500), ("SAF-50002", 200))), ("TR-2002", (("PLB-30001", 120),)))
ORDERS = (
    ("HARBOR", "HARBOR-01", "HH-7001", (("FST-10001", 200), ("PLB-30001", 12))),
    ("LAKESIDE", "LAKESIDE-01", "LB-7002", (("ELE-20002", 60), ("SAF-50002", 150))),
)
WAY = (("AF", "Dayton", "OH", 10), ("X6", "Columbus", "OH", 25), ("X1", "Erie", "PA", 40), ("D1", "Erie", "PA", 55))
"""X12 element 1650 code, city, region, seconds after the goods left."""
PICK_SECONDS = 12.0


def play(now: dt.datetime) -> None:
    """One look around: what is due is done once, however often this is called."""
    stowell, roadrunner = (TradingPartner.objects.filter(code=code).first() for code in ("STOWELL", "ROADRUN"))
    if stowell is not None:
        _link(stowell)  # before any order can be for its warehouses
    if unread_feeds():
        return
    if stowell is not None:
        _announce(now)
        _receive(stowell, now)
        _ship(stowell, now)
    if roadrunner is not None:
        _carry(roadrunner, now)
    _order()


def _link(partner: TradingPartner) -> None:
    for code in PLACES:
        warehouse = warehouse_coded(code)
        if warehouse is not None and not WarehouseLink.objects.filter(warehouse=warehouse).exists():
            WarehouseLink.objects.create(partner=partner, warehouse=warehouse)


def _order() -> None:
    """Two dealers order at the demo's start, so that their pages show life."""
    for account, place, po_number, lines in ORDERS:
        asked = Order(
            channel="portal",
            account=account,
            po_number=po_number,
            ordered_on=timezone.localdate(),
            ship_to=Address(code=place),
            lines=tuple(
                OrderLine(
                    line_no=str(number),
                    items=(ItemId(qualifier="sku", value=sku),),
                    quantity=Decimal(quantity),
                    unit="EA",
                )
                for number, (sku, quantity) in enumerate(lines, 1)
            ),
        )
        place_order(order=asked, source_key=f"demo:{po_number}")


def _announce(now: dt.datetime) -> None:
    link = links_that_take_943().filter(warehouse__code=PLACES[0]).first()
    for number, goods in TRANSFERS if link else ():
        if link is None or Announced.objects.filter(number=number).exists():
            continue
        items = items_with_skus([sku for sku, _ in goods])
        lines = tuple(
            WarehouseLine(
                line_no=str(at), items=names_of(items[sku]), quantity=Decimal(quantity), unit=items[sku].base_unit
            )
            for at, (sku, quantity) in enumerate(goods, 1)
        )
        place = Address(code=link.warehouse.code, name=link.warehouse.name)
        today = site_day(now)
        told = StockTransfer(
            number=number, shipped_on=today, expected_on=today, ship_from=Address(name="Northline Newark"),
            warehouse=place, lines=lines, carrier="RRFT", tracking_number=f"PRO{number}",
        )  # fmt: skip
        announce_transfer(link=link, transfer=told)


def _receive(partner: TradingPartner, now: dt.datetime) -> None:
    """The first transfer arrives whole, of the second some is broken."""
    for transfer in Announced.objects.filter(partner=partner, number__in=[number for number, _ in TRANSFERS]):
        if (now - transfer.announced_at).total_seconds() < PICK_SECONDS:
            continue
        rows: list[Elements] = [["W17", "F", f"{site_day(now):%Y%m%d}", f"R-{transfer.number}", transfer.number]]
        for line in transfer.canonical["lines"]:
            short = 4 if transfer.number == TRANSFERS[1][0] else 0
            sku = line["items"][0]["value"]
            rows.append(["W07", str(int(line["quantity"]) - short), line["unit"], "", "VN", sku])
            rows += [["W13", str(short), line["unit"], "01"]] if short else []
        _drop(partner, f"944_{transfer.number}.edi", "944", "RE", [*rows, ["W14", "1"]])


def _ship(partner: TradingPartner, now: dt.datetime) -> None:
    for told in instructions_in_force(partner):
        if told.purpose == "F" or (now - told.ordered_at).total_seconds() < PICK_SECONDS:
            continue
        day = f"{site_day(now):%Y%m%d}"
        rows: list[Elements] = [["W06", "F", told.number, day, "", f"S{told.number.split('-')[1]}"]]
        rows += [["N1", "WH", "", "91", told.warehouse.code], ["W27", "M", "RRFT"], ["LX", "1"]]
        for line in told.canonical["lines"]:
            sku, quantity = line["items"][0]["value"], line["quantity"]
            rows += [["W12", "CC", quantity, quantity, "", line["unit"], "", "VN", sku], ["N9", "LI", line["line_no"]]]
        _drop(partner, f"945_{told.number}.edi", "945", "SW", [*rows, ["W03", "1"]])


def _carry(partner: TradingPartner, now: dt.datetime) -> None:
    for scac in partner.scacs:
        for shipment in shipments_carried_by(scac):
            gone = (now - shipment.recorded_at).total_seconds()
            for code, city, region, after in WAY:
                if gone >= after:
                    at = timezone.localtime(now)
                    status = ["AT7", code, "NS", "", "", f"{at:%Y%m%d}", f"{at:%H%M}", "CT"]
                    rows: list[Elements] = [["B10", shipment.tracking_number, "", scac], ["LX", "1"], status]
                    rows.append(["MS1", city, region, "US"])
                    _drop(partner, f"214_{shipment.number}_{code}.edi", "214", "QM", rows)


def _drop(partner: TradingPartner, name: str, set_id: str, functional_id: str, body: list[Elements]) -> None:
    # The control number comes from the name: each of these files is made once, and no two are alike.
    number = int.from_bytes(name.encode()[-12:], "big") % 900_000_000 + 1_000
    drop_once(partner=partner, name=name, content=partner_file(partner, number, set_id, functional_id, body))
