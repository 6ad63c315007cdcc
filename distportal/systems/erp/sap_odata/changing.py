"""Change a saved order: what differs becomes one change set, guarded by the order's ETag, with our new mark in it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from distportal.canonical.base import plain
from distportal.systems.erp.port import DraftLine, OrderDraft
from distportal.systems.erp.sap_odata.batch import Operation
from distportal.systems.erp.sap_odata.codes import Codes
from distportal.systems.erp.sap_odata.http import DELIVERIES, Entity, SapHttp
from distportal.systems.erp.sap_odata.items import CENT, item_body, note_of, price_of
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import date_of, moment, results, text
from distportal.systems.errors import Rejected


class Changing:
    """Works out the writes; SAP itself judges them once more."""

    def __init__(self, http: SapHttp, codes: Codes, settings: SapSettings) -> None:
        self._http = http
        self._codes = codes
        self._settings = settings

    def writes(self, row: Entity, items: dict[str, Entity], draft: OrderDraft) -> list[Operation]:
        """The change set that makes the order of `row` hold the draft; `items` are its live ones by our line number.

        Raises Rejected `erp.quantity_below_shipped` for what is in a delivery already.
        """
        order = str(row["SalesOrder"])
        delivered = self._delivered(order)
        made = [self._header(row, draft), self._mark(row, draft)]
        wanted = {line.line_key: line for line in draft.lines}
        for key, item in items.items():
            gone = delivered.get(str(item["SalesOrderItem"]), Decimal(0))
            line = wanted.get(key)
            if line is None or (line.sku != item["Material"] and not gone):
                made.append(self._left_at(item, gone) if gone else self._dropped(item))
                continue  # a line of another material is made anew below
            del wanted[key]
            if line.sku != item["Material"]:
                raise Rejected("erp.item_shipped", f"line {key} is in a delivery with another item")
            if gone > line.quantity:
                raise Rejected("erp.quantity_below_shipped", f"{gone.normalize():f} of line {key} are in a delivery")
            made += self._altered(item, line, draft)
        self._codes.check_materials([line.sku for line in wanted.values()])
        path = f"A_SalesOrder({text(order)})/to_Item"
        made += [
            Operation(method="POST", path=path, body=item_body(line, draft.currency, self._codes, self._settings))
            for line in wanted.values()
        ]
        return made

    def rejections(self, row: Entity) -> list[Operation]:
        """The change set that rejects every item of the order of `row`."""
        return [_guarded(row, {}), *(self._dropped(item) for item in live_items(row))]

    def _dropped(self, item: Entity) -> Operation:
        """The write after which nothing of an item is delivered: deleted, or rejected where a reason is set."""
        path = _key(item)
        if self._settings.rejection_reason:
            return Operation(
                method="MERGE", path=path, body={"SalesDocumentRjcnReason": self._settings.rejection_reason}
            )
        return Operation(method="DELETE", path=path)

    def _left_at(self, item: Entity, quantity: Decimal) -> Operation:
        """The write after which no more of an item is delivered than is in deliveries."""
        body = {"RequestedQuantity": plain(quantity)}
        if self._settings.item_net_amount:
            share = Decimal(item["NetAmount"] or 0) / Decimal(item["RequestedQuantity"])
            body["NetAmount"] = plain((share * quantity).quantize(CENT))
        return Operation(method="MERGE", path=_key(item), body=body)

    def _header(self, row: Entity, draft: OrderDraft) -> Operation:
        held = moment(row.get("RequestedDeliveryDate"))
        day = draft.requested_on
        if day is None or (held is not None and held.date() == day):
            return _guarded(row, {})
        return _guarded(row, {"RequestedDeliveryDate": date_of(day)})

    def _mark(self, row: Entity, draft: OrderDraft) -> Operation:
        key = (
            f"SalesOrder={text(row['SalesOrder'])},Language={text(self._settings.language)}"
            f",LongTextID={text(self._settings.note_text)}"
        )
        return Operation(method="MERGE", path=f"A_SalesOrderText({key})", body={"LongText": note_of(draft)})

    def _altered(self, item: Entity, line: DraftLine, draft: OrderDraft) -> Sequence[Operation]:
        wanted = item_body(line, draft.currency, self._codes, self._settings)
        [price] = wanted.pop("to_PricingElement")
        held = {name: item.get(name) for name in wanted}
        changed = {name: value for name, value in wanted.items() if not _same(name, held[name], value)}
        made = [Operation(method="MERGE", path=_key(item), body=changed)] if changed else []
        element = price_of(item, self._settings)
        if element is not None and Decimal(element["ConditionRateValue"]) != Decimal(price["ConditionRateValue"]):
            rate = {"ConditionRateValue": price["ConditionRateValue"]}
            made.append(Operation(method="MERGE", path=_key(element), body=rate))
        return made

    def _delivered(self, order: str) -> dict[str, Decimal]:
        options = {"$filter": f"ReferenceSDDocument eq {text(order)}"}
        found: dict[str, Decimal] = {}
        for row in self._http.collection(f"{DELIVERIES}/A_OutbDeliveryItem", options):
            number = str(row["ReferenceSDDocumentItem"])
            found[number] = found.get(number, Decimal(0)) + Decimal(row["ActualDeliveredQtyInOrderQtyUnit"] or 0)
        return found


def live_items(row: Entity) -> list[Entity]:
    """The items that were not rejected."""
    return [item for item in results(row["to_Item"]) if not item.get("SalesDocumentRjcnReason")]


def _guarded(row: Entity, body: Entity) -> Operation:
    """A write to the order's head, always the first: its ETag is that of the whole order as it was read."""
    told = {"PurchaseOrderByCustomer": row["PurchaseOrderByCustomer"], **body}
    etag = {"If-Match": row["__metadata"]["etag"]}
    return Operation(method="MERGE", path=f"A_SalesOrder({text(row['SalesOrder'])})", body=told, headers=etag)


def _key(entity: Entity) -> str:
    """The path of an entity, as SAP itself names it."""
    return str(entity["__metadata"]["uri"]).rpartition("/")[2]


def _same(name: str, held: Any, wanted: Any) -> bool:
    if name in ("RequestedQuantity", "NetAmount"):
        return Decimal(held or 0) == Decimal(wanted)
    if name == "RequestedDeliveryDate":
        at = moment(held)
        return at is not None and date_of(at.date()) == wanted
    return bool(held == wanted)
