"""No page leads its reader to where they are turned away, or to nothing: each team of ours, each role of a dealer's,
each page, each link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import nullcontext
from html import unescape
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, User
from distportal.accounts.standing import standings_of
from distportal.web.reach import may_open
from exceptions.models import Case
from inventory.models import FeedCursor
from tests.away.conftest import Portal, portal  # noqa: F401 - a fixture
from tests.away.pages import addresses_by_route, back_office
from tests.browser.house import fill_house
from tests.clients import signed_in
from tests.orders.money import line, pay

pytestmark = pytest.mark.django_db
LEADS = re.compile(r'\s(?:href|action|formaction|hx-get|hx-post)="([^"#][^"]*)"')
"""What a reader can follow or press."""
NO_PAGES = (
    "/api/",
    "/static/",
    "/media/",
    "/admin/jsi18n/",
    "/as2",
    "/metrics",
    "/health",
    "/theme/",
    "/columns/",
    "/favicon.ico",
)


def unseen() -> Any:
    """What a page shows is not asked meanwhile."""
    return patch("django.template.backends.django.Template.render", return_value="")


def leads(address: str, page: str) -> set[str]:
    """The paths of this site that the page leads to."""
    found = {urlsplit(urljoin(f"//here{address}", unescape(href))) for href in LEADS.findall(page)}
    return {one.path for one in found if one.netloc == "here" and not one.path.startswith(NO_PAGES)}


def reader(user: User) -> HttpRequest:
    """What the guards of pages are asked with."""
    request = RequestFactory().get("/")
    request.user = user
    return request


def walk(pages: Iterable[str], client: Client, asks: HttpRequest, met: dict[str, str], seen: set[str]) -> list[str]:
    """What is wrong in the pages for this reader; `met` gets each path with the page it was first met on, `seen` the
    paths that were there.
    """
    wrong = []
    for address in pages:
        let_in = may_open(asks, address)
        with nullcontext() if let_in else unseen():  # of a refusal the status is enough
            answer = client.get(address)
        if answer.status_code != 405 and (answer.status_code != 403) != let_in:
            wrong.append(f"{address} answers {answer.status_code}, its guard was read otherwise")
        seen |= {urlsplit(address).path} if answer.status_code == 200 else set()
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for path in leads(address, answer.content.decode()):
            met.setdefault(path, address)
            if not may_open(asks, path):
                wrong.append(f"{address} leads to {path}")
    return wrong


def pages_of(portal: Portal) -> list[str]:  # noqa: F811
    """Every page of the portal that has rows to show, and every case."""
    house = fill_house(portal.cast)
    Account.objects.update(calendar=house.calendar)
    pay(portal.cast.harbor, line("NO-SUCH-BILL", "5"), trace="WIRE-8")
    FeedCursor.objects.update(last_error="timed out", failing_since=portal.company.invoice.recorded_at)
    pages = [one for one in addresses_by_route(portal).values() if not one.startswith(NO_PAGES)]
    pages += [f"/desk/{number}/" for number in Case.objects.values_list("number", flat=True)]
    return [one for one in pages if not urlsplit(one).path.endswith((".csv", ".pdf", "/bytes/"))]


def leading_to_nothing(met: dict[str, str], seen: set[str], client: Client) -> dict[str, tuple[int, str]]:
    """What was met and is no page for the one who may see all of it: its answer, and where it was met first."""
    with unseen():
        answers = {path: client.get(path).status_code for path in met.keys() - seen}
    return {path: (code, met[path]) for path, code in answers.items() if code in (403, 404)}


def test_no_page_leads_where_its_reader_is_turned_away_or_to_nothing(portal: Portal) -> None:  # noqa: F811
    pages = pages_of(portal) + [one for one in back_office() if not one.endswith("/history/")]
    met: dict[str, str] = {}
    seen: set[str] = set()
    wrong = {}
    for name in ("agent", "finance", "operator"):
        user = User.objects.get(email=f"{name}@northline.example")
        if found := walk(pages, signed_in(user), reader(user), met, seen):
            wrong[name] = found
    assert wrong == {}
    assert len(met) > 150
    assert leading_to_nothing(met, seen, signed_in(portal.root)) == {}


def test_no_page_leads_a_dealer_where_their_role_ends(portal: Portal) -> None:  # noqa: F811
    buyer, pages = portal.cast.buyer, pages_of(portal)
    met: dict[str, str] = {}
    seen: set[str] = set()
    wrong = {}
    for role in (Role.VIEWER, Role.ACCOUNTS, Role.APPROVER, Role.BUYER, Role.ADMIN):
        Membership.objects.filter(user=buyer).update(role=role)
        user = User.objects.get(pk=buyer.pk)
        user.standing = standings_of(user)[0]
        if found := walk(pages, signed_in(user), reader(user), met, seen):
            wrong[role.value] = found
    assert wrong == {}
    assert len(met) > 60
    assert leading_to_nothing(met, seen, signed_in(buyer)) == {}, "the administrator may do all of it"
