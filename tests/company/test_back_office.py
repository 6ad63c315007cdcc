"""What our own people set for a company, and what the dealer reads of it: its parent, its policies, its EDI."""

from __future__ import annotations

import pytest
from django.test import Client

from distportal.accounts.choices import AccountKind, Scope
from distportal.accounts.keys import make_key
from distportal.accounts.models import Account, ApiPolicy, User
from edi.models import Agreement, Mailbox, TradingPartner
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(User.objects.get(email="operator@northline.example"))


def put(office: Client, account: Account, **values: str) -> str:
    address = f"/admin/accounts/account/{account.pk}/change/"
    form = office.get(address).context["adminform"].form
    stored = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return str(office.post(address, {**stored, **values}, follow=True).content.decode())


def test_an_operator_sets_the_parent_and_the_policies(cast: Cast, office: Client) -> None:
    child = Account.objects.get(code="OLDTOWN")
    put(office, child, parent=str(cast.harbor.pk), ship_to_review="on", mfa_required="on")
    child.refresh_from_db()
    assert (child.parent, child.ship_to_review, child.mfa_required) == (cast.harbor, True, True)
    assert [one.account for one in signed_in(cast.colleague).get("/").context["companies"]] == [cast.harbor, child]


def test_a_parent_is_one_step_up_and_never_oneself(cast: Cast, office: Client, child: Account) -> None:
    mesa = Account.objects.get(code="MESA")
    refusals = (
        (cast.harbor, cast.harbor, "not its own parent"),
        (mesa, child, "below another company itself"),
        (cast.harbor, mesa, "has companies below it"),
    )
    for account, parent, text in refusals:
        assert text in put(office, account, parent=str(parent.pk))
        account.refresh_from_db()
        assert account.parent is None


def test_the_dealer_reads_their_own_edi_settings_and_no_secret(cast: Cast) -> None:
    other = Account.objects.create(code="OTHER", name="Other", kind=AccountKind.RETAILER)
    for account, name in ((cast.harbor, "HARBOREDI"), (other, "OTHEREDI")):
        partner = TradingPartner.objects.create(
            code=name, name=f"{name} by EDI", account=account, their_qualifier="01", their_id=name, our_id="NORTHLINE"
        )
        Agreement.objects.create(partner=partner, direction="in", set_id="850", releases=["004010", "005010"])
        Agreement.objects.create(partner=partner, direction="out", set_id="855", release="004010")
        Agreement.objects.create(partner=partner, direction="out", set_id="846", active=False)
        Mailbox.objects.create(partner=partner, path=name, settings={"password": "hush-hush"}, secret="sealed-hush")
    page = signed_in(cast.colleague).get("/company/edi/").content.decode()
    assert all(text in page for text in ("01 HARBOREDI", "850 (004010, 005010)", "855 (004010)", "Live"))
    assert not any(text in page for text in ("OTHEREDI", "hush", "846"))
    assert signed_in(cast.buyer).get("/company/edi/").status_code == 403


def test_the_address_of_a_key_is_its_prefix_and_no_page_has_its_hash(cast: Cast, office: Client) -> None:
    key, _ = make_key(by=cast.colleague, account=cast.harbor, name="Till", scopes=[Scope.ORDERS_READ], days=90)
    policy = ApiPolicy.objects.create(name="Slow")
    at = f"/admin/accounts/apikey/{key.prefix}"
    pages = [office.get(path).content.decode() for path in ("/admin/accounts/apikey/", f"{at}/change/")]
    assert [f'href="{at}/change/"' in page for page in pages] == [True, True]
    assert f'href="{at}/history/' in pages[1]
    saved = office.post(f"{at}/change/", {"policy": str(policy.pk), "networks": "203.0.113.0/24"}, follow=True)
    key.refresh_from_db()
    assert (key.policy, key.networks) == (policy, "203.0.113.0/24")
    history = office.get(f"{at}/history/").content.decode()
    assert "operator@northline.example" in history
    assert "203.0.113.0/24" in history
    for page in [*pages, saved.content.decode(), history]:
        assert key.hashed_key not in page
        assert str(key.pk).partition(".")[2] not in page
    assert office.get(f"/admin/accounts/apikey/{key.pk}/change/").status_code == 302, "there is no key of that prefix"
