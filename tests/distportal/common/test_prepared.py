"""A count whose SQL is made once: right for each id, no further than asked, and never for a query without an id."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account, Membership, ShipTo
from distportal.common.prepared import PreparedCount
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_each_id_gets_its_own_count_with_one_statement(cast: Cast) -> None:
    count = PreparedCount(lambda pk: Membership.objects.filter(account=pk, active=True), most=100)
    other = Account.objects.exclude(pk=cast.harbor.pk).filter(memberships__active=True).earliest("code")
    for account in (cast.harbor, other, cast.harbor):
        with CaptureQueriesContext(connection) as ran:
            assert count(account.pk) == account.memberships.filter(active=True).count() > 0
        assert len(ran.captured_queries) == 2
    cast.harbor.memberships.update(active=False)
    assert count(cast.harbor.pk) == 0


def test_it_counts_no_further_than_asked(cast: Cast) -> None:
    ShipTo.objects.bulk_create(
        ShipTo(account=cast.harbor, code=f"D{n}", name="Dock", street="1", city="A", region="OH", postcode="1")
        for n in range(7)
    )
    assert PreparedCount(lambda pk: ShipTo.objects.filter(account=pk), most=5)(cast.harbor.pk) == 5


def test_a_query_that_does_not_ask_for_the_id_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="does not ask for the id"):
        PreparedCount(lambda _: Membership.objects.filter(active=True), most=5)(cast.harbor.pk)
