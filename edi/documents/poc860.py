"""860 purchase order change -> canonical order change (X12 860, 004010 and 005010)."""

from __future__ import annotations

from dataclasses import dataclass

from distportal.canonical.orders import Channel, LineChange, OrderChange, OrderLineChange, Purpose
from edi.documents.items import items_of
from edi.documents.options import OrderOptions
from edi.documents.order_dates import OrderDates, order_dates, requested_on
from edi.documents.order_lines import LineDraft, first_unit, per_unit
from edi.documents.order_places import check_shares, header_places
from edi.documents.order_totals import check_totals
from edi.documents.order_walk import OrderWalk
from edi.documents.schedules import check_schedule
from edi.x12.structure import TransactionSet

PURPOSES: dict[str, Purpose] = {"01": "cancellation", "04": "change", "05": "replace"}
"""BCH01 -> purpose; any other code is told as a problem."""

_DATES, _PRICE, _QUANTITY, _ITEM = "date", "price", "quantity", "item"
_WHOLE = (_DATES, _PRICE, _QUANTITY, _ITEM)
KINDS: dict[str, tuple[LineChange, tuple[str, ...]]] = {
    "AI": ("add", _WHOLE),
    "DI": ("delete", ()),
    "CF": ("delete", ()),
    "CA": ("change", _WHOLE),
    "MU": ("change", _WHOLE),
    "CT": ("change", (_DATES,)),
    "RB": ("change", (_DATES,)),
    "RS": ("change", (_DATES,)),
    "PC": ("change", (_PRICE,)),
    "PQ": ("change", (_PRICE, _QUANTITY)),
    "QD": ("change", (_QUANTITY,)),
    "QI": ("change", (_QUANTITY,)),
    "RQ": ("change", (_QUANTITY, _DATES)),
    "RE": ("replace", _WHOLE),
    "RZ": ("replace", _WHOLE),
    "NC": ("none", ()),
    "TI": ("ask", _WHOLE),
    "RC": ("ask", _WHOLE),
}
"""POC02 (X12 element 670) -> what happens to the line, and which of its values count; a transfer (TI) and the refusal
of a change of ours (RC) are for a person. POC03 is the quantity wanted after the change, not the difference.
"""


@dataclass(frozen=True, slots=True)
class Mapped860:
    """The change, where each line stood (line number -> segment position, ST is 1), and what was odd."""

    change: OrderChange
    sources: dict[str, int]
    notes: list[str]


def read_860(
    tset: TransactionSet, *, account: str, channel: Channel = "edi", options: OrderOptions | None = None
) -> Mapped860:
    """The canonical change of a valid 860. `account` is our code of the buyer.

    Raises MappingError with every value that could not be read.
    """
    agreed, walk = options or OrderOptions(), OrderWalk("POC")
    walk.read(tset.segments, "BCH")
    check_totals(walk, quantity_element=3, options=agreed)
    for draft in walk.lines:
        check_shares(walk, draft, 3, agreed)
        check_schedule(walk, draft, 3, agreed)
    lines = tuple(line for line in (_line(walk, draft) for draft in walk.lines) if line is not None)
    change = _change(walk, account, channel, lines)
    if change is None or walk.reader.problems:
        raise walk.reader.failure()
    return Mapped860(change, {draft.line_no: draft.position for draft in walk.lines}, walk.notes)


def _change(walk: OrderWalk, account: str, channel: Channel, lines: tuple[OrderLineChange, ...]) -> OrderChange | None:
    reader = walk.reader
    if walk.head is None:
        reader.problem("BCH", 2, 0, "The change has no BCH segment, so no order number.")
        return None
    bch, at = walk.head
    purpose = PURPOSES.get(bch.get(1))
    if purpose is None:
        reader.problem("BCH", at, 1, f"The purpose {bch.get(1)!r} of a change is not known here.")
    po_number = reader.text(bch, at, 3, "purchase order number")
    days = {n: reader.day(bch, at, n, "date") for n in (6, 10, 11)}
    changed_on = days[11] or days[10] or days[6]
    if changed_on is None:
        reader.problem("BCH", at, 6, "The change has no date (BCH06 or BCH11).")
    dates = order_dates(walk.dates)
    if purpose == "change" and not walk.lines and not _any(dates):
        reader.problem("POC", at, 0, "The change names neither a line nor a date.")
    if purpose is None or changed_on is None:
        return None
    places = header_places(walk)
    return OrderChange(
        channel=channel,
        account=account,
        po_number=po_number,
        sequence=bch.get(5).strip(),
        changed_on=changed_on,
        purpose=purpose,
        lines=lines,
        requested_on=dates.requested_on,
        cancel_after=dates.cancel_after,
        ship_not_before=dates.ship_not_before,
        ship_not_later=dates.ship_not_later,
        ordered_on=days[6],
        ship_to=places[0].address if len(places) == 1 else None,
        references=tuple(dict.fromkeys(walk.references)),
        notes=tuple(walk.texts),
    )


def _any(dates: OrderDates) -> bool:
    return any((dates.requested_on, dates.cancel_after, dates.ship_not_before, dates.ship_not_later))


def _line(walk: OrderWalk, draft: LineDraft) -> OrderLineChange | None:
    reader, segment, at = walk.reader, draft.segment, draft.position
    before, code = len(reader.problems), segment.get(2).strip()
    if code not in KINDS:
        reader.problem("POC", at, 2, f"The line change {code!r} is not known here.")
        return None
    kind, counts = KINDS[code]
    quantity = reader.number(segment, at, 3, "quantity") if _QUANTITY in counts else None
    price = reader.number(segment, at, 6, "price") if _PRICE in counts else None
    for value, element, what in ((quantity, 3, "quantity"), (price, 6, "price")):
        if value is not None and value < 0:
            reader.problem("POC", at, element, f"The {what} {segment.get(element)!r} is below zero.")
    items = items_of(segment.elements[8:])
    days = tuple(draft.schedule) if {_DATES, _QUANTITY} & {*counts} else ()
    line = OrderLineChange(
        kind=kind,
        line_no=draft.line_no,
        items=items if _ITEM in counts else (),
        quantity=(draft.shared or draft.scheduled) if quantity is None and (draft.shares or days) else quantity,
        unit=first_unit(segment.get(5)) if quantity is not None else "",
        unit_price=per_unit(price, segment.get(7)),
        requested_on=(requested_on(draft.dates) or (days[0].on if days else None)) if _DATES in counts else None,
        code=code,
        description=draft.description,
        distribution=draft.distribution,
        schedule=days,
    )
    for field, word in _MISSING.get(code, ()):
        if getattr(line, field) in (None, ()):
            reader.problem("POC", at, 0, f"The line change {code} gives no {word}.")
    return line if len(reader.problems) == before else None


_MISSING: dict[str, tuple[tuple[str, str], ...]] = {
    "AI": (("quantity", "quantity"), ("items", "item")),
    "RE": (("items", "item"),),
    "PC": (("unit_price", "price"),),
    "PQ": (("unit_price", "price"), ("quantity", "quantity")),
    "QI": (("quantity", "quantity"),),
    "QD": (("quantity", "quantity"),),
    "CT": (("requested_on", "date"),),
    "RS": (("requested_on", "date"),),
    "RB": (("requested_on", "date"),),
}
"""What a change cannot do without: the field and how it is called."""
