"""Operators set partners up in the back office; nobody else can."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from distportal.accounts.models import Account, User
from edi.models import TradingPartner
from inventory.models import Warehouse
from orders.models import RulePolicy
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
ADD = "admin:edi_tradingpartner_add"


AGREEMENT = {
    "direction": "in", "set_id": "850", "active": "on", "releases": "004010", "release": "004010", "ack": "997",
    "error_policy": "reject_set", "ctt_policy": "note", "duplicate_window_days": "365",
    "options": '{"price_tolerance": "1.5"}',
}  # fmt: skip
DEADLINE = {
    "set_id": "855", "counted_from": "received", "hours": "24", "days": "0", "warn_hours": "4",
    "valid_from": "2026-01-01", "fee_kind": "flat", "fee_amount": "50", "fee_minimum": "0", "source": "guide of 2026",
}  # fmt: skip


def inline(prefix: str, row: dict[str, str]) -> dict[str, str]:
    """One new row of a form set."""
    head = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
    return head | {f"{prefix}-0-{name}": value for name, value in row.items()}


def filled(**changes: str) -> dict[str, str]:
    account = Account.objects.get(code="CRESTLINE")
    form = {
        "name": "Crestline Home Centers", "code": "CRESTLINE", "account": str(account.pk), "active": "on",
        "their_qualifier": "ZZ", "their_id": "CRESTLINE", "our_qualifier": "ZZ", "our_id": "NORTHLINE",
        "element_separator": "*", "component_separator": ">", "segment_terminator": "~",
        "mailbox-TOTAL_FORMS": "1", "mailbox-INITIAL_FORMS": "0", "mailbox-0-path": "crestline",
        "mailbox-0-active": "on", "role": "buyer", "advice_hours": "0", "catalogue_days": "0",
        "warehouses-TOTAL_FORMS": "0", "warehouses-INITIAL_FORMS": "0", **inline("agreements", AGREEMENT),
        **inline("deadline_rules", DEADLINE),
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
    assert (partner.mailbox.path, partner.usage) == ("crestline", "T"), "born in test"
    assert [(a.direction, a.set_id, a.terms.price_tolerance) for a in partner.agreements.all()] == [
        ("in", "850", Decimal("1.5"))
    ]
    assert [str(d) for d in partner.deadline_rules.all()] == ["855 within 24 h of receipt from the partner"]
    assert RulePolicy.objects.get(account=partner.account).data == {"tolerance_percent": "1.5"}
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
        {"account": ""},
        {"role": "carrier"},
        {"agreements-0-options": '{"price_tolerance": "much"}'},
        {"agreements-0-options": '{"no_such": 1}'},
        {"agreements-0-options": '{"item_qualifiers": ["up"]}'},
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
