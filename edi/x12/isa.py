"""Judges the sixteen elements of an ISA (X12.5)."""

from __future__ import annotations

import datetime as dt

from edi.x12.leniency import Leniency, Tolerance
from edi.x12.segments import Delimiters, Segment
from edi.x12.structure import Finding, Interchange

_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_WRONG_WIDTH = ("010", "011", "012", "013", "005", "006", "007", "008", "014", "015", "016", "017", "018", "019", "020")
"""TA105 of an element of the ISA that does not have its width."""
_QUALIFIERS = {f"{n:02d}" for n in range(1, 39)} | {"AM", "NR", "SA", "SN", "ZZ"}


def read_isa(isa: Segment, delimiters: Delimiters, *, offset: int) -> Interchange:
    """The interchange that an ISA opens, without groups, with the findings of its header and what it was forgiven."""
    value = [isa.get(n).strip() for n in range(17)]
    return Interchange(
        sender_qualifier=value[5],
        sender=value[6],
        receiver_qualifier=value[7],
        receiver=value[8],
        date=value[9],
        time=value[10],
        standard=value[11],
        version=value[12],
        control_number=value[13].zfill(9) if value[13].isdecimal() else value[13],
        ack_requested=value[14] == "1",
        usage=value[15],
        delimiters=delimiters,
        offset=offset,
        end=offset,
        findings=[Finding("interchange", code, text) for code, text in _problems(isa, value, delimiters)],
        used=_tolerated(isa, value),
    )


def _problems(isa: Segment, value: list[str], delimiters: Delimiters) -> list[tuple[str, str]]:
    ended = any(delimiters.segment in text for text in isa.elements)
    checks = [
        (ended, "004", f"the segment terminator {delimiters.segment!r} occurs inside of the ISA"),
        (delimiters.segment.isalnum(), "004", f"the segment terminator {delimiters.segment!r} is a letter or digit"),
        (
            delimiters.component.isalnum(),
            "027",
            f"the component separator {delimiters.component!r} is a letter or digit",
        ),
        (value[5] not in _QUALIFIERS, "005", f"ISA05 {value[5]!r} is not a sender qualifier"),
        (not value[6], "006", "ISA06 names no sender"),
        (value[7] not in _QUALIFIERS, "007", f"ISA07 {value[7]!r} is not a receiver qualifier"),
        (not value[8], "008", "ISA08 names no receiver"),
        (not _is_date(value[9]), "014", f"ISA09 {value[9]!r} is not a date YYMMDD"),
        (not _is_time(value[10]), "015", f"ISA10 {value[10]!r} is not a time HHMM"),
        (not (value[12].isdecimal() and len(value[12]) == 5), "017", f"ISA12 {value[12]!r} is not a version"),
        (not value[13].isdecimal() or len(value[13]) > 9, "018", f"ISA13 {value[13]!r} is not a control number"),
        (value[14] not in ("0", "1"), "019", f"ISA14 {value[14]!r} is neither 0 nor 1"),
        (value[15] not in ("P", "T", "I"), "020", f"ISA15 {value[15]!r} is neither P, T nor I"),
    ]
    return [(code, text) for wrong, code, text in checks if wrong]


def _tolerated(isa: Segment, value: list[str]) -> list[Tolerance]:
    used = []
    wrong = next((n for n, width in enumerate(_WIDTHS[:15]) if len(isa.get(n + 1)) != width), None)
    if wrong is not None:
        text = "The ISA is not padded to its fixed widths."
        used.append(Tolerance(Leniency.UNPADDED_ISA, text, _WRONG_WIDTH[wrong]))
    if value[12] not in ("00401", "00501"):
        text = f"ISA12 is {value[12]}; the release of each group (GS08) decides."
        used.append(Tolerance(Leniency.ISA_VERSION, text, "017"))
    return used


def _is_date(text: str) -> bool:
    if len(text) != 6 or not text.isdecimal():
        return False
    try:
        dt.date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and text[:2] < "24" and text[2:] < "60"
