"""Where a shipment is, as its carrier tells it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from distportal.canonical.parts import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierStatus:
    """One thing that happened or is expected; `code` is the carrier's, the rest are words. `at` is aware."""

    code: str
    meaning: str
    at: dt.datetime
    reason: str = ""
    place: str = ""
    kind: Literal["moved", "expected", "late", "delivered"] = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryProof:
    """Who took the goods, when and where; `image` is the picture of the signature or the goods, in base64."""

    at: dt.datetime
    signed_by: str = ""
    place: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingReport:
    """What a carrier says of one shipment (X12 214); `references` are further numbers it may be known by."""

    carrier: str
    statuses: tuple[CarrierStatus, ...]
    tracking_number: str = ""
    bill_of_lading: str = ""
    references: tuple[Reference, ...] = ()
    version: Literal["tracking_report/1"] = "tracking_report/1"
