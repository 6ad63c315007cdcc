"""Every page of dealers in a language that nobody speaks: English that shows cannot be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, Membership, ShipTo, User
from distportal.notices.samples import samples
from distportal.notices.wording import write
from inventory.models import Item, Warehouse
from orders.models import Dispute, Order, OrderLine, QuickRow, Shipment, ShoppingList
from tests.architecture.routes import DEALER_ROUTES, OPEN_ROUTES
from tests.browser.company import Company, fill
from tests.clients import signed_in
from tests.conftest import Cast
from tests.sandbox import SandboxProcess
from tests.words.pseudo import PSEUDO, Visible, spoken, unbracketed
from tests.words.sources import sources_known

pytestmark = pytest.mark.django_db
BEFORE_SIGN_IN = ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/nowhere/")
ACCOUNT_PAGES = (
    "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/sessions/",
    "/accounts/logout/",
)  # fmt: skip
DATA: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Account, ("name", "code")), (User, ("name", "email")), (ShipTo, ("name", "street", "city", "code")),
    (Item, ("name", "description", "family", "sku")), (Warehouse, ("name", "code", "city")),
    (Shipment, ("carrier", "number")),
    (ShoppingList, ("name",)), (QuickRow, ("origin",)), (Dispute, ("note",)),
    (Order, ("channel",)),
    (OrderLine, ("description",)),
)  # fmt: skip
"""Columns with words that no catalogue has: names, and what people wrote. Sentences that are stored in English are said
again (docs/translation.md).
"""
NAMES = {
    "Northline", "Supply", "English", "Español", "CSV", "PDF", "EDI", "API", "ERP", "XLSX", "UPC", "SKU",
    "Authorization", "Api-Key", "America", "Esc", "Chicago", "code", "quantity", "unit", "Sample", "Hardware",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z][a-zñ]{2,}")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@pytest.fixture
def pseudo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.LANGUAGES = [*site.LANGUAGES, (PSEUDO, "English")]
    monkeypatch.setattr(translation, "get_language_from_request", lambda *_args, **_more: PSEUDO)
    with spoken(), sources_known():
        yield


@pytest.fixture
def company(cast: Cast, synced: SandboxProcess) -> Company:
    """One of everything."""
    Membership.objects.filter(user=cast.buyer).update(role=Role.ADMIN)
    return fill(cast, synced)


def known_words() -> set[str]:
    """Every word of the data."""
    found = set(NAMES)
    for model, columns in DATA:
        for row in model._default_manager.values_list(*columns):
            found |= set(_WORD.findall(" ".join(str(cell) for cell in row)))
    return found


def dealer_addresses(company: Company, cast: Cast) -> Iterator[str]:
    """Every address of dealers that answers a GET with something of this company's."""
    shipment = Shipment.objects.first()
    subjects: dict[str, list[Any]] = {
        "item": ["FST-10001"], "item_checks": ["FST-10001"],
        "orders:detail": [company.billed.number, company.held.number],
        "orders:change": [company.held.number], "orders:answer": [company.held.number],
        "orders:reorder": [company.billed.number], "orders:shipment": [shipment.number if shipment else ""],
        "orders:invoice": [company.invoice.number], "orders:open_dispute": [company.invoice.number],
        "orders:dispute": [company.dispute.number], "chain": [company.billed.correlation_id],
        "orders:list": list(ShoppingList.objects.values_list("pk", flat=True)),
        "company:member": [Membership.objects.filter(user=cast.colleague).get().pk],
        "company:place": [ShipTo.objects.filter(account=cast.harbor).first().pk],  # type: ignore[union-attr]
    }  # fmt: skip
    for name in (*DEALER_ROUTES, *sorted(OPEN_ROUTES - {"dealers:end"})):
        for args in [[one] for one in subjects[name]] if name in subjects else [[]]:
            try:
                yield reverse(name, args=args)
            except NoReverseMatch:
                continue


def english_of(text: str, known: set[str]) -> set[str]:
    """The words of a text that neither the catalogue nor the data has."""
    return set(_WORD.findall(_ID.sub("", unbracketed(text)))) - known


def english_on(client: Client, address: str, known: set[str]) -> list[str]:
    """The texts of a page with English in them."""
    answer = client.get(address)
    if answer.streaming or "text/html" not in answer.headers["Content-Type"] or answer.status_code in (302, 405):
        return []
    assert answer.headers["Content-Language"] == PSEUDO, address
    texts = Visible(answer.content.decode()).texts
    return [f"{address}: {text[:160]} {sorted(found)}" for text in texts if (found := english_of(text, known))]


def test_no_page_of_dealers_shows_words_that_cannot_be_translated(pseudo: None, company: Company, cast: Cast) -> None:
    client, known = signed_in(cast.buyer), known_words()
    addresses = [*dealer_addresses(company, cast), *ACCOUNT_PAGES]
    assert len(addresses) > 60
    found = [line for address in addresses for line in english_on(client, address, known)]
    found += [line for address in BEFORE_SIGN_IN for line in english_on(Client(), address, known)]
    assert found == [], "\n".join(found)


def test_no_mail_shows_words_that_cannot_be_translated(pseudo: None) -> None:
    facts = {word for one in samples() for word in _WORD.findall(str(one.content()))}
    with translation.override(PSEUDO):
        for one in samples():
            written = write(one.content())
            assert not english_of(written.subject, facts), written.subject
