"""Queries whose SQL is made once: right for each id, no further than asked, and never for a query without an id."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account, Membership, ShipTo
from distportal.common.prepared import PreparedCount, PreparedRows
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
    with pytest.raises(ValueError, match="does not ask for the id"):
        PreparedRows(lambda _: Membership.objects.filter(active=True))(cast.harbor.pk)


def test_rows_are_the_objects_that_django_makes(cast: Cast) -> None:
    def rows(pk: object) -> QuerySet[Membership]:
        found = Membership.objects.filter(account=pk).select_related("account__parent", "account__calendar", "user")
        return found.defer("user__password").order_by("user__email")

    prepared = PreparedRows(rows)
    other = Account.objects.exclude(pk=cast.harbor.pk).filter(memberships__active=True).earliest("code")
    other.parent = cast.harbor
    other.save()
    for account in (cast.harbor, other, cast.harbor):
        with CaptureQueriesContext(connection) as ran:
            found = prepared(account.pk)
            told = [(row.user.email, row.account.name, row.account.parent, row.account.calendar) for row in found]
        assert len(ran.captured_queries) == 1
        assert found == list(rows(account.pk)) != []
        assert told == [(r.user.email, r.account.name, r.account.parent, r.account.calendar) for r in rows(account.pk)]
        assert [row.user.get_deferred_fields() for row in found] == [{"password"}] * len(found)
    found[0].role = "viewer"
    found[0].save()
    assert prepared(cast.harbor.pk)[0].role == "viewer"
