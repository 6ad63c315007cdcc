"""OData V2's own forms."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.systems.erp.sap_odata.wire import date_of, moment, reason, results, text, time_literal

NOON = dt.datetime(2026, 11, 25, 12, 0, 0, 870000, tzinfo=dt.UTC)


def test_times_are_milliseconds() -> None:
    assert moment("/Date(1795608000870)/") == NOON
    assert moment("/Date(1795608000870+0000)/") == NOON
    assert moment(None) is None
    assert moment(date_of(NOON.date())) == dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    with pytest.raises(ValueError):
        moment("2026-11-25")


def test_literals_of_a_filter() -> None:
    assert text("O'Brien") == "'O''Brien'"
    assert time_literal(NOON, "datetime") == "datetime'2026-11-25T12:00:00.870'"
    assert time_literal(NOON, "datetimeoffset") == "datetimeoffset'2026-11-25T12:00:00.870Z'"


def test_collections_and_reasons() -> None:
    assert results({"results": [{"a": 1}]}) == [{"a": 1}]
    for other in (None, [], {"value": []}, {"results": {}}):
        with pytest.raises(ValueError):
            results(other)
    assert reason({"error": {"message": {"lang": "en", "value": "locked"}}}) == "locked"
    assert reason({"error": {"message": "locked"}}) == "locked"
