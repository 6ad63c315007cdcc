"""A sales order in SAP: found by the customer's reference, made in one deep insert, changed by one change set."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from distportal.systems.erp.marks import hash_in
from distportal.systems.erp.port import ConfirmedLine, OrderDraft, OrderState
from distportal.systems.erp.sap_odata.changing import Changing, live_items
from distportal.systems.erp.sap_odata.codes import CHUNK, Codes, our_stage
from distportal.systems.erp.sap_odata.http import ORDERS, Entity, SapHttp
from distportal.systems.erp.sap_odata.items import item_body, note_of, price_of
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import date_of, moment, results, text
from distportal.systems.outcomes import read_back

EXPAND = "to_Item,to_Item/to_PricingElement,to_Text"
READ_BACK_AFTER = dt.timedelta(seconds=1)


class Orders:
    """The sales orders of one sales area."""

    def __init__(self, http: SapHttp, codes: Codes, settings: SapSettings) -> None:
        self._http = http
        self._codes = codes
        self._settings = settings
        self._changing = Changing(http, codes, settings)

    def find(self, order_key: str) -> list[OrderState]:
        """ALL orders with the reference; SAP does not keep it unique."""
        return self.states(self._rows(f"PurchaseOrderByCustomer eq {text(order_key)}"))

    def states(self, rows: list[Entity]) -> list[OrderState]:
        """Orders, read with their items, in the port's shape."""
        # SAP tells its time to the second: the next full one is surely past what was read.
        as_of = self._http.told_at + READ_BACK_AFTER
        return [self._state(row, as_of) for row in rows]

    def by_number(self, numbers: set[str]) -> dict[str, Entity]:
        """Orders with their items, by SAP's number."""
        found: dict[str, Entity] = {}
        wanted = sorted(numbers)
        for at in range(0, len(wanted), CHUNK):
            some = " or ".join(f"SalesOrder eq {text(number)}" for number in wanted[at : at + CHUNK])
            found |= {str(row["SalesOrder"]): row for row in self._rows(some)}
        return found

    def line_key(self, item: Entity) -> str:
        """Our line number of an item; empty for an item that somebody added in SAP."""
        return str(item.get(self._settings.line_key_field) or "")

    def make(self, draft: OrderDraft) -> OrderState:
        """A saved order. Raises UnknownOutcome whenever it may have been made without a verdict."""
        made = self._http.post(f"{ORDERS}/A_SalesOrder", self._body(draft))
        with read_back():
            return self.states(self._rows(f"SalesOrder eq {text(made['SalesOrder'])}"))[0]

    def cancel(self, known: OrderState) -> OrderState:
        """The order as cancelled: deleted, or all its items rejected where the connection has a reason for that.

        Raises Conflict where it changed since it was read, Rejected where SAP says no.
        """
        row = self._row(known)
        if self._settings.rejection_reason:
            self._http.batch(ORDERS, self._changing.rejections(row))
            with read_back():
                return self.states([self._row(known)])[0]
        self._http.delete(f"{ORDERS}/A_SalesOrder({text(known.erp_id)})", row["__metadata"]["etag"])
        return replace(self.states([row])[0], stage="cancelled", raw_state="deleted")

    def change(self, known: OrderState, draft: OrderDraft) -> OrderState:
        """The order with the draft's content, in one change set. Raises Conflict where it changed since it was read."""
        row = self._row(known)
        items = {self.line_key(item): item for item in live_items(row)}
        self._http.batch(ORDERS, self._changing.writes(row, items, draft))
        with read_back():
            return self.states([self._row(known)])[0]

    def _row(self, known: OrderState) -> Entity:
        return self._rows(f"SalesOrder eq {text(known.erp_id)}")[0]

    def _rows(self, condition: str) -> list[Entity]:
        options = {"$filter": condition, "$expand": EXPAND, "$orderby": "SalesOrder"}
        return self._http.collection(f"{ORDERS}/A_SalesOrder", options)

    def _state(self, row: Entity, as_of: dt.datetime) -> OrderState:
        texts = " ".join(str(t["LongText"]) for t in results(row["to_Text"]))
        return OrderState(
            order_key=row["PurchaseOrderByCustomer"] or "",
            erp_id=row["SalesOrder"],
            number=row["SalesOrder"].lstrip("0"),
            stage=our_stage(row),
            as_of=as_of,
            total=Decimal(row["TotalNetAmount"] or 0),
            content_hash=hash_in(texts),
            lines=tuple(self._line(item) for item in live_items(row)),
            raw_state=f"process {row['OverallSDProcessStatus']}, delivery {row['OverallDeliveryStatus']}",
        )

    def _line(self, item: Entity) -> ConfirmedLine:
        quantity, net = Decimal(item["RequestedQuantity"]), Decimal(item["NetAmount"] or 0)
        asked = moment(item["RequestedDeliveryDate"])
        return ConfirmedLine(
            line_key=self.line_key(item),
            quantity=quantity,
            unit_price=self._told_price(item) or (net / quantity if quantity else Decimal(0)),
            confirmed_on=asked.date() if asked else None,
            warehouse=self._codes.our_warehouse(item["Plant"]),
        )

    def _told_price(self, item: Entity) -> Decimal | None:
        element = price_of(item, self._settings)
        if element is None:
            return None
        return Decimal(element["ConditionRateValue"]) / (Decimal(element["ConditionQuantity"] or 0) or 1)

    def _body(self, draft: OrderDraft) -> Entity:
        self._codes.check_materials([line.sku for line in draft.lines])
        body = {
            "SalesOrderType": self._settings.order_type,
            "SalesOrganization": self._settings.sales_organization,
            "DistributionChannel": self._settings.distribution_channel,
            "OrganizationDivision": self._settings.division,
            "SoldToParty": self._codes.customer(draft.customer),
            "PurchaseOrderByCustomer": draft.order_key,
            "TransactionCurrency": draft.currency,
            "to_Partner": [
                {
                    "PartnerFunction": self._settings.ship_to_function,
                    "Customer": self._codes.ship_to(draft.customer, draft.ship_to),
                }
            ],
            "to_Text": [
                {
                    "Language": self._settings.language,
                    "LongTextID": self._settings.note_text,
                    "LongText": note_of(draft),
                }
            ],
            "to_Item": [item_body(line, draft.currency, self._codes, self._settings) for line in draft.lines],
        }
        if draft.requested_on:
            body["RequestedDeliveryDate"] = date_of(draft.requested_on)
        return body
