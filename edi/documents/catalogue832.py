"""832 price and sales catalogue: what a partner may buy and what it pays (X12 832)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from distportal.canonical.parts import ItemId
from edi.documents.items import pairs_of
from edi.documents.references import vendor_segments
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

CONTRACT, LIST = "CON", "LPR"
"""CTP02 (X12 element 236): contract price, list price."""


@dataclass(frozen=True, slots=True)
class CataloguePrice:
    """The price per unit from a quantity on; the dates are when it begins and ends, None where it does not."""

    unit_price: Decimal
    min_quantity: Decimal = Decimal(1)
    contract: bool = False
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One item in its base unit, with the pack it comes in."""

    items: tuple[ItemId, ...]
    description: str
    unit: str
    prices: tuple[CataloguePrice, ...]
    pack_unit: str = ""
    pack_size: int = 1
    weight_lb: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One part of a catalogue: `number` is BCT02, `part` BCT04."""

    number: str
    part: str
    on: dt.date
    items: Sequence[CatalogueItem]
    currency: str = "USD"
    vendor_code: str = ""


def write_832(catalogue: Catalogue, *, release: str = "004010") -> list[Elements]:
    """The body of the 832, BCT to CTT. Raises WriteError for one without items, or an item without number or price."""
    if not catalogue.items:
        raise WriteError(f"The catalogue {catalogue.number} has no items.")
    head = ["BCT", "PC", catalogue.number[:15], "", catalogue.part[:6], "", "", "", "", "", "00"]
    body: list[Elements] = [head]
    body += vendor_segments(catalogue.vendor_code)
    body += [["DTM", "007", day_text(catalogue.on)], ["CUR", "SE", catalogue.currency]]
    for number, item in enumerate(catalogue.items, 1):
        body += _item(number, item)
    return [*body, ["CTT", str(len(catalogue.items))]]


def _item(number: int, item: CatalogueItem) -> Iterator[Elements]:
    pairs = pairs_of(item.items)
    if not pairs or not item.prices:
        raise WriteError(f"Line {number} ({item.description}) has no {'price' if pairs else 'item number'}.")
    yield ["LIN", str(number), *pairs]
    if item.description:
        yield ["PID", "F", "", "", "", item.description[:80]]
    pack = str(item.pack_size) if item.pack_unit and 1 < item.pack_size < 10**6 else ""
    if pack or item.weight_lb is not None:
        weight = ["G", number_text(item.weight_lb), "LB"] if item.weight_lb is not None else []
        yield ["PO4", pack, "1" if pack else "", item.pack_unit if pack else "", "", *weight]
    for price in item.prices:
        kind = CONTRACT if price.contract else LIST
        yield ["CTP", "", kind, number_text(price.unit_price), number_text(price.min_quantity), item.unit]
        for code, day in (("007", price.valid_from), ("036", price.valid_until)):
            if day is not None:
                yield ["DTM", code, day_text(day)]
