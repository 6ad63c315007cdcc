"""214 carrier shipment status -> where a shipment is (X12 214)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from distportal.canonical.parts import Reference
from distportal.canonical.tracking import CarrierStatus, TrackingReport
from edi.documents.status_words import EXPECTED, MEANINGS, REASONS
from edi.documents.values import Reader
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Segment

_FIXED = {"UT": 0, "GM": 0, "ES": -5, "ED": -4, "CS": -6, "CD": -5, "MS": -7, "MD": -6, "PS": -8, "PD": -7}
_NAMED = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
"""AT707 (X12 element 623): hours from UTC, or the zone with its own summer time. LT and none are the caller's zone."""
_BILLS, _PROS = ("BM", "MB"), ("CN", "2I")


@dataclass(slots=True)
class _Status:
    segment: Segment
    position: int
    place: str = ""


@dataclass(slots=True)
class _Report:
    reader: Reader = field(default_factory=Reader)
    header: tuple[Segment, int] | None = None
    references: list[Reference] = field(default_factory=list)
    statuses: list[_Status] = field(default_factory=list)


def read_214(tset: TransactionSet, *, zone: dt.tzinfo = dt.UTC) -> TrackingReport:
    """What one valid 214 says of its shipment; times without a zone of their own are in `zone`.

    Raises MappingError with every value that could not be read.
    """
    found = _Report()
    for position, segment in enumerate(tset.segments, 1):
        if segment.id == "B10":
            found.header = (segment, position)
        elif segment.id == "L11" and segment.get(1).strip() and segment.get(2).strip():
            found.references.append(Reference(qualifier=segment.get(2).strip(), value=segment.get(1).strip()))
        elif segment.id == "AT7":
            found.statuses.append(_Status(segment, position))
        elif segment.id == "MS1" and found.statuses:
            found.statuses[-1].place = ", ".join(v.strip() for v in segment.elements[1:4] if v.strip())
    report = _report(found, zone)
    if report is None or found.reader.problems:
        raise found.reader.failure()
    return report


def _report(found: _Report, zone: dt.tzinfo) -> TrackingReport | None:
    if found.header is None:
        found.reader.problem("B10", 2, 0, "The status has no header (B10).")
        return None
    if not found.statuses:
        found.reader.problem("AT7", found.header[1], 0, "The document tells no status (AT7).")
        return None
    head = found.header[0]
    read = [_status(found.reader, one, zone) for one in found.statuses]

    def named(kinds: tuple[str, ...]) -> str:
        return next((r.value for r in found.references if r.qualifier in kinds), "")

    return TrackingReport(
        carrier=head.get(3).strip(),
        tracking_number=head.get(1).strip() or named(_PROS),
        bill_of_lading=head.get(2).strip() or named(_BILLS),
        references=tuple(dict.fromkeys(found.references)),
        statuses=tuple(status for status in read if status is not None),
    )


def _status(reader: Reader, one: _Status, zone: dt.tzinfo) -> CarrierStatus | None:
    segment = one.segment
    code, reason = segment.get(1).strip(), segment.get(2).strip()
    if not code:
        code, reason = segment.get(3).strip(), segment.get(4).strip()
    if not code:
        reader.problem("AT7", one.position, 1, "The status has no code.")
        return None
    at = _moment(reader, one, zone)
    if at is None:
        return None
    meaning, kind = MEANINGS.get(code, (f"Status {code}", "moved"))
    late = REASONS.get(reason, ("", False))[1] and kind != "delivered"
    told: Literal["moved", "expected", "late", "delivered"] = "late" if late else kind
    return CarrierStatus(
        code=code,
        meaning=meaning,
        at=at,
        reason=REASONS[reason][0] if reason in REASONS else f"reason {reason}" if reason else "",
        place=one.place,
        kind="expected" if code in EXPECTED else told,
    )


def _moment(reader: Reader, one: _Status, zone: dt.tzinfo) -> dt.datetime | None:
    """AT705 to AT707; a status without a time was at the start of its day."""
    day = reader.day(one.segment, one.position, 5, "date of the status")
    if day is None:
        if not one.segment.get(5).strip():
            reader.problem("AT7", one.position, 5, "The date of the status is missing.")
        return None
    clock = one.segment.get(6).strip() or "0000"
    try:
        time = dt.time(int(clock[:2]), int(clock[2:4]))
    except ValueError:
        reader.problem("AT7", one.position, 6, f"The time of the status {clock!r} is not a time.")
        return None
    code = one.segment.get(7).strip()
    if code in _FIXED:
        zone = dt.timezone(dt.timedelta(hours=_FIXED[code]))
    elif code in _NAMED:
        zone = ZoneInfo(_NAMED[code])
    return dt.datetime.combine(day, time, tzinfo=zone)
