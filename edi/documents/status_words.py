"""What a carrier's codes mean in words (X12 elements 1650, 1651 and 1652)."""

from __future__ import annotations

from typing import Literal

Kind = Literal["moved", "late", "delivered"]

EXPECTED = frozenset({"AG", "X2", "AB", "AA"})
"""Codes whose date lies ahead: what is expected, not what was."""

MEANINGS: dict[str, tuple[str, Kind]] = {
    "XB": ("Carrier has the order", "moved"),
    "AV": ("Available for pick-up", "moved"),
    "X3": ("Carrier arrived for pick-up", "moved"),
    "CP": ("Loaded", "moved"),
    "AF": ("Picked up", "moved"),
    "P1": ("Left a terminal", "moved"),
    "X4": ("Arrived at a terminal", "moved"),
    "X6": ("On its way", "moved"),
    "I1": ("Through the gate, in", "moved"),
    "OA": ("Through the gate, out", "moved"),
    "K1": ("At customs", "moved"),
    "AG": ("Delivery expected", "moved"),
    "X2": ("Arrival expected", "moved"),
    "AA": ("Appointment for pick-up", "moved"),
    "AB": ("Appointment for delivery", "moved"),
    "X1": ("Arrived for delivery", "moved"),
    "D1": ("Delivered", "delivered"),
    "CD": ("Carrier left after delivery", "delivered"),
    "SD": ("Delayed", "late"),
    "A7": ("Refused by the consignee", "late"),
    "A3": ("Returned to the shipper", "late"),
    "AI": ("Sent to another place", "late"),
}
"""Code -> what happened, and what that means for the delivery."""

REASONS: dict[str, tuple[str, bool]] = {
    "NS": ("", False),
    "NA": ("", False),
    "A1": ("delivery was missed", True),
    "AI": ("mechanical breakdown", True),
    "AO": ("weather", True),
    "AG": ("because of the consignee", True),
    "AM": ("because of the shipper", True),
    "B1": ("consignee closed", True),
    "BG": ("another reason", False),
}
"""Code -> why, and whether it delays the delivery."""
