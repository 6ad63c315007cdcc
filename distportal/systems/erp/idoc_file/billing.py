"""INVOIC01 and 02: what SAP billed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from distportal.canonical.base import plain, to_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.parts import Charge, ItemId
from distportal.systems.erp.files.facts import Record
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Idoc, Segment
from distportal.systems.erp.idoc_file.reading import Reading, per_unit, qualified
from distportal.systems.erp.port import OrderDraft

CREDITS = frozenset({"CRME", "CRED", "G2", "RE"})  # E1EDK01 BSART
OTHER_CHARGE = "ZZZZ"
CENT = Decimal("0.01")


def invoice(idoc: Idoc, reading: Reading) -> Record:
    """One bill of one order. Raises BadIdoc where its sums do not add up or it belongs to no order of ours."""
    head, root = idoc.first("E1EDK01"), idoc.root
    number = qualified(root, "E1EDK02", "009", "BELNR") or head.get("BELNR")
    if not number:
        raise BadIdoc("the invoice has no number (E1EDK02 009)")
    items = root.all("E1EDP01")
    if not items:
        raise BadIdoc(f"the invoice {number} has no items")
    draft = _order(idoc, items[0], reading)
    lines = tuple(_line(item, draft, reading) for item in items)
    tax = _sum(root, "005") or sum((s.number("MWSBT") or Decimal(0) for s in root.all("E1EDK04")), Decimal(0))
    charges = tuple(_charge(s) for s in root.all("E1EDK05") if s.number("BETRG"))
    total = sum((line.amount for line in lines), Decimal(0)) + tax + sum((c.amount for c in charges), Decimal(0))
    _compare(number, total, root)
    issued = _issued(idoc)
    days = [int(s.number("TAGE") or 0) for s in root.all("E1EDK18")]
    kind: Literal["invoice", "credit_memo"] = "credit_memo" if head.get("BSART") in CREDITS else "invoice"
    made = Invoice(
        kind=kind,
        number=number.lstrip("0"),
        order_key=draft.order_key,
        issued_on=issued,
        due_on=issued + dt.timedelta(days=max(days, default=0) or reading.profile.net_days),
        lines=lines,
        total=total,
        tax=tax,
        charges=charges,
        currency=head.get("CURCY") or reading.profile.currency,
        shipment_number=qualified(items[0], "E1EDP02", "016", "BELNR").lstrip("0"),
        terms=head.get("ZTERM"),
    )
    return Record(
        kind="invoice", erp_id=made.number, payload=to_json(made), order_key=draft.order_key, document=idoc.number,
        said_at=idoc.made_at(),
    )  # fmt: skip


def _order(idoc: Idoc, item: Segment, reading: Reading) -> OrderDraft:
    key = qualified(idoc.root, "E1EDK02", "001", "BELNR") or qualified(item, "E1EDP02", "001", "BELNR")
    number = qualified(idoc.root, "E1EDK02", "002", "BELNR") or qualified(item, "E1EDP02", "002", "BELNR")
    return reading.order(key, number, idoc.place)


def _line(item: Segment, draft: OrderDraft, reading: Reading) -> InvoiceLine:
    ours = reading.line(
        draft, qualified(item, "E1EDP02", "001", "ZEILE") or item.get("POSEX"),
        qualified(item, "E1EDP19", "002", "IDTNR"), item.place,
    )  # fmt: skip
    quantity = item.number("MENGE")
    if quantity is None:
        raise BadIdoc(f"{item.place}: the item has no quantity (MENGE)")
    price, amount = per_unit(item.number("VPREI"), item.number("PEINH")), _amount(item)
    if price is None and amount is None:
        raise BadIdoc(f"{item.place}: the item has neither a price nor an amount")
    if price is None:
        price = (amount or Decimal(0)) / quantity if quantity else Decimal(0)
    return InvoiceLine(
        order_line_no=ours.line_key, items=(ItemId(qualifier="sku", value=ours.sku),), quantity=abs(quantity),
        unit=reading.unit(item.get("MENEE")) if item.get("MENEE") else ours.unit, unit_price=price,
        amount=abs((price * quantity).quantize(CENT) if amount is None else amount),
        description=next((s.get("KTEXT") for s in item.all("E1EDP19") if s.get("KTEXT")), ""),
    )  # fmt: skip


def _amount(item: Segment) -> Decimal | None:
    net = item.of("E1EDP26", "QUALF", "003")
    return net.number("BETRG") if net else item.number("NETWR")


def _charge(segment: Segment) -> Charge:
    amount = segment.number("BETRG") or Decimal(0)
    sign = -1 if segment.get("ALCKZ") == "-" else 1
    return Charge(code=OTHER_CHARGE, amount=sign * amount, description=segment.get("KOTXT") or segment.get("KSCHL"))


def _sum(root: Segment, kind: str) -> Decimal | None:
    found = root.of("E1EDS01", "SUMID", kind)
    return found.number("SUMME") if found else None


def _compare(number: str, total: Decimal, root: Segment) -> None:
    """The billed value is 011 by SAP's text; senders differ in which sum is with tax, so either may fit."""
    told = [value for value in (_sum(root, "011"), _sum(root, "010")) if value is not None]
    if told and all(abs(abs(value) - total) > CENT for value in told):
        words = " and ".join(plain(value) for value in told)
        raise BadIdoc(f"the invoice {number} states {words}, its lines, charges and tax come to {plain(total)}")


def _issued(idoc: Idoc) -> dt.date:
    for kind in ("026", "012"):
        found = idoc.root.of("E1EDK03", "IDDAT", kind)
        if found and (day := found.date("DATUM")):
            return day
    if made_at := idoc.made_at():
        return made_at.date()
    raise BadIdoc("nothing says when the invoice was made")
