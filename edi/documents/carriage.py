"""How the billed goods travelled: CAD, ISS, DTM and REF of a document about a shipment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from edi.documents.values import day_text, number_text
from edi.x12.tokens import Elements

_PARCEL = frozenset({"UPSN", "UPSS", "FDEG", "FDXG", "FDXE", "FDE", "USPS", "ONTR"})
"""SCACs of parcel carriers: CAD01 U; any other goes by motor (M), X12 element 91."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """One shipment as the carrier knows it; `carrier` is a SCAC or a name."""

    shipped_on: dt.date
    carrier: str = ""
    tracking_number: str = ""
    bill_of_lading: str = ""
    cartons: int = 0
    weight_lb: Decimal | None = None

    def references(self) -> list[Elements]:
        """REF: BM bill of lading, CN carrier's number."""
        told = (("BM", self.bill_of_lading), ("CN", self.tracking_number))
        return [["REF", qualifier, value[:30]] for qualifier, value in told if value]

    def date(self) -> Elements:
        """DTM 011: shipped."""
        return ["DTM", "011", day_text(self.shipped_on)]

    def carrier_segment(self) -> list[Elements]:
        """CAD: mode, SCAC or name, and the number it is tracked by; nothing without a carrier."""
        if not self.carrier:
            return []
        is_scac = 2 <= len(self.carrier) <= 4 and self.carrier.isalpha() and self.carrier.isupper()
        name = [self.carrier, ""] if is_scac else ["", self.carrier[:35]]
        number = next(((q, v) for q, v in (("CN", self.tracking_number), ("BM", self.bill_of_lading)) if v), ())
        return [["CAD", "U" if self.carrier in _PARCEL else "M", "", "", *name, "", *[part[:30] for part in number]]]

    def totals(self) -> list[Elements]:
        """ISS: cartons and weight in pounds."""
        if not self.cartons:
            return []
        weight = [] if self.weight_lb is None else [number_text(self.weight_lb), "LB"]
        return [["ISS", str(self.cartons), "CT", *weight]]
