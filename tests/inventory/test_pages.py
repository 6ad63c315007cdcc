"""The catalogue's pages: own prices, own account, the same number of queries for one row and for forty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.models import User
from inventory.models import FeedCursor, Item, ItemCrossReference
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def page(user: User, address: str) -> str:
    client = signed_in(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_two_dealers_see_two_prices_of_one_item(synced: SandboxProcess, cast: Cast) -> None:
    harbor = page(cast.buyer, "/catalogue/FST-10001/")
    summit = page(cast.stranger, "/catalogue/FST-10001/")
    assert "$0.48" in harbor
    assert "contract CN-4001" in harbor.lower() or "Contract CN-4001" in harbor
    assert "CN-4001" not in summit


def test_only_dealers_shop(synced: SandboxProcess, cast: Cast) -> None:
    anonymous = Client().get("/catalogue/")
    assert (anonymous.status_code, anonymous.headers["Location"]) == (302, "/accounts/login/?next=/catalogue/")
    staff = signed_in(cast.agent)
    assert staff.get("/catalogue/").status_code == 403


def test_one_row_costs_as_many_queries_as_forty(synced: SandboxProcess, cast: Cast) -> None:
    client, counts = signed_in(cast.buyer), []
    client.get("/catalogue/")
    for address in ("/catalogue/?q=FST-10001", "/catalogue/", "/catalogue/?page=3"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts == [12, 12, 12]


def test_a_page_beyond_the_last_shows_the_last(synced: SandboxProcess, cast: Cast) -> None:
    assert "of 19" in page(cast.buyer, "/catalogue/?page=99999999")


def test_a_buyers_own_number_is_found_by_that_buyer(synced: SandboxProcess, cast: Cast) -> None:
    item = Item.objects.get(sku="PLB-30001")
    ItemCrossReference.objects.create(account=cast.harbor, code="HH 77-1", code_norm="HH771", item=item)
    assert "/catalogue/PLB-30001/" in page(cast.buyer, "/catalogue/?q=hh+77-1")
    assert "/catalogue/PLB-30001/" not in page(cast.stranger, "/catalogue/?q=hh+77-1")


@pytest.mark.parametrize("query", ["q=FST%00", "family=%00", "q=x&page=%00"])
def test_a_nul_byte_is_refused(cast: Cast, query: str) -> None:
    client = signed_in(cast.buyer)
    assert client.get(f"/catalogue/?{query}").status_code == 400
    assert client.post("/cart/add/", {"sku": "FST\0", "quantity": "1"}).status_code == 400


@pytest.mark.parametrize("text", ["'; DROP TABLE", "%", "_", "a" * 5000, "🔩", "²"])
def test_a_search_for_anything_is_answered(synced: SandboxProcess, cast: Cast, text: str) -> None:
    client = signed_in(cast.buyer)
    assert client.get("/catalogue/", {"q": text}).status_code == 200


def test_an_unknown_item_is_not_found(synced: SandboxProcess, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    assert client.get("/catalogue/NO-1/").status_code == 404


def test_a_stale_feed_is_told_and_buying_goes_on(synced: SandboxProcess, cast: Cast) -> None:
    FeedCursor.objects.filter(kind="stock").update(failing_since="2026-11-24T10:05:00Z")
    found = page(cast.buyer, "/catalogue/")
    assert "The ERP has not answered since" in found
    assert "to the cart" in found


def test_figures_that_nobody_reads_any_more_say_how_old_they_are(synced: SandboxProcess, cast: Cast) -> None:
    assert "have not been read from the ERP since" not in page(cast.buyer, "/catalogue/")
    FeedCursor.objects.filter(kind="stock").update(read_at="2026-11-01T10:05:00Z")
    assert "have not been read from the ERP since" in page(cast.buyer, "/catalogue/")
