"""What stands under one PO1 or POC: texts, dates, charges, parts and places, collected before the line is read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from distportal.canonical.orders import Component, DatedQuantity, PlaceQuantity
from distportal.canonical.parts import Charge, Reference
from edi.documents.items import items_of
from edi.documents.parties import Party
from edi.documents.values import Reader
from edi.x12.tokens import Segment

_PER_UNITS: dict[str, int] = {"HP": 100, "TP": 1000}
"""X12 element 639: the price is per hundred or per thousand units."""
_UNIT = re.compile(r"[A-Z0-9]{2}", re.IGNORECASE)


@dataclass(slots=True)
class LineDraft:
    """One line as it is being collected; `shares` are quantities by place code, in the order they came."""

    segment: Segment
    position: int
    line_no: str
    description: str = ""
    dates: dict[str, dt.date] = field(default_factory=dict)
    charges: list[Charge] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    places: list[Party] = field(default_factory=list)
    shares: dict[str, Decimal] = field(default_factory=dict)
    shares_at: int = 0
    schedule: list[DatedQuantity] = field(default_factory=list)
    schedule_units: list[str] = field(default_factory=list)
    schedule_at: int = 0

    def share(self, place: str, quantity: Decimal, position: int) -> None:
        """So much of the line goes there; named twice, a place gets the sum."""
        self.shares[place] = self.shares.get(place, Decimal(0)) + quantity
        self.shares_at = position

    def share_by_days(self) -> None:
        """Days that name their place say how much goes there, where nothing else does."""
        told = set(self.shares)
        for one in self.schedule:
            if one.place and one.place not in told:
                self.share(one.place, one.quantity, self.schedule_at)

    @property
    def scheduled(self) -> Decimal:
        """What the days come to."""
        return sum((one.quantity for one in self.schedule), Decimal(0))

    @property
    def shared(self) -> Decimal:
        """What the shares come to."""
        return sum(self.shares.values(), Decimal(0))

    @property
    def distribution(self) -> tuple[PlaceQuantity, ...]:
        """The shares as they stand in a canonical line."""
        return tuple(PlaceQuantity(place=place, quantity=quantity) for place, quantity in self.shares.items())


def read_shares(reader: Reader, line: LineDraft, segment: Segment, position: int) -> None:
    """Take an SDQ: up to ten pairs of place and quantity from SDQ03 on."""
    for element in range(3, min(len(segment.elements), 23), 2):
        place = segment.get(element).strip()
        quantity = reader.number(segment, position, element + 1, "quantity of the place")
        if place and quantity:
            line.share(place, quantity, position)
        elif bool(place) != (quantity is not None):
            reader.problem("SDQ", position, element, "A place and its quantity do not stand together.")


def read_schedule(reader: Reader, line: LineDraft, segment: Segment, position: int, place: str) -> None:
    """Take an SCH: a quantity and its day, for the place that is open or that SCH03 and SCH04 name."""
    quantity = reader.number(segment, position, 1, "quantity of the day")
    on = reader.day(segment, position, 6, "day of the schedule")
    if quantity is not None and quantity <= 0:
        reader.problem("SCH", position, 1, f"The quantity {segment.get(1)!r} is not above zero.")
    if quantity is None or quantity <= 0 or on is None:
        return
    if not place and segment.get(3).strip() == "ST":
        place = segment.get(4).strip()
    until, code = reader.day(segment, position, 9, "second day"), segment.get(5).strip()
    line.schedule.append(DatedQuantity(quantity=quantity, on=on, code=code, until=until, place=place))
    line.schedule_units.append(segment.get(2).strip())
    line.schedule_at = position


def component_of(reader: Reader, segment: Segment, position: int) -> Component | None:
    """The part of a kit that an SLN names; None where it gives no quantity."""
    quantity = reader.number(segment, position, 4, "quantity of the component")
    if quantity is None:
        return None
    price = reader.number(segment, position, 6, "price of the component")
    return Component(
        items=items_of(segment.elements[9:]),
        quantity=quantity,
        unit=first_unit(segment.get(5)),
        unit_price=per_unit(price, segment.get(7)),
        relation=segment.get(3).strip() or "I",
    )


def first_unit(composite: str) -> str:
    """The unit of a C001 composite, whatever separates its parts."""
    found = _UNIT.match(composite.strip())
    return found.group().upper() if found else ""


def per_unit(price: Decimal | None, basis: str) -> Decimal | None:
    """A price per hundred or thousand brought to the unit."""
    return None if price is None else price / _PER_UNITS.get(basis.strip(), 1)
