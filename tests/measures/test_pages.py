"""Pages of key figures: for staff alone, with words that mean nothing, with nothing, and both ways to the rows."""

from __future__ import annotations

import datetime as dt

import pytest

from distportal.measures.building import build_days
from distportal.measures.days import start_of, today
from distportal.measures.definitions import KPIS
from exceptions.models import Case
from exceptions.process.cases import open_case
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    """One of Harbor that was opened yesterday and took three hours, a day longer than it was given."""
    row = open_case(
        kind="order.held", code="held", subject_type="order", subject_id="s-1", sentence="Line 1: nothing fits",
        account=cast.harbor, reference="SO-1 PO-77",
    )  # fmt: skip
    opened = start_of(today() - dt.timedelta(days=1)) + dt.timedelta(hours=2)
    Case.objects.filter(pk=row.pk).update(
        created_at=opened, resolved_at=opened + dt.timedelta(hours=11), due_at=opened, status="resolved",
        resolution="by_hand",
    )  # fmt: skip
    build_days(first=today() - dt.timedelta(days=1), last=today())
    return row


def test_each_team_reads_them_and_no_dealer_does(cast: Cast) -> None:
    for person in (cast.agent, cast.finance):
        for address in ("/kpis/", "/kpis/partner_sla/", "/kpis/partner_sla/rows/"):
            assert signed_in(person).get(address).status_code == 200, address
    for address in ("/kpis/", "/kpis/partner_sla/", "/kpis/partner_sla/rows/?partner=HARBOR"):
        assert signed_in(cast.buyer).get(address).status_code == 403, address
    assert signed_in(cast.agent).get("/kpis/happiness/").status_code == 404
    assert signed_in(cast.agent).get("/kpis/happiness/rows/").status_code == 404


def test_a_figure_is_explained_and_leads_to_its_rows_and_they_to_the_case(cast: Cast, case: Case) -> None:
    client = signed_in(cast.agent)
    index = client.get("/kpis/?days=7").content.decode()
    assert all(known.title in index and str(known.owner) in index for known in KPIS)
    page = client.get("/kpis/exception_resolution/?days=7").content.decode()
    [known] = [known for known in KPIS if known.code == "exception_resolution"]
    assert known.formula in page.replace("&#x27;", "'")
    assert "11 h" in page
    assert "at most 8 h" in page
    assert page.count('<rect class="bad"') == 1
    day = (today() - dt.timedelta(days=1)).isoformat()
    assert f"/kpis/exception_resolution/rows/?first={day}&amp;last={day}" in page
    rows = client.get(f"/kpis/exception_resolution/rows/?first={day}&last={day}&show=bad").content.decode()
    assert f'href="/desk/{case.number}/"' in rows
    assert "Line 1: nothing fits" in rows
    assert "Line 1" not in client.get("/kpis/exception_resolution/rows/").content.decode(), "it is not of today"
    other = client.get(f"/kpis/exception_resolution/rows/?first={day}&last={day}&partner=SUMMIT").content.decode()
    assert "Line 1" not in other
    assert "No such row" in other


@pytest.mark.parametrize(
    "query", ["days=x&partner=%27%22%3Cb%3E", "first=9999-12-31&last=0001-01-01", "last=2026-99-99"]
)
def test_words_that_mean_nothing_ask_for_nothing(cast: Cast, query: str) -> None:
    client = signed_in(cast.agent)
    for address in ("/kpis/", "/kpis/replay_activity/", "/kpis/replay_activity/rows/"):
        answer = client.get(f"{address}?{query}&source=nobody&show=nothing&page=-3&part=%27")
        assert answer.status_code == 200
        assert "<b>" not in main_of(answer.content.decode()).replace("<b></b>", "")
