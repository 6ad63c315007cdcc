"""Tryton's tagged JSON, both ways."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.systems.erp.tryton.wire import decode, encode


def test_what_is_written_reads_back() -> None:
    value = {
        "amount": Decimal("1E+2"), "on": dt.date(2026, 11, 25),
        "at": dt.datetime(2026, 11, 25, 12, 0, 0, 7, tzinfo=dt.UTC), "plain": [1, "x", None],
    }  # fmt: skip
    assert decode(encode(value).encode()) == value


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    east = dt.datetime(2026, 11, 25, 14, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert decode(encode(east).encode()) == dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", [b"", b'{"a":', b"<html>", b'{"__class__":"Decimal"}', b'{"__class__":"datetime","year":1}']
)
def test_what_is_cut_or_foreign_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):
        decode(text)
