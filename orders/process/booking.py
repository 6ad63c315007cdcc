"""Bring together what a warehouse says it shipped and what the ERP booked; a difference is one case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from distportal.canonical.base import from_json, plain
from distportal.canonical.shipments import Shipment as ShipmentFact
from distportal.canonical.warehouse import WarehouseShipment
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import AdviceState
from orders.models import Order, Shipment, WarehouseAdvice
from orders.process.case_facts import about

_CLOSE = Decimal("0.001")
Quantities = dict[str, Decimal]


def match_advices(order: Order) -> None:
    """Advices that wait are booked by the shipments that say the same, or that bear the same number and differ.

    The caller holds the order's row lock. One shipment may book several advices of a warehouse at once.
    """
    for warehouse_advices in _by_warehouse(order):
        waiting, free = list(warehouse_advices), _free(order, warehouse_advices[0].warehouse.code)
        for shipment in free:
            group = _booked_by(shipment, waiting)
            for advice in group:
                _book(advice, shipment, _differences(group, shipment))
                waiting.remove(advice)


def _by_warehouse(order: Order) -> Iterable[list[WarehouseAdvice]]:
    rows = order.advices.filter(state=AdviceState.WAITING).select_related("warehouse", "order__account")
    found: dict[int, list[WarehouseAdvice]] = {}
    for advice in rows.order_by("recorded_at", "pk"):
        found.setdefault(advice.warehouse_id, []).append(advice)
    return found.values()


def _free(order: Order, warehouse: str) -> list[Shipment]:
    """Shipments from there (or from nobody knows where) that book no advice yet."""
    rows = order.shipments.filter(advices=None).prefetch_related("lines__order_line").order_by("recorded_at", "pk")
    return [row for row in rows if str(row.canonical["ship_from"].get("code", "")) in ("", warehouse)]


def _booked_by(shipment: Shipment, waiting: Sequence[WarehouseAdvice]) -> list[WarehouseAdvice]:
    booked = _booked(shipment)
    named = [advice for advice in waiting if _same_number(advice, shipment)]
    equal = [advice for advice in waiting if _same(_advised([advice]), booked)]
    first = next((advice for advice in named if advice in equal), None)
    if first is not None:
        return [first]
    if named:
        return named if _same(_advised(named), booked) else named[:1]
    if equal:
        return equal[:1]
    return list(waiting) if len(waiting) > 1 and _same(_advised(waiting), booked) else []


def _same_number(advice: WarehouseAdvice, shipment: Shipment) -> bool:
    fact = advice.canonical
    theirs = {fact["number"], fact["bill_of_lading"], fact["tracking_number"]} - {""}
    return bool(theirs & {shipment.number, shipment.bill_of_lading, shipment.tracking_number})


def _advised(advices: Iterable[WarehouseAdvice]) -> Quantities:
    found: Quantities = {}
    for advice in advices:
        for line_no, quantity in advice.lines.items():
            found[line_no] = found.get(line_no, Decimal(0)) + Decimal(quantity)
    return found


def _booked(shipment: Shipment) -> Quantities:
    found: Quantities = {}
    for line in shipment.lines.all():
        found[line.order_line.line_no] = found.get(line.order_line.line_no, Decimal(0)) + line.quantity
    return found


def _same(advised: Quantities, booked: Quantities) -> bool:
    return all(abs(advised.get(no, Decimal(0)) - booked.get(no, Decimal(0))) <= _CLOSE for no in {*advised, *booked})


def _differences(advices: Sequence[WarehouseAdvice], shipment: Shipment) -> list[str]:
    advised, booked = _advised(advices), _booked(shipment)
    told = [
        f"line {no}: {plain(advised.get(no, Decimal(0)))} shipped by the warehouse, "
        f"{plain(booked.get(no, Decimal(0)))} booked"
        for no in sorted({*advised, *booked})
        if abs(advised.get(no, Decimal(0)) - booked.get(no, Decimal(0))) > _CLOSE
    ]
    theirs = {ln.sscc for one in advices for ln in from_json(WarehouseShipment, one.canonical).lines if ln.sscc}
    ours = {one.sscc for one in from_json(ShipmentFact, shipment.canonical).packed if one.sscc}
    if theirs and ours and theirs != ours:
        only = sorted(theirs ^ ours)
        told.append(f"{len(only)} cartons are known to one side alone: {', '.join(only[:5])}")
    return told


def _book(advice: WarehouseAdvice, shipment: Shipment, differences: list[str]) -> None:
    advice.shipment = shipment
    advice.state = AdviceState.DIFFERS if differences else AdviceState.BOOKED
    advice.findings = [*advice.findings, *differences]
    advice.save(update_fields=["shipment", "state", "findings"])
    resolve_cases(
        subject_type="warehouse_advice",
        subject_id=str(advice.pk),
        resolution=Resolution.BY_EVENT,
        reason=f"the ERP booked shipment {shipment.number}",
        code="unbooked",
    )
    if differences:
        open_case(
            kind="warehouse.differs",
            code="booked_otherwise",
            subject_type="warehouse_advice",
            subject_id=str(advice.pk),
            sentence=f"{advice.order}: the ERP's shipment {shipment.number} is not what {advice.source} told as "
            f"{advice.number}: {differences[0]}. The ERP's figures hold",
            **about(advice.order),
            data={"order": str(advice.order_id), "shipment": str(shipment.pk), "sentences": differences[:50]},
        )
