"""Ten thousand changes of the feed are on the portal's pages after few statements; the bench tells the time."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bench.delta import CHANGED, seconds_until_seen
from tests.bench.warehouse import found_warehouses

PAGES = CHANGED // 500


@pytest.mark.django_db
def test_a_delta_of_ten_thousand_rows_is_seen(django_capture_on_commit_callbacks: Any) -> None:
    found_warehouses(20_000)
    with (
        django_capture_on_commit_callbacks(execute=True) as told,
        CaptureQueriesContext(connection) as queries,
    ):
        seconds = seconds_until_seen(20_000)
    assert set(seconds) == {"stock rows", "prices"}
    # a savepoint, the missing items, the merge, reservations, cursor: whatever the rows of a page
    assert len(queries) < 2 * PAGES * 16
    assert len(told) == 2 * PAGES, "each page tells its news once"
