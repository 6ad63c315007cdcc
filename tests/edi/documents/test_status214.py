"""214: what a carrier says, in both releases' orders of segments, with its times made aware."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest

from distportal.canonical.base import to_json
from edi.documents.status214 import read_214
from edi.x12.errors import MappingError
from edi.x12.structure import TransactionSet
from edi.x12.tokens import Elements, Segment
from tests.edi.documents.golden import SAMPLES, sample

HEAD = ["B10", "PRO-77", "BOL-9", "ODFL"]


def made(*rows: Elements) -> TransactionSet:
    segments = [Segment(list(row), 0, n) for n, row in enumerate((["ST", "214", "0001"], *rows), 1)]
    return dataclasses.replace(sample("214", "status", "004010"), segments=segments)


@pytest.mark.parametrize("release", ["004010", "005010"])
def test_the_sample_reads_as_its_canonical_report(release: str) -> None:
    expected = json.loads((SAMPLES / "214" / "status.json").read_text())
    assert to_json(read_214(sample("214", "status", release))) == expected


@pytest.mark.parametrize(
    ("clock", "zone", "moment"),
    [
        ("0930", "ET", "2026-07-01T13:30:00+00:00"),
        ("0930", "ES", "2026-07-01T14:30:00+00:00"),
        ("0930", "UT", "2026-07-01T09:30:00+00:00"),
        ("0930", "LT", "2026-07-01T14:30:00+00:00"),
        ("0930", "", "2026-07-01T14:30:00+00:00"),
        ("", "", "2026-07-01T05:00:00+00:00"),
    ],
)
def test_times_are_those_of_their_zone(clock: str, zone: str, moment: str) -> None:
    at7 = ["AT7", "X6", "NS", "", "", "20260701", clock, zone]
    [status] = read_214(made(HEAD, at7), zone=ZoneInfo("America/Chicago")).statuses
    assert status.at.astimezone(dt.UTC).isoformat() == moment


@pytest.mark.parametrize(
    ("code", "reason", "meaning", "why", "kind"),
    [
        ("D1", "NS", "Delivered", "", "delivered"),
        ("D1", "AO", "Delivered", "weather", "delivered"),
        ("X6", "AI", "On its way", "mechanical breakdown", "late"),
        ("SD", "NS", "Delayed", "", "late"),
        ("ZQ", "ZZ", "Status ZQ", "reason ZZ", "moved"),
    ],
)
def test_codes_are_told_in_words(code: str, reason: str, meaning: str, why: str, kind: str) -> None:
    [status] = read_214(made(HEAD, ["AT7", code, reason, "", "", "20260701"])).statuses
    assert (status.meaning, status.reason, status.kind) == (meaning, why, kind)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["AT7", "D1", "NS", "", "", "20260701"]], "no header"),
        ([HEAD], "tells no status"),
        ([HEAD, ["AT7", "", "", "", "", "20260701"]], "has no code"),
        ([HEAD, ["AT7", "D1", "NS"]], "date of the status is missing"),
        ([HEAD, ["AT7", "D1", "NS", "", "", "20260732"]], "not a date"),
        ([HEAD, ["AT7", "D1", "NS", "", "", "20260701", "2575"]], "not a time"),
    ],
)
def test_what_cannot_be_understood_says_why(rows: list[Elements], problem: str) -> None:
    with pytest.raises(MappingError, match=problem):
        read_214(made(*rows))
