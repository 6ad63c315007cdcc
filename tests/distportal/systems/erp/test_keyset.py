"""A cursor keeps the high water, goes back by the overlap, and walks on within it."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.systems.erp.keyset import START, Place, read_cursor, version, write_cursor
from distportal.systems.errors import OutOfStep

NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
TWO = dt.timedelta(minutes=2)


def test_the_start_of_history_is_not_moved_back() -> None:
    place = read_cursor(None, 2, 0)
    assert place.since(1, TWO, 0) == (START, 0)
    assert Place(marks=((START, 0),), ended=True).since(0, TWO, 0) == (START, 0)


def test_after_the_end_the_next_read_begins_earlier_and_inside_a_run_it_does_not() -> None:
    ended, running = Place(marks=((NOON, 7),), ended=True), Place(marks=((NOON, 7),), ended=False)
    assert ended.since(0, TWO, 0) == (NOON - TWO, 0)
    assert running.since(0, TWO, 0) == (NOON, 7)


def test_the_high_water_never_falls_at_the_end_of_an_overlap() -> None:
    place = Place(marks=((NOON, 7),), ended=True)
    within = (NOON - dt.timedelta(minutes=1), 3)
    assert place.moved([within], more=True).marks == (within,)
    assert place.moved([within], more=False) == place


def test_a_cursor_reads_back_as_it_was_written() -> None:
    for place in (Place(marks=((NOON, 7), (START, 0)), ended=True), Place(marks=((NOON, 9),), ended=False)):
        assert read_cursor(write_cursor(place), len(place.marks), 0) == place
    text = Place(marks=((NOON, "0000004711"),), ended=True)
    assert read_cursor(write_cursor(text), 1, "") == text


@pytest.mark.parametrize(
    "cursor", ["nonsense", "[]", "[true]", '[true,[["x",1]]]', '[true,[["2026-11-25",null]]]', "7"]
)
def test_what_is_no_cursor_of_ours_is_out_of_step(cursor: str) -> None:
    with pytest.raises(OutOfStep):
        read_cursor(cursor, 1, 0)


def test_a_cursor_of_another_feed_is_out_of_step() -> None:
    with pytest.raises(OutOfStep):
        read_cursor(write_cursor(Place(marks=((NOON, 7),), ended=True)), 2, 0)


def test_versions_sort_as_text() -> None:
    stamps = [NOON, NOON + dt.timedelta(microseconds=1), NOON + dt.timedelta(seconds=1)]
    assert sorted(version(s) for s in reversed(stamps)) == [version(s) for s in stamps]
    assert version(stamps[0], stamps[2]) == version(stamps[2])
