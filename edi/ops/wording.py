"""Names of the segments and elements that our documents use, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from edi.documents.items import ITEM_QUALIFIERS
from edi.x12.tokens import Elements

SEGMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ST": ("Set header", ("Set", "Control number")),
    "SE": ("Set trailer", ("Segments", "Control number")),
    "BEG": ("Purchase order", ("Purpose", "Type", "PO number", "Release", "Ordered on")),
    "BAK": ("Acknowledgment", ("Purpose", "Answer", "PO number", "Ordered on", "", "", "", "Our order", "Answered on")),
    "BSN": ("Ship notice", ("Purpose", "Shipment", "On", "At", "Structure")),
    "BIG": ("Invoice", ("Issued on", "Invoice", "Ordered on", "PO number", "", "", "Type")),
    "CUR": ("Currency", ("Whose", "Currency")),
    "REF": ("Reference", ("Kind", "Number", "Words")),
    "PER": ("Contact", ("Function", "Name", "By", "Number")),
    "CSH": ("Sales condition", ("Condition",)),
    "ITD": ("Terms", ("Type", "Basis", "Discount %", "", "Days", "Due on", "Net days")),
    "DTM": ("Date", ("Kind", "On")),
    "N9": ("Note head", ("Kind", "Number", "Words")),
    "MSG": ("Note", ("Words",)),
    "MTX": ("Note", ("Kind", "Words")),
    "N1": ("Party", ("Role", "Name", "Code of", "Code")),
    "N3": ("Street", ("Street", "More")),
    "N4": ("Place", ("City", "State", "Postcode", "Country")),
    "PO1": ("Ordered line", ("Line", "Quantity", "Unit", "Price", "Price basis")),
    "IT1": ("Billed line", ("Line", "Quantity", "Unit", "Price", "Price basis")),
    "PID": ("Description", ("Form", "", "", "", "Words")),
    "ACK": ("What becomes of it", ("Status", "Quantity", "Unit", "Date kind", "On")),
    "HL": ("Level", ("Number", "Below", "Level", "Has children")),
    "TD1": ("Packages", ("Packing", "Count", "", "", "", "Weight kind", "Weight", "Unit")),
    "TD5": ("Carrier", ("", "Code kind", "Carrier", "Mode", "Routing")),
    "PRF": ("Order behind it", ("PO number", "", "", "Ordered on")),
    "MAN": ("Carton", ("Kind", "Number")),
    "LIN": ("Item", ("Line",)),
    "SN1": ("Shipped", ("Line", "Quantity", "Unit")),
    "TDS": ("Total in cents", ("Amount",)),
    "TXI": ("Tax", ("Kind", "Amount")),
    "SAC": ("Allowance or charge", ("Which", "Code", "", "", "Cents")),
    "CTT": ("Counts", ("Lines", "Hash total")),
    "AK1": ("Answers group", ("Kind", "Number")),
    "AK2": ("Answers set", ("Set", "Control number")),
    "AK3": ("Bad segment", ("Segment", "Position", "Loop", "Error")),
    "AK4": ("Bad element", ("Position", "Reference", "Error", "Value")),
    "AK5": ("Verdict on set", ("Verdict", "Error")),
    "AK9": ("Verdict on group", ("Verdict", "Sets announced", "Received", "Accepted", "Error")),
    "TA1": ("Verdict on interchange", ("Number", "Date", "Time", "Verdict", "Code")),
}
"""Segment -> its name and those of its elements; an empty or missing name shows the number of the element alone."""

CODES: dict[tuple[str, int], dict[str, str]] = {
    ("BEG", 1): {"00": "original", "01": "cancellation", "04": "change", "05": "replace", "06": "confirmation"},
    ("BAK", 2): {"AD": "accepted as ordered", "AC": "accepted with changes", "RD": "rejected"},
    ("BIG", 7): {"DI": "invoice", "CR": "credit memo"},
    ("ACK", 1): {"IA": "accepted", "IB": "backordered", "IR": "rejected", "ID": "deleted", "IQ": "quantity changed"},
    ("DTM", 1): {"002": "deliver", "010": "ship", "011": "shipped", "017": "arrives", "037": "not before"},
    ("N1", 1): {"ST": "ship to", "SF": "ship from", "BY": "buyer", "BT": "bill to", "VN": "vendor"},
    ("REF", 1): {"IA": "vendor number", "DP": "department", "BM": "bill of lading", "CN": "tracking", "SI": "shipment"},
    ("HL", 3): {"S": "shipment", "O": "order", "P": "carton", "I": "item"},
    ("AK5", 1): {"A": "accepted", "E": "accepted with errors", "R": "rejected"},
    ("AK9", 1): {"A": "accepted", "E": "accepted with errors", "P": "partly accepted", "R": "rejected"},
    ("TA1", 4): {"A": "accepted", "E": "accepted with errors", "R": "rejected"},
}
"""(segment, element) -> what its usual codes mean."""

_ITEM_PAIRS = {"PO1": 6, "IT1": 6, "LIN": 2}
"""Where the pairs of qualifier and item number begin."""


@dataclass(frozen=True, slots=True)
class Part:
    """One element: its place such as `BEG03`, its name, the value as sent and what a code means."""

    place: str
    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Row:
    """One segment in words; `position` counts from ST = 1, as acknowledgments do."""

    position: int
    segment: str
    name: str
    parts: tuple[Part, ...]


def decoded(segments: list[Elements]) -> list[Row]:
    """Every segment of a set, in words."""
    return [_row(at, elements) for at, elements in enumerate(segments, 1) if elements]


def _row(position: int, elements: Elements) -> Row:
    segment = str(elements[0])
    name, names = SEGMENTS.get(segment, (segment, ()))
    parts = tuple(
        Part(f"{segment}{at:02d}", _name(segment, at, elements, names), str(value), _meaning(segment, at, str(value)))
        for at, value in enumerate(elements[1:], 1)
        if value
    )
    return Row(position, segment, name, parts)


def _name(segment: str, at: int, elements: Elements, names: tuple[str, ...]) -> str:
    start = _ITEM_PAIRS.get(segment)
    if start is not None and at >= start:
        odd = (at - start) % 2
        kind = ITEM_QUALIFIERS.get(str(elements[at - odd]), "other")
        return f"Item number ({kind})" if odd else "Kind of number"
    return names[at - 1] if at <= len(names) else ""


def _meaning(segment: str, at: int, value: str) -> str:
    return CODES.get((segment, at), {}).get(value, "")
