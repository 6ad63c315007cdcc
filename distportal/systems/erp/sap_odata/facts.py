"""What SAP shipped and billed, as canonical objects."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from distportal.canonical.base import to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.shipments import Shipment, ShipmentLine
from distportal.systems.erp.sap_odata.codes import Codes
from distportal.systems.erp.sap_odata.http import Entity
from distportal.systems.erp.sap_odata.orders import Orders
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import moment, results

CREDIT_CATEGORIES = frozenset({"O", "N"})  # credit memo; N is the cancellation of an invoice
Made = tuple[str, dict[str, object]]


class Facts:
    """Deliveries and billing documents; each is read with its items."""

    def __init__(self, orders: Orders, codes: Codes, settings: SapSettings) -> None:
        self._orders = orders
        self._codes = codes
        self._settings = settings

    def shipments(self, rows: Sequence[Entity]) -> list[list[Made]]:
        """For each delivery one fact per order in it, with its id; orders of others are left out."""
        items = {row["DeliveryDocument"]: results(row["to_DeliveryDocumentItem"]) for row in rows}
        orders = self._orders.by_number({i["ReferenceSDDocument"] for some in items.values() for i in some})
        return [self._departures(row, items[row["DeliveryDocument"]], orders) for row in rows]

    def invoices(self, rows: Sequence[Entity]) -> list[list[Made]]:
        """For each billing document its fact, with its id; none where no order of ours led to it."""
        items = {row["BillingDocument"]: results(row["to_Item"]) for row in rows}
        orders = self._orders.by_number({i["SalesDocument"] for some in items.values() for i in some})
        made: list[list[Made]] = []
        for row in rows:
            told = [i for i in items[row["BillingDocument"]] if self._key(orders.get(i["SalesDocument"]))]
            number = row["BillingDocument"]
            made.append([(number, dict(to_json(self._invoice(row, told, orders))))] if told else [])
        return made

    def _departures(self, row: Entity, items: Sequence[Entity], orders: dict[str, Entity]) -> list[Made]:
        by_order: dict[str, list[ShipmentLine]] = defaultdict(list)
        plants: dict[str, str] = {}
        for item in items:
            order = orders.get(item["ReferenceSDDocument"])
            if key := self._key(order):
                by_order[key].append(self._departed(item, order))
                plants[key] = item["Plant"]
        number = row["DeliveryDocument"]
        return [
            (number if len(by_order) == 1 else f"{number}/{key}",
             dict(to_json(self._shipment(row, key, tuple(lines), plants[key]))))
            for key, lines in by_order.items()
        ]  # fmt: skip

    def _departed(self, item: Entity, order: Entity | None) -> ShipmentLine:
        return ShipmentLine(
            order_line_no=self._line_no(order, item["ReferenceSDDocumentItem"]),
            items=(ItemId(qualifier="sku", value=item["Material"]),),
            quantity=Decimal(item["ActualDeliveredQtyInOrderQtyUnit"]),
            unit=self._codes.our_unit(item["OrderQuantityUnit"]),
        )

    def _shipment(self, row: Entity, key: str, lines: tuple[ShipmentLine, ...], plant: str) -> Shipment:
        return Shipment(
            number=row["DeliveryDocument"],
            order_key=key,
            shipped_at=_time(row["ActualGoodsMovementDate"] or row["DeliveryDate"]),
            ship_from=Address(code=self._codes.our_warehouse(plant)),
            ship_to=Address(code=self._codes.our_place(row["ShipToParty"])),
            lines=lines,
        )

    def _invoice(self, row: Entity, told: Sequence[Entity], orders: dict[str, Entity]) -> Invoice:
        issued_on = _time(row["BillingDocumentDate"]).date()
        credit = row["SDDocumentCategory"] in CREDIT_CATEGORIES
        return Invoice(
            kind="credit_memo" if credit else "invoice",
            number=row["BillingDocument"],
            order_key=self._key(orders[told[0]["SalesDocument"]]),
            issued_on=issued_on,
            due_on=issued_on if credit else issued_on + dt.timedelta(days=self._settings.net_days),
            lines=tuple(self._billed(item, orders[item["SalesDocument"]]) for item in told),
            total=Decimal(row["TotalGrossAmount"]),
            tax=Decimal(row["TotalTaxAmount"] or 0),
            currency=row["TransactionCurrency"],
        )

    def _billed(self, item: Entity, order: Entity) -> InvoiceLine:
        quantity, amount = Decimal(item["BillingQuantity"]), Decimal(item["NetAmount"])
        return InvoiceLine(
            order_line_no=self._line_no(order, item["SalesDocumentItem"]),
            items=(ItemId(qualifier="sku", value=item["Material"]),),
            quantity=quantity,
            unit=self._codes.our_unit(item["BillingQuantityUnit"]),
            unit_price=amount / quantity if quantity else Decimal(0),
            amount=amount,
            description=item["BillingDocumentItemText"] or "",
        )

    def _key(self, order: Entity | None) -> str:
        """The key of an order of ours, else empty."""
        reference = str(order["PurchaseOrderByCustomer"] or "") if order else ""
        return reference if reference.startswith(self._settings.key_prefix) else ""

    def _line_no(self, order: Entity | None, position: str) -> str:
        for item in results(order["to_Item"]) if order else []:
            if item["SalesOrderItem"] == position:
                return self._orders.line_key(item)
        return ""


def _time(value: str | None) -> dt.datetime:
    told = moment(value)
    if told is None:
        raise ValueError("a posted document of SAP has no date")
    return told
