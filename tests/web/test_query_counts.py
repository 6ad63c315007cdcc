"""Each page sends exactly so many statements as its reviewed baseline says, and none counts a big table."""

from __future__ import annotations

import os

import pytest

from tests.away.conftest import Portal, portal  # noqa: F401 - a fixture
from tests.away.pages import addresses_by_route
from tests.clients import signed_in
from tests.web.query_counts import Counts, baseline, statements, unbounded_counts, write_baseline

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
MAY_COUNT = {"connections/two-erps/": "one operator, while an ERP is taken over: how much of each kind has moved"}
NO_PAGE = (
    "api/",
    "as2",
    "metrics",
    "health",
    "ready",
    "live",
    "static/",
    "media/",
    "favicon.ico",
    "theme/",
    "columns/",
)


def test_each_page_sends_as_many_statements_as_was_agreed(portal: Portal) -> None:  # noqa: F811
    people = {"dealer": signed_in(portal.cast.colleague), "staff": signed_in(portal.root)}
    found: Counts = {}
    counted: dict[str, list[str]] = {}
    for route, address in addresses_by_route(portal).items():
        if route.startswith(NO_PAGE):
            continue
        for who, client in people.items():
            sent = statements(client, address)
            if sent is None:
                continue
            found.setdefault("/" + route, {})[who] = len(sent)
            if route not in MAY_COUNT and (wrong := unbounded_counts(sent)):
                counted[f"{route} ({who})"] = wrong
    assert counted == {}
    if os.environ.get("QUERY_COUNTS") == "write":
        write_baseline(found)
    assert len(found) > 60
    agreed = baseline()
    assert found == agreed, "if that is meant: make query-counts, and look at the difference"
