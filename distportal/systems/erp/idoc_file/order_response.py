"""ORDRSP: what SAP made of our order."""

from __future__ import annotations

from decimal import Decimal

from distportal.systems.erp.files.facts import Confirmation, ToldLine
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Idoc, Segment
from distportal.systems.erp.idoc_file.reading import Reading, per_unit, qualified
from distportal.systems.erp.port import OrderDraft

DELETED = "003"


def confirmation(idoc: Idoc, reading: Reading) -> Confirmation:
    """The answer to one order: quantities and dates of its schedule lines, lines that SAP rejects with the reason."""
    head = idoc.first("E1EDK01")
    number = qualified(idoc.root, "E1EDK02", "002", "BELNR") or head.get("BELNR")
    draft = reading.order(qualified(idoc.root, "E1EDK02", "001", "BELNR"), number, idoc.place)
    items = idoc.root.all("E1EDP01")
    lines = tuple(_line(item, draft, reading) for item in items)
    refused = [item for item in items if _refused(item)]
    whole = bool(items) and len(refused) == len(items)
    if not items:
        raise BadIdoc("the ORDRSP has no items")
    return Confirmation(
        order_key=draft.order_key,
        number=number.lstrip("0"),
        stage="rejected"
        if whole and reading.sent.wanted(draft.order_key) <= {i.line_key for i in lines}
        else "accepted",
        lines=lines,
        raw_state="rejected" if whole else "confirmed",
        reason="; ".join(dict.fromkeys(item.get("ABGRT") or item.get("ABGRU") for item in refused if _why(item))),
    )


def _line(item: Segment, draft: OrderDraft, reading: Reading) -> ToldLine:
    ours = reading.line(draft, item.get("POSEX"), qualified(item, "E1EDP19", "002", "IDTNR"), item.place)
    schedule = [s for s in item.all("E1EDP20") if s.number("WMENG")]
    dates = [day for day in (s.date("EDATU") for s in schedule) if day]
    quantity = (
        sum((s.number("WMENG") or Decimal(0) for s in schedule), Decimal(0)) if schedule else item.number("MENGE")
    )
    plant = item.get("WERKS")
    return ToldLine(
        line_key=ours.line_key,
        quantity=Decimal(0) if _refused(item) else quantity,
        unit_price=per_unit(item.number("VPREI"), item.number("PEINH")),
        confirmed_on=max(dates, default=None),
        warehouse=reading.warehouse(plant) if plant else None,
    )


def _refused(item: Segment) -> bool:
    return item.get("ACTION") == DELETED or bool(item.get("ABGRU"))


def _why(item: Segment) -> bool:
    return bool(item.get("ABGRT") or item.get("ABGRU"))
