"""Every page while the ERP or the cache is away, stopped or hung: answered, without a call, and honest."""

from __future__ import annotations

import time

import pytest

from distportal.common.redis_client import cache_absence
from distportal.events.models import Job
from distportal.systems.cache.looking import REFRESH_JOB
from distportal.systems.models import SystemCall
from tests.away.conftest import Mute, Portal
from tests.away.pages import Look, Lookers, addresses, back_office

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
MOST_STATEMENTS = 70
NO_PAGE = {
    "/favicon.ico": 302,
    "/theme/": 405,
    "/columns/": 405,
    "/language/": 405,
    "/as2": 405,
    "/cart/add/": 405,
    "/cart/place/": 405,
}
"""What answers no GET, and so says nothing."""


def walk(portal: Portal, pages: list[str]) -> list[Look]:
    """All pages that answer, each without asking the ERP: what is not asked can't be waited for."""
    lookers, seen = Lookers(portal), []
    for address in pages:
        look = lookers.look(address)
        if look.status in (302, 401, 403, 405):
            assert look.status == 405 or address in NO_PAGE, f"{address}: {look.status}"
            continue
        assert look.status == 200, f"{address}: {look.status}"
        assert look.statements <= MOST_STATEMENTS, f"{address}: {look.statements} statements"
        seen.append(look)
    assert SystemCall.objects.count() == 0, "a page called the ERP"
    return seen


def test_with_the_erp_away_every_page_works_and_says_so(portal: Portal, erp_away: str, mute: Mute) -> None:
    seen = walk(portal, addresses(portal))
    whole = [look for look in seen if look.whole]
    assert len(whole) > 20
    assert [look.address for look in whole if "The ERP has not answered since" not in look.text] == []
    texts = {look.address: look.text for look in seen}
    assert "this is as of" in texts["/catalogue/FST-10001/checks/"]
    assert "Prices: " in texts["/cart/"]
    assert "from the ERP at" in texts["/cart/"]
    assert "stock as of" in texts["/cart/"]
    assert "No answer" in texts["/connections/"]
    assert '"as_of"' in texts["/api/v1/availability?sku=FST-10001"]
    assert '"as_of"' in texts["/api/v1/prices?sku=FST-10001&account=HARBOR"]
    # What hangs is worse than what is stopped: only with that are all pages of the back office opened.
    office = walk(portal, back_office() if erp_away == "hung" else ["/admin/"])
    assert len(office) > (10 if erp_away == "hung" else 0)
    assert [look.address for look in office if "No answer of the ERP since" not in look.text] == []
    assert mute.taken == [], "nobody spoke to it while somebody looked"
    assert Job.objects.filter(kind=REFRESH_JOB, state="ready").count() <= 3, "who looks again does not ask again"


def test_with_the_cache_away_every_page_works_from_postgresql_and_says_so(
    portal: Portal, cache_away: str, mute: Mute
) -> None:
    began = time.monotonic()
    seen = walk(portal, [*addresses(portal), "/metrics", *(back_office() if cache_away == "hung" else ["/admin/"])])
    texts = {look.address: look.text for look in seen}
    assert "Not checked with the ERP at the moment; this is as of" in texts["/catalogue/FST-10001/"]
    assert "not checked with the ERP at the moment" in texts["/cart/"]
    assert "not known: Redis is away" in texts["/connections/"]
    assert "portal_cache_answers 0.0" in texts["/metrics"]
    most = 2 + (time.monotonic() - began) / cache_absence.seconds
    assert len(mute.taken) <= most, "a server that hangs costs one timeout in five seconds, not one a page"
    assert Job.objects.filter(kind=REFRESH_JOB).count() == 0
    for word in ("has not answered since", "No answer of the ERP"):
        assert [look.address for look in seen if word in look.text] == [], "the ERP is well"
