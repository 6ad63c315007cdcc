"""Judges the sixteen elements of an ISA (X12.5)."""

from __future__ import annotations

import datetime as dt

from edi.x12.structure import Finding, Interchange
from edi.x12.tokens import Delimiters, RawInterchange, Segment

_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_QUALIFIERS = {f"{n:02d}" for n in range(1, 39)} | {"AM", "NR", "SA", "SN", "ZZ"}


def read_isa(raw: RawInterchange) -> Interchange:
    """The interchange of a raw one, without groups, with the findings of its header and the notes so far."""
    isa = raw.segments[0]
    value = [isa.get(n).strip() for n in range(17)]
    interchange = Interchange(
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
        delimiters=raw.delimiters,
        offset=raw.offset,
        end=raw.end,
        notes=list(raw.notes),
    )
    for code, text in _problems(value, raw.delimiters):
        interchange.findings.append(Finding("interchange", code, text))
    interchange.notes += _tolerated(isa, value)
    return interchange


def _problems(value: list[str], delimiters: Delimiters) -> list[tuple[str, str]]:
    checks = [
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


def _tolerated(isa: Segment, value: list[str]) -> list[str]:
    notes = []
    if any(len(isa.get(n)) != width for n, width in enumerate(_WIDTHS, 1)):
        notes.append("The ISA is not padded to its fixed widths.")
    if value[12] not in ("00401", "00501"):
        notes.append(f"ISA12 is {value[12]}; the release of each group (GS08) decides.")
    return notes


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
