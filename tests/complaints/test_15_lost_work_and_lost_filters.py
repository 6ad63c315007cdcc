"""Complaint 15: a session that ended took typed work along; the way back dropped every filter.

(portal.md, section 4, numbers 28 and 29.)
"""

from __future__ import annotations

import re
import uuid
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from distportal.accounts.seeds import DEMO_PASSWORD
from inventory.models import Item
from orders.models import DraftLine, QuickRow
from orders.process.lists import create_list
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def test_typed_rows_outlive_the_session_and_signing_in_leads_back(cast: Cast, synced: SandboxProcess) -> None:
    client, key = signed_in(cast.buyer), uuid.uuid4()
    typed = {f"code.{key}": "FST-1", f"quantity.{key}": "2", f"unit.{key}": ""}
    client.post("/quick-order/save/", typed, headers={"HX-Request": "true"})
    client.session.flush()
    away = client.get("/quick-order/?by=paste")
    assert away.status_code == 302
    back = Client()
    answer = back.post(away.headers["Location"], {"login": cast.buyer.email, "password": DEMO_PASSWORD})
    assert answer.headers["Location"] == "/quick-order/?by=paste"
    page = back.get(answer.headers["Location"]).content.decode()
    assert 'value="FST-1"' in page
    assert [str(row) for row in QuickRow.objects.all()] == ["FST-1 2"]


def test_adding_from_a_filtered_search_comes_back_to_it(cast: Cast, synced: SandboxProcess) -> None:
    client = signed_in(cast.buyer)
    state = {"family": "Fasteners", "stock": "1", "contract": "1", "q": "fst", "page": "1"}
    here = f"/catalogue/?{urlencode(state)}"
    page = client.get(here)
    [back] = set(re.findall(r'name="next" value="([^"]*)"', page.content.decode()))
    assert unescape(back) == here
    sku = page.context["offers"][0].item.sku
    answer = client.post("/cart/add/", {"sku": sku, "quantity": "100", "unit": "EA", "next": unescape(back)})
    assert answer.headers["Location"] == here
    assert DraftLine.objects.get().item.sku == sku
    again = client.get(here)
    assert [offer.item.sku for offer in again.context["offers"]] == [o.item.sku for o in page.context["offers"]]


def test_each_filter_keeps_the_others_and_paging_keeps_all(cast: Cast, synced: SandboxProcess) -> None:
    client = signed_in(cast.buyer)
    page = client.get("/catalogue/?q=FST&family=Fasteners&contract=1").content.decode()
    links = [unescape(link) for link in re.findall(r'href="\?([^"]*)"', page)]
    kept = [link for link in links if "q=FST" in link]
    assert any("family=Fasteners" in link and "contract=1" in link and "stock=1" in link for link in kept)
    assert all("contract=1" in link for link in kept if "family=Plumbing" in link)
    more = client.get("/catalogue/?stock=1&page=2").content.decode()
    pages = [unescape(link) for link in re.findall(r'rel="(?:next|prev)" href="\?([^"]*)"', more)]
    assert pages
    assert all("stock=1" in link for link in pages)


def test_a_refusal_gives_back_what_was_typed(cast: Cast, synced: SandboxProcess) -> None:
    client, item = signed_in(cast.buyer), Item.objects.get(sku="FST-10001")
    row = create_list(account=cast.harbor, user=cast.buyer, name="L", item_ids=[item.pk])
    page = client.post(f"/lists/{row.pk}/order/", {f"quantity.{item.pk}": "7 boxes", f"tick.{item.pk}": "1"})
    assert page.status_code == 422
    assert 'value="7 boxes"' in page.content.decode()
    assert not DraftLine.objects.exists()
