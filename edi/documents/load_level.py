"""The shipment level of an 856: what one load is, from all shipments on it (X12 856, HL03 S)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from distportal.canonical.shipments import Shipment
from edi.documents.parties import party_segments
from edi.documents.values import day_text, number_text
from edi.x12.tokens import Elements


def shipment_segments(shipments: Sequence[Shipment]) -> list[Elements]:
    """TD1 to N1: cartons and pallets of all of them together (one that holds goods of two orders once), their weight
    where that of each is known, each of their numbers once, the latest day of arrival.
    """
    first = shipments[0]
    packed, stacked = ([one.sscc for of in shipments for one in getattr(of, n)] for n in ("packed", "pallets"))
    td1 = ["TD1", "CTN", str(sum(one.cartons for one in shipments) - _repeats(packed))]
    weights = [one.weight_lb for one in shipments if one.weight_lb is not None]
    if len(weights) == len(shipments):
        td1 += ["", "", "", "G", number_text(sum(weights, Decimal(0))), "LB"]
    rows: list[Elements] = [td1]
    pallets = len(stacked) - _repeats(stacked)
    if pallets:
        rows.append(["TD1", "PLT", str(pallets)])
    if first.carrier:
        rows.append(_carrier(first.carrier))
    rows += [["TD3", "TL", "", text[:10]] for text in _each(one.trailer for one in shipments)]
    rows += [["REF", "BM", text[:30]] for text in _each(one.bill_of_lading for one in shipments)]
    rows += [["REF", "CN", text[:30]] for text in _each(one.tracking_number for one in shipments)]
    rows.append(["DTM", "011", day_text(first.shipped_at.date())])
    arrivals = [one.estimated_delivery_on for one in shipments if one.estimated_delivery_on is not None]
    if arrivals:
        rows.append(["DTM", "017", day_text(max(arrivals))])
    return rows + party_segments("SF", first.ship_from, code_qualifier="91") + party_segments("ST", first.ship_to)


def _carrier(carrier: str) -> Elements:
    """TD5: a SCAC stands in TD503 behind qualifier 2, any other name in TD505."""
    if 2 <= len(carrier) <= 4 and carrier.isalpha() and carrier.isupper():
        return ["TD5", "", "2", carrier]
    return ["TD5", "", "", "", "", carrier[:35]]


def _repeats(codes: Iterable[str]) -> int:
    """How often a code stands again: what holds goods of several orders is one thing."""
    known = [code for code in codes if code]
    return len(known) - len(set(known))


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
