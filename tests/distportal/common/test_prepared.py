"""Queries whose SQL is made once: right for each id, no further than asked, and never for a query without an id."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet, UUIDField
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import Account, Membership, ShipTo
from distportal.common.among import Among
from distportal.common.marks import A_CODE, A_DAY, A_KEY, A_TEXT, SOME_KEYS, Places
from distportal.common.prepared import PreparedCount, PreparedRows, PreparedValues, counted
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
    every = ShipTo.objects.filter(account=cast.harbor).count()
    assert PreparedCount(lambda pk: ShipTo.objects.filter(account=pk), most=None)(cast.harbor.pk) == every > 5


def test_a_query_may_ask_for_nothing_and_count_what_differs(cast: Cast) -> None:
    people = PreparedCount(lambda: Membership.objects.filter(active=True), most=None)
    companies = PreparedCount(
        lambda: Membership.objects.filter(active=True).order_by("role").values("account").distinct(), most=None
    )
    assert people() == Membership.objects.filter(active=True).count() > companies() > 1
    assert companies() == Account.objects.filter(memberships__active=True).distinct().count()


def test_what_is_asked_twice_is_counted_once(cast: Cast) -> None:
    count = PreparedCount(lambda pk: Membership.objects.filter(account=pk), most=100)
    other = Account.objects.exclude(pk=cast.harbor.pk).filter(memberships__active=True).earliest("code")
    asked = [(count, [one.pk]) for one in (cast.harbor, other, cast.harbor)]
    with CaptureQueriesContext(connection) as ran:
        found = counted(asked)
    assert found == [one.memberships.count() for one in (cast.harbor, other, cast.harbor)]
    assert (len(ran), ran[0]["sql"].count("COUNT(")) == (1, 2)
    assert counted([]) == []


def test_a_query_that_does_not_ask_for_the_id_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="does not ask for the id"):
        PreparedCount(lambda _: Membership.objects.filter(active=True), most=5)(cast.harbor.pk)
    with pytest.raises(ValueError, match="does not ask for the id"):
        PreparedRows(lambda _: Membership.objects.filter(active=True))(cast.harbor.pk)
    with pytest.raises(ValueError, match="or for another value"):
        PreparedRows(lambda pk, _: Membership.objects.filter(account=pk), A_KEY, A_DAY)(cast.harbor.pk, None)


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


def test_the_first_is_one_row_or_none_and_who_must_have_it_is_told_that_it_is_not_there(cast: Cast) -> None:
    prepared = PreparedRows(lambda pk: Membership.objects.filter(account=pk).order_by("user__email"))
    emails = PreparedValues(
        lambda pk: Membership.objects.filter(account=pk).order_by("user__email").values_list("user__email")
    )
    first = Membership.objects.filter(account=cast.harbor).order_by("user__email")[0]
    assert (prepared.first(cast.harbor.pk), prepared.get(cast.harbor.pk)) == (first, first)
    assert emails.first(cast.harbor.pk) == (first.user.email,)
    nobody = uuid.uuid4()
    assert (prepared.first(nobody), emails.first(nobody)) == (None, None)
    with pytest.raises(Membership.DoesNotExist, match=f"no membership is found .*{nobody}"):
        prepared.get(nobody)


def test_values_come_for_lists_of_ids_and_for_text_whatever_signs_it_has(cast: Cast) -> None:
    names = ["Dock 5% north", "Dock 5 north", "Dock 5_north", "dock\\5", "Dock 5% north, rear"]
    for n, name in enumerate(names):
        ShipTo.objects.create(
            account=cast.harbor, code=f"D{n}", name=name, street="1", city="A", region="OH", postcode="1"
        )
    named = PreparedValues(
        lambda pk, text: ShipTo.objects.filter(account=pk, name__icontains=text).order_by("code").values_list("name"),
        A_KEY,
        A_TEXT,
    )
    for text, found in (("5% NORTH", [names[0], names[4]]), ("5_n", [names[2]]), ("k\\5", [names[3]]), ("zz", [])):
        assert [name for (name,) in named(cast.harbor.pk, text)] == found
    people = PreparedValues(
        lambda keys: Membership.objects.filter(Among("account_id", keys, of=UUIDField())).values_list("user__email"),
        SOME_KEYS,
    )
    own = set(cast.harbor.memberships.values_list("user__email"))
    assert set(people([cast.harbor.pk])) == own != set()
    assert people([]) == []


def test_rows_bear_what_the_query_annotates(cast: Cast) -> None:
    prepared = PreparedRows(
        lambda keys: Membership.objects.filter(Among("pk", keys, of=UUIDField())).annotate(whose=F("user__email")),
        SOME_KEYS,
    )
    [mine] = cast.harbor.memberships.filter(user=cast.buyer)
    [found] = prepared([mine.pk])
    assert (found, found.whose) == (mine, cast.buyer.email)  # type: ignore[attr-defined]


def test_a_value_goes_wherever_its_mark_stands_and_nowhere_else() -> None:
    places = Places([A_CODE, f"{A_CODE}%", [A_TEXT], f"%{A_TEXT}%", 7, "%"], [A_CODE, A_TEXT])
    assert places.filled(["A_1", "9%"]) == ["A_1", r"A\_1%", ["9%"], r"%9\%%", 7, "%"]
    assert places.filled([A_TEXT, A_CODE])[0] == A_TEXT, "a value that looks like a mark is a value"


@pytest.mark.django_db(transaction=True)
def test_rows_are_not_locked_where_no_transaction_keeps_them_so(cast: Cast) -> None:
    locked = PreparedValues(
        lambda pk: Membership.objects.filter(account=pk).select_for_update(no_key=True).order_by("pk").values_list("pk")
    )
    with transaction.atomic():
        assert len(locked(cast.harbor.pk)) == cast.harbor.memberships.count() > 0
    with pytest.raises(TransactionManagementError):
        locked(cast.harbor.pk)
