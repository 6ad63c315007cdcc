"""Several companies: the switch, what each page then is about, and a second factor where a company wants one."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from distportal.accounts.choices import PlaceReview, Role
from distportal.accounts.models import Account, ApiKey, Membership, ShipTo
from tests.clients import signed_in
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

ADDRESS = {
    "name": "New Yard", "street": "1 Pier Road", "city": "Monterey", "region": "CA", "postcode": "93940",
    "country": "us", "buyer_code": "",
}  # fmt: skip


def test_the_switch_changes_what_every_page_is_about(cast: Cast, child: Account) -> None:
    admin = signed_in(cast.colleague)
    page = admin.get("/")
    assert [one.account for one in page.context["companies"]] == [cast.harbor, child]
    assert "Act for another company" in page.content.decode()
    assert admin.post("/company/switch/", {"company": str(child.pk)}).headers["Location"] == "/"
    page = admin.get("/company/addresses/")
    assert page.context["acting_for"] == child
    assert list(page.context["places"]) == []
    admin.post("/company/addresses/new/", ADDRESS)
    assert [row.code for row in child.ship_tos.all()] == ["HARBOR-N-01"]
    assert cast.harbor.ship_tos.count() == 2


def test_ids_of_the_company_that_is_not_chosen_are_not_there(cast: Cast, child: Account) -> None:
    admin, place = signed_in(cast.colleague), cast.harbor.ship_tos.first()
    assert place
    admin.post("/company/switch/", {"company": str(child.pk)})
    assert admin.post(f"/company/addresses/{place.pk}/", ADDRESS).status_code == 404
    assert admin.post(f"/company/addresses/{place.pk}/use/", {"active": "no"}).status_code == 404
    row = Membership.objects.get(user=cast.buyer)
    assert admin.post(f"/company/people/{row.pk}/remove/").status_code == 404
    place.refresh_from_db()
    row.refresh_from_db()
    assert (place.active, row.active) == (True, True)


def test_nobody_switches_to_a_company_that_is_not_theirs(cast: Cast, child: Account) -> None:
    summit = cast.stranger.memberships.get().account
    for user, company in ((cast.colleague, summit), (cast.buyer, child), (cast.stranger, cast.harbor)):
        client = signed_in(user)
        assert client.post("/company/switch/", {"company": str(company.pk)}).status_code == 404
        assert client.get("/").context["acting_for"] != company
    assert signed_in(cast.buyer).post("/company/switch/", {"company": "x"}).status_code == 404


def test_a_company_without_administrators_of_its_own_is_its_parents(cast: Cast, child: Account) -> None:
    Membership.objects.create(user=cast.buyer, account=child, role=Role.ADMIN)
    admin = signed_in(cast.colleague)
    admin.post("/company/switch/", {"company": str(child.pk)})
    row = Membership.objects.get(user=cast.buyer, account=child)
    admin.post(f"/company/people/{row.pk}/remove/")
    row.refresh_from_db()
    assert row.active is False


def test_a_new_address_waits_for_review_where_the_policy_says_so(cast: Cast) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(ship_to_review=True)
    admin, agent = signed_in(cast.colleague), signed_in(cast.agent)
    page = admin.post("/company/addresses/new/", ADDRESS, follow=True).content.decode()
    assert "waits for our review" in page
    row = ShipTo.objects.get(name="New Yard")
    assert (row.code, row.review, row.active, row.country) == ("HARBOR-03", PlaceReview.PENDING, False, "US")
    cart = signed_in(cast.buyer).get("/cart/")
    assert "New Yard" not in cart.content.decode()
    admin.post(f"/company/addresses/{row.pk}/use/", {"active": "yes"})
    row.refresh_from_db()
    assert row.active is False  # nobody approves their own address
    assert "New Yard" in agent.get("/dealers/addresses/").content.decode()
    assert admin.post(f"/dealers/addresses/{row.pk}/", {"answer": "approve"}).status_code == 403
    agent.post(f"/dealers/addresses/{row.pk}/", {"answer": "approve", "note": "looked at the map"})
    row.refresh_from_db()
    assert (row.review, row.active) == (PlaceReview.APPROVED, True)
    agent.post(f"/dealers/addresses/{row.pk}/", {"answer": "refuse"})
    row.refresh_from_db()
    assert row.active is True  # it was answered already


def test_another_street_waits_again_and_another_name_does_not(cast: Cast) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(ship_to_review=True)
    admin, row = signed_in(cast.colleague), cast.harbor.ship_tos.get(code="HARBOR-01")
    form = {name: getattr(row, name) for name in ADDRESS}
    admin.post(f"/company/addresses/{row.pk}/", {**form, "name": "Harbor by the sea"})
    row.refresh_from_db()
    assert (row.name, row.active) == ("Harbor by the sea", True)
    admin.post(f"/company/addresses/{row.pk}/", {**form, "street": "9 Elsewhere"})
    row.refresh_from_db()
    assert (row.review, row.active) == (PlaceReview.PENDING, False)


def test_two_addresses_never_have_the_same_code_of_the_dealer(cast: Cast) -> None:
    admin = signed_in(cast.colleague)
    for name in ("One", "Two"):
        page = admin.post("/company/addresses/new/", {**ADDRESS, "name": name, "buyer_code": "Y7"}, follow=True)
    assert "Another address has the code Y7" in page.content.decode()
    assert list(ShipTo.objects.filter(buyer_code="Y7").values_list("name", flat=True)) == ["One"]


def test_where_a_second_factor_is_required_nothing_else_opens_before(cast: Cast) -> None:
    signed_in(cast.colleague).post("/company/second-factor/", {"required": "yes"})
    buyer = signed_in(cast.buyer)
    for address in ("/", "/orders/", "/company/"):
        assert buyer.get(address).headers["Location"] == "/accounts/2fa/", address
    assert buyer.post("/cart/add/", {"sku": "FST-10001", "quantity": "1"}).headers["Location"] == "/accounts/2fa/"
    assert "Harbor Hardware requires a second factor." in buyer.get("/accounts/2fa/").content.decode()
    Authenticator.objects.create(user=cast.buyer, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert buyer.get("/orders/").status_code == 200
    assert signed_in(cast.stranger).get("/orders/").status_code == 200


def test_a_buyer_requires_nothing_of_others(cast: Cast) -> None:
    assert signed_in(cast.buyer).post("/company/second-factor/", {"required": "yes"}).status_code == 403
    cast.harbor.refresh_from_db()
    assert cast.harbor.mfa_required is False


def test_the_sign_in_log_and_the_edi_page_are_the_companys_own(cast: Cast) -> None:
    admin = signed_in(cast.colleague)
    assert "No EDI yet" in admin.get("/company/edi/").content.decode()
    assert "Nobody of ours was here" in admin.get("/company/sign-ins/").content.decode()
    ApiKey.objects.create_key(name="Theirs", account=cast.stranger.memberships.get().account)
    page = admin.get("/company/keys/").content.decode()
    assert "Theirs" not in page


def test_an_ended_key_stands_below(cast: Cast) -> None:
    past = timezone.now() - dt.timedelta(days=1)
    ApiKey.objects.create_key(name="Old till", account=cast.harbor, expiry_date=past)
    page = signed_in(cast.colleague).get("/company/keys/")
    assert [key.name for key in page.context["ended"]] == ["Old till"]
    assert list(page.context["keys"]) == []
