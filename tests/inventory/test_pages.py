"""The catalogue's pages: own prices, own account, the same number of queries for one row and for forty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership, User
from exceptions.models import Case
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
    for address in ("/catalogue/?q=FST-10001", "/catalogue/?q=FST", "/catalogue/", "/catalogue/?page=3"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        assert not [query for query in queries if "COUNT(*)" in query["sql"] and "inventory_" in query["sql"]]
    one, forty, browsed, later = counts
    assert (one, browsed) == (forty, later)
    assert one - browsed == 3, "what a search asks beside what every page asks"


@pytest.mark.parametrize("query", ["family=Fasteners&page=99999999", "q=FST&page=77", "q=FST&page=x"])
def test_a_page_that_is_none_shows_the_first(synced: SandboxProcess, cast: Cast, query: str) -> None:
    assert "/catalogue/FST-10001/" in page(cast.buyer, f"/catalogue/?{query}")


def test_what_narrows_a_search_stays_in_the_address_through_adding(synced: SandboxProcess, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    here = "/catalogue/?family=Fasteners&contract=1&q=bolt"
    shown = client.get(here).content.decode()
    assert 'name="next" value="/catalogue/?family=Fasteners&amp;contract=1&amp;q=bolt"' in shown
    assert 'name="family" value="Fasteners"' in shown, "a new search stays in the family"
    assert 'name="contract" value="1"' in shown
    assert 'href="?stock=1&amp;family=Fasteners&amp;contract=1&amp;q=bolt"' in shown
    assert 'href="?family=Fasteners&amp;q=bolt" aria-current="true"' in shown, "a facet that is on can be taken off"
    assert "/catalogue/FST-10001/" in shown
    back = client.post("/cart/add/", {"sku": "FST-10001", "quantity": "24", "unit": "EA", "next": here})
    assert back.headers["Location"] == here


def test_near_results_are_told_as_such(synced: SandboxProcess, cast: Cast) -> None:
    found = page(cast.buyer, "/catalogue/?q=FST-1O001")
    assert "Nothing is exactly “FST-1O001”" in found
    assert "/catalogue/FST-10001/" in found
    assert "Nothing is exactly" not in page(cast.buyer, "/catalogue/?q=FST-10001")


def test_a_search_without_result_says_what_was_compared_and_asks_us_once(synced: SandboxProcess, cast: Cast) -> None:
    client, form = signed_in(cast.buyer), {"q": "qz-77 xw", "question": "A gasket for the old pump"}
    assert "<code>QZ77XW</code>" in client.get("/catalogue/?q=qz-77+xw").content.decode()
    for _ in range(2):
        answer = client.post("/catalogue-question/", form)
        assert answer.headers["Location"] == "/catalogue/?q=qz-77+xw"
    case = Case.objects.get(kind="catalogue.question")
    assert (case.account, case.occurrences, case.queue.code) == (cast.harbor, 2, "orders")
    assert case.sentence == "Bea Harbor of Harbor Hardware looks for “qz-77 xw”: A gasket for the old pump"
    client.post("/catalogue-question/", {"q": " - "})
    assert Case.objects.filter(kind="catalogue.question").count() == 1
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    viewer = signed_in(cast.buyer)
    assert "/catalogue-question/" not in viewer.get("/catalogue/?q=qz-77+xw").content.decode()
    assert viewer.post("/catalogue-question/", {"q": "other"}).status_code == 403
    assert Case.objects.filter(kind="catalogue.question").count() == 1


def test_an_emptied_filter_says_what_to_take_off(synced: SandboxProcess, cast: Cast) -> None:
    found = page(cast.stranger, "/catalogue/?q=bolt&contract=1&family=Safety")
    assert "Nothing is left" in found
    assert 'href="?q=bolt"' in found
    assert "Ask us" not in found


def test_the_ladder_says_why_and_until_when(synced: SandboxProcess, cast: Cast) -> None:
    found = page(cast.buyer, "/catalogue/FST-10001/")
    assert "Contract CN-4001" in found
    assert "no end agreed" in found


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
