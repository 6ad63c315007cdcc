"""DESADV and SHPCON on DELVRY03 to 07: goods that left, one shipment for each order in the delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from distportal.canonical.base import to_json
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.shipments import Carton, Shipment, ShipmentLine
from distportal.systems.erp.files.facts import Record
from distportal.systems.erp.idoc_file.idoc import BadIdoc, Idoc, Segment
from distportal.systems.erp.idoc_file.reading import LB_PER, Reading
from distportal.systems.erp.port import OrderDraft

GOODS_ISSUE = "006"
Item = tuple[Segment, OrderDraft, str]


def shipments(idoc: Idoc, reading: Reading) -> list[Record]:
    """The shipments. Raises BadIdoc where an item belongs to no order of ours or nothing says when it left."""
    head = idoc.first("E1EDL20")
    number = head.get("VBELN").lstrip("0")
    if not number:
        raise BadIdoc(f"{head.place}: the delivery has no number (VBELN)")
    items = [_item(segment, reading) for segment in head.all("E1EDL24") if segment.number("LFIMG")]
    if not items:
        raise BadIdoc(f"{head.place}: the delivery {number} has no items with a quantity")
    by_order: dict[str, list[Item]] = {}
    for item in items:
        by_order.setdefault(item[1].order_key, []).append(item)
    several = len(by_order) > 1
    return [
        _record(idoc, head, f"{number}-{n}" if several else number, part, reading)
        for n, part in enumerate(by_order.values(), start=1)
    ]


def _item(segment: Segment, reading: Reading) -> Item:
    customer = segment.of("E1EDL41", "QUALI", "001")
    key = customer.get("BSTNR") if customer else ""
    draft = reading.order(key, segment.get("VGBEL"), segment.place)
    position = (customer.get("POSEX") if customer else "") or segment.get("POSEX")
    line = reading.line(draft, position, segment.get("MATNR"), segment.place)
    return segment, draft, line.line_key


def _record(idoc: Idoc, head: Segment, number: str, items: Sequence[Item], reading: Reading) -> Record:
    draft, first = items[0][1], items[0][0]
    boxes = _boxes(head)
    lines = tuple(line for item in items for line in _lines(item, boxes, reading))
    weight, per = head.number("BTGEW"), LB_PER.get(head.get("GEWEI"))
    plant = first.get("WERKS")
    made = Shipment(
        number=number,
        order_key=draft.order_key,
        shipped_at=_left_at(idoc, head),
        ship_from=Address(code=reading.warehouse(plant) if plant else draft.lines[0].warehouse),
        ship_to=Address(code=draft.ship_to),
        lines=lines,
        tracking_number=head.get("TRAID"),
        bill_of_lading=head.get("BOLNR"),
        cartons=int(head.number("ANZPK") or len(boxes) or 1),
        weight_lb=(weight * per).quantize(Decimal("0.001")) if weight and per else None,
        packed=tuple(Carton(number=n, sscc=box.get("EXIDV")) for n, box in enumerate(boxes, start=1)),
    )
    return Record(
        kind="shipment", erp_id=number, payload=to_json(made), order_key=draft.order_key, document=idoc.number,
        said_at=idoc.made_at(),
    )  # fmt: skip


def _boxes(head: Segment) -> list[Segment]:
    return [unit for unit in head.all("E1EDL37") if unit.all("E1EDL44")]


def _lines(item: Item, boxes: Sequence[Segment], reading: Reading) -> list[ShipmentLine]:
    segment, draft, key = item
    ours = next(line for line in draft.lines if line.line_key == key)
    unit = reading.unit(segment.get("VRKME")) if segment.get("VRKME") else ours.unit
    whole = segment.number("LFIMG") or Decimal(0)
    packed = [
        (n, content.number("VEMNG") or Decimal(0))
        for n, box in enumerate(boxes, start=1)
        for content in box.all("E1EDL44")
        if content.get("POSNR") == segment.get("POSNR")
    ]
    if sum((quantity for _, quantity in packed), Decimal(0)) != whole:
        packed = [(1, whole)]  # not packed, or packed in another unit
    return [
        ShipmentLine(
            order_line_no=key, items=(ItemId(qualifier="sku", value=ours.sku),), quantity=quantity, unit=unit,
            carton=n, description=segment.get("ARKTX"), lot=segment.get("CHARG"),
            expires_on=segment.date("VFDAT"),
        )
        for n, quantity in packed
    ]  # fmt: skip


def _left_at(idoc: Idoc, head: Segment) -> dt.datetime:
    """The goods issue, as it happened before as it was planned, else when the IDoc was made; days are at noon UTC."""
    times = head.all("E1EDT13")
    issue = [time for time in times if time.get("QUALF") == GOODS_ISSUE]
    for name in ("ISDD", "NTANF"):
        for time in issue:
            if day := time.date(name):
                return dt.datetime.combine(day, dt.time(12), dt.UTC)
    if made_at := idoc.made_at():
        return made_at
    raise BadIdoc(f"{head.place}: nothing says when the delivery left")
