"""What lists without rows say, in three kinds: a first step, what clears the filter, or who can grant the right."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from distportal.accounts.models import Membership
from tests.architecture.routes import DEALER_ROUTES
from tests.clients import main_of, signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

FIRST = {
    "/orders/?view=all": "/catalogue/",
    "/orders/lines/": "/catalogue/",
    "/invoices/": "/orders/",
    "/payments/": "/invoices/",
    "/disputes/": "/invoices/",
    "/invoice-files/": "/invoices/",
    "/returns/?view=all": "/returns/new/",
    "/returns/new/": "/orders/",
    "/purchased/": "/catalogue/",
    "/lists/": "#name",
    "/messages/?view=all": "/orders/",
    "/notifications/?view=all": "/notifications/settings/",
    "/part-numbers/": "#code",
    "/cart/": "/catalogue/",
    "/approvals/": "/approvals/rules/",
}
FILTERED = {
    "/orders/?view=all&q=zzz": "/orders/",
    "/orders/?view=shipped": "?view=all",
    "/orders/lines/?q=zzz": "/orders/lines/",
    "/invoices/?q=zzz": "/invoices/",
    "/payments/?q=zzz": "/payments/",
    "/returns/": "?view=all",
    "/returns/new/?q=zzz": "/returns/new/",
    "/purchased/?q=zzz": "/purchased/",
    "/notifications/": "/notifications/?view=all",
    "/part-numbers/?q=zzz": "/part-numbers/",
}
NEEDED = {"/orders/?view=all": "Fill a cart and place orders", "/returns/?view=all": "Ask for returns"}


OTHERS = {
    "/catalogue/": "fills as soon as it was read from our ERP",
    "/approvals/rules/": "the form that makes one stands below",
    "/chain/": "asks for a number",
    "/company/edi/": "we set it up, and that is what it says",
    "/company/keys/": "the form that makes one stands beside it",
    "/company/sign-ins/": "nothing to do",
    "/company/webhooks/": "the form that makes one stands beside it",
}
"""Pages without a first step to link, and why."""


def plain_pages(client: Client) -> Iterator[tuple[str, str]]:
    """Address and main part of every page of dealers that needs no number."""
    for name in DEALER_ROUTES:
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming and "text/html" in answer.headers["Content-Type"]:
            yield path, main_of(answer.content.decode())


def empty_of(client: Client, path: str) -> tuple[str, str, str]:
    """Kind, link and whole text of what stands in the place of the rows."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = re.findall(r'<div class="empty (\w+)">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert len(found) == 1, path
    [(kind, body)] = found
    link = re.search(r'<a class="btn" href="([^"]*)"', body)
    return kind, link[1] if link else "", body


def test_a_new_company_reads_the_first_step_on_every_list(cast: Cast) -> None:
    client = signed_in(cast.colleague)
    assert {path: empty_of(client, path)[:2] for path in FIRST} == {path: ("first", to) for path, to in FIRST.items()}


def test_what_fits_nothing_says_how_to_see_all_again(cast: Cast) -> None:
    client = signed_in(cast.colleague)
    seen = {path: empty_of(client, path)[:2] for path in FILTERED}
    assert seen == {path: ("filtered", to) for path, to in FILTERED.items()}


def test_who_may_not_take_the_step_reads_what_is_missing_and_who_can_grant_it(cast: Cast) -> None:
    Membership.objects.filter(user=cast.buyer, account=cast.harbor).update(role="viewer")
    client = signed_in(cast.buyer)
    for path, act in NEEDED.items():
        _, link, body = empty_of(client, path)
        assert link == ""
        assert f"Your role does not include “{act}”." in body
        assert f"by: {cast.colleague.name}." in body
        assert cast.stranger.name not in body
    refused = client.get("/company/keys/")
    assert refused.status_code == 403
    assert f"You can be given another one by: {cast.colleague.name}." in refused.content.decode()


def test_a_company_without_administrator_is_sent_to_customer_service(cast: Cast) -> None:
    Membership.objects.filter(account=cast.harbor).update(role="viewer")
    assert "by: our customer service." in empty_of(signed_in(cast.buyer), "/orders/?view=all")[2]


def test_no_list_of_dealers_is_left_out(cast: Cast) -> None:
    """A new page with a list has to stand in the tables above."""
    looked = {path.partition("?")[0] for path in (*FIRST, *FILTERED)}
    empty = {path for path, page in plain_pages(signed_in(cast.colleague)) if 'class="empty' in page}
    assert sorted(empty - looked) == sorted(OTHERS)


def test_every_search_that_finds_nothing_says_so_and_is_cleared_by_one_link(cast: Cast) -> None:
    client = signed_in(cast.colleague)
    searched = [path for path, page in plain_pages(client) if 'type="search"' in page and 'name="q"' in page]
    assert len(searched) >= 8
    for path in searched:
        page = main_of(client.get(path, {"q": "zzqqxx"}).content.decode())
        assert re.findall(r'class="empty (\w*)"', page) == ["filtered"], path
        link = re.search(r'<a class="btn" href="([^"]*)"', page.partition('class="empty filtered"')[2])
        assert link, path
        assert "zzqqxx" not in link[1], path
