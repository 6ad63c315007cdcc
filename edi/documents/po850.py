"""850 purchase order -> canonical orders, one per ship-to (X12 850, 004010 and 005010)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from distportal.canonical.orders import Channel, Order, OrderLine, Purpose
from distportal.canonical.parts import Address, CodedDate, Reference, RolePlace
from edi.documents.items import items_of
from edi.documents.options import OrderOptions
from edi.documents.order_dates import REQUESTED, order_dates, requested_on
from edi.documents.order_lines import LineDraft, per_unit
from edi.documents.order_places import check_places, check_shares, split_by_place
from edi.documents.order_totals import check_totals
from edi.documents.order_walk import OrderWalk
from edi.documents.schedules import check_schedule
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment

PURPOSES: dict[str, Purpose] = {
    "00": "original",
    "01": "cancellation",
    "04": "change",
    "05": "replace",
    "06": "confirmation",
    "07": "duplicate",
}
"""BEG01 -> purpose; any other code is told as a problem."""


@dataclass(frozen=True, slots=True)
class Mapped850:
    """The orders of one PO, where each line stood (line number -> segment position, ST is 1), and what was odd."""

    orders: tuple[Order, ...]
    sources: dict[str, int]
    notes: list[str]

    @property
    def order(self) -> Order:
        """The only order, or the first of several."""
        return self.orders[0]


def read_850(
    tset: TransactionSet, *, account: str, channel: Channel = "edi", options: OrderOptions | None = None
) -> Mapped850:
    """The canonical orders of a valid 850. `account` is our code of the buyer.

    Raises MappingError with every value that could not be read.
    """
    agreed, walk = options or OrderOptions(), OrderWalk("PO1")
    walk.read(tset.segments, "BEG")
    check_totals(walk, quantity_element=2, options=agreed)
    header = _header(walk, account, channel)
    pairs = []
    for draft in walk.lines:
        check_shares(walk, draft, 2, agreed)
        check_schedule(walk, draft, 2, agreed)
        line = _line(walk, draft, agreed)
        if line is not None:
            pairs.append((draft, line))
    orders: tuple[Order, ...] = ()
    if header is not None and not walk.lines and header["purpose"] == "cancellation":
        orders = (Order(**header, ship_to=Address(), lines=()),)
    else:
        _want_lines(walk)
        check_places(walk)
    if header is not None and walk.lines:
        orders = split_by_place(walk, Order(**header, ship_to=Address(), lines=()), pairs, agreed)
    if walk.reader.problems or not orders:
        raise walk.reader.failure()
    return Mapped850(orders, {draft.line_no: draft.position for draft in walk.lines}, walk.notes)


def _want_lines(walk: OrderWalk) -> None:
    if not walk.lines:
        at = walk.head[1] if walk.head else 1
        walk.reader.problem("PO1", at, 0, "The order has no lines.")


def _header(walk: OrderWalk, account: str, channel: Channel) -> dict[str, Any] | None:
    """Everything of an order but its ship-to and lines."""
    if walk.head is None:
        walk.reader.problem("BEG", 2, 0, "The order has no BEG segment, so no number and date.")
        return None
    beg, at = walk.head
    purpose = PURPOSES.get(beg.get(1))
    if purpose is None:
        walk.reader.problem("BEG", at, 1, f"The purpose {beg.get(1)!r} of an order is not known here.")
    po_number = walk.reader.text(beg, at, 3, "purchase order number")
    ordered_on = walk.reader.day(beg, at, 5, "order date")
    if ordered_on is None and not beg.get(5).strip():
        walk.reader.problem("BEG", at, 5, "The order date is missing.")
    if purpose is None or ordered_on is None:
        return None
    dates = order_dates(walk.dates)
    return {
        "channel": channel,
        "account": account,
        "po_number": po_number,
        "ordered_on": ordered_on,
        "currency": walk.currency,
        "purpose": purpose,
        "order_type": beg.get(2) or "SA",
        "requested_on": dates.requested_on,
        "ship_not_before": dates.ship_not_before,
        "ship_not_later": dates.ship_not_later,
        "cancel_after": dates.cancel_after,
        "dates": dates.others,
        "ship_complete": walk.complete,
        "references": tuple(dict.fromkeys([*walk.references, *_contract(beg)])),
        "notes": tuple(walk.texts),
        "charges": tuple(walk.charges),
        "terms": tuple(walk.terms),
        "contacts": tuple(walk.contacts),
        "places": tuple(RolePlace(role=p.role, address=p.address) for p in walk.parties if p.role != "ST"),
        **{name: getattr(walk, name) for name in ("freight_terms", "carrier", "transport", "sales_terms")},
    }


def _contract(beg: Segment) -> list[Reference]:
    """BEG06 is the number of a contract; it stands with the references under its own qualifier."""
    number = beg.get(6).strip()
    return [Reference(qualifier="CT", value=number)] if number else []


def _line(walk: OrderWalk, draft: LineDraft, options: OrderOptions) -> OrderLine | None:
    reader, segment, at = walk.reader, draft.segment, draft.position
    before = len(reader.problems)
    quantity = reader.number(segment, at, 2, "quantity")
    if quantity is None and (draft.shares or draft.schedule):
        quantity = draft.shared or draft.scheduled
    if quantity is None and not segment.get(2).strip():
        reader.problem("PO1", at, 2, "The quantity is missing.")
    if quantity is not None and quantity <= 0:
        reader.problem("PO1", at, 2, f"The quantity {segment.get(2)!r} is not above zero.")
    unit = reader.text(segment, at, 3, "unit")
    price = reader.number(segment, at, 4, "price")
    if price is not None and price < 0:
        reader.problem("PO1", at, 4, f"The price {segment.get(4)!r} is below zero.")
    items = items_of(segment.elements[6:])
    if not items:
        reader.problem("PO1", at, 6, "The line names no item.")
    if quantity is None or len(reader.problems) > before:
        return None
    return OrderLine(
        line_no=draft.line_no,
        items=items,
        quantity=_agreed_quantity(draft, quantity, options),
        unit=unit,
        unit_price=per_unit(price, segment.get(5)),
        description=draft.description,
        requested_on=requested_on(draft.dates),
        charges=tuple(draft.charges),
        components=tuple(draft.components),
        references=tuple(draft.references),
        dates=tuple(CodedDate(code=code, on=on) for code, on in draft.dates.items() if code not in REQUESTED),
        distribution=draft.distribution,
        schedule=tuple(draft.schedule),
    )


def _agreed_quantity(draft: LineDraft, quantity: Decimal, options: OrderOptions) -> Decimal:
    """Where that was agreed, the sum of the places or days holds against PO102."""
    if draft.shares:
        return draft.shared if options.sdq_sum == "note" else quantity
    return draft.scheduled if draft.schedule and options.sch_sum == "note" else quantity
