"""Operators set partners up in the back office; nobody else can."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from distportal.accounts.models import Account, User
from edi.models import TradingPartner
from inventory.models import Warehouse
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
ADD = "admin:edi_tradingpartner_add"


def filled(**changes: str) -> dict[str, str]:
    account = Account.objects.get(code="CRESTLINE")
    form = {
        "name": "Crestline Home Centers", "code": "CRESTLINE", "account": str(account.pk), "active": "on",
        "their_qualifier": "ZZ", "their_id": "CRESTLINE", "our_qualifier": "ZZ", "our_id": "NORTHLINE",
        "release": "004010", "accepted_releases": "004010", "inbound_sets": "850", "outbound_sets": "855,856,810",
        "usage": "P", "asn_structure": "0001", "ack_wanted": "on", "duplicate_window_days": "365",
        "element_separator": "*", "component_separator": ">", "segment_terminator": "~",
        "mailbox-TOTAL_FORMS": "1", "mailbox-INITIAL_FORMS": "0", "mailbox-0-path": "crestline",
        "mailbox-0-active": "on", "role": "buyer", "advice_hours": "0", "catalogue_days": "0",
        "warehouses-TOTAL_FORMS": "0", "warehouses-INITIAL_FORMS": "0",
    }  # fmt: skip
    return {**form, **changes}


@pytest.fixture
def operator(cast: Cast) -> Client:
    client = Client()
    client.force_login(User.objects.get(email="operator@northline.example"))
    return client


def test_an_operator_sets_a_partner_up_with_its_mailbox(operator: Client) -> None:
    assert operator.get(reverse(ADD)).status_code == 200
    assert operator.post(reverse(ADD), filled()).status_code == 302
    partner = TradingPartner.objects.get()
    assert (partner.mailbox.path, partner.outbound_sets) == ("crestline", ["855", "856", "810"])
    assert operator.get(reverse("admin:edi_tradingpartner_changelist")).status_code == 200
    assert operator.get(reverse("admin:edi_tradingpartner_delete", args=[partner.pk])).status_code == 403


def test_who_runs_a_warehouse_has_no_account(operator: Client, catalogue: SandboxProcess) -> None:
    place = Warehouse.objects.get(code="RENO")
    rows = {"warehouses-TOTAL_FORMS": "1", "warehouses-0-warehouse": str(place.pk), "warehouses-0-their_code": "RNO"}
    assert operator.post(reverse(ADD), filled(role="warehouse", account="", **rows)).status_code == 302
    partner = TradingPartner.objects.get()
    assert (partner.role, partner.account) == ("warehouse", None)
    assert [(link.warehouse, link.their_code) for link in partner.warehouses.all()] == [(place, "RNO")]
    assert operator.get(reverse("admin:edi_tradingpartner_changelist")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "../x"},
        {"mailbox-0-path": "../../etc"},
        {"mailbox-0-path": "/etc"},
        {"component_separator": "*"},
        {"segment_terminator": "A"},
        {"asn_structure": "0003"},
        {"account": ""},
        {"role": "carrier"},
    ],
)
def test_what_could_never_travel_is_not_saved(operator: Client, changes: dict[str, str]) -> None:
    reply = operator.post(reverse(ADD), filled(**changes))
    assert reply.status_code == 200
    assert not TradingPartner.objects.exists()


def test_others_cannot_change_partners(cast: Cast, crestline: Post) -> None:
    for person in (cast.agent, cast.finance):
        client = Client()
        client.force_login(person)
        assert client.get(reverse(ADD)).status_code == 403
        assert client.get(reverse("admin:edi_tradingpartner_change", args=[crestline.partner.pk])).status_code == 403
