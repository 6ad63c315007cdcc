"""What Tryton's warehouse and accounting did: shipments and invoices as canonical objects."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from distportal.canonical.base import to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.shipments import Shipment, ShipmentLine
from distportal.systems.erp.keyset import version
from distportal.systems.erp.marks import credited_in
from distportal.systems.erp.port import Change, FeedKind
from distportal.systems.erp.tryton.codes import Codes
from distportal.systems.erp.tryton.cursors import STAMP
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.erp.tryton.terms import due_on

_PLACE = ("party_name", "street", "city", "postal_code", "subdivision.code", "country.code")
_SHIPMENT = (
    "number", "state", "reference", "effective_date", STAMP, "warehouse.code", "warehouse.name", "customer.name",
    *(f"delivery_address.{name}" for name in _PLACE),
    "outgoing_moves.origin", "outgoing_moves.quantity", "outgoing_moves.unit.name", "outgoing_moves.state",
    "outgoing_moves.product.code",
)  # fmt: skip
_INVOICE = (
    "number", "invoice_date", "untaxed_amount", "tax_amount", "total_amount", "currency.code", STAMP,
    "payment_term.name", "payment_term.lines.sequence", "payment_term.lines.relativedeltas.days",
    "payment_term.lines.relativedeltas.weeks", "payment_term.lines.relativedeltas.months",
    "lines.type", "lines.origin", "lines.product.code", "lines.quantity", "lines.unit.name", "lines.unit_price",
    "lines.amount", "lines.description", "lines.stock_moves.shipment",
)  # fmt: skip
_LINE = ("sequence", "sale.reference", "sale.comment")


class Facts:
    """Shipments that left and invoices that were posted."""

    def __init__(self, http: TrytonHttp, masters: Masters, codes: Codes, key_prefix: str) -> None:
        self._key_prefix = key_prefix
        self._http = http
        self._masters = masters
        self._codes = codes

    def shipments(self, ids: Sequence[int]) -> list[Change]:
        """One fact for each order in a shipment; goods that no order of ours asked for are left out."""
        rows = self._http.read("stock.shipment.out", ids, _SHIPMENT, self._masters.context)
        origins = self._sale_lines(move["origin"] for row in rows for move in row["outgoing_moves"])
        made: list[Change] = []
        for row in rows:
            by_order: dict[str, list[ShipmentLine]] = defaultdict(list)
            for move in row["outgoing_moves"]:
                line = origins.get(move["origin"] or "")
                if line and move["state"] == "done":
                    by_order[line["sale"]["reference"]].append(self._moved(move, line))
            for order_key, lines in by_order.items():
                erp_id = row["number"] if len(by_order) == 1 else f"{row['number']}/{order_key}"
                fact = self._shipment(row, order_key, tuple(lines))
                made.append(_change("shipment", erp_id, row[STAMP], dict(to_json(fact))))
        return made

    def invoices(self, ids: Sequence[int]) -> list[Change]:
        """Invoices and credit notes that a sale of ours led to."""
        rows = self._http.read("account.invoice", ids, _INVOICE, self._masters.context)
        origins = self._sale_lines(line["origin"] for row in rows for line in row["lines"])
        moves = {m["shipment"] for r in rows for line in r["lines"] for m in line["stock_moves"] if m["shipment"]}
        shipped = self._numbers("stock.shipment.out", moves)
        made: list[Change] = []
        for row in rows:
            told = [line for line in row["lines"] if line["type"] == "line" and line["origin"] in origins]
            if told:
                fact = self._invoice(row, told, origins, shipped)
                made.append(_change("invoice", row["number"], row[STAMP], dict(to_json(fact))))
        return made

    def _sale_lines(self, origins: Iterable[str | None]) -> dict[str, Record]:
        wanted = {origin for origin in origins if origin}
        found = {f"sale.line,{r['id']}": r for r in self._records("sale.line", wanted, _LINE)}
        # A credit note that staff made from an invoice points at the invoice's lines, and these at the sale's.
        billed = self._records("account.invoice.line", wanted, ("origin", "invoice.number"))
        if billed:
            behind = {
                f"sale.line,{r['id']}": r for r in self._records("sale.line", {b["origin"] for b in billed}, _LINE)
            }
            for row in billed:
                if line := behind.get(row["origin"] or ""):
                    found[f"account.invoice.line,{row['id']}"] = {**line, "corrects": row["invoice"]["number"]}
        return {origin: line for origin, line in found.items() if self._ours(line["sale"]["reference"])}

    def _ours(self, reference: str | None) -> bool:
        return bool(reference) and str(reference).startswith(self._key_prefix)

    def _records(self, model: str, origins: Iterable[str | None], fields: Sequence[str]) -> list[Record]:
        ids = [int(origin.partition(",")[2]) for origin in origins if origin and origin.partition(",")[0] == model]
        return self._http.read(model, ids, fields, self._masters.context)

    def _numbers(self, model: str, origins: set[str]) -> dict[str, str]:
        return {f"{model},{row['id']}": row["number"] for row in self._records(model, origins, ("number",))}

    def _moved(self, move: Record, line: Record) -> ShipmentLine:
        return ShipmentLine(
            order_line_no=str(line["sequence"]),
            items=(ItemId(qualifier="sku", value=move["product"]["code"]),),
            quantity=Decimal(str(move["quantity"])),
            unit=self._codes.our_unit(move["unit"]["name"]),
        )

    def _shipment(self, row: Record, order_key: str, lines: tuple[ShipmentLine, ...]) -> Shipment:
        place, stamp = row["delivery_address"], row[STAMP]
        left_on = row["effective_date"] or stamp.date()
        noon = dt.datetime.combine(left_on, dt.time(12), dt.UTC)
        return Shipment(
            number=row["number"],
            order_key=order_key,
            shipped_at=stamp if stamp.date() == left_on else noon,
            ship_from=Address(code=self._codes.our_warehouse(row["warehouse"]["code"]), name=row["warehouse"]["name"]),
            ship_to=Address(
                code=self._codes.our_ship_to(place),
                name=place["party_name"] or row["customer"]["name"],
                street=place["street"] or "",
                city=place["city"] or "",
                region=((place["subdivision"] or {}).get("code") or "").rpartition("-")[2],
                postcode=place["postal_code"] or "",
                country=(place["country"] or {}).get("code") or "US",
            ),
            lines=lines,
            tracking_number=row["reference"] or "",
        )

    def _invoice(
        self, row: Record, told: Sequence[Record], origins: dict[str, Record], shipped: dict[str, str]
    ) -> Invoice:
        first = origins[told[0]["origin"]]
        corrects = first.get("corrects") or credited_in(first["sale"]["comment"])
        numbers = [shipped[m["shipment"]] for line in told for m in line["stock_moves"] if m["shipment"] in shipped]
        return Invoice(
            kind="credit_memo" if row["untaxed_amount"] < 0 else "invoice",
            number=row["number"],
            order_key=first["sale"]["reference"],
            issued_on=row["invoice_date"],
            due_on=due_on(row["payment_term"], row["invoice_date"]),
            lines=tuple(self._billed(line, origins[line["origin"]]) for line in told),
            total=abs(row["total_amount"]),
            tax=abs(row["tax_amount"]),
            currency=row["currency"]["code"],
            shipment_number=numbers[0] if numbers else "",
            corrects=corrects if row["untaxed_amount"] < 0 else "",
            terms=(row["payment_term"] or {}).get("name") or "",
        )

    def _billed(self, line: Record, of: Record) -> InvoiceLine:
        return InvoiceLine(
            order_line_no=str(of["sequence"]),
            items=(ItemId(qualifier="sku", value=line["product"]["code"]),) if line["product"] else (),
            quantity=abs(Decimal(str(line["quantity"]))),
            unit=self._codes.our_unit(line["unit"]["name"]),
            unit_price=line["unit_price"],
            amount=abs(line["amount"]),
            description=line["description"] or "",
        )


def _change(kind: FeedKind, erp_id: str, stamp: dt.datetime, payload: Record) -> Change:
    return Change(kind=kind, erp_id=erp_id, version=version(stamp), occurred_at=stamp, payload=payload)
