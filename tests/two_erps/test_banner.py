"""Whose ERP is away: a dealer is told of the one that his account is with, staff of whichever is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from distportal.accounts.models import Account
from distportal.events.clock import database_now
from distportal.systems.connections import save_connection
from distportal.systems.models import ErpConnection
from inventory.models import FeedCursor
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
AWAY = "has not answered since"


def feed(name: str, *, failing: bool) -> None:
    now = database_now()
    values = {"read_at": now, "failing_since": now - dt.timedelta(minutes=3) if failing else None}
    FeedCursor.objects.update_or_create(connection=name, kind="stock", defaults=values)


@pytest.fixture
def second(cast: Cast) -> str:
    save_connection(name="new", kind="rest", settings={"url": "http://127.0.0.1:9"}, secrets={"secret": "env:NONE"})
    ErpConnection.objects.filter(name="new").update(side_by_side=True, active=True)
    Account.objects.filter(code="HARBOR").update(erp="new")
    return "new"


def shown(person: object, place: str) -> str:
    return signed_in(person).get(place).content.decode()  # type: ignore[arg-type]


def test_a_dealer_is_told_of_the_own_erp_alone(cast: Cast, second: str) -> None:
    feed("default", failing=True)
    feed(second, failing=False)
    assert AWAY not in shown(cast.buyer, reverse("catalogue"))
    assert AWAY in shown(cast.stranger, reverse("catalogue"))
    feed("default", failing=False)
    feed(second, failing=True)
    page = shown(cast.buyer, reverse("catalogue"))
    assert AWAY in page
    assert "The ERP has not answered" in page, "no dealer needs its name"
    assert AWAY not in shown(cast.stranger, reverse("catalogue"))


def test_staff_are_told_which_is_away(cast: Cast, second: str) -> None:
    feed("default", failing=False)
    feed(second, failing=True)
    assert "The ERP new has not answered since" in shown(cast.agent, reverse("mappings:table"))
    ErpConnection.objects.filter(name=second).update(side_by_side=False)
    assert AWAY not in shown(cast.agent, reverse("mappings:table"))
