"""A sale in Tryton: found by its reference, made, and moved on one button at a time."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from distportal.systems.erp.marks import marked
from distportal.systems.erp.port import ConfirmedLine, DraftLine, OrderDraft, OrderState
from distportal.systems.erp.tryton.amendments import Amendments
from distportal.systems.erp.tryton.codes import Codes
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.erp.tryton.stages import AMENDED, UNFINISHED, hash_of, our_stage, raw_state
from distportal.systems.erp.tryton.taxes import Taxes
from distportal.systems.errors import Rejected
from distportal.systems.outcomes import read_back

SALE = (
    "reference", "number", "state", "shipment_state", "invoice_state", "untaxed_amount", "comment",
    "warehouse.code", "lines.type", "lines.sequence", "lines.quantity", "lines.unit_price", "lines.shipping_date",
)  # fmt: skip
_HEAD = ("shipping_date", "warehouse.code")
READ_BACK_AFTER = dt.timedelta(seconds=1)


class Sales:
    """The sales of one company. With `amendments` those in process can be changed."""

    def __init__(self, http: TrytonHttp, masters: Masters, codes: Codes, *, amendments: bool) -> None:
        self._http = http
        self._masters = masters
        self._codes = codes
        self._taxes = Taxes(http)
        self._amendments = Amendments(http, masters) if amendments else None
        self._fields = (*SALE, *AMENDED) if amendments else SALE

    def find(self, order_key: str) -> list[OrderState]:
        """ALL sales with the reference, cancelled ones too; Tryton keeps references neither unique nor short."""
        # The clock is read after the sale: what the sale says was so at that time.
        domain = [["reference", "=", order_key]]
        return self._states(self._http.search("sale.sale", domain, self._fields, context=self._masters.context))

    def of_ids(self, ids: Sequence[int]) -> list[OrderState]:
        """Sales by their ids, in the order of these."""
        return self._states(self._http.read("sale.sale", ids, self._fields, self._masters.context))

    def _states(self, sales: Sequence[Record]) -> list[OrderState]:
        if not sales:
            return []
        # The ERP tells its time to the second: the next full one is surely past what was read.
        as_of = self._http.clock().at + READ_BACK_AFTER
        return [self._state(sale, as_of) for sale in sales]

    def make(self, draft: OrderDraft) -> OrderState:
        """A new draft sale. Raises UnknownOutcome whenever it may have been made without a verdict."""
        made = self._http.create("sale.sale", self._sale(draft), self._fields, self._masters.context)
        with read_back():
            return self._states([made])[0]

    def move_on(self, known: OrderState) -> OrderState:
        """One step further, or where somebody else brought it meanwhile. Raises Rejected where Tryton says no."""
        return self._press(known, UNFINISHED[known.raw_state])

    def cancel(self, known: OrderState) -> OrderState:
        """Cancelled where Tryton still permits it, else the sale as it is: what has left is up to its staff, and so is
        what is in process where it knows no amendments.
        """
        if known.raw_state == "confirmed":
            known = self._press(known, "draft")
        if known.raw_state in ("draft", "quotation"):
            return self._press(known, "cancel")
        if known.stage == "accepted" and self._amendments:
            with contextlib.suppress(Rejected):  # something is picked: what stands there tells the asker
                self._amendments.empty(int(known.erp_id))
            with read_back():
                return self._again(known)
        return known

    def change(self, known: OrderState, draft: OrderDraft) -> OrderState:
        """The sale with the draft's content. One that is not in process is written anew and moved on by the next steps.

        Raises Rejected for what Tryton does not change, and `erp.change_not_offered` for a sale in process where it
        knows no amendments.
        """
        if known.raw_state in UNFINISHED:
            return self._rewrite(known, draft)
        if self._amendments is None:
            message = (
                f"order {draft.order_key} is in process; only Tryton's module sale_amendment would let us change it"
            )
            raise Rejected("erp.change_not_offered", message)
        sale = self._http.read("sale.sale", [int(known.erp_id)], _HEAD, self._masters.context)[0]
        wanted = self._shipping_date(draft)
        if wanted is not None and wanted != sale["shipping_date"]:
            raise Rejected("erp.date_not_changed", "Tryton keeps the shipping date of an order that is in process")
        if self._warehouse(draft) != sale["warehouse"]["id"]:
            raise Rejected("erp.warehouse_not_changed", "Tryton keeps the warehouse of an order that is in process")
        self._amendments.amend(int(known.erp_id), draft)
        with read_back():
            return self._again(known)

    def _rewrite(self, known: OrderState, draft: OrderDraft) -> OrderState:
        if known.raw_state != "draft":
            known = self._press(known, "draft")
        row = self._http.read("sale.sale", [int(known.erp_id)], ("lines.type",), self._masters.context)[0]
        values = self._sale(draft)
        gone = ["delete", [line["id"] for line in row["lines"]]]
        written = {
            name: values[name] for name in ("warehouse", "shipment_address", "shipping_date", "description", "comment")
        } | {"lines": [gone, *values["lines"]]}
        self._http.write("sale.sale", int(known.erp_id), written, self._masters.context)
        with read_back():
            return self._again(known)

    def _press(self, known: OrderState, button: str) -> OrderState:
        try:
            self._http.press("sale.sale", int(known.erp_id), button, self._masters.context)
        except Rejected:
            # A button of a state that is over is refused like bad content: where the sale stands now tells them apart.
            now = self._again(known)
            if now.raw_state == known.raw_state:
                raise
            return now
        # The answer to the button was made before the queued work ran.
        with read_back():
            return self._again(known)

    def _again(self, known: OrderState) -> OrderState:
        return self.of_ids([int(known.erp_id)])[0]

    def _state(self, sale: Record, as_of: dt.datetime) -> OrderState:
        warehouse = (sale["warehouse"] or {}).get("code")
        lines = sorted(
            (line for line in sale["lines"] if line["type"] == "line" and line["quantity"]),
            key=lambda line: line["sequence"] or 0,
        )
        return OrderState(
            order_key=sale["reference"] or "",
            erp_id=str(sale["id"]),
            number=sale["number"] or f"draft {sale['id']}",
            stage=our_stage(sale),
            as_of=as_of,
            total=abs(sale["untaxed_amount"] or Decimal(0)),
            content_hash=hash_of(sale),
            lines=tuple(
                ConfirmedLine(
                    line_key=str(line["sequence"]),
                    quantity=abs(Decimal(str(line["quantity"]))),
                    unit_price=line["unit_price"],
                    confirmed_on=line["shipping_date"],
                    warehouse=self._codes.our_warehouse(warehouse) if warehouse else "",
                )
                for line in lines
            ),
            raw_state=raw_state(sale),
        )

    def _sale(self, draft: OrderDraft) -> Record:
        party = self._masters.customer(draft.customer)
        company = self._masters.company
        if draft.currency != company.currency_code:
            raise Rejected("erp.currency", f"the company keeps its books in {company.currency_code}")
        return {
            "company": company.id,
            "currency": company.currency,
            "party": party["id"],
            "invoice_address": self._masters.bill_to(party),
            "shipment_address": self._masters.ship_to(party, draft.ship_to),
            "payment_term": party["customer_payment_term"],
            "price_list": party["sale_price_list"],
            "warehouse": self._warehouse(draft),
            "invoice_method": "fulfillment" if draft.kind == "order" else "order",
            "shipment_method": "order" if draft.kind == "order" else "manual",
            "shipping_date": self._shipping_date(draft),
            "reference": draft.order_key,
            "description": _description(draft),
            "comment": marked(draft.note, content_hash=draft.content_hash, credits_invoice=draft.invoice_number),
            "lines": [["create", self._lines(draft, party)]],
        }

    def _lines(self, draft: OrderDraft, party: Record) -> list[Record]:
        products = self._masters.products([line.sku for line in draft.lines])
        on = self._http.clock().at.date()
        taxes = self._taxes.by_product(party, list(products.values()), on, self._masters.context)
        sign = -1 if draft.kind == "credit_request" else 1
        return [
            {
                "type": "line",
                "sequence": _sequence(line),
                "product": products[line.sku]["id"],
                "quantity": float(line.quantity) * sign,
                "unit": self._masters.unit(products[line.sku], line.unit),
                "unit_price": _price(line),
                "taxes": [["add", taxes[products[line.sku]["id"]]]],
            }
            for line in draft.lines
        ]

    def _warehouse(self, draft: OrderDraft) -> int:
        if draft.kind != "order":
            return min(self._masters.warehouses.values())  # Tryton wants one, nothing moves there
        codes = {self._codes.their_warehouse(line.warehouse) for line in draft.lines}
        if len(codes) != 1:
            message = (
                f"Tryton ships an order from one warehouse, this one asks for {', '.join(sorted(codes))}: split it"
            )
            raise Rejected("erp.one_warehouse_only", message)
        return self._masters.warehouses[codes.pop()]

    def _shipping_date(self, draft: OrderDraft) -> dt.date | None:
        # Tryton refuses a date before the sale's own: the past means "now".
        if draft.requested_on is None or draft.kind != "order":
            return None
        return draft.requested_on if draft.requested_on > self._http.clock().at.date() else None


def _sequence(line: DraftLine) -> int:
    if not line.line_key.isdecimal():
        raise Rejected("erp.line_key_invalid", f"Tryton numbers its lines; {line.line_key!r} is no number")
    return int(line.line_key)


def _price(line: DraftLine) -> Decimal:
    if line.unit_price is None:
        raise Rejected("erp.price_missing", f"line {line.line_key} has no agreed price to send")
    return line.unit_price


def _description(draft: OrderDraft) -> str:
    if draft.kind == "credit_request":
        return f"Credit of {draft.invoice_number} {draft.reason}".strip()
    if draft.kind == "debit_request":
        return f"Debit of {draft.invoice_number} {draft.reason}".strip()
    return f"PO {draft.customer_po}" if draft.customer_po else ""
